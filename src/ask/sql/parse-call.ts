/** Function calls, and the calls that SQL writes with words inside. */
import type { Cursor } from './cursor.ts';
import { nameOf } from './cursor.ts';
import { parseOrderBy } from './parse-order.ts';
import { parseOver } from './parse-window.ts';
import { syntaxError, unsupported } from './refuse.ts';
import type { Expr, FunctionCall, Name, OrderItem } from './syntax.ts';

const NULLS_ADVICE = 'Filter with FILTER (WHERE x IS NOT NULL), or take NULL rows out in WHERE.';

/** A call whose name is already read; the cursor stands on the opening parenthesis. */
export function parseCall(cursor: Cursor, name: Name): Expr {
  cursor.take();
  const start = name.span.start;
  if (cursor.accept('*')) {
    refuseStarClauses(cursor);
    cursor.expect(')', 'the closing parenthesis after *');
    return parseCallEnd(cursor, { ...plainCall(name, []), star: true }, start);
  }
  const distinct = cursor.accept('distinct');
  if (!distinct) cursor.accept('all');
  const args = cursor.at(')') && !distinct ? [] : parseArguments(cursor);
  refuseNulls(cursor);
  const orderBy = cursor.at('order') ? parseOrderBy(cursor) : [];
  if (cursor.at('limit')) {
    throw unsupported(
      cursor.peek(),
      'LIMIT inside an aggregate is not supported.',
      'Take the rows in a subquery first.',
    );
  }
  refuseNulls(cursor);
  cursor.expect(')', 'a comma or the closing parenthesis of the call');
  return parseCallEnd(cursor, { ...plainCall(name, args), distinct, orderBy }, start);
}

/** EXTRACT, SUBSTRING, TRIM and POSITION with their words; null where the call is written as any other. */
export function parseSpecialCall(cursor: Cursor): Expr | null {
  switch (cursor.peek().symbol) {
    case 'extract':
      return parseExtract(cursor);
    case 'substring':
      return parseSubstring(cursor);
    case 'trim':
      return parseTrim(cursor);
    case 'position':
      return parsePosition(cursor);
    default:
      return null;
  }
}

function plainCall(name: Name, args: readonly Expr[]): FunctionCall {
  const none: readonly OrderItem[] = [];
  const span = name.span;
  return { kind: 'call', name, args, star: false, distinct: false, orderBy: none, filter: null, over: null, span };
}

function parseArguments(cursor: Cursor): readonly Expr[] {
  const args: Expr[] = [];
  do {
    if (cursor.at('*') || (cursor.at('.', 1) && cursor.at('*', 2))) {
      throw unsupported(
        cursor.peek(),
        'A star among arguments is not supported.',
        'Write COUNT(*), or name the column.',
      );
    }
    if (args.length > 0 && cursor.at(')')) throw cursor.fail('an argument', 'Remove the comma before it.');
    args.push(cursor.grammar.expression(cursor));
  } while (cursor.accept(','));
  return args;
}

/** FILTER and OVER. */
function parseCallEnd(cursor: Cursor, call: FunctionCall, start: number): Expr {
  const within = cursor.at('within') && cursor.at('group', 1) ? parseWithinGroup(cursor, call) : null;
  refuseNulls(cursor);
  const filter = cursor.at('filter') ? parseFilter(cursor) : null;
  refuseNulls(cursor);
  const over = cursor.accept('over') ? parseOver(cursor) : null;
  if (cursor.at('(')) throw cursor.fail('an operator or the end of the expression');
  const args = within === null ? call.args : [within, ...call.args];
  return { ...call, args, filter, over, span: cursor.spanFrom(start) };
}

const WITHIN_GROUP: ReadonlySet<string> = new Set([
  'percentile_cont',
  'percentile_disc',
  'quantile_cont',
  'quantile_disc',
  'mode',
]);

/** `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)` is `percentile_cont(x, 0.5)`: gives the x. */
function parseWithinGroup(cursor: Cursor, call: FunctionCall): Expr {
  const shown = call.name.text.toLowerCase();
  if (!WITHIN_GROUP.has(shown) || call.args.length > 1) {
    throw unsupported(
      cursor.peek(),
      `${shown} takes no WITHIN GROUP here.`,
      'Inside a group that holds the unit, write percentile_cont(0.5) WITHIN GROUP (ORDER BY x); over all persons, count the rows below given bounds: COUNT(*) FILTER (WHERE x <= 7.0).',
    );
  }
  cursor.take();
  cursor.take();
  cursor.expect('(', 'the opening parenthesis of WITHIN GROUP');
  if (!cursor.at('order')) throw cursor.fail('ORDER BY in WITHIN GROUP');
  const [item, second] = parseOrderBy(cursor);
  if (second !== undefined || item?.descending === true) {
    throw unsupported(
      (second ?? item)!.span,
      'WITHIN GROUP takes one expression here, ascending.',
      'Order by x alone; from above, the quantile at p is the one at 1 - p.',
    );
  }
  cursor.expect(')', 'the closing parenthesis of WITHIN GROUP');
  return item!.expr;
}

function parseFilter(cursor: Cursor): Expr {
  cursor.take();
  cursor.expect('(', 'FILTER (WHERE …)');
  // DuckDB reads FILTER (x > 1) as well.
  cursor.accept('where');
  const filter = cursor.grammar.expression(cursor);
  cursor.expect(')', 'the closing parenthesis of FILTER');
  return filter;
}

function refuseNulls(cursor: Cursor): void {
  if ((cursor.at('ignore') || cursor.at('respect')) && cursor.at('nulls', 1)) {
    const start = cursor.peek().start;
    const word = cursor.take().value.toUpperCase();
    cursor.take();
    throw unsupported(cursor.spanFrom(start), `${word} NULLS is not supported.`, NULLS_ADVICE);
  }
}

function refuseStarClauses(cursor: Cursor): void {
  if (cursor.at(')')) return;
  const word = cursor.peek().symbol;
  if (word === 'exclude' || word === 'replace' || word === 'rename') {
    throw unsupported(
      cursor.peek(),
      `* ${word.toUpperCase()} is not supported.`,
      'Write COUNT(*), or name the column.',
    );
  }
}

function parseExtract(cursor: Cursor): Expr {
  const start = cursor.take().start;
  cursor.take();
  const part = cursor.peek();
  if (part.kind !== 'word' && part.kind !== 'string') throw cursor.fail('a part such as YEAR in EXTRACT');
  cursor.take();
  cursor.expect('from', 'FROM after the part in EXTRACT');
  const operand = cursor.grammar.expression(cursor);
  cursor.expect(')', 'the closing parenthesis of EXTRACT');
  const partSpan = { start: part.start, end: part.end };
  return { kind: 'extract', part: part.value.toLowerCase(), partSpan, operand, span: cursor.spanFrom(start) };
}

/** SUBSTRING(x FROM a FOR b); `FOR b` alone starts at 1. */
function parseSubstring(cursor: Cursor): Expr {
  const name = nameOf(cursor.take());
  cursor.take();
  const args = [...parseArguments(cursor)];
  if (args.length === 1 && (cursor.at('from') || cursor.at('for'))) {
    const at = cursor.peek().start;
    const one: Expr = { kind: 'number', form: 'integer', text: '1', span: { start: at, end: at } };
    args.push(cursor.accept('from') ? cursor.grammar.expression(cursor) : one);
    if (cursor.accept('for')) args.push(cursor.grammar.expression(cursor));
  }
  cursor.expect(')', 'FROM, FOR, a comma or the closing parenthesis of SUBSTRING');
  return { ...plainCall(name, args), span: cursor.spanFrom(name.span.start) };
}

/** TRIM([BOTH|LEADING|TRAILING] [characters] FROM x) as trim, ltrim or rtrim. */
function parseTrim(cursor: Cursor): Expr {
  const name = nameOf(cursor.take());
  cursor.take();
  const side = cursor.peek().symbol;
  const sided = side === 'both' || side === 'leading' || side === 'trailing';
  if (sided) cursor.take();
  const args = cursor.at('from') ? [] : [...parseArguments(cursor)];
  if (cursor.accept('from')) {
    if (args.length > 1) throw syntaxError(cursor.last(), 'TRIM takes one set of characters.', 'Write TRIM(c FROM x).');
    args.unshift(cursor.grammar.expression(cursor));
  }
  cursor.expect(')', 'FROM or the closing parenthesis of TRIM');
  const text = side === 'leading' ? 'ltrim' : side === 'trailing' ? 'rtrim' : name.text;
  return { ...plainCall({ ...name, text }, args), span: cursor.spanFrom(name.span.start) };
}

/** POSITION(a IN b) as strpos(b, a). */
function parsePosition(cursor: Cursor): Expr {
  const name = nameOf(cursor.take());
  cursor.take();
  const needle = cursor.grammar.operand(cursor);
  cursor.expect('in', 'IN between the two texts of POSITION');
  const haystack = cursor.grammar.operand(cursor);
  cursor.expect(')', 'the closing parenthesis of POSITION');
  const call = plainCall({ ...name, text: 'strpos' }, [haystack, needle]);
  return { ...call, span: cursor.spanFrom(name.span.start) };
}
