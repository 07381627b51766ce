/**
 * Truncated geometric selection: noise on {−k … k} ∝ e^(−ε|x|), keep iff the noisy count exceeds k. The noisy count may be
 * shown, at no further cost. [DVGM20] k-TSGD
 */
import { type Rational, toNumber } from '../rational.ts';
import type { Bits } from '../sampler/bits.ts';
import { discreteLaplaceSampler } from '../sampler/discrete-laplace.ts';
import { countBeyond } from './pre-threshold.ts';

/** Chooses a group and noises its unit count at once. */
export interface TruncatedGeometric {
  /** Support bound k. */
  readonly bound: bigint;
  /** The noisy count of a kept group; null for one that is not shown. */
  noisyCount(units: bigint, bits: Bits): bigint | null;
}

/**
 * @guarantee (ε, δ)-DP for one group and a unit more or less, noisy count included [DVGM20]; with the hard minimum of
 * `minimumUnits` as in pre-threshold.ts
 */
export function truncatedGeometric(epsilon: Rational, delta: Rational, minimumUnits: number): TruncatedGeometric {
  const bound = BigInt(truncationBound(toNumber(epsilon), toNumber(delta)));
  const sampler = discreteLaplaceSampler({ numerator: epsilon.denominator, denominator: epsilon.numerator });
  const noise = (bits: Bits): bigint => {
    // 1/P[|X| ≤ k] tries are expected: few, because δ bounds what lies beyond k.
    for (;;) {
      const draw = sampler.sample(bits);
      if (draw <= bound && draw >= -bound) return draw;
    }
  };
  return {
    bound,
    noisyCount(units, bits) {
      const count = countBeyond(units, minimumUnits);
      if (count === 0n) return null;
      const noisy = count + noise(bits);
      return noisy > bound ? noisy + BigInt(minimumUnits - 1) : null;
    },
  };
}

/** k = ⌈ln((e^ε + 2δ − 1)/((e^ε + 1)δ))/ε⌉, raised where rounding left P[noise = k] above δ. */
export function truncationBound(epsilon: number, delta: number): number {
  const shape = (Math.expm1(epsilon) + 2 * delta) / ((Math.exp(epsilon) + 1) * delta);
  let k = Math.max(0, Math.ceil(Math.log(shape) / epsilon));
  while (topMass(epsilon, k) * (1 + 2 ** -40) > delta) k += 1;
  return k;
}

/** P[noise = k] = e^(−εk)·(1 − q)/(1 + q − 2q^(k+1)), q = e^−ε. */
function topMass(epsilon: number, k: number): number {
  const q = Math.exp(-epsilon);
  return (Math.exp(-epsilon * k) * -Math.expm1(-epsilon)) / (1 + q - 2 * q ** (k + 1));
}
