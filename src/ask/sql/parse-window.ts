/** Windows: OVER, PARTITION BY, ORDER BY, ROWS, and the WINDOW clause. */
import type { Cursor } from './cursor.ts';
import { isNameWord } from './keywords.ts';
import { numberLiteral, parseParameter } from './parse-constant.ts';
import { parseOrderBy } from './parse-order.ts';
import { syntaxError, unsupported } from './refuse.ts';
import type { Expr, FrameBound, FrameSpec, NamedWindow, WindowName, WindowSpec } from './syntax.ts';

/** What stands behind OVER: a name, or a window in parentheses. */
export function parseOver(cursor: Cursor): WindowName | WindowSpec {
  if (cursor.at('(')) return parseWindowSpec(cursor);
  const name = cursor.name(isNameWord, 'a window in parentheses, or its name, after OVER');
  return { kind: 'window-name', name, span: name.span };
}

/** `WINDOW w AS (…), …`; the cursor stands on WINDOW. */
export function parseWindowClause(cursor: Cursor): readonly NamedWindow[] {
  cursor.take();
  const windows: NamedWindow[] = [];
  do {
    const name = cursor.name(isNameWord, 'a name for the window');
    cursor.expect('as', 'AS after the window’s name');
    if (!cursor.at('(')) throw cursor.fail('the window in parentheses');
    const window = parseWindowSpec(cursor);
    windows.push({ kind: 'named-window', name, window, span: cursor.spanFrom(name.span.start) });
  } while (cursor.accept(','));
  return windows;
}

function parseWindowSpec(cursor: Cursor): WindowSpec {
  const start = cursor.take().start;
  const partition: Expr[] = [];
  if (cursor.at('partition')) {
    cursor.take();
    cursor.expect('by', 'BY after PARTITION');
    do partition.push(cursor.grammar.expression(cursor));
    while (cursor.accept(','));
  } else if (
    cursor.peek().kind === 'quoted' ||
    (cursor.peek().kind === 'word' && !isWindowWord(cursor.peek().symbol))
  ) {
    throw unsupported(
      cursor.peek(),
      'A window can’t be built on another one.',
      'Write PARTITION BY and ORDER BY out in each window, or use OVER name as it is.',
    );
  }
  const order = cursor.at('order') ? parseOrderBy(cursor) : [];
  const frame = cursor.at('rows') || cursor.at('range') || cursor.at('groups') ? parseFrame(cursor) : null;
  cursor.expect(')', 'PARTITION BY, ORDER BY, ROWS or the closing parenthesis of the window');
  return { kind: 'window-spec', partition, order, frame, span: cursor.spanFrom(start) };
}

function isWindowWord(word: string): boolean {
  return word === 'order' || word === 'rows' || word === 'range' || word === 'groups';
}

/** ROWS as written; RANGE only where it says what the default or all rows say. */
function parseFrame(cursor: Cursor): FrameSpec | null {
  const word = cursor.take();
  let start: FrameBound;
  let end: FrameBound;
  if (cursor.accept('between')) {
    start = parseBound(cursor);
    cursor.expect('and', 'AND between the two ends of the frame');
    end = parseBound(cursor);
  } else {
    start = parseBound(cursor);
    end = { kind: 'current-row', span: start.span };
  }
  const span = cursor.spanFrom(word.start);
  if (start.kind === 'unbounded-following' || end.kind === 'unbounded-preceding') {
    throw syntaxError(
      span,
      'The frame ends before it starts.',
      'Write ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW.',
    );
  }
  if (cursor.at('exclude')) {
    throw unsupported(cursor.peek(), 'EXCLUDE in a frame is not supported.', 'Leave it out.');
  }
  if (word.symbol === 'rows') return { kind: 'frame', start, end, span };
  if (start.kind === 'unbounded-preceding') {
    if (end.kind === 'unbounded-following') return { kind: 'frame', start, end, span };
    if (end.kind === 'current-row' && word.symbol === 'range') return null;
  }
  throw unsupported(
    { start: word.start, end: word.end },
    `Frames in ${word.value.toUpperCase()} are not supported.`,
    'Write ROWS BETWEEN … AND …; for days, filter on the dates of lag() or lead().',
  );
}

function parseBound(cursor: Cursor): FrameBound {
  const start = cursor.peek().start;
  if (cursor.at('unbounded')) {
    cursor.take();
    const kind = cursor.accept('preceding') ? 'unbounded-preceding' : 'unbounded-following';
    if (kind === 'unbounded-following') cursor.expect('following', 'PRECEDING or FOLLOWING after UNBOUNDED');
    return { kind, span: cursor.spanFrom(start) };
  }
  if (cursor.at('current')) {
    cursor.take();
    cursor.expect('row', 'ROW after CURRENT');
    return { kind: 'current-row', span: cursor.spanFrom(start) };
  }
  const token = cursor.peek();
  const whole = token.kind === 'number' && /^\d+$/.test(token.value);
  if (!whole && token.kind !== 'parameter') {
    throw cursor.fail('UNBOUNDED, CURRENT ROW or a number of rows', 'Write ROWS BETWEEN 1 PRECEDING AND CURRENT ROW.');
  }
  const rows = whole ? numberLiteral(cursor.take()) : parseParameter(cursor);
  const kind = cursor.accept('preceding') ? 'preceding' : 'following';
  if (kind === 'following') cursor.expect('following', 'PRECEDING or FOLLOWING after the number of rows');
  return { kind, rows, span: cursor.spanFrom(start) };
}
