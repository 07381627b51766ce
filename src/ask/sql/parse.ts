/** Question text → syntax tree. */
import { Cursor, type Grammar } from './cursor.ts';
import { parseExpression, parseExpressionAfter, parseOperand } from './parse-expression.ts';
import { parseQuery, parseQueryAfter } from './parse-query.ts';
import { syntaxError, unsupported } from './refuse.ts';
import type { Statement } from './syntax.ts';
import { tokenize } from './tokenize.ts';
import { checkHeight } from './tree-height.ts';

const GRAMMAR: Grammar = {
  expression: parseExpression,
  expressionAfter: parseExpressionAfter,
  operand: parseOperand,
  query: parseQuery,
  queryAfter: parseQueryAfter,
};
const CLAUSES: ReadonlySet<string> = new Set(
  'from where group having window qualify order limit offset union intersect except'.split(' '),
);
const CLAUSE_ORDER =
  'Clauses stand in this order: SELECT, FROM, WHERE, GROUP BY, HAVING, WINDOW, QUALIFY, ORDER BY, LIMIT, OFFSET; ' +
  'put a query with its own ORDER BY or LIMIT in parentheses before UNION.';

/**
 * Reads one question. Knows no tables and no functions; time and stack are bounded whatever the text.
 *
 * @param text - the question, any string
 * @returns the syntax tree, each node with its offsets in `text` (UTF-16 code units)
 * @throws SpannedError QUERY_SYNTAX, QUERY_UNSUPPORTED (SQL that gauze does not answer), QUERY_TOO_LARGE,
 * QUERY_PARAMETER (parameters of two kinds, or numbered outside 1 to 10 000)
 */
export function parse(text: string): Statement {
  const cursor = new Cursor(text, tokenize(text), GRAMMAR);
  const first = cursor.peek();
  if (first.kind === 'end') throw syntaxError(first, 'The question is empty.', 'Write SELECT … FROM ….');
  const query = parseQuery(cursor);
  const end = cursor.last().end;
  const closed = cursor.accept(';');
  const rest = cursor.peek();
  if (rest.kind !== 'end') {
    if (closed) throw unsupported(rest, 'A second statement follows.', 'Ask one question at a time.');
    throw cursor.fail('the end of the question', CLAUSES.has(rest.symbol) ? CLAUSE_ORDER : undefined);
  }
  const statement: Statement = {
    kind: 'statement',
    query,
    parameters: cursor.parameters,
    text,
    span: { start: first.start, end },
  };
  checkHeight(statement);
  return statement;
}
