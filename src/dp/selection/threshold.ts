/** Thresholds on noisy counts, from the exact discrete tails. [Google20] Delta for Thresholding, Thm 1. */
import { normalTailInverse } from '../erfc.ts';
import { type NoiseMechanism, thresholdAt } from '../mechanism/noise.ts';
import { type Rational, toNumber } from '../rational.ts';

/**
 * Smallest integer T such that groups a unit brings alone pass `noisy ≥ T` with probability at most δ in all:
 * P[c + noise ≥ T] ≤ 1 − (1 − δ)^(1/l0).
 *
 * @param c - most a unit adds to one group of what is noised (1 for units)
 * @param l0 - groups a unit can be in
 */
export function thresholdFor(mechanism: NoiseMechanism, c: bigint, delta: Rational, l0: number): bigint {
  return thresholdAt(mechanism, c, perGroup(toNumber(delta), l0));
}

/** The same with continuous Gaussian noise: c + σ·Φ⁻¹((1 − δ)^(1/l0)). For comparison; releases use the discrete law. */
export function gaussianThreshold(sigma: number, c: number, delta: number, l0: number): number {
  return c + sigma * normalTailInverse(perGroup(delta, l0));
}

/** Smallest integer T above the noise of all of `bins` empty bins with probability `success`: P[X < T]^bins ≥ success. */
export function emptyBinsThreshold(mechanism: NoiseMechanism, bins: number, success: number): bigint {
  return thresholdAt(mechanism, 0n, -Math.expm1(Math.log(success) / bins));
}

/** 1 − (1 − δ)^(1/l0). */
function perGroup(delta: number, l0: number): number {
  return -Math.expm1(Math.log1p(-delta) / l0);
}
