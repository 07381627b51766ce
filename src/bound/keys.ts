/** Uniqueness of rows through joins. */
import type { ColumnId } from '../ask/ir.ts';
import type { Tracked } from './tracked.ts';

/** Keys of both sides of a join, and which side matches a row of the other at most once. */
export interface Keys {
  readonly left: Tracked['keys'];
  readonly right: Tracked['keys'];
  readonly once: { readonly left: boolean; readonly right: boolean };
}

const KEYS_MAX = 8;

/** Whether at most one row of `many` has given values in the columns made equal to columns of `one`. */
export function matchesOnce(many: Tracked, one: Tracked, equal: readonly (readonly [ColumnId, ColumnId])[]): boolean {
  const there = new Set(one.relation.columns.map((column) => column.id));
  const settled = new Set(equal.flatMap(([a, b]) => [...(there.has(a) ? [b] : []), ...(there.has(b) ? [a] : [])]));
  return many.keys.some((key) => key.every((id) => settled.has(id)));
}

/**
 * Keys of a join: those of a side whose rows are met at most once, and every pair of keys. A left join keeps its left
 * rows' keys alone. `same`: a column that equals another in every row, written as the other.
 */
export function joinedKeys(
  { left, right, once }: Keys,
  type: 'inner' | 'left',
  same: { readonly from: ColumnId; readonly to: ColumnId } | null,
): Tracked['keys'] {
  const found: ColumnId[][] = [];
  const add = (key: readonly ColumnId[]): void => {
    const written = new Set(key.map((id) => (id === same?.from ? same.to : id)));
    if (found.length < KEYS_MAX && !found.some((known) => known.every((id) => written.has(id)))) {
      found.push([...written]);
    }
  };
  if (once.right) left.forEach(add);
  // Unmatched rows of a left join are NULL in all columns of the right.
  if (once.left && type === 'inner') right.forEach(add);
  for (const a of left) for (const b of right) add([...a, ...b]);
  return found;
}
