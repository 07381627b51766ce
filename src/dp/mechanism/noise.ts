/** The two noises as data, and questions asked of either. */
import type { Rational } from '../rational.ts';
import type { NoiseSampler } from '../sampler/discrete-laplace.ts';
import { discreteGaussianLaw } from './discrete-gaussian.ts';
import { discreteLaplaceLaw } from './discrete-laplace.ts';
import { leastTail, type NoiseLaw, SLACK } from './law.ts';

/** `scale` t and `variance` parameter σ² in lattice units, exact. */
export type NoiseMechanism =
  | { readonly kind: 'discrete-laplace'; readonly scale: Rational }
  | { readonly kind: 'discrete-gaussian'; readonly variance: Rational };

/** The law of a mechanism's noise. */
export function lawOf(mechanism: NoiseMechanism): NoiseLaw {
  switch (mechanism.kind) {
    case 'discrete-laplace':
      return discreteLaplaceLaw(mechanism.scale);
    case 'discrete-gaussian':
      return discreteGaussianLaw(mechanism.variance);
  }
}

/** An exact sampler of a mechanism's noise. */
export function samplerOf(mechanism: NoiseMechanism): NoiseSampler {
  return lawOf(mechanism).sampler();
}

/** P[X = x]. */
export function pmf(mechanism: NoiseMechanism, x: number): number {
  return lawOf(mechanism).pmf(x);
}

/** P[X ≥ m], any integer m. */
export function tailGe(mechanism: NoiseMechanism, m: number): number {
  return lawOf(mechanism).tailGe(m);
}

/** Var[X]: slightly below σ² for small discrete Gaussians. */
export function variance(mechanism: NoiseMechanism): number {
  return lawOf(mechanism).variance;
}

/** δ(ε) of one integer of sensitivity Δ, exact law, rounded up. */
export function hockeyStick(mechanism: NoiseMechanism, sensitivity: number, epsilon: number): number {
  return lawOf(mechanism).hockeyStick(sensitivity, epsilon);
}

/**
 * Smallest integer m with P[|X| > m] ≤ α: `[y − m, y + m]` covers the noiseless value with probability at least 1 − α.
 * Never too small; at σ or scale beyond 2^40 it may exceed the smallest by a relative 2^-40.
 *
 * @param alpha - in (0, 1)
 */
export function halfWidth(mechanism: NoiseMechanism, alpha: number): bigint {
  return leastTail(lawOf(mechanism), alpha / 2) - 1n;
}

/** Smallest integer T > c with P[c + X ≥ T] ≤ p, never too small; p is lowered by its own rounding. */
export function thresholdAt(mechanism: NoiseMechanism, c: bigint, p: number): bigint {
  return c + leastTail(lawOf(mechanism), p * (1 - SLACK));
}

export { erfc } from '../erfc.ts';
