/** GROUP BY: keys, ALL, ROLLUP, CUBE, GROUPING SETS. */
import type { Cursor } from './cursor.ts';
import { parseContents } from './parse-parentheses.ts';
import { unsupported } from './refuse.ts';
import type { Expr, GroupBy, GroupElement, GroupKeys } from './syntax.ts';

/** `GROUP BY …`; the cursor stands on GROUP. */
export function parseGroupBy(cursor: Cursor): GroupBy {
  const start = cursor.take().start;
  cursor.expect('by', 'BY after GROUP');
  if (cursor.accept('all')) return { kind: 'group-all', span: cursor.spanFrom(start) };
  if (cursor.at('distinct')) {
    throw unsupported(cursor.peek(), 'GROUP BY DISTINCT is not supported.', 'Leave DISTINCT out.');
  }
  const elements: GroupElement[] = [];
  const from = cursor.peek().start;
  do elements.push(parseElement(cursor));
  while (cursor.accept(','));
  if (cursor.at('with') && (cursor.at('rollup', 1) || cursor.at('cube', 1))) throw withFamily(cursor, from);
  return { kind: 'group-list', elements, span: cursor.spanFrom(start) };
}

/** MySQL's WITH ROLLUP behind keys that began at `from`; the cursor stands on WITH. */
function withFamily(cursor: Cursor, from: number): Error {
  const keys = cursor.text.slice(from, cursor.last().end);
  const start = cursor.take().start;
  const family = cursor.take().value.toUpperCase();
  return unsupported(
    cursor.spanFrom(start),
    `WITH ${family} is not supported; the keys stand in parentheses behind ${family}.`,
    `Write GROUP BY ${family} (${keys}).`,
  );
}

function parseElement(cursor: Cursor): GroupElement {
  if (cursor.at('rollup') && cursor.at('(', 1)) return parseFamily(cursor, 'rollup');
  if (cursor.at('cube') && cursor.at('(', 1)) return parseFamily(cursor, 'cube');
  if (cursor.at('grouping') && cursor.at('sets', 1)) return parseSets(cursor);
  return parseKeys(cursor);
}

function parseFamily(cursor: Cursor, kind: 'rollup' | 'cube'): GroupElement {
  const start = cursor.take().start;
  cursor.take();
  const members: GroupKeys[] = [];
  do members.push(parseKeys(cursor));
  while (cursor.accept(','));
  cursor.expect(')', `a comma or the closing parenthesis of ${kind.toUpperCase()}`);
  return { kind, members, span: cursor.spanFrom(start) };
}

function parseSets(cursor: Cursor): GroupElement {
  const start = cursor.take().start;
  cursor.take();
  cursor.expect('(', 'grouping sets in parentheses');
  const sets: GroupElement[] = [];
  do sets.push(cursor.nested(() => parseElement(cursor)));
  while (cursor.accept(','));
  cursor.expect(')', 'a comma or the closing parenthesis of GROUPING SETS');
  return { kind: 'grouping-sets', sets, span: cursor.spanFrom(start) };
}

/** `()`, `(a, b)` or one expression, which may itself begin with a parenthesis. */
function parseKeys(cursor: Cursor): GroupKeys {
  const start = cursor.peek().start;
  if (!cursor.at('(')) return oneKey(cursor, cursor.grammar.expression(cursor), start);
  cursor.take();
  if (cursor.accept(')')) return { kind: 'group-keys', keys: [], span: cursor.spanFrom(start) };
  const contents = parseContents(cursor, 'a key');
  if (contents.kind === 'query') {
    cursor.expect(')', 'a closing parenthesis');
    const value: Expr = { kind: 'scalar-subquery', query: contents, span: cursor.spanFrom(start) };
    return oneKey(cursor, cursor.grammar.expressionAfter(cursor, value, start), start);
  }
  const keys = [contents];
  while (cursor.accept(',')) keys.push(cursor.grammar.expression(cursor));
  cursor.expect(')', 'a comma or a closing parenthesis');
  if (keys.length > 1) return { kind: 'group-keys', keys, span: cursor.spanFrom(start) };
  return oneKey(cursor, cursor.grammar.expressionAfter(cursor, contents, start), start);
}

function oneKey(cursor: Cursor, key: Expr, start: number): GroupKeys {
  return { kind: 'group-keys', keys: [key], span: cursor.spanFrom(start) };
}
