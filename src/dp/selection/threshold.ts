import { type NoiseMechanism, thresholdAt } from '../mechanism/noise.ts';
import { type Rational, toNumber } from '../rational.ts';

/**
 * Smallest integer T such that groups a unit brings alone pass `noisy ≥ T` with probability at most δ in all:
 * P[c + noise ≥ T] ≤ 1 − (1 − δ)^(1/l0). [Google20] Delta for Thresholding, Thm 1.
 *
 * @param c - most a unit adds to one group of what is noised (1 for units)
 * @param l0 - groups a unit can be in
 */
export function thresholdFor(mechanism: NoiseMechanism, c: bigint, delta: Rational, l0: number): bigint {
  const p = -Math.expm1(Math.log1p(-toNumber(delta)) / l0);
  return thresholdAt(mechanism, c, p * (1 - 2 ** -40));
}
