/** Values on their public grid, as integers: what is summed in bounded questions. */
import type { Lattice } from '../../bound/bounded.ts';
import { toNumber } from '../../dp/rational.ts';
import { convert } from './convert.ts';
import { doubleSql } from './literal.ts';
import type { Printed } from './printed.ts';

/** A value on its grid: SQL of z (not centred), and how z is stored. */
export interface Grid {
  readonly sql: string;
  /** `double`: whole numbers in doubles. Engines add up doubles and 16-bit integers in half the time of wider integers. */
  readonly stored: 'double' | 'smallint' | 'bigint';
  /** Terms up to which a sum of z is exact in the engine's own arithmetic, whatever their order; null: always. */
  readonly exactTerms: bigint | null;
}

/** Whole numbers below this size are added as doubles. */
const DOUBLE_REACH = 1n << 26n;
const DOUBLE_WHOLE = 1n << 53n;
const INT16 = 1n << 15n;

/**
 * z = least(high, greatest(low, round-half-away(x / step))): NULL for NULL and NaN, ±Infinity clamped.
 *
 * Values are clamped before they are rounded, so that a cast cannot overflow, and where rounding could step over an end
 * again as whole numbers, so that the bound of z rests on exact comparison. NaN sorts above Infinity in
 * DuckDB and falls through to NULL.
 */
export function printLattice(value: Printed, lattice: Lattice): Grid {
  const { low, high, step } = lattice;
  const size = -low > high ? -low : high;
  if (value.stored === 'BIGINT' && step.numerator === 1n && step.denominator === 1n) {
    const sql = clampedInteger(value, lattice);
    if (size < INT16) return { sql: `CAST(${sql} AS SMALLINT)`, stored: 'smallint', exactTerms: null };
    return size < DOUBLE_REACH
      ? wholeDoubles(`CAST(${sql} AS DOUBLE)`, size)
      : { sql, stored: 'bigint', exactTerms: null };
  }
  const x = convert({ ...value, nan: false }, 'double');
  const grid = toNumber(step);
  const edges = edgesOf(lattice, grid);
  const rounded = `round(${grid === 1 ? x.sql : `${x.sql} / ${doubleSql(grid)}`})`;
  const doubles = size < DOUBLE_REACH;
  const whole = (z: bigint): string => (doubles ? doubleSql(Number(z)) : `CAST(${z} AS BIGINT)`);
  const z = doubles ? rounded : `CAST(${rounded} AS BIGINT)`;
  const inside = edges.exact
    ? z
    : `(CASE WHEN ${z} > ${whole(high)} THEN ${whole(high)} WHEN ${z} < ${whole(low)} THEN ${whole(low)} ELSE ${z} END)`;
  const sql =
    `(CASE WHEN ${x.sql} <= ${doubleSql(edges.high)} ` +
    `THEN CASE WHEN ${x.sql} >= ${doubleSql(edges.low)} THEN ${inside} ELSE ${whole(low)} END ` +
    `WHEN ${x.sql} <= CAST('Infinity' AS DOUBLE) THEN ${whole(high)} END)`;
  return doubles ? wholeDoubles(sql, size) : { sql, stored: 'bigint', exactTerms: null };
}

function wholeDoubles(sql: string, size: bigint): Grid {
  return { sql, stored: 'double', exactTerms: DOUBLE_WHOLE / (size === 0n ? 1n : size) };
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
  const landing = (x: number): bigint => roundHalfAway(x / grid);
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

/** Nearest integer of a finite double, half away from zero. */
function roundHalfAway(x: number): bigint {
  const size = Math.abs(x);
  const whole = Math.floor(size);
  const nearest = BigInt(size - whole >= 0.5 ? whole + 1 : whole);
  return x < 0 ? -nearest : nearest;
}
