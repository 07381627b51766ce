/** The integer statistics of a bounded question: columns per row, bounded values per (unit, group), totals per group. */
import type { ColumnId } from '../../ask/ir.ts';
import type { Statistic } from '../../bound/bounded.ts';
import { invariant } from '../../errors.ts';
import type { PrintContext } from './context.ts';
import { printLattice } from './lattice.ts';
import type { Presence, SumStatistic } from './presence.ts';
import { canonical, type Stored } from './printed.ts';
import { carriedSum, ROWS_MOST, type Transport } from './transport.ts';

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
  /** Largest size of what a pair adds. */
  readonly reach: bigint;
  /** How pairs add up: their values, less the shift for every value; or the number of values, or of pairs without one. */
  readonly total:
    | { readonly kind: 'sum'; readonly shift: bigint }
    | { readonly kind: 'count' }
    | { readonly kind: 'missing' };
  /** Storage of the values counted, for `distinct`. */
  readonly stored: Stored | null;
}

/** Rows → pairs: `near` and above it `row` collect columns over the source, `pair` aggregates over rows of a pair. */
export interface Grain {
  readonly near: Columns;
  readonly row: Columns;
  /** Null where a row is a pair. */
  readonly pair: Columns | null;
  /** Conditions that say no more than that a summed value is present. */
  readonly presence: Presence;
}

const SUM = { kind: 'sum', shift: 0n } as const;
/** A larger sum could fail in one pair and not in another. */
const PAIR_MOST = 1n << 62n;

/** Bounded value of a statistic in one (unit, group), clamped in integers. */
export function pairValue(statistic: Statistic, grain: Grain, context: PrintContext): PairValue {
  switch (statistic.kind) {
    case 'units':
      return { ...presence(statistic.where, grain, context), statistic, reach: 1n, stored: null };
    case 'count':
      return { ...counted(statistic, grain, context), statistic, reach: BigInt(statistic.rows), stored: null };
    case 'sum':
      return { ...summed(statistic, grain, context), statistic, reach: reachOf(statistic), stored: null };
    case 'distinct': {
      const value = canonical(context.column(statistic.input));
      const cell = grain.row.place(onlyWhere(value.sql, statistic.where, context));
      const list = grain.pair?.place(`list(DISTINCT ${cell}) FILTER (WHERE ${cell} IS NOT NULL)`) ?? cell;
      return { statistic, value: list, total: SUM, reach: BigInt(statistic.rows), stored: value.stored };
    }
  }
}

type Value = Pick<PairValue, 'value' | 'total'>;

function presence(where: ColumnId | null, grain: Grain, context: PrintContext): Value {
  if (where === null) return { value: null, total: SUM };
  const rows = rowsWhere(where, grain, context);
  return grain.pair === null ? rows : { value: `(CASE WHEN ${rows.value} > 0 THEN 1 ELSE 0 END)`, total: SUM };
}

function counted(statistic: Extract<Statistic, { kind: 'count' }>, grain: Grain, context: PrintContext): Value {
  invariant(Number.isSafeInteger(statistic.rows) && statistic.rows >= 1, 'a pair has at least one row');
  if (grain.pair === null) return presence(statistic.where, grain, context);
  const rows =
    statistic.where === null ? grain.pair.place('count(*)') : rowsWhere(statistic.where, grain, context).value;
  const value =
    statistic.rows === 1
      ? `(CASE WHEN ${rows} > 0 THEN 1 ELSE 0 END)`
      : `(CASE WHEN ${rows} > ${statistic.rows} THEN ${statistic.rows} ELSE ${rows} END)`;
  return { value, total: SUM };
}

/** Rows of the pair for which the condition holds; where a row is a pair, what to add up over rows. */
function rowsWhere(where: ColumnId, grain: Grain, context: PrintContext): Value {
  const known = grain.presence.get(where);
  if (known !== undefined) {
    const { name } = cellOf(known.sum, grain, context);
    if (grain.pair === null) return { value: name, total: { kind: known.missing ? 'missing' : 'count' } };
    const values = grain.pair.place(`count(${name})`);
    return { value: known.missing ? `(${grain.pair.place('count(*)')} - ${values})` : values, total: SUM };
  }
  // A sum of 16-bit integers needs neither a filter nor wide arithmetic.
  const flag = grain.row.place(`CAST(coalesce(${context.column(where).sql}, FALSE) AS SMALLINT)`);
  return { value: grain.pair === null ? flag : grain.pair.place(`CAST(sum(${flag}) AS BIGINT)`), total: SUM };
}

/** The column of z − offset over rows: one for all sums of the same value on the same grid. */
interface Cell {
  readonly name: string;
  readonly offset: bigint;
  /** Its sum over any number of rows fits 64 bits. */
  readonly narrow: boolean;
  /** Rows up to which its sum is exact; null: always. */
  readonly exactRows: bigint | null;
}

function cellOf({ input, lattice, where }: SumStatistic, grain: Grain, context: PrintContext): Cell {
  const grid = printLattice(context.column(input), lattice, (sql) => grain.near.place(sql));
  const exactRows = grid.exactTerms === null || grid.exactTerms >= ROWS_MOST ? null : grid.exactTerms;
  const overUnits = grain.pair === null && exactRows !== null;
  return {
    name: grain.row.place(onlyWhere(overUnits ? `CAST(${grid.sql} AS INTEGER)` : grid.sql, where, context)),
    offset: grid.offset,
    narrow: grid.stored !== 'bigint' && !overUnits,
    exactRows: overUnits ? null : exactRows,
  };
}

/** Σ(z − centre) as Σ(z − offset) − shift · n: the sum and n serve every statistic of the same value. */
function summed(statistic: SumStatistic, grain: Grain, context: PrintContext): Value {
  const { lattice, centre, low, high, rows } = statistic;
  const { name, offset, narrow, exactRows } = cellOf(statistic, grain, context);
  const shift = centre - offset;
  if (grain.pair === null) {
    const inside = lattice.low - centre >= low && lattice.high - centre <= high;
    if (inside) return { value: name, total: { kind: 'sum', shift } };
    return { value: clamped(`(CAST(${name} AS HUGEINT) - (${shift}))`, low, high), total: SUM };
  }
  const present = grain.pair.place(`count(${name})`);
  const sum = grain.pair.place(narrow ? `CAST(sum(${name}) AS BIGINT)` : `sum(${name})`);
  const centred = lessShift(sum, shift, present, narrow);
  // A pair of more rows than doubles add exactly, at least 2^27, counts as if all its values were the centre.
  const exact = exactRows === null ? centred : `(CASE WHEN ${present} > ${exactRows} THEN 0 ELSE ${centred} END)`;
  if (statistic.limit === 'clamp') return { value: `CAST(${clamped(exact, low, high)} AS BIGINT)`, total: SUM };
  const scaled = `CAST((CAST(${exact} AS HUGEINT) * ${rows}) // ${present} AS BIGINT)`;
  return { value: `CAST(CASE WHEN ${present} > ${rows} THEN ${scaled} ELSE ${exact} END AS BIGINT)`, total: SUM };
}

function lessShift(sum: string, shift: bigint, count: string, narrow: boolean): string {
  if (shift === 0n) return sum;
  return `(${sum} - ${narrow ? `(${shift})` : `CAST(${shift} AS HUGEINT)`} * ${count})`;
}

/** Clamp in integers; an empty sum (NULL) counts as 0, which lies between the ends of every plan. */
function clamped(sum: string, low: bigint, high: bigint): string {
  invariant(low <= 0n && high >= 0n, 'a pair without rows adds nothing');
  return `(CASE WHEN ${sum} > ${high} THEN ${high} WHEN ${sum} < ${low} THEN ${low} ELSE ${sum} END)`;
}

function onlyWhere(sql: string, where: ColumnId | null, context: PrintContext): string {
  return where === null ? sql : `(CASE WHEN ${context.column(where).sql} THEN ${sql} END)`;
}

function reachOf({ low, high }: SumStatistic): bigint {
  const reach = -low > high ? -low : high;
  invariant(reach < PAIR_MOST, 'what a pair adds fits 64 bits');
  return reach;
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
  const { total } = pair;
  if (total.kind === 'count') return single(`count(${name})`);
  if (total.kind === 'missing') return single(`count(*) - count(${name})`);
  const sum = total.shift === 0n ? `sum(${name})` : `(sum(${name}) - CAST(${total.shift} AS HUGEINT) * count(${name}))`;
  return carriedSum(sum, pair.reach);
}
