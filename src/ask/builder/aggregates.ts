/** Aggregates and window functions. */
import {
  type AnyExpr,
  type Arg,
  type Condition,
  Expr,
  type OneOrMore,
  type Order,
  operands,
  printOrder,
} from './expr.ts';
import type { Kind, NumberKind, PlainKind, Values } from './kinds.ts';
import type { Printer } from './printer.ts';

/** Which rows a window function sees from a row. */
export interface Over {
  readonly partitionBy?: OneOrMore<AnyExpr>;
  readonly orderBy?: OneOrMore<AnyExpr | Order>;
  /** First and last row, counted from the current one: `[-1, 0]`; null is the first or last of the partition. */
  readonly rows?: readonly [first: number | null, last: number | null];
}

/** A function that needs a window. */
export interface Windowed<K extends Kind, V = Values[K]> {
  over(window: Over): Expr<K, V>;
}

/** An aggregate over the rows of a group, or over a window. */
export class Aggregate<K extends Kind, V = Values[K]> extends Expr<K, V> implements Windowed<K, V> {
  /** Over the rows for which the condition is true. */
  filter(condition: Condition): Aggregate<K, V> {
    return new Aggregate((to) => `${this.print(to)} FILTER (WHERE ${condition.print(to)})`);
  }

  over(window: Over): Expr<K, V> {
    return new Expr((to) => `${this.print(to)} OVER (${printWindow(window, to)})`);
  }
}

export type OfOrdered = <K extends PlainKind, V>(value: Expr<K, V>) => Aggregate<K, V>;
export type OfCondition = (condition: Condition) => Aggregate<'boolean'>;
export type NumberSummary = (value: Expr<NumberKind | 'boolean', unknown>) => Aggregate<'double'>;
export type InOrder = <K extends PlainKind, V>(
  value: Expr<K, V>,
  orderBy: OneOrMore<Expr<PlainKind, unknown> | Order>,
) => Aggregate<K, V>;
export type ByOrdered = <K extends PlainKind, V>(value: Expr<K, V>, by: Expr<PlainKind, unknown>) => Aggregate<K, V>;

/** Rows, or rows where the expression is not NULL. */
export function count(value?: AnyExpr): Aggregate<'integer'> {
  return value === undefined ? new Aggregate(() => 'count(*)') : named('count')(value);
}

/** Different values; of the unit, how many units there are. */
export function countDistinct(value: AnyExpr): Aggregate<'integer'> {
  return new Aggregate((to) => `count(DISTINCT ${value.print(to)})`);
}

/** Sum of numbers; of conditions, how often they are true. */
export const sum: <K extends NumberKind | 'boolean'>(
  value: Expr<K, unknown>,
) => Aggregate<K extends 'double' ? 'double' : 'integer'> = named('sum');
/** Mean of numbers; of conditions, the share that is true. */
export const avg: (value: Expr<NumberKind | 'boolean', unknown>) => Aggregate<'double'> = named('avg');

/** These live in groups that hold the unit, and in its windows. */
export const min: OfOrdered = named('min');
export const max: OfOrdered = named('max');
export const boolAnd: OfCondition = named('bool_and');
export const boolOr: OfCondition = named('bool_or');
/** The first argument where the second is least. */
export const argMin: ByOrdered = named('arg_min');
/** The first argument where the second is greatest. */
export const argMax: ByOrdered = named('arg_max');
/** The value of the first row in an order. */
export const first: InOrder = ordered('first');
/** The value of the last row in an order. */
export const last: InOrder = ordered('last');
/** One of the values: the least. */
export const anyValue: OfOrdered = named('any_value');
/** The most frequent value, the least of those that tie. */
export const mode: OfOrdered = named('mode');
/** The value in the middle, or the mean of the two there. */
export const median: NumberSummary = named('median');
/** The value at a fraction from 0 to 1, between two values in proportion. */
export const quantileCont: (value: Expr<NumberKind | 'boolean', unknown>, fraction: number) => Aggregate<'double'> =
  named('quantile_cont');
/** The least value up to which a fraction of the rows lies. */
export const quantileDisc: <K extends PlainKind, V>(value: Expr<K, V>, fraction: number) => Aggregate<K, V> =
  named('quantile_disc');
/** Standard deviation and variance of a sample: NULL of fewer than two values. */
export const stddev: NumberSummary = named('stddev');
export const variance: NumberSummary = named('variance');
/** Standard deviation and variance of all values there are. */
export const stddevPop: NumberSummary = named('stddev_pop');
export const variancePop: NumberSummary = named('var_pop');

export const rowNumber: () => Windowed<'integer'> = named('row_number');
export const rank: () => Windowed<'integer'> = named('rank');
export const denseRank: () => Windowed<'integer'> = named('dense_rank');
export type Shift = <K extends PlainKind, V>(value: Expr<K, V>, rows?: number, otherwise?: Arg<K>) => Windowed<K, V>;
/** The value some rows before, 1 unless said otherwise. */
export const lag: Shift = shifted('lag');
/** The value some rows after, 1 unless said otherwise. */
export const lead: Shift = shifted('lead');
export const firstValue: <K extends PlainKind, V>(value: Expr<K, V>) => Windowed<K, V> = named('first_value');
export const lastValue: <K extends PlainKind, V>(value: Expr<K, V>) => Windowed<K, V> = named('last_value');

function named(name: string): <K extends Kind, V>(...args: readonly unknown[]) => Aggregate<K, V> {
  return (...args) => new Aggregate((to) => `${name}(${operands(args, to)})`);
}

function ordered(name: string): InOrder {
  return (value, orderBy) => new Aggregate((to) => `${name}(${value.print(to)} ORDER BY ${printOrder(orderBy, to)})`);
}

function shifted(name: string): Shift {
  return (value, rows = 1, ...otherwise) => named(name)(value, rows, ...otherwise);
}

function printWindow({ partitionBy = [], orderBy = [], rows }: Over, to: Printer): string {
  const partition = [partitionBy].flat();
  const order = printOrder(orderBy, to);
  const clauses = [
    partition.length === 0 ? '' : `PARTITION BY ${operands(partition, to)}`,
    order === '' ? '' : `ORDER BY ${order}`,
    rows === undefined ? '' : `ROWS BETWEEN ${bound(rows[0], 'PRECEDING', to)} AND ${bound(rows[1], 'FOLLOWING', to)}`,
  ];
  return clauses.filter((clause) => clause !== '').join(' ');
}

function bound(rows: number | null, unbounded: 'PRECEDING' | 'FOLLOWING', to: Printer): string {
  if (rows === null) return `UNBOUNDED ${unbounded}`;
  if (rows === 0) return 'CURRENT ROW';
  return rows < 0 ? `${to.value(-rows)} PRECEDING` : `${to.value(rows)} FOLLOWING`;
}
