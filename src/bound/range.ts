/** Interval arithmetic over expressions. */
import type { AggregateCall, Case, Expr, Window } from '../ask/ir.ts';
import { knownExtent } from './expression-facts.ts';
import { assume, canBeNull, isExhausted } from './facts.ts';
import {
  asDouble,
  asExact,
  columnExtent,
  double,
  type Extent,
  everything,
  exact,
  hull,
  intersect,
  isBounded,
  literalExtent,
} from './interval.ts';
import { callExtent } from './range-call.ts';
import type { Facts, Range } from './tracked.ts';

/**
 * Interval that holds every value an expression can take when its columns keep to their facts; null where neither end
 * is known. NULL is no value. Integers, dates and timestamps are exact; double ends follow from the same roundings an
 * engine makes, which are monotone, so they hold without widening.
 */
export function rangeOf(expr: Expr, facts: Facts): Range | null {
  const extent = extentOf(expr, facts);
  if (extent === null) return null;
  if (extent === 'never') return expr.type === 'double' ? double(0, 0) : exact(0n, 0n);
  if (extent.kind === 'exact') return extent.low === null && extent.high === null ? null : extent;
  return extent.low === -Infinity && extent.high === Infinity ? null : extent;
}

/** The same, where `never` tells an expression that is always NULL from one of which nothing is known. */
function extentOf(expr: Expr, facts: Facts): Extent {
  const known = knownExtent(expr, facts);
  return known === null ? extentOfParts(expr, facts) : intersect(known, extentOfParts(expr, facts));
}

function extentOfParts(expr: Expr, facts: Facts): Extent {
  switch (expr.kind) {
    case 'column':
      return columnExtent(expr, facts);
    case 'literal':
      return literalExtent(expr);
    case 'case':
      return caseExtent(expr, facts);
    case 'cast':
      return castExtent(expr.arg, expr.type, facts);
    case 'call':
      return expr.fn === 'coalesce'
        ? coalesceExtent(expr.args, facts)
        : callExtent(
            expr,
            expr.args.map((arg) => extentOf(arg, facts)),
            expr.args.map((arg) => canBeNull(arg, facts)),
          );
    case 'window':
      return windowExtent(expr, facts);
    case 'in-list':
    case 'in-relation':
    case 'exists':
      return null;
  }
}

/** Every branch that can be reached, under its condition and the failure of those before it. */
function caseExtent(expr: Case, facts: Facts): Extent {
  if (everything(expr.type) === null) return null;
  let known = facts;
  let all: Extent = 'never';
  for (const { when, result } of expr.branches) {
    const inside = assume(known, { condition: when, holds: true });
    if (!isExhausted(inside)) all = hull(all, extentOf(result, inside));
    known = assume(known, { condition: when, holds: false });
  }
  return expr.otherwise === null || isExhausted(known) ? all : hull(all, extentOf(expr.otherwise, known));
}

function coalesceExtent(args: readonly Expr[], facts: Facts): Extent {
  let all: Extent = 'never';
  for (const arg of args) {
    all = hull(all, extentOf(arg, facts));
    if (!canBeNull(arg, facts)) break;
  }
  return all;
}

const DAY = 86_400_000_000n;

function castExtent(arg: Expr, to: Expr['type'], facts: Facts): Extent {
  const from = arg.type;
  const inner = extentOf(arg, facts);
  if (from === to || inner === 'never') return inner;
  if (from === 'boolean' && to === 'integer') return exact(0n, 1n);
  if (from === 'boolean' && to === 'double') return double(0, 1);
  if (from === 'integer' && to === 'double') return asDouble(inner);
  if (from === 'double' && to === 'integer') {
    const { low, high } = asDouble(inner) as { low: number; high: number };
    return exact(roundedEnd(low), roundedEnd(high));
  }
  const whole = from === 'date' || from === 'timestamp' ? asExact(inner) : null;
  if (whole === null || whole === 'never') return everything(to);
  if (from === 'date' && to === 'timestamp') {
    return exact(whole.low === null ? null : whole.low * DAY, whole.high === null ? null : whole.high * DAY);
  }
  if (from === 'timestamp' && to === 'date') {
    return exact(whole.low === null ? null : floorDay(whole.low), whole.high === null ? null : floorDay(whole.high));
  }
  return everything(to);
}

/** Nearest whole number, halves away from zero; open beyond 64 bits, where the cast is NULL. */
function roundedEnd(value: number): bigint | null {
  if (Math.abs(value) >= 2 ** 63) return null;
  const whole = Math.trunc(value);
  return BigInt(Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole);
}

function floorDay(micros: bigint): bigint {
  return micros >= 0n ? micros / DAY : -((-micros + DAY - 1n) / DAY);
}

function windowExtent(expr: Window, facts: Facts): Extent {
  const [x] = expr.args;
  switch (expr.name) {
    case 'row-number':
    case 'rank':
    case 'dense-rank':
      return exact(1n, null);
    case 'count-rows':
    case 'count':
      return exact(0n, null);
    case 'lag':
    case 'lead': {
      const otherwise = expr.args[2];
      const inner = extentOf(x as Expr, facts);
      return otherwise === undefined ? inner : hull(inner, extentOf(otherwise, facts));
    }
    case 'sum':
      return sumExtent(extentOf(x as Expr, facts));
    case 'first-value':
    case 'last-value':
    case 'avg':
    case 'min':
    case 'max':
      return asType(expr.type, extentOf(x as Expr, facts));
  }
}

/** Values of an aggregate over any number of rows, none of them outside the argument's extent. */
export function aggregateExtent(call: AggregateCall, type: Expr['type'], facts: Facts): Extent {
  const inside = call.filter === null ? facts : assume(facts, { condition: call.filter, holds: true });
  const [x] = call.args;
  switch (call.name) {
    case 'count-rows':
    case 'count':
    case 'count-distinct':
      return exact(0n, null);
    case 'sum':
      return sumExtent(extentOf(x as Expr, inside));
    case 'avg':
    case 'min':
    case 'max':
    case 'arg-min':
    case 'arg-max':
    case 'first':
    case 'mode':
    case 'quantile-cont':
    case 'quantile-disc':
      return asType(type, extentOf(x as Expr, inside));
    case 'var-pop':
      return varianceExtent(extentOf(x as Expr, inside), 4);
    case 'var-samp':
      return varianceExtent(extentOf(x as Expr, inside), 2);
    case 'bool-and':
    case 'bool-or':
      return null;
  }
}

/**
 * A variance of values in an interval of width w is at most w²/4 (Popoviciu's inequality); of a sample of n it is
 * n/(n − 1) ≤ 2 times that.
 */
function varianceExtent(extent: Extent, share: 2 | 4): Extent {
  const values = asDouble(extent);
  if (values === null || values === 'never') return values;
  const width = values.high - values.low;
  return double(0, (width * width) / share);
}

/** A sum has at least one summand, else it is NULL: it stays on the side of zero where all of them are. */
function sumExtent(summand: Extent): Extent {
  if (summand === null || summand === 'never') return summand;
  if (summand.kind === 'double') {
    return double(summand.low >= 0 ? summand.low : -Infinity, summand.high <= 0 ? summand.high : Infinity);
  }
  const { low, high } = summand;
  return exact(low !== null && low >= 0n ? low : null, high !== null && high <= 0n ? high : null);
}

function asType(type: Expr['type'], extent: Extent): Extent {
  return type === 'double' ? asDouble(extent) : extent;
}

/** Whether an extent with open ends taken away is a range the whole way, for clamping. */
export function boundedRangeOf(expr: Expr, facts: Facts): Range | null {
  const range = intersect(rangeOf(expr, facts), everything(expr.type));
  return isBounded(range) ? range : null;
}
