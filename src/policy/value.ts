import { decimalOf, type Rational, rational } from '../dp/rational.ts';

/**
 * Types of values in a question. `key` is the opaque type of a privacy unit or join-only column: it can be compared
 * for equality, joined, counted distinct and partitioned by, and is never shown. `null` is the type of a bare NULL.
 */
export type SqlType = 'text' | 'integer' | 'double' | 'boolean' | 'date' | 'timestamp' | 'key' | 'null';

/**
 * A value as JavaScript sees it, always read together with its `SqlType`:
 * text string · integer bigint (64-bit) · double number (never NaN) · boolean · date number (days since 1970-01-01) ·
 * timestamp bigint (microseconds since the epoch, no zone) · null.
 */
export type Value = string | bigint | number | boolean | null;

/** A value with its type. */
export interface TypedValue {
  readonly type: SqlType;
  readonly value: Value;
}

/** A number, a date or a timestamp as it is read in decimals. */
export function rationalOf(value: Value): Rational {
  return typeof value === 'bigint' ? rational(value) : decimalOf(Number(value));
}
