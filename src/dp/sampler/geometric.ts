/**
 * Exact geometric noise by inversion: with E = −ln u exponential, Y = ⌊t·E⌋ has P[Y ≥ y] = exp(−y/t) for every rational
 * t = T/S. 53 digits of u fix Y through a double logarithm of proven error, unless the error reaches an integer; then
 * the comparisons u ≤ exp(−yS/T) are decided exactly, with more digits where needed.
 */
import { type Rational, toNumber } from '../rational.ts';
import type { Bits } from './bits.ts';
import { expTables, LOG_ERROR, minusLog } from './float-exp.ts';
import { LazyUniform } from './lazy-uniform.ts';

/** Scales up to this use doubles: below, an error reaches an integer less than once in 16 draws. */
export const GEOMETRIC_SCALE_MAX: bigint = 1n << 42n;

/** u below 2^-20 goes the exact way, so that the logarithm's argument always has 33 digits at least. */
const WORD_MIN = 1 << 12;
const DIGITS = 53;

/** Draws ⌊t·E⌋ from two words whose last 11 bits are not used. */
export interface GeometricSampler {
  /** Draw from `first` and the upper 21 bits of `second`; exact integers, below 2^53. */
  draw(bits: Bits, first: number, second: number): number;
}

/** Sampler for 0 < t ≤ 2^42. */
export function geometricSampler(scale: Rational): GeometricSampler {
  const tables = expTables();
  const power = tables.power;
  // Relative error of t, of the products and of both margins: below 2^-50 in all.
  const t = toNumber(scale);
  const tLow = t * (1 - 2 ** -50);
  const tHigh = t * (1 + 2 ** -50);
  return {
    draw(bits, first, second) {
      const x = first * 2097152 + (second >>> 11);
      if (first < WORD_MIN) return decide(bits, x, 0, scale);
      const zeros = Math.clz32(first);
      const e = minusLog(tables, x, zeros);
      // u ∈ [x, x+1)·2^-53, so E ∈ (e − 1/x, e]; 1/x ≤ 2^(zeros−52).
      const low = Math.floor((e - LOG_ERROR - (power[zeros] as number)) * tLow);
      const high = Math.floor((e + LOG_ERROR) * tHigh);
      return low === high ? low : decide(bits, x, Math.max(0, low), scale);
    },
  };
}

/** The largest y ≥ least with u ≤ exp(−y/t), by doubling steps and bisection; `least` itself is known to hold. */
function decide(bits: Bits, x: number, least: number, { numerator, denominator }: Rational): number {
  const u = new LazyUniform(bits, BigInt(x), DIGITS);
  const reaches = (y: bigint): boolean => u.atMostExp(y * denominator, numerator);
  let low = BigInt(least);
  let step = 1n;
  while (reaches(low + step)) {
    low += step;
    step *= 2n;
  }
  let high = low + step;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (reaches(middle)) low = middle;
    else high = middle;
  }
  // At t ≤ 2^42 this has probability below exp(−2^11): failing closed costs less than 2^-2900 in total variation.
  if (low > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError('A draw left the range of exact doubles.');
  return Number(low);
}
