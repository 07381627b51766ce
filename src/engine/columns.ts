/** Results of an engine as columns: exact integers in typed arrays, keys as values of the tree. */
import type { Value } from '../ask/types.ts';
import { invariant } from '../errors.ts';
import type { BoundedStatement } from './dialect/duckdb.ts';
import type { Transport } from './dialect/transport.ts';
import type { ExactSet, ExactStatistics } from './sealed.ts';

/** One column as an adapter read it. 64-bit integers lie in `integers`, with `missing` marking NULLs; all else in `others`. */
export type RawColumn =
  | { readonly kind: 'integers'; readonly integers: BigInt64Array; readonly missing: Uint8Array | null }
  | { readonly kind: 'others'; readonly others: readonly (string | number | boolean | null)[] };

/** A whole result. */
export interface RawResult {
  readonly rows: number;
  readonly columns: readonly RawColumn[];
}

const HALF: bigint = 1n << 62n;

/** Values of a transported column. */
export function valuesOf(column: RawColumn): readonly Value[] {
  if (column.kind === 'others') return column.others;
  const { integers, missing } = column;
  if (missing === null) return Array.from(integers);
  return Array.from(integers, (value, row) => (missing[row] === 1 ? null : value));
}

/** Columns a transported value takes. */
function widthOf(transport: Transport): number {
  return transport === 'halves' ? 2 : 1;
}

/** Reads the result of a bounded question into one block per grouping set. */
export function statisticsOf(statement: BoundedStatement, result: RawResult, keys: number): ExactStatistics {
  const { setNumbers } = statement;
  const shift = setNumbers === null ? 0 : 1;
  const whole: ExactSet = {
    groups: result.rows,
    keys: Array.from({ length: keys }, (_, key) => valuesOf(columnAt(result, shift + key))),
    statistics: exactColumns(statement, result, shift + keys),
  };
  if (setNumbers === null) return { sets: [whole] };
  const numbers = valuesOf(columnAt(result, 0)).map(Number);
  const rowsOf = new Map<number, number[]>();
  numbers.forEach((number, row) => {
    const rows = rowsOf.get(number);
    if (rows === undefined) rowsOf.set(number, [row]);
    else rows.push(row);
  });
  return { sets: setNumbers.map((number) => picked(whole, rowsOf.get(number) ?? [])) };
}

function columnAt(result: RawResult, index: number): RawColumn {
  const column = result.columns[index];
  invariant(column !== undefined, 'a result has the columns that were printed');
  return column;
}

function exactColumns(
  statement: BoundedStatement,
  result: RawResult,
  start: number,
): (BigInt64Array | readonly bigint[])[] {
  let at = start;
  return statement.statistics.map((transport) => {
    const first = integersOf(columnAt(result, at));
    const column = transport === 'halves' ? combined(first, integersOf(columnAt(result, at + 1))) : first;
    at += widthOf(transport);
    return column;
  });
}

function integersOf(column: RawColumn): BigInt64Array {
  invariant(column.kind === 'integers' && !(column.missing?.includes(1) ?? false), 'statistics are 64-bit integers');
  return column.integers;
}

function combined(high: BigInt64Array, low: BigInt64Array): BigInt64Array | readonly bigint[] {
  if (high.every((half) => half === 0n)) return low;
  return Array.from(high, (half, row) => half * HALF + (low[row] ?? 0n));
}

function picked(whole: ExactSet, rows: readonly number[]): ExactSet {
  return {
    groups: rows.length,
    keys: whole.keys.map((column) => rows.map((row) => column[row] ?? null)),
    statistics: whole.statistics.map((column) =>
      column instanceof BigInt64Array
        ? BigInt64Array.from(rows, (row) => column[row] ?? 0n)
        : rows.map((row) => column[row] ?? 0n),
    ),
  };
}
