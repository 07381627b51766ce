/** Queries: WITH, set operations, ORDER BY, LIMIT, OFFSET. */
import type { Cursor } from './cursor.ts';
import { isNameWord } from './keywords.ts';
import { parseNames } from './parse-from.ts';
import { parseQueryOrder } from './parse-order.ts';
import { parseSelect } from './parse-select.ts';
import { parseValues } from './parse-values.ts';
import { unsupported } from './refuse.ts';
import { refusedStatement } from './refused-statements.ts';
import type { CommonTable, Expr, Query, QueryBody, SetQuery } from './syntax.ts';

const UNION = 1;
const INTERSECT = 2;

/** A query; counts as one level of nesting. */
export function parseQuery(cursor: Cursor): Query {
  return cursor.nested(() => {
    const start = cursor.peek().start;
    const common = cursor.at('with') ? parseWith(cursor) : [];
    return finishQuery(cursor, common, parseQueryOperand(cursor), start);
  });
}

/** A query whose first operand, in parentheses, is already read. */
export function parseQueryAfter(cursor: Cursor, first: Query, start: number): Query {
  return finishQuery(cursor, [], unwrap(first), start);
}

function finishQuery(cursor: Cursor, common: readonly CommonTable[], first: QueryBody, start: number): Query {
  const body = climbSets(cursor, first, start, UNION);
  const orderBy = cursor.at('order') ? parseQueryOrder(cursor) : [];
  let limit: Expr | null = null;
  let offset: Expr | null = null;
  // DuckDB takes LIMIT and OFFSET in either order, each once.
  const seen = new Set<string>();
  while ((cursor.at('limit') || cursor.at('offset')) && !seen.has(cursor.peek().symbol)) {
    const word = cursor.take().symbol;
    seen.add(word);
    if (word === 'limit') limit = parseLimit(cursor);
    else offset = parseOffset(cursor);
  }
  if (cursor.at('fetch')) {
    throw unsupported(cursor.peek(), 'FETCH FIRST is not supported.', 'Write LIMIT n.');
  }
  if (body.kind === 'query' && common.length === 0 && orderBy.length === 0 && seen.size === 0) return body;
  return { kind: 'query', with: common, body, orderBy, limit, offset, span: cursor.spanFrom(start) };
}

function parseWith(cursor: Cursor): readonly CommonTable[] {
  cursor.take();
  if (cursor.at('recursive')) {
    throw unsupported(
      cursor.peek(),
      'Recursive queries are not supported.',
      'Write WITH without RECURSIVE; step through time with lag() and lead() per unit.',
    );
  }
  const common: CommonTable[] = [];
  do common.push(parseCommonTable(cursor));
  while (cursor.accept(','));
  return common;
}

function parseCommonTable(cursor: Cursor): CommonTable {
  const name = cursor.name(isNameWord, 'a name after WITH');
  const columns = cursor.at('(') ? parseNames(cursor, 'column names in parentheses') : null;
  if (cursor.at('using')) {
    throw unsupported(cursor.peek(), 'USING KEY is not supported.', 'Write WITH name AS (SELECT …).');
  }
  cursor.expect('as', 'AS and a query in parentheses');
  if (cursor.at('not')) {
    cursor.take();
    cursor.expect('materialized', 'MATERIALIZED after NOT');
  } else cursor.accept('materialized');
  cursor.expect('(', 'the query in parentheses');
  const query = parseQuery(cursor);
  cursor.expect(')', 'the closing parenthesis of the query');
  return { kind: 'common-table', name, columns, query, span: cursor.spanFrom(name.span.start) };
}

function climbSets(cursor: Cursor, first: QueryBody, start: number, level: number): QueryBody {
  let left = first;
  for (;;) {
    const operation = setOperation(cursor);
    if (operation === null) return left;
    const own = operation === 'intersect' ? INTERSECT : UNION;
    if (own < level) return left;
    cursor.take();
    const all = cursor.accept('all');
    if (!all) cursor.accept('distinct');
    if (cursor.at('by') && cursor.at('name', 1)) {
      throw unsupported(
        cursor.peek(),
        'UNION BY NAME is not supported.',
        'List the columns of both sides in the same order.',
      );
    }
    const rightStart = cursor.peek().start;
    const right = climbSets(cursor, parseQueryOperand(cursor), rightStart, own + 1);
    left = { kind: 'set-query', operation, all, left, right, span: cursor.spanFrom(start) };
  }
}

function setOperation(cursor: Cursor): SetQuery['operation'] | null {
  const word = cursor.peek().symbol;
  return word === 'union' || word === 'intersect' || word === 'except' ? word : null;
}

function parseQueryOperand(cursor: Cursor): QueryBody {
  if (cursor.at('select')) return parseSelect(cursor);
  if (cursor.at('values')) return parseValues(cursor);
  if (cursor.accept('(')) {
    const query = parseQuery(cursor);
    cursor.expect(')', 'a closing parenthesis');
    return unwrap(query);
  }
  throw refusedStatement(cursor) ?? cursor.fail('SELECT');
}

/** A query in parentheses without clauses of its own is its body. */
function unwrap(query: Query): QueryBody {
  const bare = query.with.length === 0 && query.orderBy.length === 0 && query.limit === null && query.offset === null;
  return bare ? query.body : query;
}

function parseLimit(cursor: Cursor): Expr | null {
  if (cursor.accept('all')) return null;
  if (cursor.at('%', 1) || cursor.at('percent', 1)) {
    throw unsupported(cursor.peek(1), 'LIMIT in per cent is not supported.', 'Write LIMIT with a number of rows.');
  }
  const limit = cursor.grammar.expression(cursor);
  if (cursor.at(',')) throw unsupported(cursor.peek(), 'LIMIT takes one number.', 'Write LIMIT n OFFSET m.');
  return limit;
}

function parseOffset(cursor: Cursor): Expr {
  const offset = cursor.grammar.expression(cursor);
  if (!cursor.accept('rows')) cursor.accept('row');
  return offset;
}
