/** Values on their public grid, as integers: what is summed in bounded questions. */
import type { Lattice } from '../../bound/bounded.ts';
import { toNumber } from '../../dp/rational.ts';
import { convert } from './convert.ts';
import { doubleSql } from './literal.ts';
import type { Printed } from './printed.ts';

/** A value on its grid: SQL of z − offset, and how it is stored. */
export interface Grid {
  readonly sql: string;
  /** The middle of the grid where that saves work, else 0. */
  readonly offset: bigint;
  /** `double`: whole numbers in doubles. Engines add up doubles and 16-bit integers in half the time of wider integers. */
  readonly stored: 'double' | 'smallint' | 'bigint';
  /** Terms up to which a sum is exact in the engine's own arithmetic, whatever their order; null: always. */
  readonly exactTerms: bigint | null;
}

/** Puts SQL over the source into a column that is worked out once a row, and names that column. */
type Place = (sql: string) => string;

/** Whole numbers below this size are added as doubles. */
const DOUBLE_REACH = 1n << 26n;
const DOUBLE_WHOLE = 1n << 53n;
const INT16 = 1n << 15n;

/**
 * z = least(high, greatest(low, round-half-even(x / step))): NULL for NULL and NaN, ±Infinity clamped. NaN sorts above
 * Infinity in DuckDB and falls through to NULL.
 */
export function printLattice(value: Printed, lattice: Lattice, place: Place): Grid {
  const { low, high, step } = lattice;
  const size = -low > high ? -low : high;
  if (value.stored === 'BIGINT' && step.numerator === 1n && step.denominator === 1n) {
    const sql = clampedInteger(value, lattice);
    if (size < INT16) return { sql: `CAST(${sql} AS SMALLINT)`, offset: 0n, stored: 'smallint', exactTerms: null };
    return size < DOUBLE_REACH
      ? wholeDoubles(`CAST(${sql} AS DOUBLE)`, 0n, size)
      : { sql, offset: 0n, stored: 'bigint', exactTerms: null };
  }
  const x = convert({ ...value, nan: false }, 'double').sql;
  return size < DOUBLE_REACH ? nearMiddle(x, lattice, place) : wideGrid(x, lattice);
}

/** 1.5 · 2^52: doubles from 2^52 to 2^53 are the whole numbers, so adding it rounds, ties to even. */
const WHOLE_ONLY = 3n << 51n;

/**
 * Rounded by adding and taking away, the middle of the grid with it: then one comparison finds nearly every value inside.
 * Exact while x / step is below 2^51 in size; both operations are monotone, so larger values stay outside the grid.
 */
function nearMiddle(x: string, { low, high, step }: Lattice, place: Place): Grid {
  const middle = (low + high) >> 1n;
  const grid = toNumber(step);
  const scaled = grid === 1 ? x : `${x} / ${doubleSql(grid)}`;
  const near = place(`(${scaled} + ${whole(WHOLE_ONLY)}) - ${whole(WHOLE_ONLY + middle)}`);
  const sql =
    `(CASE WHEN abs(${near}) <= ${whole(middle - low)} THEN ${near} WHEN abs(${near}) <= CAST('Infinity' AS DOUBLE) ` +
    `THEN CASE WHEN ${near} > ${whole(0n)} THEN ${whole(high - middle)} ELSE ${whole(low - middle)} END END)`;
  return wholeDoubles(sql, middle, high - middle);
}

function whole(z: bigint): string {
  return doubleSql(Number(z));
}

/**
 * Values are clamped before they are rounded, so that a cast cannot overflow, and where rounding could step over an end
 * again as whole numbers, so that the bound of z rests on exact comparison. A cast rounds ties to even.
 */
function wideGrid(x: string, lattice: Lattice): Grid {
  const { low, high, step } = lattice;
  const grid = toNumber(step);
  const edges = edgesOf(lattice, grid);
  const z = `CAST(${grid === 1 ? x : `${x} / ${doubleSql(grid)}`} AS BIGINT)`;
  const [bottom, top] = [`CAST(${low} AS BIGINT)`, `CAST(${high} AS BIGINT)`];
  const inside = edges.exact
    ? z
    : `(CASE WHEN ${z} > ${top} THEN ${top} WHEN ${z} < ${bottom} THEN ${bottom} ELSE ${z} END)`;
  const sql =
    `(CASE WHEN ${x} <= ${doubleSql(edges.high)} ` +
    `THEN CASE WHEN ${x} >= ${doubleSql(edges.low)} THEN ${inside} ELSE ${bottom} END ` +
    `WHEN ${x} <= CAST('Infinity' AS DOUBLE) THEN ${top} END)`;
  return { sql, offset: 0n, stored: 'bigint', exactTerms: null };
}

function wholeDoubles(sql: string, offset: bigint, size: bigint): Grid {
  return { sql, offset, stored: 'double', exactTerms: DOUBLE_WHOLE / (size === 0n ? 1n : size) };
}

function clampedInteger(value: Printed, { low, high }: Lattice): string {
  const above = value.high > high ? `WHEN ${value.sql} > ${high} THEN ${high} ` : '';
  const below = value.low < low ? `WHEN ${value.sql} < ${low} THEN ${low} ` : '';
  return above === '' && below === '' ? value.sql : `(CASE ${above}${below}ELSE ${value.sql} END)`;
}

/**
 * Doubles between which x/step may be rounded and cast. Division and rounding are monotone, so if both ends land exactly
 * on the clamps, everything between lands between them: `exact`. Both operations are the same in JavaScript.
 */
function edgesOf({ low, high, step }: Lattice, grid: number): { low: number; high: number; exact: boolean } {
  const at = (whole: bigint): number => toNumber({ numerator: whole * step.numerator, denominator: step.denominator });
  const landing = (x: number): bigint => roundHalfEven(x / grid);
  let [bottom, top] = [at(low), at(high)];
  // The nearest double of an end misses it by a few units in the last place at most, so these loops are short.
  while (landing(top) < high) top = neighbour(top, 1n);
  while (landing(bottom) > low) bottom = neighbour(bottom, -1n);
  return { low: bottom, high: top, exact: landing(bottom) === low && landing(top) === high };
}

/** The next double up (1) or down (−1). */
function neighbour(x: number, direction: 1n | -1n): number {
  const view = new DataView(new ArrayBuffer(8));
  if (x === 0) {
    view.setBigInt64(0, 1n);
    return direction === 1n ? view.getFloat64(0) : -view.getFloat64(0);
  }
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + (x > 0 ? direction : -direction));
  return view.getFloat64(0);
}

/** Nearest integer of a finite double, ties to even. */
function roundHalfEven(x: number): bigint {
  const below = Math.floor(x);
  const left = x - below;
  const even = below % 2 === 0;
  return BigInt(left > 0.5 || (left === 0.5 && !even) ? below + 1 : below);
}
