/** Every scalar function of the tree, printed for DuckDB: one row each. */
import type { Call, ScalarName } from '../../ask/ir.ts';
import type { Printed } from './printed.ts';
import * as arithmetic from './scalar/arithmetic.ts';
import * as dates from './scalar/dates.ts';
import * as logic from './scalar/logic.ts';
import * as text from './scalar/text.ts';

/** Prints a call from its printed operands; `call` gives declared types and literal operands. */
export type ScalarPrinter = (args: readonly Printed[], call: Call) => Printed;

/** Functions whose first operand is a constant part of a date: its name is printed by the function itself. */
export const partNaming: ReadonlySet<ScalarName> = new Set(['date-trunc', 'date-part', 'date-diff', 'date-sub']);

export const scalarPrinters: Readonly<Record<ScalarName, ScalarPrinter>> = {
  add: arithmetic.add,
  subtract: arithmetic.subtract,
  multiply: arithmetic.multiply,
  divide: arithmetic.divide,
  'int-divide': arithmetic.intDivide,
  modulo: arithmetic.modulo,
  negate: arithmetic.negate,
  abs: arithmetic.abs,
  sign: arithmetic.sign,
  ceil: arithmetic.towards('ceil'),
  floor: arithmetic.towards('floor'),
  round: arithmetic.round,
  trunc: arithmetic.towards('trunc'),
  sqrt: arithmetic.sqrt,
  greatest: logic.extreme('greatest'),
  least: logic.extreme('least'),
  eq: logic.comparison('='),
  ne: logic.comparison('<>'),
  lt: logic.comparison('<'),
  le: logic.comparison('<='),
  gt: logic.comparison('>'),
  ge: logic.comparison('>='),
  'is-distinct': logic.comparison('IS DISTINCT FROM'),
  'is-not-distinct': logic.comparison('IS NOT DISTINCT FROM'),
  and: logic.connective('AND'),
  or: logic.connective('OR'),
  not: logic.not,
  'is-null': logic.isNull,
  'is-not-null': logic.isNotNull,
  coalesce: logic.coalesce,
  nullif: logic.nullif,
  like: text.like(false),
  ilike: text.like(true),
  lower: text.textFunction('lower'),
  upper: text.textFunction('upper'),
  // Without characters given, spaces (Unicode Zs) go.
  trim: text.textFunction('trim'),
  ltrim: text.textFunction('ltrim'),
  rtrim: text.textFunction('rtrim'),
  length: text.length,
  substring: text.substring,
  left: text.side('left'),
  right: text.side('right'),
  concat: text.concat,
  'concat-operator': text.concatOperator,
  replace: text.textFunction('replace'),
  'starts-with': text.textPredicate('starts_with'),
  'ends-with': text.textPredicate('ends_with'),
  contains: text.textPredicate('contains'),
  strpos: text.strpos,
  'date-trunc': dates.dateTrunc,
  'date-part': dates.datePart,
  'date-diff': dates.dateDiff,
  'date-sub': dates.dateSub,
  'add-days': dates.addDays,
  'add-months': dates.addMonths,
  'add-seconds': dates.addSeconds,
  'make-date': dates.makeDate,
};
