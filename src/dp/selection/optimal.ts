/** Optimal private partition selection. [DVGM20] Thm 1. */
import { expBounds } from '../exp-bounds.ts';
import { floor, multiply, type Rational, rational, toNumber } from '../rational.ts';
import type { Bits } from '../sampler/bits.ts';
import { countBeyond } from './pre-threshold.ts';

/** Decides which groups are shown. */
export interface Selector {
  /** True with probability π(units − minimumUnits + 1); never below `minimumUnits`. */
  keep(units: bigint, bits: Bits): boolean;
  /** The probability that `keep` draws with, to the nearest double. */
  chance(units: bigint): number;
  /** Least number of units that is kept with certainty; null where there is none below a million. */
  readonly certain: bigint | null;
}

/**
 * Selector at (ε, δ) per group.
 *
 * @guarantee (ε, δ)-DP for one group and a unit more or less, exactly: keep probabilities are integers over 2^64 with
 * directed rounding, so π(n) ≤ e^ε·π(n−1) + δ and 1 − π(n−1) ≤ e^ε·(1 − π(n)) + δ hold for the draw that is made
 * [DVGM20, Thm 1]
 */
export function optimalSelector(epsilon: Rational, delta: Rational, minimumUnits: number): Selector {
  const table = new KeepTable(epsilon, delta);
  return {
    keep: (units, bits) => table.keep(countBeyond(units, minimumUnits), bits),
    chance: (units) => table.chance(countBeyond(units, minimumUnits)),
    get certain() {
      const count = table.certain();
      return count === null ? null : BigInt(count + minimumUnits - 1);
    },
  };
}

const UNIT = 1n << 64n;
const LOW = 0xffffffffn;
const COUNT_MAX = 1_000_000;
const DIGITS = 80n;
/** Digits of e^−ε from which e^ε is inverted. */
const INVERSE_DIGITS = 512n;

/** Keep probabilities over 2^64, grown as far as counts ask for. */
class KeepTable {
  /** High and low 32 bits of P(n) at index n; P(n) = 2^64 is never stored. */
  readonly #high: number[] = [0];
  readonly #low: number[] = [0];
  /** P of the newest entry, or 2^64 once reached. */
  #last = 0n;
  readonly #grow: bigint;
  readonly #shrink: bigint;
  readonly #add: bigint;

  constructor(epsilon: Rational, delta: Rational) {
    const inverse = expBounds(epsilon.numerator, epsilon.denominator, Number(INVERSE_DIGITS)).high;
    this.#grow = (1n << (INVERSE_DIGITS + DIGITS)) / inverse;
    this.#shrink = expBounds(epsilon.numerator, epsilon.denominator, Number(DIGITS)).high;
    this.#add = floor(multiply(delta, rational(UNIT)));
  }

  keep(count: bigint, bits: Bits): boolean {
    const at = this.#at(count);
    if (at === null) return true;
    const high = this.#high[at] as number;
    const word = bits.word();
    return word === high ? bits.word() < (this.#low[at] as number) : word < high;
  }

  /** P(count)/2^64. */
  chance(count: bigint): number {
    const at = this.#at(count);
    return at === null ? 1 : (this.#high[at] as number) / 2 ** 32 + (this.#low[at] as number) / 2 ** 64;
  }

  /** Where P of a count stands; null where it is certain. */
  #at(count: bigint): number | null {
    const n = count < BigInt(COUNT_MAX) ? Number(count) : COUNT_MAX;
    this.#extend(n);
    if (n >= this.#high.length && this.#last === UNIT) return null;
    // P is monotone, so where the table ends early its last entry keeps both inequalities.
    return Math.min(n, this.#high.length - 1);
  }

  /** Least count kept for certain. */
  certain(): number | null {
    this.#extend(COUNT_MAX);
    return this.#last === UNIT ? this.#high.length : null;
  }

  #extend(n: number): void {
    while (this.#high.length <= n && this.#last < UNIT) {
      const next = this.#next(this.#last);
      if (next === this.#last) return;
      this.#last = next;
      if (next === UNIT) return;
      this.#high.push(Number(next >> 32n));
      this.#low.push(Number(next & LOW));
    }
  }

  #next(p: bigint): bigint {
    const byGrowth = ((this.#grow * p) >> DIGITS) + this.#add;
    const rest = UNIT - p - this.#add;
    const byRest = rest <= 0n ? UNIT : UNIT - ceilShift(this.#shrink * rest, DIGITS);
    const smaller = byGrowth < byRest ? byGrowth : byRest;
    return smaller < p ? p : smaller > UNIT ? UNIT : smaller;
  }
}

function ceilShift(value: bigint, digits: bigint): bigint {
  return (value + (1n << digits) - 1n) >> digits;
}

/** π(n) in floating point, for expectations and display. [DVGM20] recurrence. */
export function keepProbability(epsilon: Rational, delta: Rational, n: number): number {
  const e = Math.exp(toNumber(epsilon));
  const d = toNumber(delta);
  let p = 0;
  for (let i = 0; i < n && p < 1; i++) p = Math.min(e * p + d, 1 - (1 - p - d) / e, 1);
  return p;
}
