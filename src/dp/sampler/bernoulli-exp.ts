import type { Bits } from './bits.ts';
import { EXP_ARGUMENT_MAX, expNegative, expTables } from './float-exp.ts';
import { LazyUniform } from './lazy-uniform.ts';

const WORD = 4294967296;
/** Relative margin of the estimate: 2^-49 of the exponential and the argument's error, absolutely below 2^-41. */
const BELOW: number = WORD * (1 - 2 ** -40);
const ABOVE: number = WORD * (1 + 2 ** -40);

/**
 * What one word says about u ≤ exp(−γ), where u ∈ [word, word + 1)·2^-32: 1 certainly, −1 certainly not, 0 undecided
 * (about 2^-31 of the words).
 *
 * @param gamma - γ ≥ 0 with an absolute error below 2^-41 where γ ≤ 60, relative below 2^-40 beyond
 */
export function judge(tables: ReturnType<typeof expTables>, gamma: number, word: number): -1 | 0 | 1 {
  if (gamma >= EXP_ARGUMENT_MAX - 1) {
    // exp(−62) < 2^-89: any word but 0 is certainly above.
    return word === 0 ? 0 : -1;
  }
  const estimate = expNegative(tables, gamma);
  if (word + 1 <= estimate * BELOW) return 1;
  return word >= estimate * ABOVE ? -1 : 0;
}

/**
 * True with probability exp(−γ), exactly: a lazily drawn uniform is compared with exp(−γ), by a double with a proven
 * margin where that decides, by integer bounds else. The law is that of [CKS20] Alg. 1, the method is not.
 *
 * @param gamma - double approximation as `judge` wants it
 * @param exact - numerator and denominator of γ, formed only when needed
 */
export function bernoulliExp(bits: Bits, gamma: number, exact: () => readonly [bigint, bigint]): boolean {
  // Zero is decided exactly, before a word is drawn; the estimate may have underflowed.
  if (gamma === 0 && exact()[0] === 0n) return true;
  const word = bits.word();
  const verdict = judge(expTables(), gamma, word);
  if (verdict !== 0) return verdict > 0;
  const [numerator, denominator] = exact();
  return new LazyUniform(bits, BigInt(word), 32).atMostExp(numerator, denominator);
}
