/** One SELECT, from its list to QUALIFY. */
import type { Cursor } from './cursor.ts';
import { nameOf } from './cursor.ts';
import { isBareAlias, isNameWord, isReserved } from './keywords.ts';
import { parseFrom } from './parse-from.ts';
import { parseGroupBy } from './parse-group.ts';
import { parseWindowClause } from './parse-window.ts';
import { syntaxError, unsupported } from './refuse.ts';
import type { Expr, Name, Select, SelectItem } from './syntax.ts';

/** A SELECT; the cursor stands on SELECT. */
export function parseSelect(cursor: Cursor): Select {
  const start = cursor.take().start;
  const distinct = parseDistinct(cursor);
  const items: SelectItem[] = [];
  do items.push(parseItem(cursor));
  while (cursor.accept(','));
  if (cursor.at('into')) {
    throw unsupported(cursor.peek(), 'SELECT INTO writes a table.', 'Leave INTO out; the answer is returned to you.');
  }
  const from = cursor.accept('from') ? parseFrom(cursor) : null;
  const where = parseCondition(cursor, 'where');
  const groupBy = cursor.at('group') ? parseGroupBy(cursor) : null;
  const having = parseCondition(cursor, 'having');
  const windows = cursor.at('window') ? parseWindowClause(cursor) : [];
  const qualify = parseCondition(cursor, 'qualify');
  if (cursor.at('using') && cursor.at('sample', 1)) {
    throw unsupported(cursor.peek(), 'Samples are not supported.', 'Leave USING SAMPLE out; gauze reads all rows.');
  }
  const span = cursor.spanFrom(start);
  return { kind: 'select', distinct, items, from, where, groupBy, having, windows, qualify, span };
}

function parseDistinct(cursor: Cursor): boolean {
  if (cursor.accept('all')) return false;
  if (cursor.at('top') && cursor.peek(1).kind === 'number') {
    throw unsupported(cursor.peek(), 'TOP is not supported.', 'Write LIMIT at the end of the question.');
  }
  if (!cursor.accept('distinct')) return false;
  if (cursor.at('on') && cursor.at('(', 1)) {
    throw unsupported(
      cursor.peek(),
      'DISTINCT ON is not supported.',
      'Number the rows per unit with row_number() OVER (PARTITION BY … ORDER BY …) and keep number 1.',
    );
  }
  return true;
}

function parseCondition(cursor: Cursor, word: string): Expr | null {
  return cursor.accept(word) ? cursor.grammar.expression(cursor) : null;
}

function parseItem(cursor: Cursor): SelectItem {
  const start = cursor.peek().start;
  const qualified = starAhead(cursor);
  if (qualified !== null) {
    const qualifier = qualified === 0 ? null : nameOf(cursor.take());
    if (qualified === 1) cursor.take();
    cursor.take();
    refuseStarClause(cursor);
    return { kind: 'star', qualifier, span: cursor.spanFrom(start) };
  }
  const expr = cursor.grammar.expression(cursor);
  const alias = parseItemAlias(cursor);
  return { kind: 'item', expr, alias, span: cursor.spanFrom(start) };
}

/** 0 for `*`, 1 for `t.*`, null otherwise. */
function starAhead(cursor: Cursor): 0 | 1 | null {
  if (cursor.at('*')) return 0;
  const token = cursor.peek();
  if (token.kind !== 'quoted' && !(token.kind === 'word' && isNameWord(token.symbol))) return null;
  if (cursor.at('.', 1) && cursor.at('.', 3) && cursor.at('*', 4)) {
    throw unsupported(
      { start: token.start, end: cursor.peek(4).end },
      'A star takes at most a table’s name.',
      'Write table.*, or name the columns.',
    );
  }
  return cursor.at('.', 1) && cursor.at('*', 2) ? 1 : null;
}

function refuseStarClause(cursor: Cursor): void {
  for (const word of ['exclude', 'replace', 'rename', 'like', 'ilike', 'not', 'similar', 'glob']) {
    if (!cursor.at(word)) continue;
    throw unsupported(
      cursor.peek(),
      `* ${word.toUpperCase()} is not supported.`,
      'Name the columns of the SELECT list one by one.',
    );
  }
}

/** `AS name` takes any word; without AS only words that are no keyword, as in DuckDB. */
function parseItemAlias(cursor: Cursor): Name | null {
  const token = cursor.peek();
  if (cursor.accept('as')) return cursor.name(() => true, 'an alias after AS (a name, in "…" where it needs quotes)');
  if (token.kind === 'quoted' || (token.kind === 'word' && isBareAlias(token.symbol))) return nameOf(cursor.take());
  const after = cursor.peek(1);
  const ends = after.kind === 'end' || after.symbol === ',' || after.symbol === ')' || isReserved(after.symbol);
  if (token.kind === 'word' && !isReserved(token.symbol) && ends) {
    throw syntaxError(
      token,
      `${token.value.toUpperCase()} is a keyword and can’t be an alias on its own.`,
      `Write AS ${token.value}.`,
    );
  }
  return null;
}
