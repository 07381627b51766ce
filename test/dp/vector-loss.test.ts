/** Vectors, selections and thresholds: the priced loss is never below that of any movement the event allows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { privacyLossOf } from '../../src/dp/accountant/pld.ts';
import type { PrivacyEvent } from '../../src/dp/event.ts';
import { tailGe } from '../../src/dp/mechanism/noise.ts';
import { composeLoss } from '../../src/dp/pld/composition.ts';
import { gaussianPair } from '../../src/dp/pld/gaussian.ts';
import { decimalOf, rational } from '../../src/dp/rational.ts';
import { keepProbability } from '../../src/dp/selection/optimal.ts';
import { type ExactLoss, exactDelta, lossBetween, noiseLoss, splits, together } from './exact-loss.ts';

const laplace = (scale: number, moved: number) => noiseLoss((x) => Math.exp(-Math.abs(x) / scale), moved, 36 * scale);
const gaussian = (variance: number, moved: number) =>
  noiseLoss((x) => Math.exp((-x * x) / (2 * variance)), moved, Math.ceil(9 * Math.sqrt(variance)) + moved);
const delta = (event: PrivacyEvent, epsilon: number): number =>
  privacyLossOf([{ event, count: 1 }])?.deltaAt(epsilon) ?? Number.NaN;
/** What the references lose to their reach, and to losses that are right to 10⁻¹⁴. */
const REFERENCE = 1e-13;

describe('a vector with Laplace noise', () => {
  const shape = fc.record({
    l1: fc.integer({ min: 1, max: 7 }),
    lInf: fc.integer({ min: 1, max: 7 }),
    l0: fc.integer({ min: 1, max: 7 }),
    scale: fc.integer({ min: 1, max: 9 }),
  });
  it('costs what its worst split costs, at every ε', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: 0, max: 1, noNaN: true }), ({ l1, lInf, l0, scale }, share) => {
        const epsilon = (share * l1) / scale;
        const priced = delta(
          { kind: 'discrete-laplace', scale: [String(scale), '1'], l1: `${l1}`, lInf: `${lInf}`, l0: `${l0}` },
          epsilon,
        );
        const all = splits(l1, lInf, l0).map((parts) =>
          exactDelta(together(parts.map((part) => laplace(scale, part))), epsilon),
        );
        expect(priced).toBeGreaterThanOrEqual(Math.max(...all) * (1 - 1e-9) - REFERENCE);
        // One of the splits is that bad: on a lattice of its own the price is exact.
        expect(priced).toBeLessThanOrEqual(Math.max(...all) * (1 + 1e-3) + 1e-5);
      }),
      { numRuns: 20 },
    );
  });

  it('loses more the more unequally a movement is spread', () => {
    // The step of the proof at `worstSplit`: (a, b) against (a + 1, b − 1), a ≥ b, at every knot.
    for (const scale of [1, 2.5, 10]) {
      for (const [a, b] of [
        [1, 1],
        [2, 1],
        [2, 2],
        [5, 3],
        [4, 4],
      ] as const) {
        const even = together([laplace(scale, a), laplace(scale, b)]);
        const uneven = together([laplace(scale, a + 1), laplace(scale, b - 1)]);
        for (let n = 0; n <= a + b; n++) {
          const epsilon = (a + b - 2 * n) / scale;
          expect(exactDelta(uneven, epsilon)).toBeGreaterThanOrEqual(exactDelta(even, epsilon) - 1e-12);
        }
      }
    }
  });
});

describe('a vector with discrete Gaussian noise', () => {
  /** All ways to write up to `l2Squared` as a sum of squares. */
  const squares = (l2Squared: number): number[][] =>
    splits(l2Squared, l2Squared, l2Squared).filter(
      (parts) => parts.reduce((sum, part) => sum + part * part, 0) <= l2Squared,
    );

  it.each([
    [1, 2],
    [1, 30],
    [2, 5],
    [3, 9],
    [4, 6],
    [4, 40],
    [5, 12],
    [9, 20],
    [9, 100],
  ])('ℓ₂² %d, σ² %d: no movement loses more', (l2Squared, variance) => {
    const event: PrivacyEvent = {
      kind: 'discrete-gaussian',
      variance: [`${variance}`, '1'],
      l2Squared: `${l2Squared}`,
    };
    const losses = squares(l2Squared).map((parts) => together(parts.map((part) => gaussian(variance, part))));
    const rho = l2Squared / (2 * variance);
    for (const epsilon of [0, 0.2, 0.5, 1, 1.5, 2, 3].map((x) => rho + x * Math.sqrt(2 * rho))) {
      const worst = Math.max(...losses.map((loss) => exactDelta(loss, epsilon)));
      const priced = delta(event, epsilon);
      expect(priced).toBeGreaterThanOrEqual(worst * (1 - 1e-9) - REFERENCE);
      if (l2Squared <= 3) expect(priced).toBeLessThanOrEqual(worst * (1 + 1e-6) + 1e-9);
      if (variance >= 40) expect(priced).toBeLessThanOrEqual(worst * 1.5);
    }
  });

  it('is near its own lattice’s price where the Gaussian takes over, and has none where no pair is proven', () => {
    const at = (variance: number): number =>
      privacyLossOf([
        { event: { kind: 'discrete-gaussian', variance: [`${variance}`, '1'], l2Squared: '3' }, count: 100 },
      ])?.epsilonAt(1e-6) ?? Number.NaN;
    expect(at(2 ** 14 + 1) / at(2 ** 14)).toBeGreaterThan(1);
    expect(at(2 ** 14 + 1) / at(2 ** 14)).toBeLessThan(1 + 3e-4);
    const event: PrivacyEvent = { kind: 'discrete-gaussian', variance: ['2', '1'], l2Squared: '4' };
    expect(privacyLossOf([{ event, count: 1 }])).toBeNull();
  });

  it('takes sums of any size', () => {
    const l2Squared = 1n << 90n;
    const event: PrivacyEvent = {
      kind: 'discrete-gaussian',
      variance: [String(l2Squared * 8n), '1'],
      l2Squared: `${l2Squared}`,
    };
    const epsilon = privacyLossOf([{ event, count: 1 }])?.epsilonAt(1e-6) ?? Number.NaN;
    const known = composeLoss([{ pair: gaussianPair(Math.sqrt(1 / 8)), count: 1 }], 0).epsilonAt(1e-6);
    expect(epsilon / known).toBeGreaterThanOrEqual(1);
    expect(epsilon / known).toBeLessThan(1 + 1e-6);
  });
});

describe('private groups', () => {
  it.each([
    [1, 1],
    [2, 0.5],
    [3, 0.3],
  ])('%d groups at ε %d each: no counts lose more, added or removed', (groups, each) => {
    const deltaEach = 1e-3;
    const { numerator, denominator } = decimalOf(each);
    const event: PrivacyEvent = {
      kind: 'partition-selection',
      epsilon: [`${numerator}`, `${denominator}`],
      delta: ['1', '1000'],
      groups,
    };
    const kept = (n: number): number => keepProbability(decimalOf(each), decimalOf(deltaEach), n);
    const coin = (p: number): number[] => [p, 1 - p];
    const counts = [1, 2, 3, 5, 8, 12, 15, 20];
    for (const epsilon of [0, 0.3, 0.8, 1]) {
      const priced = delta(event, epsilon * each * groups);
      for (const n of counts) {
        for (const m of counts) {
          for (const pair of [(k: number) => [k, k - 1], (k: number) => [k - 1, k]] as const) {
            const one = (k: number): ExactLoss =>
              lossBetween(coin(kept(pair(k)[0] as number)), coin(kept(pair(k)[1] as number)));
            const all = together([one(n), ...Array.from({ length: groups - 1 }, () => one(m))]);
            expect(exactDelta(all, epsilon * each * groups)).toBeLessThanOrEqual(priced * (1 + 1e-9) + 1e-12);
          }
        }
      }
    }
  });

  it('a threshold on noisy counts: groups the unit alone brings, beside groups it changes', () => {
    const [scale, groups, threshold] = [3, 3, 14];
    const mechanism = { kind: 'discrete-laplace', scale: rational(3n) } as const;
    const shown = tailGe(mechanism, threshold - 1);
    const total = 1 - (1 - shown) ** groups;
    const { numerator, denominator } = decimalOf(total * (1 + 1e-12));
    const event: PrivacyEvent = {
      kind: 'composed',
      events: [
        { kind: 'discrete-laplace', scale: ['3', '1'], l1: '3', lInf: '1', l0: '3' },
        { kind: 'threshold', delta: [`${numerator}`, `${denominator}`], groups, threshold: '14' },
      ],
    };
    const coming: ExactLoss = [
      [Number.POSITIVE_INFINITY, shown],
      [Math.log(1 - shown), 1 - shown],
    ];
    const going: ExactLoss = [[-Math.log(1 - shown), 1]];
    for (const epsilon of [0, 0.2, 0.5, 0.9, 1, 1.2]) {
      const priced = delta(event, epsilon);
      for (let alone = 0; alone <= groups; alone++) {
        for (const one of [coming, going]) {
          const all = together([
            ...Array.from({ length: alone }, () => one),
            ...Array.from({ length: groups - alone }, () => laplace(scale, 1)),
          ]);
          expect(exactDelta(all, epsilon)).toBeLessThanOrEqual(priced * (1 + 1e-9) + 1e-12);
        }
      }
    }
  });
});
