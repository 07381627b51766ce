/** What may stand in parentheses inside an expression: a query, or an expression. */
import type { Cursor } from './cursor.ts';
import { NESTING_DEPTH_MAX } from './refuse.ts';
import type { Expr, Query } from './syntax.ts';

const SET_WORDS: ReadonlySet<string> = new Set(['union', 'intersect', 'except', 'order', 'limit', 'offset', 'fetch']);

/** Whether the first word behind any further parentheses begins a query. */
export function isQueryAhead(cursor: Cursor): boolean {
  let ahead = 0;
  while (ahead <= NESTING_DEPTH_MAX && cursor.at('(', ahead)) ahead += 1;
  const word = cursor.peek(ahead).symbol;
  // FROM and TABLE begin queries that are refused as such, with their own advice.
  return (
    word === 'select' ||
    word === 'with' ||
    word === 'from' ||
    word === 'table' ||
    (word === 'values' && cursor.at('(', ahead + 1))
  );
}

/** Whether a query in parentheses goes on behind them. */
export function isQueryContinued(cursor: Cursor): boolean {
  return SET_WORDS.has(cursor.peek().symbol);
}

/**
 * Reads what stands behind an opening parenthesis, without the closing one. `((SELECT …) UNION …)` is a query,
 * `((SELECT …) + 1)` an expression: only what follows the inner parentheses tells.
 */
export function parseContents(cursor: Cursor, expected: string): Query | Expr {
  if (cursor.at(')')) throw cursor.fail(expected);
  if (!isQueryAhead(cursor)) return cursor.grammar.expression(cursor);
  if (!cursor.at('(')) return cursor.grammar.query(cursor);
  return cursor.nested(() => {
    const start = cursor.take().start;
    const inner = parseContents(cursor, expected);
    cursor.expect(')', 'a closing parenthesis');
    if (inner.kind !== 'query') return cursor.grammar.expressionAfter(cursor, inner, start);
    if (isQueryContinued(cursor)) return cursor.grammar.queryAfter(cursor, inner, start);
    if (cursor.at(')')) return inner;
    const value: Expr = { kind: 'scalar-subquery', query: inner, span: cursor.spanFrom(start) };
    return cursor.grammar.expressionAfter(cursor, value, start);
  });
}
