/** Tables as plain arrays of rows: what the interpreter reads. */
import type { Value } from '../../../src/ask/types.ts';

/** Rows by source column. */
export type StoredRow = Readonly<Record<string, Value>>;

/** Tables by data set and name. */
export interface Database {
  rows(dataset: string, table: string): readonly StoredRow[];
  /** The column of a table that holds the unit; null where none does. */
  unitColumn(dataset: string, table: string): string | null;
}

/** Equal for equal values: −0 is 0, NaN never occurs. */
export function identity(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return `number ${value + 0}`;
  return `${typeof value} ${value}`;
}

/** Identity of several values. */
export function identities(values: readonly Value[]): string {
  return JSON.stringify(values.map(identity));
}

/** Doubles with one zero: the value a group, a minimum or a distinct row shows. */
export function oneZero(value: Value): Value {
  return typeof value === 'number' ? value + 0 : value;
}
