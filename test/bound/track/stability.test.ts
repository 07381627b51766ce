import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printedRows, reversed, rowsByUnit, tables, trackedRows, without } from './fixtures.ts';
import { ROWS } from './questions.ts';

/** Cases per question; each removes every unit in turn. */
const RUNS = 40;
const UNITS = [1n, 2n, 3n];

describe('rows of one unit depend on that unit alone', () => {
  for (const { sql } of ROWS) {
    it(sql, () => {
      const { tracked } = trackedRows(sql);
      expect(tracked.unit).not.toBeNull();
      fc.assert(
        fc.property(tables, (all) => {
          const before = rowsByUnit(tracked, all);
          expect(before.has(null)).toBe(false);
          for (const gone of [...UNITS, null]) {
            const after = rowsByUnit(tracked, without(all, gone));
            const kept = new Map([...before].filter(([unit]) => unit !== gone));
            expect(after).toEqual(kept);
          }
        }),
        { numRuns: RUNS },
      );
    });
  }
});

describe('rows do not depend on how they are stored', () => {
  for (const { sql } of ROWS) {
    it(sql, () => {
      const { tracked } = trackedRows(sql);
      fc.assert(
        fc.property(tables, (all) => {
          expect(rowsByUnit(tracked, reversed(all))).toEqual(rowsByUnit(tracked, all));
        }),
        { numRuns: RUNS },
      );
    });
  }
});

describe('lowering keeps the meaning where every row has a unit', () => {
  for (const { sql } of ROWS.filter((rows) => rows.same)) {
    it(sql, () => {
      const { tracked, relation } = trackedRows(sql);
      const ids = relation.columns.map((column) => column.id);
      fc.assert(
        fc.property(tables, (drawn) => {
          const some = without(drawn, null);
          const visits = new Set((some.visit ?? []).map((row) => row.visit_id));
          const all = {
            ...some,
            visit: (some.visit ?? []).map((row) => ({ ...row, days: row.days === 999n ? 5n : (row.days ?? null) })),
            lab: (some.lab ?? []).filter((row) => visits.has(row.visit_id ?? null)),
          };
          expect(printedRows(tracked.relation, ids, all)).toEqual(printedRows(relation, ids, all));
        }),
        { numRuns: RUNS },
      );
    });
  }
});

describe('declared and derived uniqueness', () => {
  for (const { sql } of ROWS) {
    it(sql, () => {
      const { tracked } = trackedRows(sql);
      fc.assert(
        fc.property(tables, (all) => {
          for (const key of tracked.keys) {
            const rows = printedRows(tracked.relation, key, all);
            expect(new Set(rows).size).toBe(rows.length);
          }
          const unit = tracked.unit as number;
          for (const id of tracked.perUnit) {
            if (!tracked.relation.columns.some((column) => column.id === id)) continue;
            const pairs = new Set(printedRows(tracked.relation, [unit, id], all));
            expect(pairs.size).toBe(new Set(printedRows(tracked.relation, [unit], all)).size);
          }
          for (const id of tracked.determinesUnit) {
            if (!tracked.relation.columns.some((column) => column.id === id)) continue;
            const pairs = new Set(printedRows(tracked.relation, [id, unit], all));
            expect(pairs.size).toBe(new Set(printedRows(tracked.relation, [id], all)).size);
          }
        }),
        { numRuns: RUNS },
      );
    });
  }
});
