/** Optimal private partition selection. [DVGM20] Thm 1, pre-threshold of [Google20] pre_thresholding. */
import { expBounds } from '../exp-bounds.ts';
import { floor, multiply, type Rational, rational, toNumber } from '../rational.ts';
import type { Bits } from '../sampler/bits.ts';

/** Decides which groups are shown. */
export interface Selector {
  /** True with probability π(units − minimumUnits + 1); never below `minimumUnits`. */
  keep(units: bigint, bits: Bits): boolean;
  /** Least number of units that is kept with certainty. */
  readonly certain: bigint;
}

const UNIT = 1n << 64n;
const STEPS_MAX = 1_000_000;

/**
 * Selector at (ε, δ) per group. Probabilities are an integer table on 2^64 with directed rounding, so the inequalities
 * π(n) ≤ e^ε·π(n−1) + δ and 1−π(n−1) ≤ e^ε·(1−π(n)) + δ hold exactly for the draw that is made.
 */
export function optimalSelector(epsilon: Rational, delta: Rational, minimumUnits: number): Selector {
  const table = keepTable(epsilon, delta);
  const shift = BigInt(minimumUnits - 1);
  return {
    certain: BigInt(table.length) + shift,
    keep(units, bits) {
      const n = units - shift;
      if (n < 1n) return false;
      const draw = (BigInt(bits.word()) << 32n) | BigInt(bits.word());
      return n >= BigInt(table.length) || draw < (table[Number(n) - 1] as bigint);
    },
  };
}

/** Thresholds P₁ … on 2^64, the last one 2^64. */
function keepTable(epsilon: Rational, delta: Rational): readonly bigint[] {
  const shrink = expBounds(epsilon.numerator, epsilon.denominator, 80).high;
  const grow = (1n << 160n) / shrink;
  const add = floor(multiply(delta, rational(UNIT)));
  const table: bigint[] = [];
  let p = 0n;
  while (p < UNIT && table.length < STEPS_MAX) {
    const byGrowth = ((grow * p) >> 80n) + add;
    const rest = shrink * (UNIT - p - add);
    const byRest = UNIT - (rest <= 0n ? 0n : (rest + (1n << 80n) - 1n) >> 80n);
    const next = [byGrowth, byRest, UNIT].reduce((a, b) => (a < b ? a : b));
    if (next <= p) break;
    p = next;
    table.push(p);
  }
  return table;
}

/** π(n) in floating point, for expectations and for tests; [DVGM20] recurrence. */
export function keepProbability(epsilon: Rational, delta: Rational, n: number): number {
  const e = toNumber(epsilon);
  const d = toNumber(delta);
  let p = 0;
  for (let i = 0; i < n && p < 1; i++) p = Math.min(Math.exp(e) * p + d, 1 - Math.exp(-e) * (1 - p - d), 1);
  return p;
}
