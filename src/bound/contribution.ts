/** How much of a bounded question one unit can touch: groups (L0) and rows per group, from the schema where it proves it. */

import { columnExpr } from '../ask/column-expr.ts';
import type { ColumnId, Expr } from '../ask/ir.ts';
import type { Contribution } from '../policy/policy.ts';
import type { BoundedQuestion, Domain } from './bounded.ts';
import { domainOf, domainSize } from './domain.ts';
import { canBeNull } from './facts.ts';
import { dependsOnUnitAlone } from './privacy-unit.ts';
import type { Tracked } from './tracked.ts';

/** A group key, lowered, with its public values if it has any. */
export interface Key {
  readonly expr: Expr;
  readonly domain: Domain | null;
}

/** Proven or enforced limits of one unit. */
export interface Limits {
  readonly path: BoundedQuestion['path'];
  /** Groups of the base set a unit can be in. */
  readonly groups: number;
  /** True when the engine must enforce `groups`; false when it is proven. */
  readonly enforced: boolean;
  /** Rows per (unit, group). */
  readonly rows: number;
  /** True when `rows` is proven rather than clamped. */
  readonly rowsProven: boolean;
  /** Why, in words, for the proof. */
  readonly because: string;
  /** For every key: how many of its values one unit can have (1: the unit alone decides; Infinity: no limit but `groups`). */
  readonly valuesPerUnit: readonly number[];
}

/**
 * Limits of a question. A unit with one row has one group and one row; a key that depends on the unit alone cannot
 * separate its rows; otherwise public values and the policy's bound limit the groups.
 */
export function limitsOf(tracked: Tracked, keys: readonly Key[], contribution: Contribution): Limits {
  const unit = tracked.unit as ColumnId;
  if (tracked.keys.some((key) => key.every((column) => column === unit))) {
    return {
      path: 'rows',
      groups: 1,
      enforced: false,
      rows: 1,
      rowsProven: true,
      because: 'one row per unit',
      valuesPerUnit: keys.map(() => 1),
    };
  }
  const valuesPerUnit = keys.map((key) => (dependsOnUnitAlone(key.expr, tracked) ? 1 : mostValues(key.domain)));
  const possible = product(valuesPerUnit);
  const grouped = new Set<ColumnId>([
    unit,
    ...keys.flatMap((key) => (key.expr.kind === 'column' ? [key.expr.id] : [])),
  ]);
  const single = tracked.keys.some((key) => key.every((column) => grouped.has(column)));
  const rows = single ? 1 : Math.min(contribution.rows, ...tracked.keys.map((key) => rowsWith(key, grouped, tracked)));
  const why = single ? 'one row per unit and group; ' : '';
  if (possible <= 1) {
    return {
      path: 'unit',
      groups: 1,
      enforced: false,
      rows,
      rowsProven: single,
      because: `${why}${keys.length === 0 ? 'one group in all' : 'the unit alone decides its group'}`,
      valuesPerUnit,
    };
  }
  const enforced = possible > contribution.groups;
  return {
    path: 'pairs',
    groups: Math.min(possible, contribution.groups),
    enforced,
    rows,
    rowsProven: single,
    because: `${why}${enforced ? 'at most the policy’s groups are kept per unit' : 'the keys have no more public values'}`,
    valuesPerUnit,
  };
}

/**
 * Rows that a key leaves to one unit and group: as many as its other columns have values. Values may be declared only, so
 * the engine still enforces it.
 */
function rowsWith(key: readonly ColumnId[], grouped: ReadonlySet<ColumnId>, tracked: Tracked): number {
  const { columns, span } = tracked.relation;
  const values = key.map((id) => {
    if (grouped.has(id)) return 1;
    const column = columns.find((one) => one.id === id);
    if (column === undefined) return Infinity;
    const expr = columnExpr(column, span);
    const domain = domainOf(expr, tracked.facts);
    return mostValues(domain) + (canBeNull(expr, tracked.facts) ? 1 : 0);
  });
  return product(values);
}

/** At least 1, also where a condition that nothing satisfies leaves no key: no rows, but limits that are numbers. */
function mostValues(domain: Domain | null): number {
  return domain === null ? Infinity : Math.max(1, domainSize(domain) ?? Infinity);
}

function product(factors: readonly number[]): number {
  return factors.reduce((total, factor) => total * factor, 1);
}
