/**
 * A typed way to write a question: the same SQL, with names and types checked by TypeScript. What it builds is text with
 * parameters, and `ask` makes of it the tree that it makes of the same question written by hand.
 *
 * @module gauze/builder
 */

import type { PolicyInput } from '../policy/input.ts';
import type { Policy } from '../policy/policy.ts';
import { type ColumnsFrom, From, type Input } from './builder/from.ts';
import type { Parameters } from './resolve.ts';

/** A built question: its SQL, and the values of its parameters. */
export interface Query {
  readonly sql: string;
  readonly parameters: Parameters;
}

/** Where questions about policy P start. */
export interface Builder<P> {
  /** Rows of a table, by its name or `dataset.table`, or of another query. */
  from<const I extends Input<P>>(input: I): From<P, [ColumnsFrom<P, I>]>;
}

/**
 * Starts questions about a policy.
 *
 * @param _policy - a constant object (`as const`) gives names and types of tables and columns; without one, or with a
 * policy known only at run time, any name is accepted here and checked by `ask`. Nothing is read of it at run time.
 */
export function builder<const P extends PolicyInput | Policy = Policy>(_policy?: P): Builder<P> {
  return { from: (input) => new From({ input, joins: [], where: [], groupBy: null }) };
}

export type * from './builder/aggregates.ts';
export {
  anyValue,
  argMax,
  argMin,
  avg,
  boolAnd,
  boolOr,
  count,
  countDistinct,
  denseRank,
  first,
  firstValue,
  lag,
  last,
  lastValue,
  lead,
  max,
  median,
  min,
  mode,
  quantileCont,
  quantileDisc,
  rank,
  rowNumber,
  stddev,
  stddevPop,
  sum,
  variance,
  variancePop,
} from './builder/aggregates.ts';
export type * from './builder/expr.ts';
export type * from './builder/from.ts';
export { exists } from './builder/from.ts';
export type * from './builder/functions.ts';
export {
  abs,
  ageInYears,
  cast,
  ceil,
  coalesce,
  concat,
  contains,
  dateDiff,
  datePart,
  dateSub,
  dateTrunc,
  endsWith,
  floor,
  greatest,
  lastDay,
  least,
  left,
  length,
  literal,
  lower,
  ltrim,
  makeDate,
  nullif,
  replace,
  right,
  round,
  rtrim,
  sign,
  sqrt,
  startsWith,
  strpos,
  substring,
  trim,
  trunc,
  tryCast,
  upper,
  when,
} from './builder/functions.ts';
export type * from './builder/grouping.ts';
export { cube, groupingSets, rollup } from './builder/grouping.ts';
export type * from './builder/kinds.ts';
export type * from './builder/outputs.ts';
export type * from './builder/policy-columns.ts';
export type * from './builder/rows.ts';
export type * from './builder/values.ts';
export { values } from './builder/values.ts';
export type { Parameters, ParameterValue } from './resolve.ts';
