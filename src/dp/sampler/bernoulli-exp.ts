import { expBounds } from '../exp-bounds.ts';
import type { Bits } from './bits.ts';

const WORD = 4294967296;
/** Relative margin of the estimate: `Math.exp` and the argument's rounding stay far inside 2^-40 for γ ≤ 64. */
const BELOW = 1 - 2 ** -40;
const ABOVE = 1 + 2 ** -40;

/**
 * True with probability exp(−γ), exactly, γ = numerator/denominator ≥ 0.
 *
 * A lazy uniform is compared with exp(−γ): one word against a double estimate with a proven margin, and only when the
 * margin cannot decide (about 2^-39 of the time) more words against exact integer bounds. The law is the ideal one.
 *
 * @param gamma - double approximation of γ, relative error ≤ 2^-50 where γ ≤ 64
 * @param exact - numerator and denominator, formed only when needed; γ = 0 must be passed as gamma 0
 */
export function bernoulliExp(bits: Bits, gamma: number, exact: () => readonly [bigint, bigint]): boolean {
  if (gamma === 0) return true;
  const first = bits.word();
  if (gamma > 64) {
    // exp(−64) < 2^-92: any word but 0 is certainly above.
    if (first >= 1) return false;
  } else {
    const estimate = Math.exp(-gamma) * WORD;
    if (first + 1 <= estimate * BELOW) return true;
    if (first >= estimate * ABOVE) return false;
  }
  return decideExactly(bits, first, exact());
}

function decideExactly(bits: Bits, first: number, [numerator, denominator]: readonly [bigint, bigint]): boolean {
  let u = BigInt(first);
  // Ends with probability 1: each further word leaves the case undecided with probability about 2^-31.
  for (let k = 64; ; k += 32) {
    u = (u << 32n) | BigInt(bits.word());
    const { low, high } = expBounds(numerator, denominator, k);
    if (u + 1n <= low) return true;
    if (u >= high) return false;
  }
}
