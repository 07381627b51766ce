/** References to columns, for whoever adds nodes to a tree. */
import type { Span } from '../errors.ts';
import type { Column, ColumnExpr } from './ir.ts';

/** Reference to a column. */
export function columnExpr(column: Column, span: Span): ColumnExpr {
  return { kind: 'column', id: column.id, type: column.type, nullable: column.nullable, span };
}
