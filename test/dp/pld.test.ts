/** Composed privacy losses against the law they bound: never below it, and near it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { privacyLossOf } from '../../src/dp/accountant/pld.ts';
import { analyticGaussianDelta } from '../../src/dp/conversion.ts';
import type { PrivacyEvent } from '../../src/dp/event.ts';
import { composeLoss } from '../../src/dp/pld/composition.ts';
import { gaussianPair } from '../../src/dp/pld/gaussian.ts';
import { discreteLaplacePair, laplacePair } from '../../src/dp/pld/laplace.ts';
import type { Pair } from '../../src/dp/pld/pair.ts';
import { randomisedResponse } from '../../src/dp/pld/randomised-response.ts';
import { SpectrumProduct } from '../../src/dp/pld/spectrum.ts';
import { exactDelta, noiseLoss, together } from './exact-loss.ts';

const laplace = (scale: number, moved: number) => noiseLoss((x) => Math.exp(-Math.abs(x) / scale), moved, 40 * scale);
const gaussian = (variance: number) => noiseLoss((x) => Math.exp((-x * x) / (2 * variance)), 1, 60);
const response = (epsilon: number, delta: number) =>
  [
    [Number.POSITIVE_INFINITY, delta],
    [epsilon, (1 - delta) / (1 + Math.exp(-epsilon))],
    [-epsilon, (1 - delta) / (1 + Math.exp(epsilon))],
  ] as const;

const mixed: readonly PrivacyEvent[] = [
  { kind: 'discrete-laplace', scale: ['3', '1'], l1: '2' },
  { kind: 'discrete-laplace', scale: ['7', '2'], l1: '1' },
  { kind: 'discrete-gaussian', variance: ['9', '1'], l2Squared: '1' },
  { kind: 'partition-selection', epsilon: ['3', '10'], delta: ['1', '100000'], groups: 2 },
];

describe('a composition', () => {
  const exact = together([laplace(3, 2), laplace(3.5, 1), gaussian(9), response(0.3, 1e-5), response(0.3, 1e-5)]);
  const loss = privacyLossOf([{ event: { kind: 'composed', events: mixed }, count: 1 }]);

  it.each([0, 0.1, 0.5, 1, 1.5, 2, 2.5])(
    'of different mechanisms, at ε %d, is the exact one, rounded up',
    (epsilon) => {
      const delta = exactDelta(exact, epsilon);
      expect(loss?.deltaAt(epsilon)).toBeGreaterThanOrEqual(delta * (1 - 1e-12));
      expect((loss?.deltaAt(epsilon) ?? 1) / delta).toBeLessThan(1 + 1e-5);
    },
  );

  it.each([0.5, 0.1, 1e-2, 1e-3, 1e-4, 3e-5, 2.1e-5])(
    'at δ %d says an ε that suffices, and hardly less would',
    (delta) => {
      const epsilon = loss?.epsilonAt(delta) ?? Number.NaN;
      expect(exactDelta(exact, epsilon)).toBeLessThanOrEqual(delta);
      if (epsilon > 0) expect(exactDelta(exact, epsilon - 1e-5)).toBeGreaterThan(delta);
    },
  );

  it('has no ε where δ is below the mass at infinity', () => {
    expect(loss?.epsilonAt(1.9e-5)).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not depend on the order, nor on whether equal events stand together', () => {
    const split = privacyLossOf(
      mixed.toReversed().flatMap((event) => [
        { event, count: 2 },
        { event, count: 1 },
      ]),
    );
    const whole = privacyLossOf(mixed.map((event) => ({ event, count: 3 })));
    for (const delta of [1e-2, 1e-4]) {
      expect(Math.abs((split?.epsilonAt(delta) ?? 0) / (whole?.epsilonAt(delta) ?? 0) - 1)).toBeLessThan(1e-9);
    }
  });
});

/** Losses of the reference err by some 10⁻¹⁴, which shows where ε is as near to one. */
const REFERENCE = 1e-13;

it('small random compositions are never below the exact ones', () => {
  const scale = fc.integer({ min: 1, max: 5 });
  const parts = fc.array(
    fc.record({ scale, moved: fc.integer({ min: 1, max: 4 }), count: fc.integer({ min: 1, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  fc.assert(
    fc.property(parts, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
      const exact = together(
        all.flatMap((one) => Array.from({ length: one.count }, () => laplace(one.scale, one.moved))),
      );
      const top = all.reduce((sum, one) => sum + (one.count * one.moved) / one.scale, 0);
      const loss = composeLoss(
        all.map((one) => ({ pair: discreteLaplacePair(1 / one.scale, one.moved), count: one.count })),
        0,
      );
      const delta = exactDelta(exact, share * top);
      expect(loss.deltaAt(share * top)).toBeGreaterThanOrEqual(delta * (1 - 1e-9) - REFERENCE);
      // Near, that is, a grid step to the left.
      const near = exactDelta(exact, (share - 2e-4) * top);
      expect(loss.deltaAt(share * top)).toBeLessThanOrEqual(near * (1 + 1e-6));
      if (delta > 1e-9) {
        expect(exactDelta(exact, loss.epsilonAt(delta))).toBeLessThanOrEqual(delta * (1 + 1e-9) + REFERENCE);
        expect(loss.epsilonAt(delta)).toBeLessThan(share * top + 1e-3 * top);
      }
    }),
    { numRuns: 8 },
  );
});

describe('where the answer is known', () => {
  it.each([
    [0.1, 0.3],
    [1, 4],
    [3, 12],
    [0.5, 6],
    [0.2, 2.5],
  ])('Gaussian noise, μ %d, at ε %d', (mu, epsilon) => {
    const known = analyticGaussianDelta(1 / mu, 1, epsilon);
    const loss = composeLoss([{ pair: gaussianPair(mu), count: 1 }], 0);
    // The analytic one is itself rounded up by up to 2^-46 of its larger term.
    expect(loss.deltaAt(epsilon) / known).toBeGreaterThan(1 - 1e-11 * Math.exp(epsilon));
    expect(loss.deltaAt(epsilon) / known).toBeLessThan(1 + 1e-5);
  });

  it('many Gaussians one by one are one Gaussian', () => {
    const many = composeLoss([{ pair: gaussianPair(0.02), count: 2500 }], 0);
    expect(many.epsilonAt(1e-9)).toBeGreaterThan(
      composeLoss([{ pair: gaussianPair(1), count: 1 }], 0).epsilonAt(1e-9) - 1e-7,
    );
    expect(many.deltaAt(4) / analyticGaussianDelta(1, 1, 4)).toBeGreaterThan(1 - 1e-9);
    expect(many.deltaAt(4) / analyticGaussianDelta(1, 1, 4)).toBeLessThan(1 + 1e-3);
  });

  it('randomised response: binomial tails, down to δ of 10⁻⁴⁰', () => {
    const [n, epsilon] = [200, 0.1];
    const loss = composeLoss([{ pair: randomisedResponse(epsilon), count: n }], 0);
    const logChoose = (k: number): number =>
      Array.from({ length: k }, (_, i) => Math.log((n - i) / (i + 1))).reduce((sum, x) => sum + x, 0);
    const high = -Math.log1p(Math.exp(-epsilon));
    for (const at of [1, 5, 10, 15, 18]) {
      const delta = Array.from({ length: n + 1 }, (_, k) => {
        const l = (2 * k - n) * epsilon;
        const logMass = logChoose(k) + k * high + (n - k) * (high - epsilon);
        return l > at ? -Math.exp(logMass) * Math.expm1(at - l) : 0;
      }).reduce((sum, x) => sum + x, 0);
      expect(loss.deltaAt(at) / delta).toBeGreaterThan(1 - 1e-9);
      expect(loss.deltaAt(at) / delta).toBeLessThan(1 + 1e-4);
    }
  });

  it('Laplace noise: 1 − e^((ε−ε₀)/2), on grids far coarser than its lattice', () => {
    // Discrete noise of scale 10⁹ moved by 10⁹ and a bit beyond 2^53 has a knot every few 10⁻⁹: it is continuous noise.
    for (const [rate, moved] of [
      [1e-9, 1e9],
      [2 ** -60, 2 ** 60],
    ] as const) {
      const fine = composeLoss([{ pair: discreteLaplacePair(rate, moved), count: 1 }], 0);
      for (const epsilon of [0, 0.3, 0.9, 0.999]) {
        const known = -Math.expm1((epsilon - rate * moved) / 2);
        expect(fine.deltaAt(epsilon) / known).toBeGreaterThan(1 - 1e-9);
        expect(fine.deltaAt(epsilon) / known).toBeLessThan(1 + 1e-3);
      }
    }
    expect(composeLoss([{ pair: laplacePair(1), count: 1 }], 0).epsilonAt(0)).toBeCloseTo(1, 9);
  });
});

it('tiny deltas, many events and extreme sizes end, and stay in order', () => {
  const parts = [
    { pair: randomisedResponse(30), count: 1 },
    { pair: discreteLaplacePair(1e-6, 3), count: 100_000 },
    { pair: gaussianPair(1e-4), count: 1 },
  ];
  const loss = composeLoss(parts, 1e-30);
  const epsilons = [1e-29, 1e-18, 1e-9, 1e-3, 0.5].map((delta) => loss.epsilonAt(delta));
  for (const [i, epsilon] of epsilons.entries()) expect(epsilon).toBeGreaterThan((epsilons[i + 1] ?? 0) - 0.02);
  expect(epsilons.every(Number.isFinite)).toBe(true);
  expect(epsilons[0]).toBeGreaterThan(30);
  expect(epsilons[0]).toBeLessThan(30.1);
  expect(composeLoss([], 1e-9).epsilonAt(1e-8)).toBe(0);
  expect(composeLoss([], 1e-9).deltaAt(0)).toBe(1e-9);
});

it('rare losses far beyond the window count as lost, wherever they would wrap to', () => {
  // The pair hides its far atom from the choice of the tilt, so that the window is laid as around a Gaussian's loss.
  const rare = 1e-6;
  for (let far = 20; far < 60; far += 1.37) {
    const near = Math.log1p(-rare) - Math.log1p(-rare * Math.exp(-far));
    const hiding: Pair = {
      key: 'hiding',
      top: far,
      lattice: 0,
      logMoment: (tilt) => (tilt * (tilt + 1)) / 2,
      atoms: () => ({ losses: Float64Array.of(far, near), masses: Float64Array.of(rare, 1 - rare), infinity: 0 }),
    };
    const loss = composeLoss([{ pair: hiding, count: 1 }], 0);
    for (const epsilon of [3, 6, 9]) {
      const delta = -rare * Math.expm1(epsilon - far);
      expect(loss.deltaAt(epsilon)).toBeGreaterThanOrEqual(delta * (1 - 1e-9));
      expect(loss.epsilonAt(delta)).toBeGreaterThanOrEqual(epsilon - 1e-9);
    }
  }
});

it('the bound of rounding holds, and bites', () => {
  // Mass functions with exact products: delta functions and uniform ones.
  const size = 1024;
  const product = new SpectrumProduct(size);
  const at = (index: number): Float64Array => new Float64Array(size).fill(0).fill(1, index, index + 1);
  const uniform = new Float64Array(size).fill(1 / 4, 0, 4);
  product.multiply(at(3), uniform, [1, 0.5], [7, 1]);
  const { masses, error } = product.masses();
  const wrong = Array.from(masses, (mass, i) => Math.abs(mass - (i >= 21 && i < 25 ? 1 / 4 : 0)));
  expect(Math.max(...wrong)).toBeLessThanOrEqual(error);
  expect(error).toBeLessThan(1e-11);
});
