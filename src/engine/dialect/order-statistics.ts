/**
 * Aggregates of `ask/evaluate/order-statistics.ts` as DuckDB's SQL. Lists are sorted before anything is read from them or
 * added up, so that results depend on the values alone, bit for bit; the engine's own quantiles and variances are neither
 * exact nor the same in every order.
 */

import { fractionOf } from '../../ask/evaluate/order-statistics.ts';
import type { AggregateCall } from '../../ask/ir.ts';
import { invariant } from '../../errors.ts';
import { type Printed, printed } from './printed.ts';

/** An aggregate's SQL over the rows that count; `extra` is one more condition on them. */
export type Over = (sql: string, extra?: string) => string;

/** Values that are not NULL, ascending; NULL of none. */
function ascending(x: Printed, over: Over): string {
  return `list_sort(${over(`list(${x.sql})`, `${x.sql} IS NOT NULL`)})`;
}

/** `body` over a value that is written once. */
function named(sql: string, name: string, body: string): string {
  return `list_transform([${sql}], lambda ${name}: ${body})[1]`;
}

/** The quantile between values, of doubles. */
export function quantileCont(call: AggregateCall, x: Printed, over: Over): Printed {
  const { numerator, denominator } = fraction(call);
  const position = `((CAST(len(v) AS HUGEINT) - 1) * ${numerator})`;
  const at = (step: number): string => `v[CAST(p // ${denominator} AS BIGINT) + ${step}]`;
  const share = `(CAST(p % ${denominator} AS DOUBLE) / ${denominator}e0)`;
  const between = `(${at(1)} * (1e0 - ${share}) + ${at(2)} * ${share})`;
  const kept = `(CASE WHEN isnan(m) THEN NULL WHEN m < ${at(1)} THEN ${at(1)} WHEN m > ${at(2)} THEN ${at(2)} ELSE m END)`;
  const value = `(CASE WHEN p % ${denominator} = 0 THEN ${at(1)} ELSE ${named(between, 'm', kept)} END)`;
  return printed(named(ascending(x, over), 'v', named(position, 'p', value)), 'double', { infinite: x.infinite });
}

/** The quantile among values. */
export function quantileDisc(call: AggregateCall, x: Printed, over: Over): Printed {
  const { numerator, denominator } = fraction(call);
  const rank = `((CAST(len(v) AS HUGEINT) * ${numerator} + ${denominator - 1n}) // ${denominator})`;
  return { ...x, sql: named(ascending(x, over), 'v', `v[CAST(greatest(${rank}, 1) AS BIGINT)]`) };
}

/** The most frequent value; the engine breaks ties by what comes first. */
export function mode(x: Printed, over: Over): Printed {
  return { ...x, sql: over(`mode(${x.sql} ORDER BY ${x.sql} ASC)`, `${x.sql} IS NOT NULL`) };
}

/** The variance of doubles; `lost` is 1 for a sample, 0 for a population. */
export function variance(x: Printed, lost: 0 | 1, over: Over): Printed {
  const mean = '(list_sum(v) / CAST(len(v) AS DOUBLE))';
  const squares = 'list_sum(list_transform(v, lambda y: (y - m) * (y - m)))';
  const rows = lost === 0 ? 'len(v)' : `(len(v) - ${lost})`;
  const value = `(CASE WHEN len(v) > ${lost} THEN ${named(mean, 'm', squares)} / CAST(${rows} AS DOUBLE) END)`;
  // NaN sorts above Infinity.
  const finite = `(CASE WHEN s < CAST('Infinity' AS DOUBLE) THEN s END)`;
  return printed(named(ascending(x, over), 'v', named(value, 's', finite)), 'double', { infinite: false });
}

function fraction(call: AggregateCall): ReturnType<typeof fractionOf> {
  const [, at] = call.args;
  invariant(at?.kind === 'literal' && typeof at.value === 'number', 'a quantile has a constant fraction');
  return fractionOf(at.value);
}
