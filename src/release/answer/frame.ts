/** Released rows by column: values, and what is known of the true ones behind them. */
import type { Column } from '../../ask/ir.ts';
import type { Value } from '../../ask/types.ts';
import type { Form, Linear } from '../interval/form.ts';

/** One column. */
export interface Cells {
  /** False: every value is exact and public. */
  readonly noisy: boolean;
  value(row: number): Value;
  /** Null where the value is exact. */
  form(row: number): Form | null;
  /** Given where all rows are linear alike; `form` says the same row by row. */
  readonly alike?: Alike;
}

/** Rows whose forms differ in their centres and in which draws their noises are, not in coefficients or laws. */
export interface Alike {
  /** Those of the first row. */
  readonly terms: Linear['terms'];
  readonly nonNegative: boolean;
  center(row: number): number;
}

/** Rows of a relation. */
export interface Frame {
  readonly columns: readonly Column[];
  readonly cells: readonly Cells[];
  readonly length: number;
  /** Which rows there are follows from noise: a filter on noisy values, groups with private keys. */
  readonly noisyRows: boolean;
}

const exactForm = (): null => null;

/** A column of public values. */
export function exactCells(values: readonly Value[]): Cells {
  return { noisy: false, value: (row) => values[row] ?? null, form: exactForm };
}

/** A column worked out row by row. */
export function noisyCells(values: readonly Value[], forms: readonly (Form | null)[]): Cells {
  return { noisy: true, value: (row) => values[row] ?? null, form: (row) => forms[row] ?? null };
}

/** Rows of a column; −1 is a row of NULL. */
export function takenCells(cells: Cells, rows: Int32Array): Cells {
  const at = (row: number): number => rows[row] ?? -1;
  const { alike } = cells;
  return {
    noisy: cells.noisy,
    ...(alike === undefined || rows.includes(-1)
      ? {}
      : { alike: { ...alike, center: (row) => alike.center(at(row)) } }),
    value: (row) => (at(row) < 0 ? null : cells.value(at(row))),
    form: cells.noisy ? (row) => (at(row) < 0 ? null : cells.form(at(row))) : exactForm,
  };
}

/** Columns one below the other. */
export function concatCells(parts: readonly { readonly cells: Cells; readonly length: number }[]): Cells {
  const [only] = parts;
  if (only === undefined) return exactCells([]);
  if (parts.length === 1) return only.cells;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const part = new Int32Array(length);
  const start = new Int32Array(parts.length);
  for (let index = 0, row = 0; index < parts.length; index++) {
    start[index] = row;
    part.fill(index, row, row + (parts[index]?.length ?? 0));
    row += parts[index]?.length ?? 0;
  }
  const cellsAt = (row: number): Cells => (parts[part[row] as number] as { cells: Cells }).cells;
  const local = (row: number): number => row - (start[part[row] as number] as number);
  return {
    noisy: parts.some(({ cells }) => cells.noisy),
    value: (row) => cellsAt(row).value(local(row)),
    form: (row) => cellsAt(row).form(local(row)),
  };
}

/** Rows of a frame, in the order given. */
export function takeRows(frame: Frame, rows: Int32Array, columns: readonly Column[] = frame.columns): Frame {
  const cells = frame.cells.map((column) => takenCells(column, rows));
  return { columns, cells, length: rows.length, noisyRows: frame.noisyRows };
}

/** Row numbers 0 … n−1 that pass a test. */
export function rowsWhere(length: number, holds: (row: number) => boolean): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < length; row++) if (holds(row)) rows.push(row);
  return Int32Array.from(rows);
}
