/** Where expressions read: one row of a frame, and the rows of enclosing relations around it. */
import type { Row } from '../../ask/evaluate.ts';
import type { ColumnId } from '../../ask/ir.ts';
import { invariant } from '../../errors.ts';
import type { Form } from '../interval/form.ts';
import type { Cells, Frame } from './frame.ts';

/** A movable row. */
export interface Cursor {
  row: number;
  readonly value: Row;
  form(id: ColumnId): Form | null;
  noisy(id: ColumnId): boolean;
}

/**
 * A cursor over a frame.
 *
 * @param outer - rows of the enclosing relation, for correlated subqueries
 * @param extra - computed columns of the same rows, by ids that no column has
 */
export function cursorOf(frame: Frame, outer: Cursor | null, extra?: ReadonlyMap<ColumnId, Cells>): Cursor {
  const byId = new Map<ColumnId, Cells>(extra);
  frame.columns.forEach((column, index) => {
    byId.set(column.id, frame.cells[index] as Cells);
  });
  const cursor: Cursor = {
    row: 0,
    value(id) {
      const cells = byId.get(id);
      if (cells !== undefined) return cells.value(cursor.row);
      invariant(outer !== null, 'columns of an expression are in scope');
      return outer.value(id);
    },
    form: (id) => byId.get(id)?.form(cursor.row) ?? (byId.has(id) ? null : (outer?.form(id) ?? null)),
    noisy: (id) => byId.get(id)?.noisy ?? outer?.noisy(id) ?? false,
  };
  return cursor;
}
