/** Modes, quantiles, variances and firsts, by the book: counting, ranking and adding one value after the other. */
import { compareValues } from '../../../src/ask/evaluate.ts';
import type { SortKey } from '../../../src/ask/ir.ts';
import type { SqlType, Value } from '../../../src/ask/types.ts';
import { identity } from './database.ts';

/** Values that are not NULL, least first. */
function ranked(type: SqlType, values: readonly Value[]): Value[] {
  return values.filter((value) => value !== null).sort((a, b) => compareValues(type, a, b));
}

/** The value most rows have; the least of several. */
export function mostCommon(type: SqlType, values: readonly Value[]): Value {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(identity(value), (counts.get(identity(value)) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return ranked(type, values).find((value) => counts.get(identity(value)) === most) ?? null;
}

/** The least value up to which at least the share of rows lies. */
export function discreteQuantile(type: SqlType, values: readonly Value[], share: number): Value {
  const rows = ranked(type, values);
  const [numerator, denominator] = decimal(share);
  return rows.find((_, index) => BigInt(index + 1) * denominator >= numerator * BigInt(rows.length)) ?? null;
}

/** The value at a position among rows, between two of them in proportion. */
export function continuousQuantile(values: readonly Value[], share: number): Value {
  const rows = ranked('double', values) as number[];
  if (rows.length === 0) return null;
  const [numerator, denominator] = decimal(share);
  const scaled = numerator * BigInt(rows.length - 1);
  const below = Number((scaled - (scaled % denominator)) / denominator);
  const [low, high] = [rows[below]!, rows[Math.min(below + 1, rows.length - 1)]!];
  if (scaled % denominator === 0n) return low;
  // Numerator and denominator may be divided by what they share: the quotient of doubles is the same.
  const part = Number(scaled % denominator) / Number(denominator);
  const mixed = (1 - part) * low + part * high;
  return Number.isNaN(mixed) ? null : Math.min(high, Math.max(low, mixed));
}

/** Sum of squared distances from the mean, over the rows or one fewer. */
export function spread(values: readonly Value[], sample: boolean): Value {
  const rows = ranked('double', values) as number[];
  const divisor = sample ? rows.length - 1 : rows.length;
  if (divisor < 1) return null;
  let sum = 0;
  for (const value of rows) sum += value;
  const mean = sum / rows.length;
  let squares = 0;
  for (const value of rows) {
    const distance = value - mean;
    squares += distance * distance;
  }
  const result = squares / divisor;
  return result > -Infinity && result < Infinity ? result : null;
}

/** The value of the first row; rows that tie stand by value, NULL last. */
export function firstValue(
  type: SqlType,
  rows: readonly { readonly value: Value; readonly keys: readonly Value[] }[],
  order: readonly SortKey[],
): Value {
  const keyed = [...order.map((key) => ({ ...key, type: key.expr.type }))];
  const sorted = [...rows].sort((a, b) => {
    for (const [index, key] of keyed.entries()) {
      const by = placed(key.type, a.keys[index] ?? null, b.keys[index] ?? null, key.nullsFirst, key.descending);
      if (by !== 0) return by;
    }
    return placed(type, a.value, b.value, false, false);
  });
  return sorted[0]?.value ?? null;
}

function placed(type: SqlType, a: Value, b: Value, nullsFirst: boolean, descending: boolean): number {
  if (a === null && b === null) return 0;
  if (a === null) return nullsFirst ? -1 : 1;
  if (b === null) return nullsFirst ? 1 : -1;
  return descending ? compareValues(type, b, a) : compareValues(type, a, b);
}

/** A decimal fraction as written, over a power of ten. */
function decimal(share: number): readonly [bigint, bigint] {
  const digits = share.toFixed(12);
  return [BigInt(digits.replace('.', '')), 10n ** 12n];
}
