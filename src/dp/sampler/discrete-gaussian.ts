/** Exact discrete Gaussian noise, P[x] ∝ exp(−x²/2σ²), σ² = N/D. [CKS20] Alg. 3. */
import { integerSqrt, type Rational, rational, toNumber } from '../rational.ts';
import { bernoulliExp, judge } from './bernoulli-exp.ts';
import type { Bits } from './bits.ts';
import { discreteLaplaceSampler, laplaceDraw, type NoiseSampler } from './discrete-laplace.ts';
import { expTables } from './float-exp.ts';
import { GEOMETRIC_SCALE_MAX } from './geometric.ts';
import { LazyUniform } from './lazy-uniform.ts';

/**
 * Sampler of variance parameter σ² > 0: proposals Y from discrete Laplace of scale t = ⌊σ⌋ + 1, accepted with probability
 * exp(−(|Y| − σ²/t)²/2σ²); under two tries are expected.
 *
 * @guarantee the law is exactly the discrete Gaussian's, given uniform words [CKS20, Thm 11]
 */
export function discreteGaussianSampler(variance: Rational): NoiseSampler {
  const { numerator: n, denominator: d } = variance;
  const t = integerSqrt(n / d) + 1n;
  // (|y| − σ²/t)²/2σ² = (|y|·t·d − n)²/(2·n·d·t²)
  const denominator = 2n * n * d * t * t;
  const exact = (magnitude: bigint): readonly [bigint, bigint] => {
    const a = magnitude * t * d - n;
    return [a * a, denominator];
  };
  return t <= GEOMETRIC_SCALE_MAX ? smallSampler(variance, t, exact) : bigSampler(t, exact);
}

type Exponent = (magnitude: bigint) => readonly [bigint, bigint];

function smallSampler(variance: Rational, t: bigint, exact: Exponent): NoiseSampler {
  const propose = laplaceDraw(rational(t));
  const tables = expTables();
  const shift = toNumber({ numerator: variance.numerator, denominator: variance.denominator * t });
  const spread = Math.sqrt(2 * toNumber(variance));
  const draw = (bits: Bits): number => {
    for (;;) {
      const y = propose(bits);
      // shift/spread < 1, so the root errs by less than 2^-51·(1 + |root|), γ ≤ 64 by less than 2^-45 although it cancels.
      const root = (Math.abs(y) - shift) / spread;
      const word = bits.word();
      const verdict = judge(tables, root * root, word);
      if (verdict > 0) return y;
      if (verdict === 0 && acceptExactly(bits, word, exact(BigInt(Math.abs(y))))) return y;
    }
  };
  return {
    small: true,
    sample: (bits) => BigInt(draw(bits)),
    fill(bits, out) {
      for (let i = 0; i < out.length; i++) out[i] = draw(bits);
    },
  };
}

function acceptExactly(bits: Bits, word: number, [a, b]: readonly [bigint, bigint]): boolean {
  return new LazyUniform(bits, BigInt(word), 32).atMostExp(a, b);
}

function bigSampler(t: bigint, exact: Exponent): NoiseSampler {
  const proposals = discreteLaplaceSampler(rational(t));
  return {
    small: false,
    fill: proposals.fill,
    sample(bits) {
      for (;;) {
        const y = proposals.sample(bits);
        const [a, b] = exact(y < 0n ? -y : y);
        if (bernoulliExp(bits, toNumber({ numerator: a, denominator: b }), () => [a, b])) return y;
      }
    },
  };
}
