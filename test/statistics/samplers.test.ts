/**
 * The samplers' laws. Null hypothesis: draws follow the stated law exactly. Each assertion has a false-alarm rate of 1e-9
 * (χ² critical values by Wilson–Hilferty at z = 6); with some forty assertions the whole file has under 1e-7. The word
 * stream is fixed, so a run is deterministic unless GAUZE_FRESH_BITS=1.
 */
import { describe, expect, it } from 'vitest';
import { expBounds } from '../../src/dp/exp-bounds.ts';
import { type NoiseMechanism, pmf, tailGe, variance } from '../../src/dp/mechanism/noise.ts';
import { rational } from '../../src/dp/rational.ts';
import { bernoulliExp } from '../../src/dp/sampler/bernoulli-exp.ts';
import { discreteGaussianSampler } from '../../src/dp/sampler/discrete-gaussian.ts';
import { discreteLaplaceSampler } from '../../src/dp/sampler/discrete-laplace.ts';
import { uniformBelow } from '../../src/dp/sampler/uniform.ts';
import { scripted, words } from './words.ts';

const N = 400_000;
const Z = 6.11;

/** Upper critical value of χ² at 1e-9. */
function critical(degrees: number): number {
  const h = 2 / (9 * degrees);
  return degrees * (1 - h + 6 * Math.sqrt(h)) ** 3;
}

/** χ² over cells −m…m with both tails pooled; every expected count is at least 100. */
function chiSquare(draws: Float64Array, mechanism: NoiseMechanism): { statistic: number; degrees: number } {
  let m = 0;
  while (m < 19 && draws.length * tailGe(mechanism, m + 2) > 100) m += 1;
  const counts = new Float64Array(2 * m + 3);
  for (const x of draws) {
    const cell = Math.min(Math.max(x + m + 1, 0), 2 * m + 2);
    counts[cell] = (counts[cell] as number) + 1;
  }
  let statistic = 0;
  counts.forEach((count, cell) => {
    const x = cell - m - 1;
    const p = cell === 0 || cell === 2 * m + 2 ? tailGe(mechanism, m + 1) : pmf(mechanism, x);
    statistic += (count - draws.length * p) ** 2 / (draws.length * p);
  });
  return { statistic, degrees: counts.length - 1 };
}

const laplace = (n: bigint, d: bigint): NoiseMechanism => ({ kind: 'discrete-laplace', scale: rational(n, d) });
const gaussian = (n: bigint, d: bigint): NoiseMechanism => ({ kind: 'discrete-gaussian', variance: rational(n, d) });

function drawsOf(mechanism: NoiseMechanism, label: string): Float64Array {
  const sampler =
    mechanism.kind === 'discrete-laplace'
      ? discreteLaplaceSampler(mechanism.scale)
      : discreteGaussianSampler(mechanism.variance);
  const out = new Float64Array(N);
  sampler.fill(words(label), out);
  return out;
}

describe.each([
  ['Laplace 1/2', laplace(1n, 2n)],
  ['Laplace 1', laplace(1n, 1n)],
  ['Laplace 7/3', laplace(7n, 3n)],
  ['Laplace 10', laplace(10n, 1n)],
  ['Gaussian 1/4', gaussian(1n, 4n)],
  ['Gaussian 1', gaussian(1n, 1n)],
  ['Gaussian 7/3', gaussian(7n, 3n)],
  ['Gaussian 100', gaussian(100n, 1n)],
] as const)('%s', (label, mechanism) => {
  const draws = drawsOf(mechanism, label);

  it('follows its law cell by cell', () => {
    const { statistic, degrees } = chiSquare(draws, mechanism);
    expect(statistic).toBeLessThan(critical(degrees));
  });

  it('has the law’s mean and the chance of zero', () => {
    const mean = draws.reduce((sum, x) => sum + x, 0) / N;
    expect(Math.abs(mean)).toBeLessThan(Z * Math.sqrt(variance(mechanism) / N));
    const zero = pmf(mechanism, 0);
    expect(Math.abs(draws.filter((x) => x === 0).length / N - zero)).toBeLessThan(
      Z * Math.sqrt((zero * (1 - zero)) / N),
    );
  });
});

describe.each([
  ['Laplace', laplace(10n ** 6n, 7n), 6],
  ['Gaussian', gaussian(10n ** 12n, 3n), 3],
] as const)('%s at large scale', (label, mechanism, kurtosis) => {
  it('has the law’s variance, and draws depend on nothing before them', () => {
    const draws = drawsOf(mechanism, `${label} large`);
    const spread = variance(mechanism);
    const found = draws.reduce((sum, x) => sum + x * x, 0) / N;
    expect(Math.abs(found / spread - 1)).toBeLessThan(Z * Math.sqrt((kurtosis - 1) / N));
    let product = 0;
    for (let i = 1; i < N; i++) product += (draws[i] as number) * (draws[i - 1] as number);
    expect(Math.abs(product / (N * spread))).toBeLessThan(Z / Math.sqrt(N));
  });

  it('draws the same law as big integers', () => {
    const sampler =
      mechanism.kind === 'discrete-laplace'
        ? discreteLaplaceSampler(mechanism.scale)
        : discreteGaussianSampler(mechanism.variance);
    const bits = words(`${label} big`);
    const draws = Float64Array.from({ length: 20_000 }, () => Number(sampler.sample(bits)));
    const found = draws.reduce((sum, x) => sum + x * x, 0) / draws.length;
    expect(Math.abs(found / variance(mechanism) - 1)).toBeLessThan(Z * Math.sqrt((kurtosis - 1) / draws.length));
  });
});

describe('a chance of exp(−γ)', () => {
  it.each([
    [1, 7],
    [1, 1],
    [5, 2],
    [30, 1],
  ])('is exact at γ = %d/%d', (a, b) => {
    const bits = words(`exp ${a}/${b}`);
    let hits = 0;
    for (let i = 0; i < N; i++) if (bernoulliExp(bits, a / b, () => [BigInt(a), BigInt(b)])) hits += 1;
    const p = Math.exp(-a / b);
    expect(Math.abs(hits / N - p)).toBeLessThan(Z * Math.sqrt((p * (1 - p)) / N) + 1e-9);
  });

  it('asks for more words where the first cannot decide, and decides by the exact digits', () => {
    const { low } = expBounds(1n, 1n, 96);
    const digits = [Number(low >> 64n), Number((low >> 32n) & 0xffffffffn), Number(low & 0xffffffffn)];
    const below = scripted([digits[0]!, digits[1]! - 1]);
    expect(bernoulliExp(below, 1, () => [1n, 1n])).toBe(true);
    const above = scripted([digits[0]!, digits[1]! + 1]);
    expect(bernoulliExp(above, 1, () => [1n, 1n])).toBe(false);
    expect([below.used(), above.used()]).toEqual([2, 2]);
    const third = scripted([digits[0]!, digits[1]!, 0]);
    expect(bernoulliExp(third, 1, () => [1n, 1n])).toBe(true);
    expect(third.used()).toBe(3);
  });

  it('is certain at γ = 0 without a word, and almost impossible beyond 64', () => {
    expect(bernoulliExp(scripted([]), 0, () => [0n, 1n])).toBe(true);
    expect(bernoulliExp(scripted([1]), 100, () => [100n, 1n])).toBe(false);
    expect(bernoulliExp(scripted([0, 0, 1]), 65, () => [65n, 1n])).toBe(true);
    expect(bernoulliExp(scripted([0, 0, 0xffffffff]), 65, () => [65n, 1n])).toBe(false);
  });
});

it('bounds e^(−a/b) from both sides at every precision', () => {
  for (const [a, b] of [
    [1n, 1n],
    [1n, 1000n],
    [700n, 1n],
    [123456789n, 1000n],
    [355n, 113n],
  ] as const) {
    const { low, high } = expBounds(a, b, 512);
    for (const k of [32, 64, 96, 160]) {
      const coarse = expBounds(a, b, k);
      expect(coarse.low <= low >> BigInt(512 - k) && coarse.high >= high >> BigInt(512 - k)).toBe(true);
      expect(coarse.high - coarse.low).toBeLessThanOrEqual(2n);
    }
  }
});

it('uniform integers reject what would bias them', () => {
  expect(uniformBelow(scripted([0xffffffff, 5]), 3)).toBe(2);
  const counts = new Float64Array(7);
  const bits = words('seven');
  for (let i = 0; i < 70_000; i++) {
    const x = uniformBelow(bits, 7);
    counts[x] = (counts[x] as number) + 1;
  }
  const statistic = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(statistic).toBeLessThan(critical(6));
});
