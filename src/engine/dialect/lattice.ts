/** Values on their public grid, as integers: what is summed in bounded questions. */
import type { Lattice } from '../../bound/bounded.ts';
import { toNumber } from '../../dp/rational.ts';
import { convert } from './convert.ts';
import { doubleSql } from './literal.ts';
import type { Printed } from './printed.ts';

const INT32 = 1n << 31n;

/**
 * z − centre, NULL for NULL and NaN, ±Infinity clamped.
 *
 * Doubles are clamped before the cast, so that it cannot overflow, and again as integers, so that the bound of z rests on
 * integer comparison alone (DP-CORE.md §2). NaN sorts above Infinity in DuckDB and falls through to NULL.
 */
export function printLattice(value: Printed, lattice: Lattice, centre: bigint): string {
  const { low, high, step } = lattice;
  const type = fits32(low - centre) && fits32(high - centre) && fits32(low) && fits32(high) ? 'INTEGER' : 'BIGINT';
  const constant = (whole: bigint): string => `CAST(${whole} AS ${type})`;
  if (value.stored === 'BIGINT' && step.numerator === 1n && step.denominator === 1n) {
    return clampedInteger(value, low, high, centre, type);
  }
  const x = convert({ ...value, nan: false }, 'double');
  const grid = toNumber(step);
  const edges = edgesOf(lattice, grid);
  const scaled = grid === 1 ? x.sql : `${x.sql} / ${doubleSql(grid)}`;
  const shift = centre === 0n ? '' : ` - ${constant(centre)}`;
  const rounded = `CAST(round(${scaled}) AS ${type})`;
  const [top, bottom] = [constant(high - centre), constant(low - centre)];
  const inside = edges.exact
    ? `${rounded}${shift}`
    : `(CASE WHEN ${rounded} > ${high} THEN ${constant(high)} WHEN ${rounded} < ${low} THEN ${constant(low)} ELSE ${rounded} END)${shift}`;
  return (
    `(CASE WHEN ${x.sql} <= ${doubleSql(edges.high)} ` +
    `THEN CASE WHEN ${x.sql} >= ${doubleSql(edges.low)} THEN ${inside} ELSE ${bottom} END ` +
    `WHEN ${x.sql} <= CAST('Infinity' AS DOUBLE) THEN ${top} END)`
  );
}

function clampedInteger(value: Printed, low: bigint, high: bigint, centre: bigint, type: string): string {
  const shifted = centre === 0n ? value.sql : `(${value.sql} - ${centre})`;
  const inside = type === 'INTEGER' ? `CAST(${shifted} AS INTEGER)` : shifted;
  const above = value.high > high ? `WHEN ${value.sql} > ${high} THEN CAST(${high - centre} AS ${type}) ` : '';
  const below = value.low < low ? `WHEN ${value.sql} < ${low} THEN CAST(${low - centre} AS ${type}) ` : '';
  return above === '' && below === '' ? inside : `(CASE ${above}${below}ELSE ${inside} END)`;
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

function fits32(whole: bigint): boolean {
  return whole >= -INT32 && whole < INT32;
}
