/** Variances inside one unit. */
import type { AggregateCall, Expr } from '../ask/ir.ts';
import { clamp } from './grid-sum.ts';
import { type Extent, isBounded } from './interval.ts';
import { makeLiteral } from './make-expr.ts';
import { aggregateExtent, boundedRangeOf } from './range.ts';
import type { Facts } from './tracked.ts';

/**
 * The variance of x kept to its bounds row by row, itself kept to the most that values within the bounds can have: the
 * roundings of its sums could step over that. Without bounds both stay as they are.
 *
 * @param facts - facts of the rows a group is made of
 * @param inside - the same where the call's FILTER holds
 * @param compute - the aggregate over an argument
 */
export function boundedVariance(call: AggregateCall, facts: Facts, inside: Facts, compute: (of: Expr) => Expr): Expr {
  const [x] = call.args as readonly [Expr];
  return kept(compute(kept(x, boundedRangeOf(x, inside))), aggregateExtent(call, 'double', facts));
}

function kept(expr: Expr, extent: Extent): Expr {
  if (!isBounded(extent) || extent.kind !== 'double') return expr;
  const end = (value: number): Expr => makeLiteral('double', value, expr.span);
  return clamp(expr, end(extent.low), end(extent.high));
}
