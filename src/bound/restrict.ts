/** Carries a limit on an expression's values back to the columns it is made of. */

import { floorDivide, MICROS_PER_DAY } from '../ask/calendar.ts';
import { evaluate } from '../ask/evaluate.ts';
import type { Call, ColumnId, Expr } from '../ask/ir.ts';
import { SCALARS } from '../ask/scalar.ts';
import type { SqlType, TypedValue } from '../ask/types.ts';
import { withExpression } from './expression-facts.ts';
import {
  asDouble,
  asExact,
  columnExtent,
  double,
  type Extent,
  exact,
  holds,
  intersect,
  negated,
  pointOf,
} from './interval.ts';
import { freeColumns, isScalar, makeCall, makeLiteral } from './make-expr.ts';
import type { ColumnFacts, Facts } from './tracked.ts';

export type Relationship = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** Where an expression's values lie; `values` null: nothing beyond the extent. */
export interface Region {
  readonly extent: Extent;
  readonly values: readonly TypedValue[] | null;
}

/** Extent of one side of a comparison: a constant, a column, or either through a lossless cast. */
export function boundOf(expr: Expr, facts: Facts): Extent {
  if (expr.kind === 'column') return columnExtent(expr, facts);
  const constant = constantOf(expr);
  if (constant !== null) return pointOf(constant.type, constant.value);
  if (expr.kind === 'cast' && expr.type === 'double' && expr.arg.type === 'integer') {
    return asDouble(boundOf(expr.arg, facts));
  }
  return null;
}

/** Value of an expression without columns. */
export function constantOf(expr: Expr): TypedValue | null {
  if (expr.kind === 'literal') return { type: expr.type, value: expr.value };
  if (!isScalar(expr) || freeColumns(expr).size > 0) return null;
  return { type: expr.type, value: evaluate(expr, () => null) };
}

/** What a comparison with something in `bound` leaves of the other side. */
export function regionOf(relationship: Relationship, bound: Extent, other: Expr, facts: Facts): Region {
  if (relationship === 'ne') return { extent: null, values: null };
  if (relationship === 'eq') return { extent: bound === 'never' ? null : bound, values: valuesOf(other, facts) };
  if (bound === null || bound === 'never') return { extent: null, values: null };
  const below = relationship === 'lt' || relationship === 'le';
  if (bound.kind === 'double') {
    return { extent: below ? double(-Infinity, bound.high) : double(bound.low, Infinity), values: null };
  }
  const gap = relationship === 'lt' || relationship === 'gt' ? 1n : 0n;
  const extent = below
    ? exact(null, bound.high === null ? null : bound.high - gap)
    : exact(bound.low === null ? null : bound.low + gap, null);
  return { extent, values: null };
}

function valuesOf(expr: Expr, facts: Facts): readonly TypedValue[] | null {
  const constant = constantOf(expr);
  if (constant !== null) return constant.value === null ? null : [constant];
  const listed = expr.kind === 'column' ? (facts.columns.get(expr.id)?.values ?? null) : null;
  return listed === null ? null : listed.filter((one) => one.value !== null);
}

/**
 * Facts once an expression is known to lie in a region, or to be NULL. `decided`: it is not NULL. Otherwise it may be
 * NULL by overflow where what it is made of lies anywhere, so nothing is said of that.
 */
export function restrict(facts: Facts, expr: Expr, region: Region, decided: boolean): Facts {
  if (expr.kind === 'column') return restrictColumn(facts, expr.id, expr.type, region);
  const { extent } = region;
  if (extent === null || extent === 'never') return facts;
  const known = withExpression(facts, expr, extent);
  if (!decided && canFail(expr)) return known;
  if (expr.kind === 'cast') return restrictCast(known, expr.arg, expr.type, extent, decided);
  if (expr.kind !== 'call') return known;
  const target = restrictable(expr);
  return target === null
    ? known
    : restrict(known, target, { extent: throughCall(expr, target, extent), values: null }, decided);
}

export function isSafeCast(from: Expr['type'], to: Expr['type']): boolean {
  if (from === to || to === 'text') return true;
  return (from === 'integer' && to === 'double') || (from === 'date' && to === 'timestamp') || from === 'boolean';
}

/** Whether an expression can be NULL where nothing in it is. */
function canFail(expr: Expr): boolean {
  if (expr.kind === 'cast') return !isSafeCast(expr.arg.type, expr.type);
  return expr.kind === 'call' && SCALARS[expr.fn].nulls === 'partial';
}

function restrictColumn(facts: Facts, id: ColumnId, type: SqlType, region: Region): Facts {
  const known = facts.columns.get(id);
  if (known === undefined) return facts;
  const listed = keptValues(known, type, region);
  const extent = region.extent === null ? known.range : intersect(known.range, region.extent);
  const range = extent === 'never' ? known.range : asColumnRange(type, extent);
  return withColumn(facts, id, { ...known, range, values: listed });
}

function asColumnRange(type: SqlType, extent: Extent): ColumnFacts['range'] {
  const fitting = type === 'double' ? asDouble(extent) : asExact(extent);
  return fitting === 'never' ? null : fitting;
}

function keptValues(known: ColumnFacts, type: SqlType, region: Region): ColumnFacts['values'] {
  const wanted = region.values?.map((one) => ({ type, value: one.value })) ?? null;
  if (known.values === null) return wanted === null ? null : distinct(wanted);
  return known.values.filter(
    (one) =>
      one.value === null ||
      (holds(region.extent, type, one.value) &&
        (wanted === null || wanted.some((other) => sameKind(other, one) && other.value === one.value))),
  );
}

function sameKind(a: TypedValue, b: TypedValue): boolean {
  return typeof a.value === typeof b.value;
}

function distinct(values: readonly TypedValue[]): readonly TypedValue[] {
  return values.filter((one, index) => values.findIndex((other) => other.value === one.value) === index);
}

function restrictCast(facts: Facts, arg: Expr, to: SqlType, extent: Extent, decided: boolean): Facts {
  const days = asExact(extent);
  const only = (inner: Extent): Facts => restrict(facts, arg, { extent: inner, values: null }, decided);
  if (arg.type === to) return only(extent);
  if (arg.type === 'integer' && to === 'double') return only(asExact(extent));
  if (arg.type === 'double' && to === 'integer') {
    const wide = asDouble(extent);
    return wide === null || wide === 'never' ? facts : only(double(wide.low - 0.5, wide.high + 0.5));
  }
  if (days === null || days === 'never') return facts;
  if (arg.type === 'date' && to === 'timestamp') {
    return only(
      exact(
        days.low === null ? null : -floorDivide(-days.low, MICROS_PER_DAY),
        days.high === null ? null : floorDivide(days.high, MICROS_PER_DAY),
      ),
    );
  }
  if (arg.type === 'timestamp' && to === 'date') {
    return only(
      exact(
        days.low === null ? null : days.low * MICROS_PER_DAY,
        days.high === null ? null : (days.high + 1n) * MICROS_PER_DAY - 1n,
      ),
    );
  }
  return facts;
}

/** The one argument of a call that a limit on the call says something about; the others are constants. */
function restrictable(call: Call): Expr | null {
  const [first, second] = call.args;
  switch (call.fn) {
    case 'negate':
      return first ?? null;
    case 'date-part':
    case 'date-trunc':
      return first?.kind === 'literal' ? (second ?? null) : null;
    case 'add':
    case 'subtract':
    case 'add-days':
      if (second !== undefined && call.args[0]?.type !== 'double' && constantOf(second) !== null) return first ?? null;
      return call.fn === 'add' && first !== undefined && first.type !== 'double' && constantOf(first) !== null
        ? (second ?? null)
        : null;
    default:
      return null;
  }
}

function throughCall(call: Call, target: Expr, extent: Extent): Extent {
  if (call.fn === 'negate') return negated(extent);
  if (call.fn === 'date-part') return yearsBetween(call, target, extent);
  if (call.fn === 'date-trunc') return periodsBetween(call, target, extent);
  const limits = asExact(extent);
  const other = call.args.find((arg) => arg !== target);
  const constant = other === undefined ? null : constantOf(other);
  if (limits === null || limits === 'never' || typeof constant?.value !== 'bigint') return null;
  const shift = call.fn === 'subtract' ? constant.value : -constant.value;
  if (call.fn === 'add-days' && target.type === 'timestamp') return shifted(limits, shift * MICROS_PER_DAY);
  return shifted(limits, shift);
}

function shifted(extent: { readonly low: bigint | null; readonly high: bigint | null }, by: bigint): Extent {
  return exact(extent.low === null ? null : extent.low + by, extent.high === null ? null : extent.high + by);
}

/** `date_part('year', d)` from low to high: d from the first to the last moment of those years. */
function yearsBetween(call: Call, target: Expr, extent: Extent): Extent {
  const years = asExact(extent);
  if (call.args[0]?.kind !== 'literal' || call.args[0].value !== 'year' || years === null || years === 'never') {
    return null;
  }
  const first = years.low === null ? null : newYear(years.low);
  const after = years.high === null ? null : newYear(years.high + 1n);
  const scale = target.type === 'timestamp' ? MICROS_PER_DAY : 1n;
  return exact(first === null ? null : first * scale, after === null ? null : after * scale - 1n);
}

function newYear(year: bigint): bigint | null {
  const span = { start: 0, end: 0 };
  const parts = [year, 1n, 1n].map((part) => makeLiteral('integer', part, span));
  const day = evaluate(makeCall('make-date', parts, 'date', true, span), () => null);
  return typeof day === 'number' ? BigInt(day) : null;
}

const LONGEST_DAYS: Readonly<Record<string, bigint>> = { year: 366n, quarter: 92n, month: 31n, week: 7n, day: 1n };

/** `date_trunc(part, d)` from low to high: d is not before it, and before the period that follows the last. */
function periodsBetween(call: Call, target: Expr, extent: Extent): Extent {
  const starts = asExact(extent);
  const [part] = call.args;
  const days = part?.kind === 'literal' ? LONGEST_DAYS[String(part.value)] : undefined;
  if (part === undefined || days === undefined || starts === null || starts === 'never') return null;
  if (starts.high === null) return exact(starts.low, null);
  const { type, span } = target;
  const start = (at: bigint): bigint | null => {
    const moment = makeLiteral(type, type === 'date' ? Number(at) : at, span);
    const value = evaluate(makeCall('date-trunc', [part, moment], type, true, span), () => null);
    return value === null ? null : BigInt(value as bigint | number);
  };
  const last = start(starts.high);
  const next = last === null ? null : start(last + days * (type === 'timestamp' ? MICROS_PER_DAY : 1n));
  return exact(starts.low, next === null ? null : next - 1n);
}

/** Facts with one column's replaced. */
export function withColumn(facts: Facts, id: ColumnId, column: ColumnFacts): Facts {
  return { ...facts, columns: new Map(facts.columns).set(id, column) };
}
