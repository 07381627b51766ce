/** ORDER BY, as it stands behind a query, in a window, and in an aggregate. */
import type { Cursor } from './cursor.ts';
import { unsupported } from './refuse.ts';
import type { OrderItem } from './syntax.ts';

/** `ORDER BY …`; the cursor stands on ORDER. */
export function parseOrderBy(cursor: Cursor): readonly OrderItem[] {
  cursor.take();
  cursor.expect('by', 'BY after ORDER');
  if (cursor.at('all')) {
    throw unsupported(cursor.peek(), 'ORDER BY ALL is not supported.', 'List the columns: ORDER BY 1, 2.');
  }
  const items: OrderItem[] = [];
  do items.push(parseOrderItem(cursor));
  while (cursor.accept(','));
  return items;
}

function parseOrderItem(cursor: Cursor): OrderItem {
  const start = cursor.peek().start;
  const expr = cursor.grammar.expression(cursor);
  if (cursor.at('using')) {
    throw unsupported(cursor.peek(), 'ORDER BY … USING is not supported.', 'Write ASC or DESC.');
  }
  const descending = cursor.accept('desc');
  if (!descending) cursor.accept('asc');
  const nulls = cursor.at('nulls') ? parseNulls(cursor) : null;
  return { kind: 'order-item', expr, descending, nulls, span: cursor.spanFrom(start) };
}

function parseNulls(cursor: Cursor): 'first' | 'last' {
  cursor.take();
  if (cursor.accept('first')) return 'first';
  cursor.expect('last', 'FIRST or LAST after NULLS');
  return 'last';
}
