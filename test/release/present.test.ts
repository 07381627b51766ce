/** Rows of one shape take a short way to their intervals: it must lead to the same ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cells, type Frame, takenCells } from '../../src/release/answer/frame.ts';
import { lawOf } from '../../src/release/interval/law.ts';
import { intervalsOf } from '../../src/release/present.ts';
import { gaussian, laplace } from './support.ts';

function column(values: readonly number[], coefficient: number, laws: readonly ReturnType<typeof lawOf>[]): Cells {
  const terms = (row: number) => laws.map((law, at) => ({ law, coefficient, base: at * 1000 + row }));
  const center = (row: number): number => (values[row] as number) * coefficient;
  return {
    noisy: true,
    value: (row) => (coefficient === 1 ? BigInt(values[row] as number) : center(row)),
    form: (row) => ({ kind: 'linear', center: center(row), terms: terms(row), nonNegative: true }),
    alike: { terms: terms(0), nonNegative: true, center },
  };
}

function present(cells: Cells, length: number, type: 'integer' | 'double', clip: boolean) {
  const frame: Frame = {
    columns: [{ id: 1, name: 'n', type, nullable: false }],
    cells: [cells],
    length,
    noisyRows: false,
  };
  return intervalsOf(frame, { alpha: 0.05, joint: true, clip });
}

describe('rows of one shape', () => {
  it('have the intervals that row by row would give', () => {
    const value = fc.oneof(fc.integer({ min: -50, max: 1000 }), fc.maxSafeInteger());
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(1, 0.01, 3),
        fc.boolean(),
        fc.boolean(),
        (values, coefficient, two, clip) => {
          const laws = two ? [lawOf(laplace(3)), lawOf(gaussian(7))] : [lawOf(laplace(40))];
          const type = coefficient === 1 ? 'integer' : 'double';
          const cells = column(values, coefficient, laws);
          const { alike: _, ...slow } = cells;
          expect(present(cells, values.length, type, clip)).toEqual(present(slow, values.length, type, clip));
          const rows = Int32Array.from(values, (_, row) => values.length - 1 - row);
          const taken = takenCells(cells, rows);
          expect(taken.alike).toBeDefined();
          expect(present(taken, rows.length, type, clip)).toEqual(
            present(takenCells(slow, rows), rows.length, type, clip),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lose their common shape where a row of NULL is among them', () => {
    const cells = column([1, 2], 1, [lawOf(laplace(2))]);
    expect(takenCells(cells, Int32Array.of(0, -1)).alike).toBeUndefined();
  });
});
