/** VALUES: rows of constants. */
import type { Cursor } from './cursor.ts';
import type { Expr, ValuesQuery, ValuesRow } from './syntax.ts';

/** `VALUES (…), (…)`; the cursor stands on VALUES. */
export function parseValues(cursor: Cursor): ValuesQuery {
  const start = cursor.take().start;
  const rows: ValuesRow[] = [];
  do rows.push(parseRow(cursor));
  while (cursor.accept(','));
  return { kind: 'values-query', rows, span: cursor.spanFrom(start) };
}

function parseRow(cursor: Cursor): ValuesRow {
  const { start } = cursor.expect('(', 'a row in parentheses, as in VALUES (1, 2), (3, 4)');
  const cells: Expr[] = [];
  do cells.push(cursor.grammar.expression(cursor));
  while (cursor.accept(','));
  cursor.expect(')', 'a comma or the closing parenthesis of the row');
  return { kind: 'values-row', cells, span: cursor.spanFrom(start) };
}
