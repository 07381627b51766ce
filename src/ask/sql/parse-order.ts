/** ORDER BY, as it stands behind a query, in a window, and in an aggregate. */
import type { Cursor } from './cursor.ts';
import { syntaxError, unsupported } from './refuse.ts';
import type { Expr, OrderItem, QueryOrderItem } from './syntax.ts';

/** `ORDER BY …` of a query, where ALL means every output; the cursor stands on ORDER. */
export function parseQueryOrder(cursor: Cursor): readonly QueryOrderItem[] {
  if (!(cursor.at('by', 1) && cursor.at('all', 2))) return parseOrderBy(cursor);
  cursor.take();
  cursor.take();
  const { start } = cursor.take();
  const item = parseDirection(cursor, start, 'all' as const);
  if (cursor.at(',')) {
    throw syntaxError(cursor.peek(), 'ORDER BY ALL names every column already.', 'Leave out what follows ALL.');
  }
  return [item];
}

/** `ORDER BY …` of a window or an aggregate; the cursor stands on ORDER. */
export function parseOrderBy(cursor: Cursor): readonly OrderItem[] {
  cursor.take();
  cursor.expect('by', 'BY after ORDER');
  if (cursor.at('all')) {
    throw unsupported(cursor.peek(), 'ORDER BY ALL orders the rows of a whole question.', 'Name the columns here.');
  }
  const items: OrderItem[] = [];
  do items.push(parseOrderItem(cursor));
  while (cursor.accept(','));
  return items;
}

function parseOrderItem(cursor: Cursor): OrderItem {
  const start = cursor.peek().start;
  const expr = cursor.grammar.expression(cursor);
  return parseDirection(cursor, start, expr);
}

/** ASC, DESC and NULLS behind what is ordered by. */
function parseDirection<T extends Expr | 'all'>(cursor: Cursor, start: number, expr: T): OrderItem<T> {
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
