/** What may be said at any time: levels and sums, held against the filters they stand for. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupOdometerAt, type OdometerLimits, odometerAt } from '../../src/dp/accountant/odometer.ts';
import { groupPrivacy, zcdpToEpsilon } from '../../src/dp/conversion.ts';

const rho = (value: number): bigint => BigInt(Math.round(value * 1e12));
const delta = (value: number): bigint => BigInt(Math.round(value * 1e18));
const NOTHING = { epsilon: 0n, delta: 0n, rho: 0n, rhoDelta: 0n };
const both: OdometerLimits = {
  basic: { epsilon: rho(4), delta: delta(5e-7) },
  zcdp: { rho: rho(0.25), delta: delta(2.5e-7), conversion: delta(2.5e-7) },
};
const onlyRho: OdometerLimits = { basic: null, zcdp: { rho: rho(0.25), delta: 0n, conversion: delta(1e-6) } };
const share = (level: number): number => 6 / (Math.PI * (level + 1)) ** 2;

describe('levels', () => {
  it.each([
    [0.25, 0],
    [0.126, 0],
    [0.125, 1],
    [0.0626, 1],
    [0.0625, 2],
    [0.001, 7],
  ])('Σρ %d of 0.25 has not passed level %d', (spent, level) => {
    const said = odometerAt({ ...NOTHING, epsilon: rho(50), rho: rho(spent) }, onlyRho);
    expect(said?.level).toBe(level);
    const known = zcdpToEpsilon(0.25 * 2 ** -level, 1e-6 * share(level));
    expect(Number(said?.epsilon) / 1e12 / known).toBeGreaterThanOrEqual(1);
    expect(Number(said?.epsilon) / 1e12 / known).toBeLessThan(1 + 1e-9);
    expect(said?.delta).toBe(delta(1e-6));
  });

  it('the δ of all levels together is what pays them', () => {
    const levels = Array.from({ length: 100_000 }, (_, level) => share(level));
    expect(levels.reduce((sum, one) => sum + one, 0)).toBeLessThan(1);
  });

  it('say nothing beyond the limits', () => {
    expect(odometerAt({ ...NOTHING, rho: rho(0.25) + 1n }, onlyRho)).toBeNull();
    expect(odometerAt({ ...NOTHING, rhoDelta: 1n }, onlyRho)).toBeNull();
    expect(odometerAt({ epsilon: rho(5), delta: 0n, rho: rho(0.3), rhoDelta: 0n }, both)).toBeNull();
  });
});

it('with pure charges alone the sum itself is said, at no δ', () => {
  const pure: OdometerLimits = { basic: { epsilon: rho(4), delta: 0n }, zcdp: null };
  expect(odometerAt({ ...NOTHING, epsilon: rho(1.25), rho: rho(9) }, pure)).toEqual({
    epsilon: rho(1.25),
    delta: 0n,
    by: 'sum',
    level: null,
  });
});

it('side by side the smaller is said, at the δ of both; it grows with what is spent', () => {
  const charge = fc.record({ epsilon: fc.integer({ min: 1, max: 4000 }), loose: fc.integer({ min: 1, max: 4 }) });
  fc.assert(
    fc.property(fc.array(charge, { minLength: 1, maxLength: 40 }), (charges) => {
      let spent = NOTHING;
      let before = 0n;
      for (const { epsilon, loose } of charges) {
        const e = epsilon / 10_000;
        spent = {
          epsilon: spent.epsilon + rho(e),
          delta: spent.delta,
          rho: spent.rho + rho((e * e) / 2 / loose),
          rhoDelta: spent.rhoDelta,
        };
        const said = odometerAt(spent, both);
        if (said === null) return;
        expect(said.delta).toBe(delta(1e-6));
        expect(said.epsilon).toBeGreaterThanOrEqual(before);
        if (spent.epsilon <= rho(4)) expect(said.epsilon).toBeLessThanOrEqual(spent.epsilon);
        if (said.by === 'level') expect(spent.rho << BigInt(said.level ?? 0)).toBeLessThanOrEqual(rho(0.25));
        before = said.epsilon;
      }
    }),
    { numRuns: 50 },
  );
});

describe('a household', () => {
  it('of one is one unit', () => {
    const spent = { ...NOTHING, epsilon: rho(1), rho: rho(0.1) };
    expect(groupOdometerAt(spent, both, 1)).toEqual(odometerAt(spent, both));
    expect(() => groupOdometerAt(spent, both, 0)).toThrow(RangeError);
    expect(() => groupOdometerAt(spent, both, 1.5)).toThrow(RangeError);
  });

  it('pays k times ε, and δ along the chain', () => {
    const pure: OdometerLimits = { basic: { epsilon: rho(2), delta: 0n }, zcdp: null };
    const spent = { ...NOTHING, epsilon: rho(0.5), rho: rho(0.1) };
    expect(groupOdometerAt(spent, pure, 4)).toEqual({ epsilon: rho(2), delta: 0n, by: 'sum', level: null });
    const said = groupOdometerAt(spent, both, 3);
    expect(said?.epsilon).toBe(3n * (odometerAt(spent, both)?.epsilon ?? 0n));
    const largest = Math.max(4, zcdpToEpsilon(0.25, 2.5e-7 * share(0)));
    expect(Number(said?.delta) / 1e18 / (groupPrivacy(largest, 1e-6, 3)[1] as number)).toBeCloseTo(1, 6);
  });

  it('under ρ alone pays k²ρ, and no more δ', () => {
    const spent = { ...NOTHING, epsilon: rho(9), rho: rho(0.0625) };
    const said = groupOdometerAt(spent, onlyRho, 3);
    expect(Number(said?.epsilon) / 1e12 / zcdpToEpsilon(9 * 0.0625, 1e-6 * share(2))).toBeCloseTo(1, 9);
    expect(said?.delta).toBe(delta(1e-6));
  });
});
