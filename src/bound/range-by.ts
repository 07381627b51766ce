/** Bounds by code, carried through what is computed from the bounded column. */
import type { ColumnId } from '../ask/ir.ts';
import { type Extent, isBounded } from './interval.ts';
import { withColumn } from './restrict.ts';
import type { ColumnFacts, Facts } from './tracked.ts';

/**
 * Bounds of a computed value for every listed code, where the code itself is passed on beside it.
 *
 * @param read - columns it is computed from, all of rows with one code
 * @param renamed - columns passed on, under their new ids
 * @param extentIn - its extent under given facts
 */
export function rangeBy(
  read: ReadonlySet<ColumnId>,
  renamed: ReadonlyMap<ColumnId, ColumnId>,
  facts: Facts,
  extentIn: (facts: Facts) => Extent,
): ColumnFacts['rangeBy'] {
  for (const id of read) {
    const by = facts.columns.get(id)?.rangeBy ?? null;
    const column = by === null ? undefined : renamed.get(by.column);
    const code = by === null ? undefined : facts.columns.get(by.column);
    if (by === null || column === undefined || code === undefined) continue;
    const of = by.of.flatMap(({ key }) => {
      const range = extentIn(withColumn(facts, by.column, { ...code, values: [key], nullable: false }));
      return isBounded(range) ? [{ key, range }] : [];
    });
    if (of.length > 0) return { column, of };
  }
  return null;
}
