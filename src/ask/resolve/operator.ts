/** Binary operators, and intervals, which live beside + and − alone. */

import type { Span, SpannedError } from '../../errors.ts';
import { PERIODS } from '../calendar.ts';
import type { Expr, ScalarName } from '../ir.ts';
import { unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import { applyScalar, castTo, literal, typeError } from './coerce.ts';
import type { Environment } from './environment.ts';

const OPERATORS: Readonly<Record<Exclude<Syntax.BinaryOperator, '^'>, ScalarName>> = {
  '=': 'eq',
  '<>': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  'is distinct from': 'is-distinct',
  'is not distinct from': 'is-not-distinct',
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '//': 'int-divide',
  '%': 'modulo',
  '||': 'concat-operator',
};

const INTERVAL_ADVICE =
  'Add it to a date or timestamp: start_date + INTERVAL 30 DAY. For the time between two dates write date_diff.';

/** `left operator right`. */
export function resolveBinary(expr: Syntax.Binary, env: Environment): Expr {
  const { operator, span } = expr;
  if (operator === '^') {
    throw unsupported(expr.operatorSpan, 'Powers are not computed: engines disagree in the last bit.', 'Write x * x.');
  }
  if (operator === '+' || operator === '-') {
    const right = intervalIn(expr.right, env);
    if (right !== null) return shifted(env.question.resolvers.expr(expr.left, env), right, operator === '-', span);
    const left = intervalIn(expr.left, env);
    if (left !== null) {
      if (operator === '-') throw typeError(span, 'Nothing can be taken from an interval.', INTERVAL_ADVICE);
      return shifted(env.question.resolvers.expr(expr.right, env), left, false, span);
    }
  }
  if (COMPARISONS.has(operator)) refuseComparedInterval(expr, env);
  const left = env.question.resolvers.expr(expr.left, env);
  const right = env.question.resolvers.expr(expr.right, env);
  if (operator === '+' || operator === '-') {
    const dated = dateArithmetic(operator, left, right, span);
    if (dated !== null) return dated;
  }
  return applyScalar(OPERATORS[operator], [left, right], span, operator.toUpperCase());
}

const COMPARISONS: ReadonlySet<Syntax.BinaryOperator> = new Set(['=', '<>', '<', '<=', '>', '>=']);

const TURNED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** Durations are numbers here: an interval beside a comparison is refused with the comparison that says the same. */
function refuseComparedInterval({ left, operator, right }: Syntax.Binary, env: Environment): void {
  if (right.kind === 'interval') throw comparedInterval(left, [operator, right], env);
  if (left.kind === 'interval') throw comparedInterval(right, [TURNED[operator] ?? operator, left], env);
}

/**
 * The refusal of a time compared with an interval.
 *
 * @param words - what follows the time: operators, and what it is compared with
 */
export function comparedInterval(
  time: Syntax.Expr,
  words: readonly (string | Syntax.Expr)[],
  env: Environment,
): SpannedError {
  const { type } = env.question.resolvers.expr(time, env);
  if (type === 'date' || type === 'timestamp') return standingAlone(intervalOf(words));
  const written = ({ span }: Syntax.Expr): string => env.question.text.slice(span.start, span.end).replace(/\s+/g, ' ');
  const numbers = words.map((word) =>
    typeof word === 'string' ? word : word.kind === 'interval' ? daysOf(word) : written(word),
  );
  const interval = intervalOf(words);
  const shown = written(time).length <= 60 ? written(time) : 'later - earlier';
  return unsupported(
    interval.span,
    'The time between two dates is a whole number of days, and is compared with a number.',
    numbers.includes(null)
      ? `Count complete units, such as date_sub('${interval.parts[0]?.unit ?? 'month'}', earlier, later), and compare with a number.`
      : `Write ${shown} ${numbers.join(' ')}.`,
  );
}

function intervalOf(words: readonly (string | Syntax.Expr)[]): Syntax.IntervalExpr {
  return words.find((word) => typeof word !== 'string' && word.kind === 'interval') as Syntax.IntervalExpr;
}

/** Days of an interval of days and weeks; null for others. */
function daysOf({ parts }: Syntax.IntervalExpr): string | null {
  let days = 0n;
  for (const { amount, unit } of parts) {
    if ((unit !== 'day' && unit !== 'week') || amount.kind !== 'number') return null;
    days += BigInt(amount.text) * (unit === 'week' ? 7n : 1n);
  }
  return String(days);
}

/** An interval that is not added to anything. */
export function resolveIntervalAlone(expr: Syntax.IntervalExpr): Expr {
  throw standingAlone(expr);
}

function standingAlone({ span }: Syntax.IntervalExpr): SpannedError {
  return unsupported(span, 'An interval can’t stand alone.', INTERVAL_ADVICE);
}

/** date ± days, date − date; null where neither operand is a date or timestamp. */
function dateArithmetic(operator: '+' | '-', left: Expr, right: Expr, span: Span): Expr | null {
  const isMoment = (expr: Expr): boolean => expr.type === 'date' || expr.type === 'timestamp';
  if (!isMoment(left) && !isMoment(right)) return null;
  if (operator === '-' && left.type === 'date' && right.type === 'date') {
    return applyScalar('date-diff', [part('day', span), right, left], span, operator);
  }
  if (operator === '-' && isMoment(left) && isMoment(right)) {
    throw unsupported(
      span,
      'The difference of timestamps is an interval, which has no single number.',
      "Write date_diff('hour', earlier, later), or date_sub for complete units.",
    );
  }
  const [moment, days] = isMoment(left) ? [left, right] : [right, left];
  if (
    moment.type === 'date' &&
    (days.type === 'integer' || days.type === 'null') &&
    (operator === '+' || moment === left)
  ) {
    const count = operator === '-' ? negated(days, span) : days;
    return applyScalar('add-days', [moment, count], span, operator);
  }
  throw typeError(
    span,
    'A date goes together with an interval, or with a whole number of days.',
    'Write start_date + INTERVAL 30 DAY, or start_date + 30.',
  );
}

/** A part of a date as a leading constant. */
export function part(name: string, span: Span): Expr {
  return literal('text', name, span);
}

function negated(expr: Expr, span: Span): Expr {
  return applyScalar('negate', [expr], span, '-');
}

/** Months, days and seconds of an interval; null where it has none. */
interface Interval {
  readonly months: Expr | null;
  readonly days: Expr | null;
  readonly seconds: Expr | null;
}

const UNIT_FUNCTIONS: Readonly<Record<string, Syntax.IntervalUnit>> = {
  to_years: 'year',
  to_months: 'month',
  to_weeks: 'week',
  to_days: 'day',
  to_hours: 'hour',
  to_minutes: 'minute',
  to_seconds: 'second',
};

/** Functions that make an interval of a number. */
export function isIntervalFunction(name: string): boolean {
  return Object.hasOwn(UNIT_FUNCTIONS, name);
}

/** An interval of syntax: written, a multiple of one, its opposite, or of a function such as to_days; else null. */
export function intervalIn(expr: Syntax.Expr, env: Environment): Interval | null {
  if (expr.kind === 'interval') return sumOfParts(expr.parts, env);
  if (expr.kind === 'unary' && expr.operator !== 'not') {
    const inner = intervalIn(expr.operand, env);
    return inner === null || expr.operator === '+'
      ? inner
      : scaledInterval(inner, (amount) => negated(amount, expr.span));
  }
  if (expr.kind === 'binary' && expr.operator === '*') {
    const [interval, factor] = [intervalIn(expr.left, env), intervalIn(expr.right, env)];
    const found = interval ?? factor;
    if (found === null) return null;
    if (interval !== null && factor !== null)
      throw typeError(expr.span, 'Intervals are not multiplied.', INTERVAL_ADVICE);
    const by = env.question.resolvers.expr(interval === null ? expr.left : expr.right, env);
    return scaledInterval(found, (amount) => applyScalar('multiply', [amount, wholeNumber(by)], expr.span, '*'));
  }
  if (expr.kind === 'call' && Object.hasOwn(UNIT_FUNCTIONS, expr.name.text.toLowerCase())) {
    const [amount, more] = expr.args;
    const unit = UNIT_FUNCTIONS[expr.name.text.toLowerCase()]!;
    if (amount !== undefined && more === undefined) return sumOfParts([{ amount, unit, span: expr.span }], env);
  }
  return null;
}

function sumOfParts(parts: readonly Syntax.IntervalPart[], env: Environment): Interval {
  const sums: { months: Expr | null; days: Expr | null; seconds: Expr | null } = {
    months: null,
    days: null,
    seconds: null,
  };
  for (const { amount, unit, span } of parts) {
    const [kind, factor] = PERIODS[unit];
    const count = wholeNumber(env.question.resolvers.expr(amount, env));
    const scaled =
      factor === 1n ? count : applyScalar('multiply', [count, literal('integer', factor, span)], span, 'INTERVAL');
    const before = sums[kind];
    sums[kind] = before === null ? scaled : applyScalar('add', [before, scaled], span, 'INTERVAL');
  }
  return sums;
}

function wholeNumber(expr: Expr): Expr {
  if (expr.type === 'integer' || expr.type === 'null') return castTo(expr, 'integer');
  throw typeError(expr.span, 'An interval takes a whole number of units.', 'Write CAST(… AS BIGINT) around it.');
}

function scaledInterval(interval: Interval, scale: (amount: Expr) => Expr): Interval {
  const scaled = (amount: Expr | null): Expr | null => (amount === null ? null : scale(amount));
  return { months: scaled(interval.months), days: scaled(interval.days), seconds: scaled(interval.seconds) };
}

/** moment ± interval: months first, then days, then seconds, as DuckDB adds them. A date stays a date unless time is added. */
export function shifted(moment: Expr, interval: Interval, backwards: boolean, span: Span): Expr {
  if (moment.type !== 'date' && moment.type !== 'timestamp' && moment.type !== 'null') {
    throw typeError(span, 'An interval is added to a date or timestamp.', "Write DATE '2024-01-31' + INTERVAL 30 DAY.");
  }
  let result = moment;
  const add = (fn: ScalarName, amount: Expr | null): void => {
    if (amount === null) return;
    result = applyScalar(fn, [result, backwards ? negated(amount, span) : amount], span, backwards ? '-' : '+');
  };
  add('add-months', interval.months);
  add('add-days', interval.days);
  if (interval.seconds !== null) result = castTo(result, 'timestamp');
  add('add-seconds', interval.seconds);
  return result;
}
