/**
 * Aggregates that live inside a group that holds the unit, on values. All are functions of the multiset of values: the
 * order in which rows come does not matter. NULL does not count, and of no values there is NULL.
 *
 * - `quantile-cont` at p of n doubles in ascending order: the value at position (n − 1)·p counted from 0, and between two
 *   values x, y the weighted mean x·(1 − d) + y·d in doubles, kept between x and y; NULL between −∞ and ∞.
 * - `quantile-disc` at p: the least value with at least p·n values up to it.
 * - `mode`: the most frequent value, the least of those that tie.
 * - `var-pop`, `var-samp`: the sum of (x − m)² over n, or n − 1 where that is not 0, with m the sum over n. Both sums add
 *   doubles in ascending order of x. NULL where it is not finite.
 */
import type { SqlType, Value } from '../types.ts';
import { compareValues } from './comparison.ts';

/** A fraction of a quantile in whole numbers, in lowest terms. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const DECIMALS = 10n ** 12n;

/** The fraction that a double with at most 12 decimals stands for. */
export function fractionOf(value: number): Fraction {
  let numerator = BigInt(Math.round(value * Number(DECIMALS)));
  let denominator = DECIMALS;
  let [a, b] = [denominator, numerator];
  while (b !== 0n) [a, b] = [b, a % b];
  numerator /= a;
  denominator /= a;
  return { numerator, denominator };
}

/** Values that are not NULL, ascending. */
export function ascending(type: SqlType, values: readonly Value[]): readonly Value[] {
  return values.filter((value) => value !== null).sort((a, b) => compareValues(type, a, b));
}

/** Quantile between values of ascending doubles. */
export function quantileCont(sorted: readonly number[], { numerator, denominator }: Fraction): number | null {
  if (sorted.length === 0) return null;
  const position = BigInt(sorted.length - 1) * numerator;
  const at = Number(position / denominator);
  const rest = position % denominator;
  const low = sorted[at] as number;
  if (rest === 0n) return low;
  const high = sorted[at + 1] as number;
  const share = Number(rest) / Number(denominator);
  const between = low * (1 - share) + high * share;
  if (Number.isNaN(between)) return null;
  return between < low ? low : between > high ? high : between;
}

/** Quantile among ascending values. */
export function quantileDisc(sorted: readonly Value[], { numerator, denominator }: Fraction): Value {
  const rank = Number((BigInt(sorted.length) * numerator + denominator - 1n) / denominator);
  return sorted[Math.max(rank, 1) - 1] ?? null;
}

/** Most frequent of ascending values, the least of those that tie. */
export function modeOf(type: SqlType, sorted: readonly Value[]): Value {
  let [best, most, run] = [null as Value, 0, 0];
  sorted.forEach((value, index) => {
    const before = sorted[index - 1] ?? null;
    run = before !== null && compareValues(type, before, value) === 0 ? run + 1 : 1;
    if (run > most) [best, most] = [value, run];
  });
  return best;
}

/** Variance of ascending doubles; `lost` is 1 for a sample, 0 for a population. */
export function variance(sorted: readonly number[], lost: 0 | 1): number | null {
  if (sorted.length <= lost) return null;
  const mean = sorted.reduce((sum, x) => sum + x, 0) / sorted.length;
  const squares = sorted.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  const value = squares / (sorted.length - lost);
  return Number.isFinite(value) ? value : null;
}
