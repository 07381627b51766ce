/** Values on their grid, as DuckDB works them out, against arithmetic in big integers. */
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lattice } from '../../src/bound/bounded.ts';
import { type Rational, rational, toNumber } from '../../src/dp/rational.ts';
import { printLattice } from '../../src/engine/dialect/lattice.ts';
import type { Printed } from '../../src/engine/dialect/printed.ts';

const VALUE: Printed = {
  sql: '"v"',
  type: 'double',
  stored: 'DOUBLE',
  low: 0n,
  high: 0n,
  nan: true,
  infinite: true,
  wild: false,
};

const STEPS: readonly Rational[] = [
  rational(1n),
  rational(1n, 100n),
  rational(1n, 10n),
  rational(1n, 3n),
  rational(5n, 2n),
];

/** Values that a grid of this step finds hard: ties, their neighbours, the ends, and those no grid holds. */
function values(lattice: Lattice): fc.Arbitrary<number> {
  const step = toNumber(lattice.step);
  const span = fc.bigInt({ min: lattice.low - 3n, max: lattice.high + 3n }).map(Number);
  return fc.oneof(
    span.map((z) => z * step),
    span.map((z) => (z + 0.5) * step),
    fc.double(),
    fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0, 5e-324, 2 ** 51 * step, 2 ** 53 * step, 1.7e308, -1.7e308),
  );
}

const LATTICES: fc.Arbitrary<Lattice> = fc
  .record({
    step: fc.constantFrom(...STEPS),
    ends: fc.oneof(
      fc.tuple(fc.bigInt(-1000n, 1000n), fc.bigInt(0n, 1001n)),
      fc.tuple(fc.bigInt(-(1n << 26n), 1n << 26n), fc.bigInt(0n, 1n << 26n)),
      fc.tuple(fc.bigInt(-(1n << 50n), 1n << 50n), fc.bigInt(0n, 1n << 40n)),
    ),
  })
  .map(({ step, ends: [low, width] }) => ({ step, low, high: low + width }));

function expected(x: number, { low, high, step }: Lattice): bigint | null {
  if (Number.isNaN(x)) return null;
  const steps = x / toNumber(step);
  if (!Number.isFinite(steps)) return steps > 0 ? high : low;
  const below = BigInt(Math.floor(steps));
  const left = steps - Math.floor(steps);
  const z = left > 0.5 || (left === 0.5 && below % 2n !== 0n) ? below + 1n : below;
  return z < low ? low : z > high ? high : z;
}

describe('a value on its grid', () => {
  it('is the nearest point, ties to even, clamped to the ends; NaN is no value', async () => {
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const cases = LATTICES.chain((lattice) =>
      fc.tuple(fc.constant(lattice), fc.array(values(lattice), { minLength: 20, maxLength: 60 })),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([lattice, list]) => {
        const near: string[] = [];
        const grid = printLattice(VALUE, lattice, (sql) => `"near${near.push(sql) - 1}"`);
        const columns = near.map((sql, at) => `, ${sql} AS "near${at}"`).join('');
        const rows = list.map((x, at) => `(${at}, '${Object.is(x, -0) ? '-0.0' : String(x)}'::DOUBLE)`);
        const reader = await connection.runAndReadAll(
          `SELECT CAST(${grid.sql} AS HUGEINT) FROM (SELECT *${columns} FROM (VALUES ${rows.join(', ')}) AS t(i, v)) ORDER BY i`,
        );
        const got = reader.getRows().map(([z]) => (z === null ? null : (z as bigint) + grid.offset));
        expect(got).toEqual(list.map((x) => expected(x, lattice)));
      }),
      { numRuns: 150 },
    );
    connection.closeSync();
    instance.closeSync();
  });

  it('is at most half the grid away from the offset, so that sums of many fit a double', () => {
    const grid = printLattice(VALUE, { step: rational(1n), low: 0n, high: 1001n }, () => '"near"');
    expect(grid.offset).toBe(500n);
    expect(grid.exactTerms).toBe((1n << 53n) / 501n);
  });
});
