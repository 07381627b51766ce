/**
 * Expressions: precedence climbing with DuckDB's table. From loosest: OR, AND, NOT, IS, comparison,
 * BETWEEN/IN/LIKE, `||`, `+ -`, `* / // %`, `^`, unary minus, `::`.
 */
import type { Span } from '../../errors.ts';
import type { Cursor } from './cursor.ts';
import { parseContents } from './parse-parentheses.ts';
import { parsePrimary } from './parse-primary.ts';
import { parseTypeName } from './parse-type.ts';
import { syntaxError, unsupported } from './refuse.ts';
import { refusedOperator } from './refused-operators.ts';
import type { BinaryOperator, Expr } from './syntax.ts';

const OR = 1;
const AND = 2;
const NOT = 3;
const IS = 4;
const COMPARISON = 5;
const MATCH = 6;
const CONCAT = 7;
const MINUS = 11;
const CAST = 12;

interface Infix {
  readonly level: number;
  /** Set for plain operators of two operands. */
  readonly operator?: BinaryOperator;
}

const INFIX: ReadonlyMap<string, Infix> = new Map<string, Infix>([
  ['or', { level: OR }],
  ['and', { level: AND }],
  ['is', { level: IS }],
  ['isnull', { level: IS }],
  ['notnull', { level: IS }],
  ['=', { level: COMPARISON, operator: '=' }],
  ['==', { level: COMPARISON, operator: '=' }],
  ['<>', { level: COMPARISON, operator: '<>' }],
  ['!=', { level: COMPARISON, operator: '<>' }],
  ['<', { level: COMPARISON, operator: '<' }],
  ['<=', { level: COMPARISON, operator: '<=' }],
  ['>', { level: COMPARISON, operator: '>' }],
  ['>=', { level: COMPARISON, operator: '>=' }],
  ['in', { level: MATCH }],
  ['between', { level: MATCH }],
  ['like', { level: MATCH }],
  ['ilike', { level: MATCH }],
  ['not', { level: MATCH }],
  ['||', { level: CONCAT, operator: '||' }],
  ['+', { level: 8, operator: '+' }],
  ['-', { level: 8, operator: '-' }],
  ['*', { level: 9, operator: '*' }],
  ['/', { level: 9, operator: '/' }],
  ['//', { level: 9, operator: '//' }],
  ['%', { level: 9, operator: '%' }],
  ['^', { level: 10, operator: '^' }],
  ['**', { level: 10, operator: '^' }],
  ['::', { level: CAST }],
]);

/** A whole expression; counts as one level of nesting. */
export function parseExpression(cursor: Cursor): Expr {
  return cursor.nested(() => parseAbove(cursor, OR));
}

/** An expression of `||` and tighter operators. */
export function parseOperand(cursor: Cursor): Expr {
  return cursor.nested(() => parseAbove(cursor, CONCAT));
}

/** The rest of an expression whose first operand is already read. */
export function parseExpressionAfter(cursor: Cursor, first: Expr, start: number): Expr {
  return climb(cursor, first, start, OR);
}

/** An expression of operators that bind at least as tightly as `level`. */
function parseAbove(cursor: Cursor, level: number): Expr {
  const start = cursor.peek().start;
  return climb(cursor, parsePrefix(cursor), start, level);
}

function parsePrefix(cursor: Cursor): Expr {
  const start = cursor.peek().start;
  if (cursor.at('not')) {
    cursor.take();
    const operand = cursor.nested(() => parseAbove(cursor, NOT));
    if (operand.kind === 'exists' && !operand.negated) {
      return { ...operand, negated: true, span: cursor.spanFrom(start) };
    }
    return { kind: 'unary', operator: 'not', operand, span: cursor.spanFrom(start) };
  }
  if (cursor.at('-') || cursor.at('+')) {
    const operator = cursor.take().symbol === '-' ? '-' : '+';
    const operand = cursor.nested(() => parseAbove(cursor, MINUS));
    return { kind: 'unary', operator, operand, span: cursor.spanFrom(start) };
  }
  return parsePrimary(cursor);
}

function climb(cursor: Cursor, first: Expr, start: number, level: number): Expr {
  let left = first;
  // Level of a comparison just read: SQL gives `a = b = c` no meaning.
  let closed = 0;
  for (;;) {
    const token = cursor.peek();
    const infix = token.symbol === '' ? undefined : INFIX.get(token.symbol);
    if (infix === undefined) {
      const refusal = refusedOperator(cursor);
      if (refusal !== null) throw refusal;
      return left;
    }
    if (infix.level < level) return left;
    if (infix.level === closed) throw chained(cursor.peek(), infix.level);
    const open = infix.level >= IS && infix.level <= MATCH;
    closed = open && !(infix.level === IS && !isDistinctAhead(cursor)) ? infix.level : 0;
    left = parseInfix(cursor, left, start, infix);
  }
}

function isDistinctAhead(cursor: Cursor): boolean {
  return cursor.at('is') && (cursor.at('distinct', 1) || (cursor.at('not', 1) && cursor.at('distinct', 2)));
}

function chained(span: Span, level: number): Error {
  return syntaxError(
    span,
    level === COMPARISON ? 'Comparisons can’t be chained.' : 'This test can’t follow another one.',
    level === COMPARISON ? 'Write a < b AND b < c.' : 'Put the first test in parentheses.',
  );
}

function parseInfix(cursor: Cursor, left: Expr, start: number, infix: Infix): Expr {
  if (infix.operator !== undefined) return parseBinary(cursor, left, start, infix.level, infix.operator);
  switch (infix.level) {
    case OR:
    case AND:
      return parseLogical(cursor, left, start, infix.level);
    case IS:
      return parseIs(cursor, left, start);
    case CAST:
      cursor.take();
      return { kind: 'cast', operand: left, type: parseTypeName(cursor), try: false, span: cursor.spanFrom(start) };
    default:
      return parseMatch(cursor, left, start);
  }
}

function parseBinary(cursor: Cursor, left: Expr, start: number, level: number, operator: BinaryOperator): Expr {
  const sign = cursor.take();
  if (cursor.at('(', 1) && (cursor.at('any') || cursor.at('some') || cursor.at('all'))) {
    const word = cursor.peek();
    throw unsupported(
      word,
      `Comparisons with ${word.value.toUpperCase()} (…) are not supported.`,
      'Write x IN (SELECT …), or compare with an aggregate of a subquery per unit that is joined on the unit.',
    );
  }
  const right = parseAbove(cursor, level + 1);
  const operatorSpan = { start: sign.start, end: sign.end };
  return { kind: 'binary', operator, left, right, operatorSpan, span: cursor.spanFrom(start) };
}

/** AND and OR take all their operands at once, so that a long list of conditions stays a flat tree. */
function parseLogical(cursor: Cursor, left: Expr, start: number, level: number): Expr {
  const operator = level === OR ? 'or' : 'and';
  const operands = [left];
  while (cursor.accept(operator)) operands.push(parseAbove(cursor, level + 1));
  return { kind: 'logical', operator, operands, span: cursor.spanFrom(start) };
}

function parseIs(cursor: Cursor, left: Expr, start: number): Expr {
  const word = cursor.take();
  if (word.symbol !== 'is') {
    const negated = word.symbol === 'notnull';
    return { kind: 'is-test', operand: left, test: 'null', negated, span: cursor.spanFrom(start) };
  }
  const negated = cursor.accept('not');
  if (cursor.accept('distinct')) {
    cursor.expect('from', 'FROM after IS DISTINCT');
    const operatorSpan = cursor.spanFrom(word.start);
    const right = parseAbove(cursor, IS + 1);
    const operator = negated ? 'is not distinct from' : 'is distinct from';
    return { kind: 'binary', operator, left, right, operatorSpan, span: cursor.spanFrom(start) };
  }
  const test = cursor.peek().symbol;
  if (test === 'unknown' || test === 'null' || test === 'true' || test === 'false') {
    cursor.take();
    const named = test === 'unknown' ? 'null' : test;
    return { kind: 'is-test', operand: left, test: named, negated, span: cursor.spanFrom(start) };
  }
  throw cursor.fail('NULL, TRUE, FALSE or DISTINCT FROM after IS', 'To compare values, write = instead of IS.');
}

function parseMatch(cursor: Cursor, left: Expr, start: number): Expr {
  const negated = cursor.accept('not');
  if (cursor.accept('in')) return parseIn(cursor, left, start, negated);
  if (cursor.accept('between')) return parseBetween(cursor, left, start, negated);
  if (cursor.at('like') || cursor.at('ilike')) {
    const caseInsensitive = cursor.take().symbol === 'ilike';
    const pattern = parseAbove(cursor, CONCAT);
    const escaped = cursor.accept('escape') ? parseAbove(cursor, CONCAT) : null;
    return {
      kind: 'like',
      operand: left,
      pattern,
      escape: escaped,
      caseInsensitive,
      negated,
      span: cursor.spanFrom(start),
    };
  }
  const refusal = refusedOperator(cursor);
  throw refusal ?? cursor.fail('IN, BETWEEN, LIKE or ILIKE after NOT');
}

function parseBetween(cursor: Cursor, left: Expr, start: number, negated: boolean): Expr {
  if (cursor.at('symmetric')) {
    const word = cursor.peek();
    throw unsupported(word, 'BETWEEN SYMMETRIC is not supported.', 'Write BETWEEN with the smaller bound first.');
  }
  const low = parseAbove(cursor, CONCAT);
  cursor.expect('and', 'AND between the two bounds of BETWEEN');
  const high = parseAbove(cursor, CONCAT);
  return { kind: 'between', operand: left, low, high, negated, span: cursor.spanFrom(start) };
}

function parseIn(cursor: Cursor, left: Expr, start: number, negated: boolean): Expr {
  cursor.expect('(', 'a list or a query in parentheses after IN');
  const contents = parseContents(cursor, 'a value or a query');
  if (contents.kind === 'query') {
    cursor.expect(')', 'the closing parenthesis of IN');
    return { kind: 'in-query', operand: left, query: contents, negated, span: cursor.spanFrom(start) };
  }
  const list: Expr[] = [contents];
  while (cursor.accept(',')) list.push(parseExpression(cursor));
  cursor.expect(')', 'a comma or the closing parenthesis of IN');
  return { kind: 'in-list', operand: left, list, negated, span: cursor.spanFrom(start) };
}
