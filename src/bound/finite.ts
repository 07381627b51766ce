/** Finite sets of values that an expression can have. */
import { PERIODS, type PeriodName } from '../ask/calendar.ts';
import { compareValues, evaluate } from '../ask/evaluate.ts';
import { mapExpr, operandsOf } from '../ask/fold.ts';
import type { Call, Case, ColumnExpr, ColumnId, Expr, Window } from '../ask/ir.ts';
import type { SqlType, Value } from '../ask/types.ts';
import { assume, canBeNull, isExhausted } from './facts.ts';
import { columnExtent, isBounded } from './interval.ts';
import { freeColumns, isScalar, makeCall, makeLiteral } from './make-expr.ts';
import { rangeOf } from './range.ts';
import type { Facts } from './tracked.ts';

/** Most keys that are listed. */
export const SPAN_MAX = 100_000;

/** How much may be tried. */
export interface Limit {
  /** Values in the result. */
  readonly values: number;
  /** Combinations of inputs. */
  readonly combinations: number;
}

/** Values in order (declared, else ascending with NULL last); null where they are not finitely many within the limit. */
export function finiteValues(expr: Expr, facts: Facts, limit: Limit): readonly Value[] | null {
  const found = listed(expr, facts, limit);
  return found === null || found.length > limit.values ? null : found;
}

function listed(expr: Expr, facts: Facts, limit: Limit): readonly Value[] | null {
  switch (expr.kind) {
    case 'literal':
      return [expr.value];
    case 'column':
      return columnValues(expr, facts);
    case 'case':
      return caseValues(expr, facts, limit);
    case 'call':
      // Parts of bounded dates are whole numbers without gaps: `rangeOf` says them all.
      if (expr.fn === 'date-part' && rangeOf(expr, facts) !== null) return null;
      return periods(expr, facts, limit) ?? wholeNumbers(expr, facts, limit) ?? image(expr, facts, limit);
    case 'cast':
    case 'in-list':
      return image(expr, facts, limit);
    case 'exists':
    case 'in-relation':
      return booleans(expr, facts);
    case 'window':
      return windowValues(expr, facts, limit);
  }
}

function columnValues(expr: ColumnExpr, facts: Facts): readonly Value[] | null {
  const values = facts.columns.get(expr.id)?.values ?? null;
  if (values !== null) return values.map((one) => one.value);
  return expr.type === 'boolean' ? [false, true] : null;
}

function booleans(expr: Expr, facts: Facts): readonly Value[] {
  return canBeNull(expr, facts) ? [false, true, null] : [false, true];
}

/** Results of the branches that can be reached, each under its condition; NULL where no ELSE stands. */
function caseValues(expr: Case, facts: Facts, limit: Limit): readonly Value[] | null {
  const values: Value[] = [];
  let known = facts;
  for (const { when, result } of expr.branches) {
    const reached = listedOf(result, assume(known, { condition: when, holds: true }), limit);
    if (reached === null) return null;
    values.push(...reached);
    known = assume(known, { condition: when, holds: false });
  }
  const rest = expr.otherwise !== null ? listedOf(expr.otherwise, known, limit) : isExhausted(known) ? [] : [null];
  return rest === null ? null : ordered(expr.type, [...values, ...rest]);
}

/** Windows that pick one row's value have its values; NULL too where there may be no such row. */
function windowValues(expr: Window, facts: Facts, limit: Limit): readonly Value[] | null {
  const [x, , otherwise] = expr.args;
  const picked = x === undefined || !PICKS.has(expr.name) ? null : listedOf(x, facts, limit);
  if (picked === null) return null;
  if (expr.name !== 'lag' && expr.name !== 'lead') {
    return expr.frame === null ? picked : ordered(expr.type, [...picked, null]);
  }
  const absent = otherwise === undefined ? [null] : listedOf(otherwise, facts, limit);
  return absent === null ? null : ordered(expr.type, [...picked, ...absent]);
}

const PICKS: ReadonlySet<Window['name']> = new Set(['first-value', 'last-value', 'min', 'max', 'lag', 'lead']);

/** Values of a part of an expression, bounded numbers and dates included. */
function listedOf(expr: Expr, facts: Facts, limit: Limit): readonly Value[] | null {
  const found = finiteValues(expr, facts, limit);
  if (found !== null) return found;
  if (expr.type !== 'integer' && expr.type !== 'date') return null;
  const range = rangeOf(expr, facts);
  if (!isBounded(range) || range.kind !== 'exact') return null;
  const [low, high] = [range.low as bigint, range.high as bigint];
  if (high - low >= BigInt(limit.values)) return null;
  return Array.from({ length: Number(high - low) + 1 }, (_, index) =>
    expr.type === 'date' ? Number(low) + index : low + BigInt(index),
  );
}

/** Starts of the periods of a bounded date. */
function periods(expr: Call, facts: Facts, limit: Limit): readonly Value[] | null {
  const [part, moment] = expr.args;
  if (expr.fn !== 'date-trunc' || part?.kind !== 'literal' || moment === undefined) return null;
  const range = rangeOf(expr, facts);
  if (!isBounded(range) || range.kind !== 'exact') return null;
  const [kind, count] = PERIODS[part.value as PeriodName] ?? (['seconds', 1n] as const);
  const starts: Value[] = [];
  for (let at: bigint | null = range.low; at !== null && at <= (range.high as bigint); ) {
    starts.push(expr.type === 'date' ? Number(at) : at);
    if (starts.length > limit.values) return null;
    const start = makeLiteral(expr.type, expr.type === 'date' ? Number(at) : at, expr.span);
    const next = evaluate(
      makeCall(`add-${kind}`, [start, makeLiteral('integer', count, expr.span)], expr.type, true, expr.span),
      () => null,
    );
    at = next === null ? null : BigInt(next as bigint | number);
  }
  return starts;
}

/** Whole doubles between the ends of a bounded floor, ceiling or rounding. */
function wholeNumbers(expr: Call, facts: Facts, limit: Limit): readonly Value[] | null {
  const rounds = expr.fn === 'floor' || expr.fn === 'ceil' || expr.fn === 'trunc' || expr.fn === 'round';
  if (!rounds || expr.args.length > 1 || expr.type !== 'double') return null;
  const range = rangeOf(expr, facts);
  if (!isBounded(range) || range.kind !== 'double' || range.high - range.low >= limit.values) return null;
  return Array.from({ length: range.high - range.low + 1 }, (_, index) => range.low + index + 0);
}

interface Input {
  readonly expr: Expr;
  readonly values: readonly Value[];
  /** The input can be NULL though NULL is not listed: a row's value is missing. */
  readonly missing: boolean;
}

/** Values over all combinations of inputs: the columns it reads, or else its operands. */
function image(expr: Expr, facts: Facts, limit: Limit): readonly Value[] | null {
  if (!isScalar(expr)) return expr.type === 'boolean' ? booleans(expr, facts) : null;
  const columns = [...columnsIn(expr).values()].map((one) => inputOf(one, facts, limit));
  const found =
    combined(expr, columns, limit) ??
    combined(
      expr,
      operandsOf(expr).map((one) => inputOf(one, facts, limit)),
      limit,
    );
  return found ?? (expr.type === 'boolean' ? booleans(expr, facts) : null);
}

function columnsIn(expr: Expr): ReadonlyMap<ColumnId, ColumnExpr> {
  const found = new Map<ColumnId, ColumnExpr>();
  const visit = (one: Expr): void => {
    if (one.kind === 'column') found.set(one.id, one);
    for (const operand of operandsOf(one)) visit(operand);
  };
  visit(expr);
  return found;
}

function inputOf(expr: Expr, facts: Facts, limit: Limit): Input | null {
  if (expr.kind === 'column' && !isBounded(columnExtent(expr, facts)) && columnValues(expr, facts) === null)
    return null;
  const values = listedOf(expr, facts, { ...limit, values: limit.combinations });
  return values === null ? null : { expr, values, missing: canBeNull(expr, facts) && !values.includes(null) };
}

function combined(expr: Expr, inputs: readonly (Input | null)[], limit: Limit): readonly Value[] | null {
  const known = inputs.filter((input) => input !== null);
  const combinations = known.reduce((total, one) => total * (one.values.length + Number(one.missing)), 1);
  if (known.length < inputs.length || combinations > limit.combinations) return null;
  const values: Value[] = [];
  const chosen = new Map<Expr | ColumnId, Value>();
  const visit = (index: number, anyMissing: boolean): void => {
    const input = known[index];
    if (input === undefined) {
      const value = valueAt(expr, chosen);
      if (value !== null || !anyMissing || expr.type === 'text' || expr.type === 'boolean') values.push(value);
      return;
    }
    const key = input.expr.kind === 'column' ? input.expr.id : input.expr;
    for (const value of input.values) {
      chosen.set(key, value);
      visit(index + 1, anyMissing);
    }
    if (input.missing) {
      chosen.set(key, null);
      visit(index + 1, true);
    }
  };
  visit(0, false);
  return ordered(expr.type, values);
}

function valueAt(expr: Expr, chosen: ReadonlyMap<Expr | ColumnId, Value>): Value {
  if (freeColumns(expr).size === 0 || [...chosen.keys()].every((key) => typeof key === 'number')) {
    return evaluate(expr, (id) => chosen.get(id) ?? null);
  }
  const operand = new Set<Expr>(operandsOf(expr));
  const replace = (one: Expr): Expr => {
    const value = chosen.get(one.kind === 'column' ? one.id : one);
    return operand.has(one) && value !== undefined ? makeLiteral(one.type, value, one.span) : one;
  };
  return evaluate(replaceOperands(expr, replace), () => null);
}

/** The same node over other operands. */
function replaceOperands(expr: Expr, replace: (operand: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'call':
      return { ...expr, args: expr.args.map(replace) };
    case 'cast':
      return { ...expr, arg: replace(expr.arg) };
    case 'in-list':
      return { ...expr, arg: replace(expr.arg), list: expr.list.map(replace) };
    default:
      return mapExpr(expr, (one) => one);
  }
}

/** Each value once, ascending, NULL last. */
function ordered(type: SqlType, values: readonly Value[]): readonly Value[] {
  const known = [...new Set(values.map((value) => (Object.is(value, -0) ? 0 : value)))].filter(
    (value) => value !== null,
  );
  known.sort((a, b) => compareValues(type, a, b));
  return values.includes(null) ? [...known, null] : known;
}
