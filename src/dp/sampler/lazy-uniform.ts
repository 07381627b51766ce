import { expBounds } from '../exp-bounds.ts';
import type { Bits } from './bits.ts';

/**
 * A uniform real u in [0, 1) of which only a prefix of binary digits is drawn so far; further digits are drawn when a
 * comparison needs them. Comparisons are exact, and consistent with one another.
 */
export class LazyUniform {
  #prefix: bigint;
  #length: number;
  readonly #bits: Bits;

  /** @param prefix - the first `length` digits, as an integer in [0, 2^length) */
  constructor(bits: Bits, prefix: bigint, length: number) {
    this.#bits = bits;
    this.#prefix = prefix;
    this.#length = length;
  }

  /**
   * Whether u ≤ exp(−a/b), for a ≥ 0 and b > 0. Ends with probability 1: bounds are 2 units of the last digit apart, so
   * each further word leaves it open with probability about 2^-30.
   */
  atMostExp(a: bigint, b: bigint): boolean {
    if (a === 0n) return true;
    for (;;) {
      const { low, high } = expBounds(a, b, this.#length);
      if (this.#prefix + 1n <= low) return true;
      if (this.#prefix >= high) return false;
      this.#prefix = (this.#prefix << 32n) | BigInt(this.#bits.word());
      this.#length += 32;
    }
  }
}
