/** Released values as JSON and as text. */
import { printDate, printTimestamp } from '../ask/calendar.ts';
import { printDouble } from '../ask/evaluate/cast.ts';
import type { SqlType, Value } from '../ask/types.ts';
import type { Receipt, Release } from './release.ts';

/** A cell in JSON. */
export type JsonCell = string | number | boolean | null;

/** An end of an interval in JSON. */
export type JsonEnd = string | number | null;

/** The shape of `--format json`. */
export interface ReleaseJson {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly JsonCell[])[];
  /** Noisy columns only; null is an open end, an end of an integer column beyond 2^53 a text. */
  readonly intervals: Readonly<Record<string, readonly (readonly [JsonEnd, JsonEnd])[]>>;
  readonly cost: { readonly epsilon: number; readonly delta: number };
  readonly remaining: { readonly epsilon: number; readonly delta: number } | null;
  /** What the answer leaves out or takes for granted, a sentence each. */
  readonly notes: readonly string[];
  /** Signed; null for public tables alone. */
  readonly receipt: Receipt | null;
}

/** A release as the command line prints it: rows of cells, integers beyond 2^53 as text, dates in ISO 8601. */
export function toJSON(release: Release): ReleaseJson {
  const length = release.columns[0]?.values.length ?? 0;
  return {
    columns: release.columns.map(({ name, type }) => ({ name, type: shownType(type) })),
    rows: Array.from({ length }, (_, row) =>
      release.columns.map((column) => jsonCell(column.type, column.values[row] ?? null)),
    ),
    intervals: Object.fromEntries(
      Object.entries(release.intervals).map(([name, { low, high }]) => {
        const isInteger = release.columns.some((column) => column.name === name && column.type === 'integer');
        const ends = low.map((end, row) => [jsonEnd(end, isInteger), jsonEnd(high[row] ?? null, isInteger)] as const);
        return [name, ends];
      }),
    ),
    cost: { epsilon: release.cost.epsilon, delta: release.cost.delta },
    remaining: release.remaining,
    notes: release.notes,
    receipt: release.receipt,
  };
}

function jsonEnd(end: number | null, isInteger: boolean): JsonEnd {
  if (end === null || !isInteger || Math.abs(end) <= Number.MAX_SAFE_INTEGER || !Number.isFinite(end)) return end;
  return BigInt(end).toString();
}

/** Type as the contract names it; a bare NULL is shown as text. */
export function shownType(type: SqlType): string {
  return type === 'null' || type === 'key' ? 'text' : type;
}

/** A value in JSON. Infinite doubles, which JSON has no number for, are the texts `Infinity` and `-Infinity`. */
export function jsonCell(type: SqlType, value: Value): JsonCell {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (type === 'date' || type === 'timestamp') return cellText(type, value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** A value as text for tables and CSV; null for NULL. */
export function cellText(type: SqlType, value: Value): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (type === 'date') return printDate(Number(value));
  if (type === 'timestamp') return printTimestamp(BigInt(value)).replace(' ', 'T');
  return typeof value === 'bigint' ? value.toString() : printDouble(value);
}
