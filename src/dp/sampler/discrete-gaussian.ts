/** Exact discrete Gaussian noise, P[x] ∝ exp(−x²/2σ²), σ² = N/D. [CKS20] Alg. 3. */
import { integerSqrt, type Rational } from '../rational.ts';
import { bernoulliExp } from './bernoulli-exp.ts';
import type { Bits } from './bits.ts';
import { discreteLaplaceSampler, type NoiseSampler, ratio } from './discrete-laplace.ts';

/** Sampler of variance parameter σ² > 0: Laplace proposals of scale ⌊σ⌋+1, accepted exactly; under 1.5 tries expected. */
export function discreteGaussianSampler(variance: Rational): NoiseSampler {
  const { numerator: n, denominator: d } = variance;
  const t = integerSqrt(n / d) + 1n;
  const proposals = discreteLaplaceSampler({ numerator: t, denominator: 1n });
  // (|y| − σ²/t)²/2σ² = (|y|·t·d − n)²/(2·n·d·t²)
  const denominator = 2n * n * d * t * t;
  const exact = (magnitude: bigint): readonly [bigint, bigint] => {
    const a = magnitude * t * d - n;
    return [a * a, denominator];
  };
  const shift = ratio(n, d * t);
  const spread = Math.sqrt(2 * ratio(n, d));
  const draw = (bits: Bits): number => {
    const one = new Float64Array(1);
    for (;;) {
      proposals.fill(bits, one);
      const y = one[0] as number;
      if (accept(bits, Math.abs(y))) return y;
    }
  };
  const accept = (bits: Bits, magnitude: number): boolean => {
    const root = (magnitude - shift) / spread;
    const gamma = root * root;
    // Cancellation in |y| − σ²/t makes γ's relative error large only where γ is small; its absolute error stays below 2^-44.
    if (gamma < 2 ** -20 || gamma > 60) return exactly(bits, BigInt(magnitude));
    return bernoulliExp(bits, gamma, () => exact(BigInt(magnitude)));
  };
  const exactly = (bits: Bits, magnitude: bigint): boolean => {
    const [a, b] = exact(magnitude);
    return bernoulliExp(bits, a === 0n ? 0 : ratio(a, b), () => [a, b]);
  };
  const bigDraw = (bits: Bits): bigint => {
    for (;;) {
      const y = proposals.sample(bits);
      if (exactly(bits, y < 0n ? -y : y)) return y;
    }
  };
  return {
    small: proposals.small,
    sample: (bits) => (proposals.small ? BigInt(draw(bits)) : bigDraw(bits)),
    fill(bits, out) {
      for (let i = 0; i < out.length; i++) out[i] = draw(bits);
    },
  };
}
