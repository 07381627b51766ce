/** Exact discrete Laplace noise, P[x] ∝ exp(−|x|/t), t = T/S. [CKS20] Alg. 2; [GRS09]. */
import type { Rational } from '../rational.ts';
import { bernoulliExp } from './bernoulli-exp.ts';
import type { Bits } from './bits.ts';
import { fairBit, uniformBelow, uniformBelowBig } from './uniform.ts';

/** Draws from one law. */
export interface NoiseSampler {
  sample(bits: Bits): bigint;
  /** Fills with draws, as doubles holding exact integers; only where `small`. */
  fill(bits: Bits, out: Float64Array): void;
  /** True when every draw is below 2^53 but for an event of probability < 2^-1000 that `fill` redraws nothing for: it throws. */
  readonly small: boolean;
}

const SAFE = Number.MAX_SAFE_INTEGER;
const E_ONE: () => readonly [bigint, bigint] = () => [1n, 1n];

/** Sampler of scale t > 0. Expected number of words per draw is constant. */
export function discreteLaplaceSampler(scale: Rational): NoiseSampler {
  const small = scale.numerator < 1n << 42n && scale.denominator < 1n << 42n;
  const sample = small ? smallDraw(Number(scale.numerator), Number(scale.denominator)) : null;
  return {
    small,
    sample: (bits) => (sample === null ? bigDraw(bits, scale.numerator, scale.denominator) : BigInt(sample(bits))),
    fill(bits, out) {
      if (sample === null) throw new RangeError('Scales beyond 2^42 are drawn as big integers.');
      for (let i = 0; i < out.length; i++) out[i] = sample(bits);
    },
  };
}

function smallDraw(t: number, s: number): (bits: Bits) => number {
  const whole = BigInt(t);
  return (bits) => {
    for (;;) {
      const u = uniformBelow(bits, t);
      if (u !== 0 && !bernoulliExp(bits, u / t, () => [BigInt(u), whole])) continue;
      let v = 0;
      while (bernoulliExp(bits, 1, E_ONE)) v += 1;
      const x = u + t * v;
      if (x > SAFE) throw new RangeError('A draw beyond 2^53 at this scale has probability below 2^-1000.');
      const y = Math.floor(x / s) * s > x ? Math.floor(x / s) - 1 : Math.floor(x / s);
      const negative = fairBit(bits);
      if (negative && y === 0) continue;
      return negative ? -y : y;
    }
  };
}

function bigDraw(bits: Bits, t: bigint, s: bigint): bigint {
  for (;;) {
    const u = uniformBelowBig(bits, t);
    if (u !== 0n && !bernoulliExp(bits, ratio(u, t), () => [u, t])) continue;
    let v = 0n;
    while (bernoulliExp(bits, 1, E_ONE)) v += 1n;
    const y = (u + t * v) / s;
    const negative = fairBit(bits);
    if (negative && y === 0n) continue;
    return negative ? -y : y;
  }
}

/** a/b as a double, relative error below 2^-51, for integers of any size. */
export function ratio(a: bigint, b: bigint): number {
  const shift = Math.max(0, a.toString(2).length - 1000, b.toString(2).length - 1000);
  return Number(a >> BigInt(shift)) / Number(b >> BigInt(shift));
}
