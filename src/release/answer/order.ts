/** Sorting released rows. */
import { compareValues } from '../../ask/evaluate.ts';
import type { SqlType, Value } from '../../ask/types.ts';

/** One sort key, worked out for every row. */
export interface KeyColumn {
  readonly type: SqlType;
  readonly values: readonly Value[];
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** Compares two rows by sort keys; 0 for peers. */
export function compareRows(keys: readonly KeyColumn[], a: number, b: number): number {
  for (const { type, values, descending, nullsFirst } of keys) {
    const [x, y] = [values[a] ?? null, values[b] ?? null];
    if (x === null || y === null) {
      if (x !== y) return (x === null) === nullsFirst ? -1 : 1;
      continue;
    }
    const order = compareValues(type, x, y);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

/** Row numbers in order; ties stay in the order they come in, which is key order. */
export function sortedRows(keys: readonly KeyColumn[], rows: Int32Array): Int32Array {
  return rows.slice().sort((a, b) => compareRows(keys, a, b) || a - b);
}
