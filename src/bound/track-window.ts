/** Window functions inside one unit. */

import { columnExpr } from '../ask/column-expr.ts';
import { mapExpr } from '../ask/fold.ts';
import type { Column, Expr, Relation, Window } from '../ask/ir.ts';
import { gridOf, keptInRange, offGrid, onGrid } from './grid-sum.ts';
import { unitNameIn } from './links.ts';
import { makeCall, makeCast } from './make-expr.ts';
import { windowAcross } from './refusal.ts';
import { completeOrder } from './total-order.ts';
import type { Tracked } from './tracked.ts';
import type { Lineage, Walk } from './walk.ts';

/** Rows a window runs over. */
export interface WindowRows {
  readonly input: Tracked;
  /** Columns of the input that the projection reads. */
  readonly used: readonly Column[];
  readonly lineage: Lineage;
  readonly source: Relation;
}

/** Windows of an expression, each inside one unit, in a total order, with sums on a grid. */
export function lowerWindows(expr: Expr, rows: WindowRows, walk: Walk): Expr {
  return mapExpr(expr, (one) => (one.kind === 'window' ? lowered(one, rows, walk) : one));
}

function lowered(window: Window, rows: WindowRows, walk: Walk): Expr {
  const partition = partitioned(window, rows, walk);
  const order = needsTotalOrder(window) ? completeOrder(window.order, rows.used, partition, window.span) : window.order;
  return summed({ ...window, partition, order }, rows.input, walk);
}

/** The partition, which must tell the unit; in a subquery tied to one unit the unit is added. Public rows need none. */
function partitioned(window: Window, { input, lineage, source }: WindowRows, walk: Walk): readonly Expr[] {
  if (input.unit === null) return window.partition;
  const tells = window.partition.some((expr) => expr.kind === 'column' && input.determinesUnit.has(expr.id));
  if (tells) return window.partition;
  if (!lineage.pinned) throw windowAcross(window.span, unitNameIn(source, walk.context.policy), window.name);
  const unit = input.relation.columns.find((column) => column.id === input.unit) as Column;
  return [columnExpr(unit, window.span), ...window.partition];
}

/**
 * Whether rows that tie in the order asked for could give different results. Ranks and aggregates over SQL's default
 * frame treat peers alike.
 */
function needsTotalOrder(window: Window): boolean {
  switch (window.name) {
    case 'row-number':
    case 'lag':
    case 'lead':
    case 'first-value':
    case 'last-value':
      return true;
    case 'rank':
    case 'dense-rank':
      return false;
    default:
      return window.frame !== null && !(window.frame.start === null && window.frame.end === null);
  }
}

/** Sums and means through integers, which add alike in every order. */
function summed(window: Window, input: Tracked, walk: Walk): Expr {
  const [x] = window.args;
  if ((window.name !== 'sum' && window.name !== 'avg') || x === undefined) return window;
  const total = (arg: Expr): Window => ({ ...window, name: 'sum', args: [arg], type: 'integer', nullable: true });
  const grid = x.type === 'double' ? gridOf(x, input.facts, walk.context.text) : null;
  const steps = total(grid === null ? keptInRange(x, input.facts) : onGrid(x, grid));
  if (window.name === 'sum') return grid === null ? steps : offGrid(steps, grid.step);
  const count: Window = { ...window, name: 'count', args: [x], type: 'integer', nullable: false };
  const mean = makeCall('divide', [makeCast(steps, 'double'), makeCast(count, 'double')], 'double', true, window.span);
  return grid === null ? mean : offGrid(mean, grid.step);
}

/**
 * Whether a window gives one value in all rows of a unit: its partition depends on the unit alone, and it looks at the
 * whole partition or at its first row.
 */
export function windowDependsOnUnitAlone(window: Window, tracked: Tracked): boolean {
  const fixed = window.partition.every((expr) => expr.kind === 'column' && tracked.perUnit.has(expr.id));
  if (!fixed) return false;
  const { frame } = window;
  switch (window.name) {
    case 'first-value':
      return frame === null ? true : frame.start === null && (frame.end ?? 0) >= 0;
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'count':
    case 'count-rows':
      return frame === null ? window.order.length === 0 : frame.start === null && frame.end === null;
    default:
      return false;
  }
}
