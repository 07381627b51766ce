/** The integer statistics of a bounded question: columns per row, bounded values per (unit, group), totals per group. */
import type { ColumnId } from '../../ask/ir.ts';
import type { Statistic } from '../../bound/bounded.ts';
import { invariant } from '../../errors.ts';
import type { PrintContext } from './context.ts';
import { printLattice } from './lattice.ts';
import { canonical, type Stored } from './printed.ts';
import { carriedSum, type Transport } from './transport.ts';

/** `<sql> AS <name>`, each distinct SQL once. */
export class Columns {
  readonly #names = new Map<string, string>();
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Quoted name of the column that holds this SQL. */
  place(sql: string): string {
    const known = this.#names.get(sql);
    if (known !== undefined) return known;
    const name = `"${this.#prefix}${this.#names.size}"`;
    this.#names.set(sql, name);
    return name;
  }

  get items(): readonly string[] {
    return [...this.#names].map(([sql, name]) => `${sql} AS ${name}`);
  }
}

/** A statistic at the grain of pairs. */
export interface PairValue {
  readonly statistic: Statistic;
  /** Bounded value of one pair; null: every pair counts 1. For `distinct`: the values, a list or (one row per pair) a single one. */
  readonly value: string | null;
  /** Largest size of `value`. */
  readonly reach: bigint;
  /** Storage of the values counted, for `distinct`. */
  readonly stored: Stored | null;
}

/** Rows → pairs: `row` collects columns over the source, `pair` aggregates over rows of a pair. */
export interface Grain {
  readonly row: Columns;
  /** Null where a row is a pair. */
  readonly pair: Columns | null;
}

/** Bounded value of a statistic in one (unit, group), clamped in integers. */
export function pairValue(statistic: Statistic, grain: Grain, context: PrintContext): PairValue {
  switch (statistic.kind) {
    case 'units':
      return { statistic, value: presence(statistic.where, grain, context), reach: 1n, stored: null };
    case 'count':
      return { statistic, value: counted(statistic, grain, context), reach: BigInt(statistic.rows), stored: null };
    case 'sum':
      return { statistic, value: summed(statistic, grain, context), reach: reachOf(statistic), stored: null };
    case 'distinct': {
      const value = canonical(context.column(statistic.input));
      const cell = grain.row.place(onlyWhere(value.sql, statistic.where, context));
      const list = grain.pair?.place(`list(DISTINCT ${cell}) FILTER (WHERE ${cell} IS NOT NULL)`) ?? cell;
      return { statistic, value: list, reach: BigInt(statistic.rows), stored: value.stored };
    }
  }
}

function presence(where: ColumnId | null, grain: Grain, context: PrintContext): string | null {
  if (where === null) return null;
  const rows = rowsWhere(where, grain, context);
  return grain.pair === null ? rows : `(CASE WHEN ${rows} > 0 THEN 1 ELSE 0 END)`;
}

function counted(statistic: Extract<Statistic, { kind: 'count' }>, grain: Grain, context: PrintContext): string | null {
  invariant(Number.isSafeInteger(statistic.rows) && statistic.rows >= 1, 'a pair has at least one row');
  if (grain.pair === null) return presence(statistic.where, grain, context);
  const rows = statistic.where === null ? grain.pair.place('count(*)') : rowsWhere(statistic.where, grain, context);
  return statistic.rows === 1
    ? `(CASE WHEN ${rows} > 0 THEN 1 ELSE 0 END)`
    : `(CASE WHEN ${rows} > ${statistic.rows} THEN ${statistic.rows} ELSE ${rows} END)`;
}

/** Rows of the pair for which the condition holds; 1 or 0 where a row is a pair. */
function rowsWhere(where: ColumnId, grain: Grain, context: PrintContext): string {
  const flag = grain.row.place(`CAST(coalesce(${context.column(where).sql}, FALSE) AS INTEGER)`);
  return grain.pair === null ? flag : grain.pair.place(`count(*) FILTER (WHERE ${flag} = 1)`);
}

function summed(statistic: Extract<Statistic, { kind: 'sum' }>, grain: Grain, context: PrintContext): string {
  const { lattice, centre, low, high, rows } = statistic;
  const z = printLattice(context.column(statistic.input), lattice, centre);
  const cell = grain.row.place(onlyWhere(z, statistic.where, context));
  if (grain.pair === null) {
    const inside = lattice.low - centre >= low && lattice.high - centre <= high;
    return inside ? cell : clamped(cell, low, high);
  }
  const sum = grain.pair.place(`sum(${cell})`);
  if (statistic.limit === 'clamp') return `CAST(${clamped(sum, low, high)} AS BIGINT)`;
  const present = grain.pair.place(`count(${cell})`);
  return `CAST(CASE WHEN ${present} > ${rows} THEN (${sum} * ${rows}) // ${present} ELSE ${sum} END AS BIGINT)`;
}

/** Clamp in integers; an empty sum (NULL) counts as 0, which lies between the ends of every plan. */
function clamped(sum: string, low: bigint, high: bigint): string {
  invariant(low <= 0n && high >= 0n, 'a pair without rows adds nothing');
  return `(CASE WHEN ${sum} > ${high} THEN ${high} WHEN ${sum} < ${low} THEN ${low} ELSE ${sum} END)`;
}

function onlyWhere(sql: string, where: ColumnId | null, context: PrintContext): string {
  return where === null ? sql : `(CASE WHEN ${context.column(where).sql} THEN ${sql} END)`;
}

function reachOf({ low, high }: Extract<Statistic, { kind: 'sum' }>): bigint {
  return -low > high ? -low : high;
}

/** How one grouping set adds up pairs: at the pairs' own grain, or coarser, where units must be told apart. */
export interface SetGrain {
  /** One pair per unit and group of this set. */
  readonly fine: boolean;
  /** Rows that stand for pairs carry 1 here; null: all rows do. */
  readonly marker: string | null;
}

/** Distinct units of a group. */
export function unitsOf({ fine, marker }: SetGrain): string {
  if (!fine) return 'count(DISTINCT "u")';
  return marker === null ? 'count(*)' : `count(${marker})`;
}

/** Exact value of a statistic over the pairs of a group. `name`: the column of the pair's value. */
export function groupTotal(
  pair: PairValue,
  name: string | null,
  grain: SetGrain,
): { readonly sql: readonly string[]; readonly transport: Transport } {
  const single = (sql: string): { sql: readonly string[]; transport: Transport } => ({
    sql: [sql],
    transport: 'bigint',
  });
  if (pair.statistic.kind === 'distinct') return single(`count(DISTINCT ${name})`);
  if (pair.statistic.kind === 'units') {
    if (name === null) return single(unitsOf(grain));
    if (!grain.fine) return single(`count(DISTINCT CASE WHEN ${name} = 1 THEN "u" END)`);
  }
  if (name === null) return single(grain.marker === null ? 'count(*)' : `count(${grain.marker})`);
  return carriedSum(`sum(${name})`, pair.reach);
}
