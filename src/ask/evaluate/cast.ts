/** Conversion between types; what does not convert is NULL. Texts are read as DuckDB 1.5 reads them. */
import { dayOf, MICROS_PER_DAY, printDate, printTimestamp } from '../calendar.ts';
import type { SqlType, Value } from '../types.ts';
import { doubleToInteger } from './arithmetic.ts';
import { dateOrNull, timestampOrNull } from './dates.ts';
import { parseDate, parseTimestamp } from './parse-date.ts';
import { parseBoolean, parseDouble, parseInteger } from './parse-number.ts';

/** Pairs of types that convert; the resolver refuses every other. A type converts to itself, NULL to everything. */
export const CONVERSIONS: Readonly<Record<SqlType, readonly SqlType[]>> = {
  text: ['integer', 'double', 'boolean', 'date', 'timestamp'],
  integer: ['double', 'text', 'boolean'],
  double: ['integer', 'text', 'boolean'],
  boolean: ['integer', 'double', 'text'],
  date: ['timestamp', 'text'],
  timestamp: ['date', 'text'],
  key: [],
  null: ['text', 'integer', 'double', 'boolean', 'date', 'timestamp', 'key'],
};

/**
 * Converts a value. Doubles become integers rounded half away from zero, timestamps the day they lie on, numbers a
 * boolean by being nonzero; dates and timestamps of years outside 0001 to 9999 are NULL.
 */
export function castValue(value: Value, from: SqlType, to: SqlType): Value {
  if (value === null || from === to) return value;
  switch (to) {
    case 'text':
      return castToText(value, from);
    case 'integer':
      if (typeof value === 'string') return parseInteger(value);
      return typeof value === 'boolean' ? (value ? 1n : 0n) : doubleToInteger(Number(value));
    case 'double':
      return typeof value === 'string' ? parseDouble(value) : Number(value);
    case 'boolean':
      return typeof value === 'string' ? parseBoolean(value) : Number(value) !== 0;
    case 'date':
      if (typeof value === 'string') return parseDate(value);
      return typeof value === 'bigint' ? dateOrNull(dayOf(value)) : null;
    case 'timestamp':
      if (typeof value === 'string') return parseTimestamp(value);
      return typeof value === 'number' ? timestampOrNull(BigInt(value) * MICROS_PER_DAY) : null;
    default:
      return value;
  }
}

/** Text of a value: `true`, `42`, `1.0`, `1e+16`, `2024-01-31`, `2024-01-31 08:00:00.5`. */
export function castToText(value: Value, from: SqlType): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return from === 'timestamp' ? printTimestamp(value) : value.toString();
  return from === 'date' ? printDate(value) : printDouble(value);
}

/** Shortest digits that read back the same, one zero for both signs; a point always; an exponent below 10⁻⁴ and from 10¹⁶ on. */
export function printDouble(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return '0.0';
  const [mantissa = '', power = '0'] = Math.abs(value).toExponential().split('e');
  const minus = value < 0 ? '-' : '';
  const exponent = Number(power);
  const digits = mantissa.replace('.', '');
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${minus}${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${minus}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${minus}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
