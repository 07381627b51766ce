/** Selection keeps its two inequalities exactly, never shows too small a group, and costs next to nothing against the optimum. */
import { describe, expect, it } from 'vitest';
import { tailGe } from '../../src/dp/mechanism/noise.ts';
import { decimalOf, rational, toNumber } from '../../src/dp/rational.ts';
import { keepProbability, optimalSelector } from '../../src/dp/selection/optimal.ts';
import { thresholdFor } from '../../src/dp/selection/threshold.ts';
import { scripted } from '../statistics/words.ts';

/** The table's probability for n units, found by bisection on the 64-bit word. */
function kept(selector: ReturnType<typeof optimalSelector>, n: bigint): number {
  let low = 0n;
  let high = 1n << 64n;
  while (high - low > 0n) {
    const middle = (low + high) >> 1n;
    if (middle < 1n << 64n && selector.keep(n, scripted([Number(middle >> 32n), Number(middle & 0xffffffffn)])))
      low = middle + 1n;
    else high = middle;
  }
  return Number(low) / 2 ** 64;
}

describe.each([
  [1, 1e-5],
  [0.5, 1e-8],
  [2, 1e-6],
  [0.1, 1e-4],
])('optimal selection at ε = %d, δ = %d', (e, d) => {
  const [epsilon, delta] = [decimalOf(e), decimalOf(d)];
  const selector = optimalSelector(epsilon, delta, 1);

  it('meets both inequalities between neighbours', () => {
    let before = 0;
    for (let n = 1n; n <= selector.certain! && n < 400n; n++) {
      const now = kept(selector, n);
      expect(now).toBeLessThanOrEqual(Math.exp(e) * before * (1 + 1e-12) + d * (1 + 1e-12));
      expect(1 - before).toBeLessThanOrEqual(Math.exp(e) * (1 - now) * (1 + 1e-9) + d * (1 + 1e-9) + 1e-15);
      before = now;
    }
    expect(kept(selector, selector.certain!)).toBe(1);
  });

  it('is the optimum within 5e-5', () => {
    for (let n = 1; n <= 60; n += 7) {
      const best = keepProbability(epsilon, delta, n);
      expect(kept(selector, BigInt(n)) / best).toBeGreaterThan(1 - 5e-5);
      expect(kept(selector, BigInt(n))).toBeLessThanOrEqual(best * (1 + 1e-12));
    }
  });

  it('never shows a group below the minimum, and shifts the law by it', () => {
    const shifted = optimalSelector(epsilon, delta, 11);
    expect(shifted.keep(10n, scripted([0, 0]))).toBe(false);
    expect(kept(shifted, 11n)).toBe(kept(selector, 1n));
    expect(shifted.certain).toBe(selector.certain! + 10n);
  });
});

it('thresholds let a lone unit through with at most δ, and one less would not', () => {
  for (const l0 of [1, 4, 30]) {
    for (const mechanism of [
      { kind: 'discrete-laplace', scale: rational(5n, 2n) },
      { kind: 'discrete-gaussian', variance: rational(9n) },
    ] as const) {
      const delta = decimalOf(1e-6);
      const threshold = Number(thresholdFor(mechanism, 1n, delta, l0));
      const p = 1 - (1 - toNumber(delta)) ** (1 / l0);
      expect(tailGe(mechanism, threshold - 1)).toBeLessThanOrEqual(p);
      expect(tailGe(mechanism, threshold - 2)).toBeGreaterThan(p * (1 - 1e-9));
    }
  }
});
