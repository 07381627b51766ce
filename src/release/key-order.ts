/** Order of group keys: declared order for listed values, else by value, NULL last; never the engine's order. */
import { compareText } from '../ask/evaluate/comparison.ts';
import type { Value } from '../ask/types.ts';

/**
 * Row numbers of a table in the order of its columns.
 *
 * @param ranks - per column, the rank of each row's value; equal ranks are equal values
 */
export function orderByRanks(ranks: readonly Ranks[], rows: number): Int32Array {
  const sizes = ranks.reduce((product, { size }) => product * size, 1);
  if (sizes * Math.max(1, rows) < Number.MAX_SAFE_INTEGER) {
    const packed = new Float64Array(rows);
    for (const { of, size } of ranks) for (let i = 0; i < rows; i++) packed[i] = packed[i]! * size + of[i]!;
    for (let i = 0; i < rows; i++) packed[i] = packed[i]! * rows + i;
    return Int32Array.from(packed.sort(), (value) => value % rows);
  }
  return Int32Array.from({ length: rows }, (_, row) => row).sort((a, b) => {
    for (const { of } of ranks) if (of[a] !== of[b]) return of[a]! - of[b]!;
    return a - b;
  });
}

/** Rank of each row's value among `size` possible ones. */
export interface Ranks {
  readonly of: Int32Array;
  readonly size: number;
}

/** Ranks by value, NULL last. */
export function ranksByValue(values: readonly Value[]): Ranks {
  const distinct = sortedValues(new Set(values));
  const rank = new Map(distinct.map((value, index) => [value, index]));
  return { of: Int32Array.from(values, (value) => rank.get(value) as number), size: Math.max(1, distinct.length) };
}

/** Ranks by declared order. Every value has a place. */
export function ranksByList(
  values: readonly Value[],
  placeOf: (value: Value) => number | undefined,
  size: number,
): Ranks {
  return { of: Int32Array.from(values, (value) => placeOf(value) as number), size: Math.max(1, size) };
}

/** Distinct values of one type in ascending order, NULL last. */
export function sortedValues(values: ReadonlySet<Value>): Value[] {
  const known = [...values].filter((value) => value !== null);
  if (known.every((value) => typeof value === 'string')) sortTexts(known);
  else known.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return values.has(null) ? [...known, null] : known;
}

/** Code units and code points order alike unless surrogates occur. */
function sortTexts(texts: string[]): void {
  if (texts.some((text) => /[\ud800-\udfff]/.test(text))) texts.sort(compareText);
  else texts.sort();
}
