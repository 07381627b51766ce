/** Orders without ties that matter. */

import { columnExpr } from '../ask/column-expr.ts';
import type { Column, Expr, SortKey } from '../ask/ir.ts';
import type { Span } from '../errors.ts';

/**
 * The order asked for, completed by every column that tells rows apart for whoever reads them: rows that still tie are
 * alike in all that is used, so that it does not matter which comes first, and nothing about one unit (nor threads, nor
 * storage) moves another's rows. Completing columns come by id, keys last, NULL last.
 *
 * @param used - columns that the reader of the ordered rows uses
 * @param partition - expressions that are equal in all rows ordered together
 */
export function completeOrder(
  order: readonly SortKey[],
  used: readonly Column[],
  partition: readonly Expr[],
  span: Span,
): readonly SortKey[] {
  const settled = new Set(
    [...order.map((key) => key.expr), ...partition].flatMap((expr) => (expr.kind === 'column' ? [expr.id] : [])),
  );
  const missing = used
    .filter((column) => !settled.has(column.id) && column.type !== 'null')
    .sort((a, b) => Number(a.type === 'key') - Number(b.type === 'key') || a.id - b.id);
  return [
    ...order,
    ...missing.map((column) => ({ expr: columnExpr(column, span), descending: false, nullsFirst: false })),
  ];
}
