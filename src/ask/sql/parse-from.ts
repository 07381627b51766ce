/** FROM: tables, derived tables, joins. */
import type { Cursor } from './cursor.ts';
import { isFunctionWord, isNameWord } from './keywords.ts';
import { isQueryAhead, isQueryContinued } from './parse-parentheses.ts';
import { unsupported } from './refuse.ts';
import { refusedFromWord } from './refused-words.ts';
import type { JoinCondition, JoinExpr, Name, Query, TableAlias, TableExpr } from './syntax.ts';

/** What stands behind FROM; the comma is a cross join of what stands on its sides. */
export function parseFrom(cursor: Cursor): TableExpr {
  const start = cursor.peek().start;
  let left = parseJoins(cursor);
  while (cursor.accept(',')) {
    const right = parseJoins(cursor);
    left = { kind: 'join-expr', type: 'cross', left, right, condition: null, span: cursor.spanFrom(start) };
  }
  return left;
}

/** Names in parentheses, at least one. */
export function parseNames(cursor: Cursor, expected: string): readonly Name[] {
  cursor.expect('(', expected);
  const names: Name[] = [];
  do names.push(cursor.name(isNameWord, expected));
  while (cursor.accept(','));
  cursor.expect(')', 'a comma or the closing parenthesis of the names');
  return names;
}

function parseJoins(cursor: Cursor): TableExpr {
  const start = cursor.peek().start;
  return joinsAfter(cursor, parseTable(cursor), start);
}

function joinsAfter(cursor: Cursor, first: TableExpr, start: number): TableExpr {
  let left = first;
  for (;;) {
    const refusal = refusedFromWord(cursor);
    if (refusal !== null) throw refusal;
    const join = parseJoinWords(cursor);
    if (join === null) return left;
    const right = parseTable(cursor);
    const condition = join.natural ?? (join.type === 'cross' ? null : parseCondition(cursor));
    left = { kind: 'join-expr', type: join.type, left, right, condition, span: cursor.spanFrom(start) };
  }
}

interface JoinWords {
  readonly type: JoinExpr['type'];
  readonly natural: JoinCondition | null;
}

/** `[NATURAL] [INNER|CROSS|LEFT|RIGHT|FULL [OUTER]] JOIN`, or null where no join follows. */
function parseJoinWords(cursor: Cursor): JoinWords | null {
  const natural = cursor.at('natural') ? cursor.take() : null;
  const condition: JoinCondition | null =
    natural === null ? null : { kind: 'natural', span: cursor.spanFrom(natural.start) };
  if (natural !== null) {
    const refusal = refusedFromWord(cursor);
    if (refusal !== null) throw refusal;
  }
  for (const type of ['inner', 'cross', 'left', 'right', 'full'] as const) {
    if (!cursor.at(type)) continue;
    if (type === 'cross' && natural !== null) throw cursor.fail('a join after NATURAL');
    cursor.take();
    if (type !== 'inner' && type !== 'cross') cursor.accept('outer');
    const refusal = refusedFromWord(cursor);
    if (refusal !== null) throw refusal;
    cursor.expect('join', `JOIN after ${type.toUpperCase()}`);
    return { type, natural: condition };
  }
  if (cursor.accept('join')) return { type: 'inner', natural: condition };
  if (natural !== null) throw cursor.fail('JOIN after NATURAL');
  return null;
}

function parseCondition(cursor: Cursor): JoinCondition {
  const start = cursor.peek().start;
  if (cursor.accept('on')) {
    return { kind: 'on', expr: cursor.grammar.expression(cursor), span: cursor.spanFrom(start) };
  }
  if (cursor.at('using') && cursor.at('sample', 1)) throw refusedFromWord(cursor);
  if (cursor.accept('using')) {
    return {
      kind: 'using',
      columns: parseNames(cursor, 'columns in parentheses after USING'),
      span: cursor.spanFrom(start),
    };
  }
  throw cursor.fail('ON or USING after the joined table', 'Write JOIN t USING (person_id), or JOIN t ON a.x = t.x.');
}

function parseTable(cursor: Cursor): TableExpr {
  const refusal = refusedFromWord(cursor);
  if (refusal !== null) throw refusal;
  if (cursor.at('(')) return parseTableParentheses(cursor);
  const token = cursor.peek();
  if (token.kind === 'string') {
    throw unsupported(
      token,
      'Files can’t be read by a question.',
      'Name a table of the policy; its data holder adds files there with `file:`.',
    );
  }
  const isCall = cursor.at('(', 1);
  let name = cursor.name(isCall ? isFunctionWord : isNameWord, 'a table');
  let dataset: Name | null = null;
  while (cursor.accept('.')) {
    if (dataset !== null) {
      cursor.name(() => true, 'a table name after the point');
      throw unsupported(
        cursor.spanFrom(token.start),
        'A table is named with at most its data set.',
        'Write table or dataset.table.',
      );
    }
    dataset = name;
    name = cursor.name(() => true, 'a table name after the point');
  }
  if (cursor.at('(')) {
    throw unsupported(
      cursor.spanFrom(token.start),
      'Functions that make tables are not supported.',
      'Name a table of the policy, or a query in parentheses.',
    );
  }
  const alias = parseAlias(cursor);
  return { kind: 'table-name', dataset, name, alias, span: cursor.spanFrom(token.start) };
}

function parseTableParentheses(cursor: Cursor): TableExpr {
  const start = cursor.take().start;
  const contents = parseTableContents(cursor);
  cursor.expect(')', 'a closing parenthesis');
  if (contents.kind === 'query') return derivedTable(cursor, contents, start);
  const token = cursor.peek();
  if (cursor.at('as') || token.kind === 'quoted' || (token.kind === 'word' && isNameWord(token.symbol))) {
    throw unsupported(
      token,
      'A join in parentheses takes no alias.',
      'Give each table its alias, or write (SELECT … ) AS name.',
    );
  }
  return contents;
}

/** Behind an opening parenthesis: a query, or joined tables; what follows inner parentheses tells. */
function parseTableContents(cursor: Cursor): Query | TableExpr {
  return cursor.nested(() => {
    if (!isQueryAhead(cursor)) return parseJoins(cursor);
    if (!cursor.at('(')) return cursor.grammar.query(cursor);
    const start = cursor.take().start;
    const inner = parseTableContents(cursor);
    cursor.expect(')', 'a closing parenthesis');
    if (inner.kind !== 'query') return joinsAfter(cursor, inner, start);
    if (isQueryContinued(cursor)) return cursor.grammar.queryAfter(cursor, inner, start);
    if (cursor.at(')')) return inner;
    return joinsAfter(cursor, derivedTable(cursor, inner, start), start);
  });
}

function derivedTable(cursor: Cursor, query: Query, start: number): TableExpr {
  const alias = parseAlias(cursor);
  return { kind: 'derived-table', query, alias, span: cursor.spanFrom(start) };
}

/** `[AS] name [(columns)]`, or null. */
function parseAlias(cursor: Cursor): TableAlias | null {
  const start = cursor.peek().start;
  const token = cursor.peek();
  const bare = token.kind === 'quoted' || (token.kind === 'word' && isNameWord(token.symbol));
  if (!cursor.accept('as') && !bare) return null;
  const name = cursor.name(isNameWord, 'an alias after AS');
  const columns = cursor.at('(') ? parseNames(cursor, 'column names in parentheses after the alias') : null;
  return { name, columns, span: cursor.spanFrom(start) };
}
