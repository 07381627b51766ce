/** Exact discrete Laplace noise, P[x] ∝ exp(−|x|/t), t = T/S. [GRS09]; the law of [CKS20] Alg. 2. */
import { compare, type Rational, rational, toNumber } from '../rational.ts';
import { bernoulliExp } from './bernoulli-exp.ts';
import type { Bits } from './bits.ts';
import { GEOMETRIC_SCALE_MAX, geometricSampler } from './geometric.ts';
import { fairBit, uniformBelowBig } from './uniform.ts';

/** Draws independent noise from one law. */
export interface NoiseSampler {
  /** One draw. */
  sample(bits: Bits): bigint;
  /**
   * Fills with draws, as doubles that hold exact integers.
   * @throws RangeError where not `small`; and for a draw beyond 2^53, of probability below 2^-2900
   */
  fill(bits: Bits, out: Float64Array): void;
  /** True when `fill` serves this law: scale or σ at most 2^42. */
  readonly small: boolean;
}

/**
 * Sampler of scale t > 0.
 *
 * @guarantee the law is exactly P[x] = (1−q)/(1+q)·q^|x|, q = exp(−1/t), given uniform words: a geometric magnitude, a
 * fair sign, and (−, 0) drawn again so that zero is counted once [CKS20, Alg. 2]
 */
export function discreteLaplaceSampler(scale: Rational): NoiseSampler {
  if (compare(scale, rational(GEOMETRIC_SCALE_MAX)) > 0) return bigSampler(scale);
  const draw = laplaceDraw(scale);
  return {
    small: true,
    sample: (bits) => BigInt(draw(bits)),
    fill(bits, out) {
      for (let i = 0; i < out.length; i++) out[i] = draw(bits);
    },
  };
}

/** One draw as a double, for t ≤ 2^42. Under two tries are expected, the fewer the larger t. */
export function laplaceDraw(scale: Rational): (bits: Bits) => number {
  const geometric = geometricSampler(scale);
  return (bits) => {
    for (;;) {
      const first = bits.word();
      const second = bits.word();
      const magnitude = geometric.draw(bits, first, second);
      if ((second & 1) === 0) return magnitude;
      if (magnitude !== 0) return -magnitude;
    }
  };
}

/** [CKS20] Alg. 2 as printed, in integers. */
function bigSampler({ numerator: t, denominator: s }: Rational): NoiseSampler {
  const sample = (bits: Bits): bigint => {
    for (;;) {
      const u = uniformBelowBig(bits, t);
      const gamma = toNumber({ numerator: u, denominator: t });
      if (u !== 0n && !bernoulliExp(bits, gamma, () => [u, t])) continue;
      let v = 0n;
      while (bernoulliExp(bits, 1, () => [1n, 1n])) v += 1n;
      const magnitude = (u + t * v) / s;
      const negative = fairBit(bits);
      if (negative && magnitude === 0n) continue;
      return negative ? -magnitude : magnitude;
    }
  };
  return {
    small: false,
    sample,
    fill() {
      throw new RangeError('Scales beyond 2^42 are drawn one by one, as big integers.');
    },
  };
}
