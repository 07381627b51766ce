/** Rows that the question lists itself: public, with known values, and with keys where no two rows share them. */
import type { Column, ColumnId, Values } from '../ask/ir.ts';
import type { TypedValue, Value } from '../ask/types.ts';
import { unknownFacts } from './declared.ts';
import { type Extent, hull, pointOf } from './interval.ts';
import type { ColumnFacts, Tracked } from './tracked.ts';

/** Columns whose pairs and beginnings are looked at for keys; with more columns, all of them together too. */
const PAIRED_MAX = 8;

/** A list of rows, as it stands. */
export function trackValues(relation: Values): Tracked {
  return {
    relation,
    unit: null,
    keys: keysOf(relation),
    perUnit: new Set(),
    links: new Map(),
    determinesUnit: new Set(),
    facts: { columns: new Map(relation.columns.map((column, at) => [column.id, factsOf(relation, column, at)])) },
  };
}

function factsOf({ rows }: Values, { name, type, nullable }: Column, at: number): ColumnFacts {
  const known = new Map<string, TypedValue>();
  let range: Extent = 'never';
  for (const row of rows) {
    const value = oneZero(row[at] ?? null);
    known.set(nameOf([value]), { type, value });
    range = hull(range, pointOf(type, value));
  }
  return { ...unknownFacts(name), range: range === 'never' ? null : range, values: [...known.values()], nullable };
}

/**
 * Sets of columns in which no two rows are equal, none inside another: a row joined on all of them meets one row at most.
 * NULL counts as a value here, which equality never meets.
 */
function keysOf({ rows, columns }: Values): Tracked['keys'] {
  if (rows.length === 1) return [[]];
  const places = columns.map((_, at) => at);
  const paired = places.slice(0, PAIRED_MAX);
  const candidates = [
    ...places.map((at) => [at]),
    ...paired.flatMap((a) => paired.filter((b) => b > a).map((b) => [a, b])),
    ...paired.map((at) => places.slice(0, at + 1)),
    places,
  ];
  const found: (readonly number[])[] = [];
  for (const candidate of candidates) {
    if (found.some((key) => key.every((at) => candidate.includes(at)))) continue;
    const seen = new Set(rows.map((row) => nameOf(candidate.map((at) => row[at] ?? null))));
    if (seen.size === rows.length) found.push(candidate);
  }
  return found.map((key) => key.map((at) => (columns[at] as { readonly id: ColumnId }).id));
}

/** Equal for values of a row that SQL takes for equal, and for NULLs. */
function nameOf(values: readonly Value[]): string {
  return JSON.stringify(values.map((value) => (typeof value === 'string' ? [value] : String(oneZero(value)))));
}

function oneZero(value: Value): Value {
  return Object.is(value, -0) ? 0 : value;
}
