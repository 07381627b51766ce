/**
 * Computes scalar expressions in JavaScript, with the meanings of `scalar.ts`. It shares no code with the printers of
 * engine SQL, so that the two can be held against each other.
 */
import { invariant } from '../errors.ts';
import {
  absolute,
  binaryArithmetic,
  divide,
  doubleOrNull,
  intDivide,
  negate,
  roundTo,
  sign,
} from './evaluate/arithmetic.ts';
import { castToText, castValue } from './evaluate/cast.ts';
import { compareValues, extreme, inList } from './evaluate/comparison.ts';
import {
  addDays,
  addMonths,
  addSeconds,
  dateDiff,
  datePart,
  dateSub,
  dateTrunc,
  type Moment,
  makeDate,
} from './evaluate/dates.ts';
import { lower, upper } from './evaluate/letter-case.ts';
import { left, lengthOf, like, position, replace, right, substring, trim } from './evaluate/text.ts';
import type { Call, ColumnId, Expr } from './ir.ts';
import { SCALARS } from './scalar.ts';
import type { SqlType, Value } from './types.ts';

export { compareValues } from './evaluate/comparison.ts';

/** Value of each column in the row at hand. */
export type Row = (id: ColumnId) => Value;

/**
 * Value of an expression in a row. Never throws on any value; stops on windows and subqueries, which are no scalars.
 *
 * @throws GauzeError INTERNAL_INVARIANT for `window`, `exists` and `in-relation`
 */
export function evaluate(expr: Expr, row: Row): Value {
  switch (expr.kind) {
    case 'column':
      return finite(row(expr.id));
    case 'literal':
      return expr.value;
    case 'call':
      return evaluateCall(expr, row);
    case 'case': {
      for (const branch of expr.branches) {
        if (evaluate(branch.when, row) === true) return evaluate(branch.result, row);
      }
      return expr.otherwise === null ? null : evaluate(expr.otherwise, row);
    }
    case 'cast':
      return castValue(evaluate(expr.arg, row), expr.arg.type, expr.type);
    case 'in-list': {
      const value = evaluate(expr.arg, row);
      const list = expr.list.map((member) => evaluate(member, row));
      return inList(expr.arg.type, value, list, expr.negated);
    }
    default:
      invariant(false, `a scalar expression holds no ${expr.kind}`);
  }
}

/** NaN in a cell is read as NULL. */
function finite(value: Value): Value {
  return typeof value === 'number' ? doubleOrNull(value) : value;
}

function evaluateCall(call: Call, row: Row): Value {
  switch (call.fn) {
    case 'and':
      return connective(call.args, row, false);
    case 'or':
      return connective(call.args, row, true);
    case 'coalesce':
      return firstKnown(call.args, row);
    default: {
      const args = call.args.map((arg) => evaluate(arg, row));
      const { nulls } = SCALARS[call.fn];
      if ((nulls === 'strict' || nulls === 'partial') && call.fn !== 'nullif' && args.includes(null)) return null;
      return apply(call, args);
    }
  }
}

/** AND is decided by false, OR by true. */
function connective(operands: readonly Expr[], row: Row, decides: boolean): boolean | null {
  let result: boolean | null = !decides;
  for (const operand of operands) {
    const value = evaluate(operand, row);
    if (value === decides) return decides;
    if (value === null) result = null;
  }
  return result;
}

function firstKnown(args: readonly Expr[], row: Row): Value {
  for (const arg of args) {
    const value = evaluate(arg, row);
    if (value !== null) return value;
  }
  return null;
}

/** Type in which the arguments of a comparison are held. */
function comparedType(call: Call): SqlType {
  return call.args.find((arg) => arg.type !== 'null')?.type ?? 'null';
}

function apply(call: Call, args: readonly Value[]): Value {
  const [a = null, b = null] = args;
  switch (call.fn) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'modulo':
      return binaryArithmetic(call.fn, a, b);
    case 'divide':
      return divide(a, b);
    case 'int-divide':
      return intDivide(a, b);
    case 'negate':
      return negate(a);
    case 'abs':
      return absolute(a);
    case 'sign':
      return sign(a);
    case 'ceil':
      return typeof a === 'bigint' ? a : Math.ceil(Number(a));
    case 'floor':
      return typeof a === 'bigint' ? a : Math.floor(Number(a));
    case 'trunc':
      return typeof a === 'bigint' ? a : Math.trunc(Number(a));
    case 'round':
      return roundTo(a, Number(b ?? 0n));
    case 'sqrt':
      // One zero: the root of −0 is 0.
      return doubleOrNull(Math.sqrt(Number(a)) + 0);
    case 'greatest':
      return extreme(comparedType(call), args, 1);
    case 'least':
      return extreme(comparedType(call), args, -1);
    default:
      return applyComparison(call, args);
  }
}

function applyComparison(call: Call, args: readonly Value[]): Value {
  const [a = null, b = null] = args;
  const compared = (): number => compareValues(comparedType(call), a, b);
  switch (call.fn) {
    case 'eq':
      return compared() === 0;
    case 'ne':
      return compared() !== 0;
    case 'lt':
      return compared() < 0;
    case 'le':
      return compared() <= 0;
    case 'gt':
      return compared() > 0;
    case 'ge':
      return compared() >= 0;
    case 'is-distinct':
      return a === null || b === null ? a !== b : compared() !== 0;
    case 'is-not-distinct':
      return a === null || b === null ? a === b : compared() === 0;
    case 'nullif':
      return a !== null && b !== null && compared() === 0 ? null : a;
    case 'not':
      return a !== true;
    case 'is-null':
      return a === null;
    case 'is-not-null':
      return a !== null;
    default:
      return applyText(call, args);
  }
}

function applyText(call: Call, args: readonly Value[]): Value {
  const [text = '', second = '', third = ''] = args.map((arg) => (typeof arg === 'string' ? arg : ''));
  const [, b = null, c = null] = args;
  switch (call.fn) {
    case 'like':
      return like(text, second);
    case 'ilike':
      return like(lower(text), lower(second));
    case 'lower':
      return lower(text);
    case 'upper':
      return upper(text);
    case 'trim':
      return trim(text, args.length > 1 ? second : null, 'both');
    case 'ltrim':
      return trim(text, args.length > 1 ? second : null, 'start');
    case 'rtrim':
      return trim(text, args.length > 1 ? second : null, 'end');
    case 'length':
      return lengthOf(text);
    case 'substring':
      return substring(text, integer(b), c === null ? null : integer(c));
    case 'left':
      return left(text, integer(b));
    case 'right':
      return right(text, integer(b));
    case 'concat':
    case 'concat-operator':
      return args.map((arg, i) => castToText(arg, call.args[i]!.type) ?? '').join('');
    case 'replace':
      return replace(text, second, third);
    case 'starts-with':
      return text.startsWith(second);
    case 'ends-with':
      return text.endsWith(second);
    case 'contains':
      return text.includes(second);
    case 'strpos':
      return position(text, second);
    default:
      return applyDate(call, args);
  }
}

function applyDate(call: Call, args: readonly Value[]): Value {
  const [a = null, b = null, c = null] = args;
  switch (call.fn) {
    case 'date-trunc':
      return dateTrunc(String(a), moment(b));
    case 'date-part':
      return datePart(String(a), moment(b));
    case 'date-diff':
      return dateDiff(String(a), moment(b), moment(c));
    case 'date-sub':
      return dateSub(String(a), moment(b), moment(c));
    case 'add-days':
      return addDays(moment(a), integer(b));
    case 'add-months':
      return addMonths(moment(a), integer(b));
    case 'add-seconds':
      return addSeconds(moment(a), integer(b));
    case 'make-date':
      return makeDate(integer(a), integer(b), integer(c));
    default:
      invariant(false, `the scalar ${call.fn} has a meaning`);
  }
}

function integer(value: Value): bigint {
  invariant(typeof value === 'bigint', 'an integer argument is an integer');
  return value;
}

function moment(value: Value): Moment {
  invariant(typeof value === 'number' || typeof value === 'bigint', 'a date argument is a date or timestamp');
  return value;
}
