/** Expressions over whole frames: subqueries and windows are worked out beside them, scalars row by row. */
import { evaluate } from '../../ask/evaluate.ts';
import { mapExpr, walkExpr } from '../../ask/fold.ts';
import type { ColumnId, Expr } from '../../ask/ir.ts';
import type { Value } from '../../ask/types.ts';
import type { Form } from '../interval/form.ts';
import { type Cursor, cursorOf } from './cursor.ts';
import { type Cells, exactCells, type Frame, noisyCells } from './frame.ts';
import { formOf, readsNoise } from './propagate.ts';
import { type Subqueries, subqueryCells } from './subquery.ts';
import { windowCells } from './window.ts';

/** What expressions of one frame are worked out in. */
export interface Within {
  readonly frame: Frame;
  readonly outer: Cursor | null;
  readonly subqueries: Subqueries;
}

/** An expression as a scalar over columns, some of them worked out beforehand. */
export interface Prepared {
  readonly expr: Expr;
  readonly cursor: Cursor;
  readonly noisy: boolean;
}

/** Replaces subqueries and windows by computed columns; what is left is scalar. */
export function prepare(expr: Expr, within: Within): Prepared {
  const extra = new Map<ColumnId, Cells>();
  let scalar = true;
  walkExpr(expr, (inner) => {
    if (inner.kind === 'exists' || inner.kind === 'in-relation' || inner.kind === 'window') scalar = false;
  });
  const rewritten = scalar
    ? expr
    : mapExpr(expr, (inner) => {
        if (inner.kind !== 'exists' && inner.kind !== 'in-relation' && inner.kind !== 'window') return inner;
        // Operands are rewritten already and may stand on computed columns themselves.
        const cursor = cursorOf(within.frame, within.outer, new Map(extra));
        const id = -1 - extra.size;
        extra.set(
          id,
          inner.kind === 'window'
            ? windowCells(inner, within.frame.length, cursor, within.frame.noisyRows, within.subqueries.work)
            : subqueryCells(inner, within.frame.length, cursor, within.subqueries),
        );
        return { kind: 'column', id, type: inner.type, nullable: inner.nullable, span: inner.span };
      });
  const cursor = cursorOf(within.frame, within.outer, extra);
  return { expr: rewritten, cursor, noisy: readsNoise(rewritten, cursor) };
}

/** Values of an expression in every row. */
export function valuesOf(expr: Expr, within: Within): { readonly values: readonly Value[]; readonly noisy: boolean } {
  const prepared = prepare(expr, within);
  const values = new Array<Value>(within.frame.length);
  for (let row = 0; row < values.length; row++) {
    prepared.cursor.row = row;
    values[row] = evaluate(prepared.expr, prepared.cursor.value);
  }
  return { values, noisy: prepared.noisy };
}

/** A computed column: values and forms. Bare columns are passed on as they are. */
export function cellsOf(expr: Expr, within: Within): Cells {
  if (expr.kind === 'column') {
    const index = within.frame.columns.findIndex((column) => column.id === expr.id);
    if (index >= 0) return within.frame.cells[index] as Cells;
  }
  const prepared = prepare(expr, within);
  const { cursor } = prepared;
  const values = new Array<Value>(within.frame.length);
  const forms: (Form | null)[] = [];
  for (let row = 0; row < values.length; row++) {
    cursor.row = row;
    values[row] = evaluate(prepared.expr, cursor.value);
    if (prepared.noisy) forms.push(formOf(prepared.expr, cursor));
  }
  return prepared.noisy ? noisyCells(values, forms) : exactCells(values);
}
