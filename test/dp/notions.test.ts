/** What the notions say of one plan: all above the truth, in the order they must stand in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/dp/accountant/cost.ts';
import { notionsOf } from '../../src/dp/accountant/notions.ts';
import type { PlannedEvent } from '../../src/dp/accountant/planned.ts';
import { renyiOf } from '../../src/dp/accountant/renyi.ts';
import { zcdpOf } from '../../src/dp/accountant/zcdp.ts';
import { zcdpToEpsilon } from '../../src/dp/conversion.ts';
import type { PrivacyEvent } from '../../src/dp/event.ts';
import { composeLoss } from '../../src/dp/pld/composition.ts';
import { gaussianPair } from '../../src/dp/pld/gaussian.ts';
import { compare, decimalOf, type Rational, rational, toNumber } from '../../src/dp/rational.ts';
import { renyiOfDiscreteLaplace } from '../../src/dp/renyi.ts';
import { noiseLoss, splits } from './exact-loss.ts';

const number = (epsilon: Rational | null): number => (epsilon === null ? Number.POSITIVE_INFINITY : toNumber(epsilon));
const laplace: PrivacyEvent = { kind: 'discrete-laplace', scale: ['20', '1'], l1: '2' };
const gaussian: PrivacyEvent = { kind: 'discrete-gaussian', variance: ['300', '1'], l2Squared: '6' };
const selection: PrivacyEvent = {
  kind: 'partition-selection',
  epsilon: ['1', '10'],
  delta: ['1', '100000000'],
  groups: 2,
};
const threshold: PrivacyEvent = { kind: 'threshold', delta: ['1', '10000000'], groups: 2, threshold: '30' };

const event = fc.constantFrom(laplace, gaussian, selection, threshold);
const plan = fc.array(fc.record({ event, count: fc.integer({ min: 1, max: 30 }) }), { minLength: 1, maxLength: 4 });
const DELTA = rational(1n, 100_000n);

describe('a plan', () => {
  it('costs by distribution no more than by Rényi, by Rényi no more than by ρ, and no more than Σε', () => {
    fc.assert(
      fc.property(plan, (events) => {
        const said = notionsOf(events, DELTA);
        const [basic, zcdp, renyi, pld] = [said.basic, said.zcdp, said.renyi, said.pld].map(number) as [
          number,
          number,
          number,
          number,
        ];
        expect(pld).toBeLessThanOrEqual(basic * (1 + 1e-9));
        expect(pld).toBeLessThanOrEqual(renyi * (1 + 1e-3) + 1e-6);
        // Orders are a grid; ρ is converted at the best of all.
        expect(renyi).toBeLessThanOrEqual(zcdp * 1.01 + 1e-6);
        expect(number(said.best?.epsilon ?? null)).toBe(Math.min(basic, zcdp, renyi, pld));
        const named = said.best === null ? null : said[said.best.notion];
        expect(named).toEqual(said.best?.epsilon ?? null);
      }),
      { numRuns: 15 },
    );
  });

  it('costs the same in any order and grouping, and more when there is more of it', () => {
    fc.assert(
      fc.property(plan, event, (events, more) => {
        const said = number(notionsOf(events, DELTA).pld);
        const reordered: PlannedEvent[] = events.toReversed().flatMap((one) => [
          { event: { kind: 'composed', events: [one.event] }, count: one.count - 1 },
          { event: one.event, count: 1 },
        ]);
        expect(Math.abs(number(notionsOf(reordered, DELTA).pld) - said)).toBeLessThanOrEqual(1e-8 * said);
        const longer = number(notionsOf([...events, { event: more, count: 1 }], DELTA).pld);
        expect(longer).toBeGreaterThanOrEqual(said * (1 - 1e-6));
      }),
      { numRuns: 10 },
    );
  });

  it('costs less where more δ is allowed', () => {
    const events = [laplace, gaussian, selection].map((one) => ({ event: one, count: 10 }));
    for (const notion of ['basic', 'zcdp', 'renyi', 'pld'] as const) {
      const said = [4, 5, 6].map((digits) => number(notionsOf(events, decimalOf(10 ** -digits))[notion]));
      expect(said).toEqual(said.toSorted((a, b) => a - b));
    }
  });

  it('is worth most by distribution: a dashboard of a thousand small counts', () => {
    const dashboard = { event: { kind: 'discrete-laplace', scale: ['200', '1'], l1: '1' }, count: 1000 } as const;
    const said = notionsOf([dashboard], rational(1n, 1_000_000n));
    expect(number(said.basic)).toBe(5);
    // Nearly what one Gaussian says whose variance is that of a thousand such losses.
    const near = composeLoss([{ pair: gaussianPair(Math.sqrt(1000) / 200), count: 1 }], 0).epsilonAt(1e-6);
    expect(number(said.pld) / near).toBeGreaterThan(0.98);
    expect(number(said.pld) / near).toBeLessThan(1.02);
    expect(said.best?.notion).toBe('pld');
  });
});

it('notions that cannot say are null, and none is when nothing can', () => {
  const pure = notionsOf([{ event: laplace, count: 3 }], rational(0n));
  expect(number(pure.basic)).toBeCloseTo(0.3, 12);
  expect([pure.zcdp, pure.renyi]).toEqual([null, null]);
  expect(pure.best).toEqual({ notion: 'basic', epsilon: rational(3n, 10n) });
  const tooMuch = notionsOf([{ event: threshold, count: 200 }], DELTA);
  expect(tooMuch).toEqual({ basic: null, zcdp: null, renyi: null, pld: null, best: null });
  const rough: PrivacyEvent = { kind: 'discrete-gaussian', variance: ['2', '1'], l2Squared: '4' };
  expect(notionsOf([{ event: rough, count: 1 }], DELTA).pld).toBeNull();
  expect(notionsOf([{ event: rough, count: 1 }], DELTA).best).not.toBeNull();
  expect(number(notionsOf([], DELTA).best?.epsilon ?? null)).toBe(0);
  expect(() => notionsOf([{ event: laplace, count: -1 }], DELTA)).toThrow(RangeError);
  expect(() => notionsOf([{ event: laplace, count: 0.5 }], DELTA)).toThrow(RangeError);
});

it('the cost of one event is the best notion’s', () => {
  for (const one of [laplace, gaussian, selection, { kind: 'composed', events: [laplace, gaussian] } as const]) {
    const { best } = notionsOf([{ event: one, count: 1 }], DELTA);
    expect(costOf(one).approximate(DELTA)).toEqual(best?.epsilon);
  }
  expect(costOf(laplace).pureEpsilon).toEqual(rational(1n, 10n));
  expect(costOf(gaussian).pureEpsilon).toBeNull();
  const { rho } = zcdpOf(gaussian);
  expect(compare(costOf(gaussian).approximate(DELTA) as Rational, decimalOf(zcdpToEpsilon(rho, 1e-5)))).toBeLessThan(0);
});

describe('Rényi', () => {
  it('the closed form is the sum over all outputs', () => {
    for (const [scale, moved, order] of [
      [1, 1, 2],
      [3, 1, 1.5],
      [2, 5, 7.25],
      [9, 4, 33],
    ] as const) {
      const loss = noiseLoss((x) => Math.exp(-Math.abs(x) / scale), moved, 60 * scale);
      const sum = loss.reduce((total, [l, mass]) => total + mass * Math.exp((order - 1) * l), 0);
      expect(renyiOfDiscreteLaplace(scale, moved, order) / (Math.log(sum) / (order - 1))).toBeCloseTo(1, 9);
    }
    expect(renyiOfDiscreteLaplace(1e12, 1e12, 2)).toBeCloseTo(Math.log((2 / 3) * Math.E + Math.exp(-2) / 3), 9);
  });

  it('bounds every split of a vector at every order, and never exceeds αρ', () => {
    const shape = fc.record({
      l1: fc.integer({ min: 1, max: 9 }),
      lInf: fc.integer({ min: 1, max: 9 }),
      l0: fc.integer({ min: 1, max: 9 }),
      scale: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(shape, fc.double({ min: 1.01, max: 200, noNaN: true }), ({ l1, lInf, l0, scale }, order) => {
        const one: PrivacyEvent = {
          kind: 'discrete-laplace',
          scale: [`${scale}`, '1'],
          l1: `${l1}`,
          lInf: `${lInf}`,
          l0: `${l0}`,
        };
        const priced = renyiOf([{ event: one, count: 1 }]).divergence(order);
        const worst = Math.max(
          ...splits(l1, lInf, l0).map((parts) =>
            parts.reduce((sum, part) => sum + renyiOfDiscreteLaplace(scale, part, order), 0),
          ),
        );
        expect(priced).toBeGreaterThanOrEqual(worst - 1e-13 / (order - 1));
        expect(priced).toBeLessThanOrEqual(worst * (1 + 1e-9) + 1e-12 / (order - 1));
        expect(priced).toBeLessThanOrEqual(order * zcdpOf(one).rho * (1 + 1e-9));
      }),
      { numRuns: 60 },
    );
  });
});
