/** Types of expressions: conversions, common types, and calls whose arguments are brought to the types they take. */
import { type Span, SpannedError } from '../../errors.ts';
import { CONVERSIONS, castValue } from '../evaluate/cast.ts';
import { evaluate } from '../evaluate.ts';
import { checkConstant } from '../growth.ts';
import type { Call, Expr, Literal, ScalarName } from '../ir.ts';
import { SCALARS, type Scalar, type Wanted } from '../scalar.ts';
import type { SqlType, Value } from '../types.ts';

/** What a key can do, for messages. */
const KEY_ADVICE =
  'A key can be joined on, compared with other keys (=, <>, IN), tested for NULL, counted (COUNT(DISTINCT …)), ' +
  'partitioned and grouped by inside a subquery.';

/** Names of types as SQL writes them. */
export const SQL_NAMES: Readonly<Record<SqlType, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  key: 'a key',
  null: 'NULL',
};

/** A type error at a place. */
export function typeError(span: Span, message: string, next: string): SpannedError {
  return new SpannedError('QUERY_TYPE', span, { message, next });
}

/** A constant. */
export function literal(type: SqlType, value: Value, span: Span): Literal {
  return { kind: 'literal', type, value, nullable: value === null, span };
}

/** Whether an expression is a constant text, which stands for a value of whatever type it meets. */
function isTextConstant(expr: Expr): expr is Literal {
  return expr.kind === 'literal' && expr.type === 'text' && expr.value !== null;
}

/** Converts; constants at once, the same type not at all. The pair of types must convert. */
export function castTo(expr: Expr, type: SqlType, span: Span = expr.span): Expr {
  if (expr.type === type) return expr;
  if (expr.kind === 'literal') return literal(type, castValue(expr.value, expr.type, type), span);
  return { kind: 'cast', arg: expr, type, nullable: expr.nullable || !KEEPS.has(`${expr.type} ${type}`), span };
}

/** Conversions that turn no value into NULL. */
const KEEPS: ReadonlySet<string> = new Set([
  'integer double',
  'integer text',
  'integer boolean',
  'double text',
  'double boolean',
  'boolean integer',
  'boolean double',
  'boolean text',
  'date text',
  'timestamp text',
]);

/** A conversion as written. A constant that does not convert is NULL in CAST and TRY_CAST, a mistake in DATE '…' and date(…). */
export function explicitCast(expr: Expr, type: SqlType, attempt: boolean, span: Span): Expr {
  if (expr.type !== type && !CONVERSIONS[expr.type].includes(type)) {
    if (expr.type === 'key') throw typeError(span, 'A key can’t be converted.', KEY_ADVICE);
    throw typeError(
      span,
      `${SQL_NAMES[expr.type]} does not convert to ${SQL_NAMES[type]}.`,
      'Compute the value with date_diff, date_part or CASE instead.',
    );
  }
  const converted = castTo(expr, type, span);
  if (
    converted.kind === 'literal' &&
    expr.kind === 'literal' &&
    converted.value === null &&
    expr.value !== null &&
    !attempt
  ) {
    throw notReadable(expr, type);
  }
  return converted.span === span ? converted : { ...converted, span };
}

function notReadable(expr: Literal, type: SqlType): SpannedError {
  const example = EXAMPLES[type];
  if (expr.parameter !== undefined) {
    const given = example?.replace(/^[A-Z]+ '(.*)'$/, '$1');
    return typeError(
      expr.span,
      `The value of parameter $${expr.parameter} is no ${SQL_NAMES[type]}.`,
      given === undefined ? 'Give a value of that type.' : `Give ${expr.parameter} as ${given}.`,
    );
  }
  return typeError(
    expr.span,
    `This constant is no ${SQL_NAMES[type]}.`,
    example === undefined ? 'Write a constant of that type.' : `Write it as ${example}.`,
  );
}

const EXAMPLES: Readonly<Partial<Record<SqlType, string>>> = {
  integer: '42',
  double: '0.5',
  boolean: 'TRUE or FALSE',
  date: "DATE '2024-01-31'",
  timestamp: "TIMESTAMP '2024-01-31 08:00:00'",
};

/** The type two types are brought to; null where there is none. */
export function commonType(a: SqlType, b: SqlType): SqlType | null {
  if (a === b || b === 'null') return a;
  if (a === 'null') return b;
  const pair = new Set([a, b]);
  if (pair.has('integer') && pair.has('double')) return 'double';
  if (pair.has('date') && pair.has('timestamp')) return 'timestamp';
  return null;
}

/**
 * The type that all expressions are brought to; constants in quotes follow the others.
 *
 * @throws SpannedError QUERY_TYPE at the first that does not fit
 */
export function commonTypeOf(exprs: readonly Expr[]): SqlType {
  const deciding = exprs.filter((expr) => !isTextConstant(expr) && expr.type !== 'null');
  let type: SqlType = exprs.some(isTextConstant) && deciding.length === 0 ? 'text' : 'null';
  for (const expr of deciding) {
    const next = commonType(type, expr.type);
    if (next === null) throw mismatch(type, expr);
    type = next;
  }
  return type;
}

function mismatch(type: SqlType, expr: Expr): SpannedError {
  if (type === 'key' || expr.type === 'key') {
    return typeError(expr.span, 'A key compares with keys alone.', KEY_ADVICE);
  }
  return typeError(
    expr.span,
    `${SQL_NAMES[expr.type]} does not go together with ${SQL_NAMES[type]}.`,
    CONVERSIONS[expr.type].includes(type)
      ? `Write CAST(… AS ${SQL_NAMES[type]}) around it.`
      : isMoment(type) && expr.type === 'integer'
        ? "Write a date, such as DATE '2024-01-31', or compare a part of it, such as year(start_date) >= 2024."
        : 'Compare and combine values of one type.',
  );
}

function isMoment(type: SqlType): boolean {
  return type === 'date' || type === 'timestamp';
}

/** Brings an expression to a type that `commonTypeOf` gave. */
export function bring(expr: Expr, type: SqlType): Expr {
  if (expr.type === type) return expr;
  if (!isTextConstant(expr)) return castTo(expr, type);
  if (type === 'key') throw typeError(expr.span, 'A key compares with keys alone.', KEY_ADVICE);
  const converted = castTo(expr, type);
  if (converted.kind === 'literal' && converted.value === null) throw notReadable(expr, type);
  return converted;
}

/**
 * A call of a scalar function: arity and types checked, arguments brought to the types it takes, constants computed.
 *
 * @param shown - the function or operator as the question writes it
 */
export function applyScalar(fn: ScalarName, args: readonly Expr[], span: Span, shown: string): Expr {
  const scalar = SCALARS[fn];
  checkArity(scalar, args.length, span, shown);
  const wanted = args.map((_, i) => scalar.params[Math.min(i, scalar.params.length - 1)]!);
  const shared = args.filter((_, i) => isShared(wanted[i]!));
  args.forEach((arg, i) => {
    checkWanted(arg, wanted[i]!, shown);
  });
  const common = shared.length === 0 ? 'null' : sharedType(shared, wanted);
  if (wanted.includes('moment') && common === 'text') throw wrongType(shared[0]!, 'moment', shown);
  const brought = args.map((arg, i) => bringTo(arg, wanted[i]!, common));
  const type = scalar.result === 'common' ? common : scalar.result;
  const call: Call = { kind: 'call', fn, args: brought, type, nullable: isNullable(scalar, brought), span };
  if (!brought.every((arg) => arg.kind === 'literal')) return call;
  checkConstant(call);
  return literal(type, evaluate(call, noColumn), span);
}

function noColumn(): Value {
  return null;
}

function isShared(wanted: Wanted): boolean {
  return wanted === 'number' || wanted === 'moment' || wanted === 'same' || wanted === 'orderable';
}

/** NULL alone is an integer where a number is wanted, a date where a date is. */
function sharedType(shared: readonly Expr[], wanted: readonly Wanted[]): SqlType {
  const type = commonTypeOf(shared);
  if (type !== 'null') return type;
  return wanted.includes('number') ? 'integer' : wanted.includes('moment') ? 'date' : 'null';
}

function checkArity(scalar: Scalar, count: number, span: Span, shown: string): void {
  const most = scalar.variadic ? Number.POSITIVE_INFINITY : scalar.params.length;
  if (count >= scalar.required && count <= most) return;
  const range =
    most === scalar.required
      ? `${most}`
      : most === Infinity
        ? `at least ${scalar.required}`
        : `${scalar.required} to ${most}`;
  throw typeError(span, `${shown} takes ${range} argument${range === '1' ? '' : 's'}, not ${count}.`, scalar.meaning);
}

const ACCEPTS: Readonly<Record<Exclude<Wanted, 'same' | 'part'>, readonly SqlType[]>> = {
  number: ['integer', 'double', 'null'],
  moment: ['date', 'timestamp', 'null'],
  orderable: ['text', 'integer', 'double', 'boolean', 'date', 'timestamp', 'null'],
  text: ['text', 'null'],
  integer: ['integer', 'null'],
  double: ['integer', 'double', 'null'],
  boolean: ['boolean', 'null'],
  printed: ['text', 'integer', 'double', 'boolean', 'date', 'timestamp', 'null'],
};

const WANTED_NAMES: Readonly<Record<Exclude<Wanted, 'same' | 'part'>, string>> = {
  number: 'a number',
  moment: 'a date or timestamp',
  orderable: 'a value that can be ordered',
  text: 'text',
  integer: 'a whole number',
  double: 'a number',
  boolean: 'a condition (true or false)',
  printed: 'a value that can be shown',
};

function checkWanted(arg: Expr, wanted: Wanted, shown: string): void {
  if (wanted === 'same' || wanted === 'part') return;
  if (ACCEPTS[wanted].includes(arg.type)) return;
  if (wanted === 'moment' && isTextConstant(arg)) return;
  throw wrongType(arg, wanted, shown);
}

function wrongType(arg: Expr, wanted: Exclude<Wanted, 'same' | 'part'>, shown: string): SpannedError {
  if (arg.type === 'key') return typeError(arg.span, `${shown} takes no key.`, KEY_ADVICE);
  return typeError(
    arg.span,
    `${shown} takes ${WANTED_NAMES[wanted]} here, not ${SQL_NAMES[arg.type]}.`,
    REMEDIES[wanted] ?? 'Convert it with CAST(… AS …).',
  );
}

const REMEDIES: Readonly<Partial<Record<Wanted, string>>> = {
  number: 'Write CAST(… AS DOUBLE) around a text; count days between dates with date_diff.',
  moment: "Write DATE '2024-01-31' or CAST(… AS DATE).",
  text: 'Write CAST(… AS VARCHAR) around it.',
  integer: 'Write CAST(… AS BIGINT) around it; to divide down to whole numbers write floor(a / b).',
  boolean: 'Write a comparison, such as x <> 0 or x IS NOT NULL.',
};

/**
 * A condition.
 *
 * @throws SpannedError QUERY_TYPE when the expression is neither boolean nor NULL
 */
export function asCondition(expr: Expr, shown: string): Expr {
  checkWanted(expr, 'boolean', shown);
  return castTo(expr, 'boolean');
}

function bringTo(arg: Expr, wanted: Wanted, common: SqlType): Expr {
  if (isShared(wanted)) return bring(arg, common);
  if (wanted === 'part') return arg;
  return castTo(arg, wanted === 'printed' ? 'text' : (wanted as SqlType));
}

function isNullable(scalar: Scalar, args: readonly Expr[]): boolean {
  switch (scalar.nulls) {
    case 'never':
      return false;
    case 'partial':
      return true;
    case 'all':
      return args.every((arg) => arg.nullable);
    default:
      return args.some((arg) => arg.nullable);
  }
}
