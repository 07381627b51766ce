/** Operands: constants, columns, calls, CASE, CAST, EXISTS, parentheses. */
import type { Cursor } from './cursor.ts';
import { nameOf } from './cursor.ts';
import { isFunctionWord, isNameWord } from './keywords.ts';
import { parseCall, parseSpecialCall } from './parse-call.ts';
import { numberLiteral, parseParameter } from './parse-constant.ts';
import { parseInterval } from './parse-interval.ts';
import { parseContents } from './parse-parentheses.ts';
import { parseTypeName } from './parse-type.ts';
import { unsupported } from './refuse.ts';
import { refusedOperator } from './refused-operators.ts';
import { refusedValue } from './refused-words.ts';
import type { Expr } from './syntax.ts';
import type { Token } from './tokenize.ts';

/** One operand, before any operator that follows it. */
export function parsePrimary(cursor: Cursor): Expr {
  const token = cursor.peek();
  switch (token.kind) {
    case 'number':
      cursor.take();
      return numberLiteral(token);
    case 'string':
      cursor.take();
      return { kind: 'string', value: token.value, span: cursor.spanFrom(token.start) };
    case 'parameter':
      return parseParameter(cursor);
    case 'quoted':
      return parseReference(cursor);
    case 'word':
      return parseWord(cursor, token);
    case 'operator':
      if (token.symbol === '(') return parseParentheses(cursor);
      throw refusedOperator(cursor) ?? cursor.fail('a value');
    case 'end':
      throw cursor.fail('a value');
  }
}

function parseParentheses(cursor: Cursor): Expr {
  const start = cursor.take().start;
  const contents = parseContents(cursor, 'a value');
  if (cursor.at(',')) {
    throw unsupported(
      cursor.peek(),
      'Rows of several values are not supported.',
      'Compare each value on its own: a = 1 AND b = 2.',
    );
  }
  cursor.expect(')', 'a closing parenthesis');
  if (contents.kind !== 'query') return contents;
  return { kind: 'scalar-subquery', query: contents, span: cursor.spanFrom(start) };
}

function parseWord(cursor: Cursor, token: Token): Expr {
  const next = cursor.peek(1);
  switch (token.symbol) {
    case 'null':
      cursor.take();
      return { kind: 'null', span: cursor.spanFrom(token.start) };
    case 'true':
    case 'false':
      cursor.take();
      return { kind: 'boolean', value: token.symbol === 'true', span: cursor.spanFrom(token.start) };
    case 'case':
      return parseCase(cursor);
  }
  const refusal = refusedValue(cursor);
  if (refusal !== null) throw refusal;
  if (token.symbol === 'interval' && (next.kind === 'string' || next.kind === 'number' || next.symbol === '(')) {
    return parseInterval(cursor);
  }
  if (next.kind === 'string') return parseTypedString(cursor, token, next);
  if (next.symbol !== '(') return parseReference(cursor);
  if (token.symbol === 'cast' || token.symbol === 'try_cast') return parseCast(cursor);
  if (token.symbol === 'exists') return parseExists(cursor);
  const special = parseSpecialCall(cursor);
  if (special !== null) return special;
  if (!isFunctionWord(token.symbol)) throw cursor.fail('a value');
  return parseCall(cursor, nameOf(cursor.take()));
}

function parseTypedString(cursor: Cursor, token: Token, text: Token): Expr {
  if (token.symbol === 'date' || token.symbol === 'timestamp') {
    cursor.take();
    cursor.take();
    return { kind: 'typed-literal', type: token.symbol, value: text.value, span: cursor.spanFrom(token.start) };
  }
  if (token.end === text.start && /^[ebxn]$/.test(token.symbol)) {
    throw unsupported(
      { start: token.start, end: text.end },
      `Strings with the prefix ${token.value} are not supported.`,
      "Write plain text in '…' (with '' for one quote); there are no escapes.",
    );
  }
  throw unsupported(
    { start: token.start, end: text.end },
    `A string after ${token.value.toUpperCase()} is not read.`,
    "Write DATE '2020-01-31', TIMESTAMP '2020-01-31 12:00:00', or CAST('…' AS type).",
  );
}

/** `c`, `t.c`, `dataset.t.c`. */
function parseReference(cursor: Cursor): Expr {
  const start = cursor.peek().start;
  const quotedCall = cursor.peek().kind === 'quoted' && cursor.at('(', 1);
  const names = [cursor.name(isNameWord, 'a value')];
  if (quotedCall && names[0] !== undefined) return parseCall(cursor, names[0]);
  while (cursor.at('.') && !cursor.at('*', 1)) {
    cursor.take();
    names.push(cursor.name(() => true, 'a column name after the point'));
    if (names.length > 3) {
      throw unsupported(
        cursor.spanFrom(start),
        'A column is named with at most a data set and a table.',
        'Write column, table.column or dataset.table.column.',
      );
    }
  }
  const name = names.pop();
  if (name === undefined) throw cursor.fail('a column');
  if (cursor.at('(')) {
    throw unsupported(
      cursor.spanFrom(start),
      'Functions of a schema or a value are not supported.',
      `Write ${name.text}(…) with all its arguments in the parentheses.`,
    );
  }
  const table = names.pop() ?? null;
  return { kind: 'column-ref', dataset: names.pop() ?? null, table, name, span: cursor.spanFrom(start) };
}

function parseCase(cursor: Cursor): Expr {
  const start = cursor.take().start;
  const operand = cursor.at('when') ? null : cursor.grammar.expression(cursor);
  const branches = [];
  while (cursor.at('when')) {
    const branch = cursor.take().start;
    const when = cursor.grammar.expression(cursor);
    cursor.expect('then', 'THEN after the condition of WHEN');
    const result = cursor.grammar.expression(cursor);
    branches.push({ when, result, span: cursor.spanFrom(branch) });
  }
  if (branches.length === 0) throw cursor.fail('WHEN in CASE');
  const otherwise = cursor.accept('else') ? cursor.grammar.expression(cursor) : null;
  cursor.expect('end', otherwise === null ? 'WHEN, ELSE or END in CASE' : 'END of CASE');
  return { kind: 'case', operand, branches, otherwise, span: cursor.spanFrom(start) };
}

function parseCast(cursor: Cursor): Expr {
  const word = cursor.take();
  cursor.take();
  const operand = cursor.grammar.expression(cursor);
  cursor.expect('as', 'AS and a type in CAST');
  const type = parseTypeName(cursor);
  cursor.expect(')', 'the closing parenthesis of CAST');
  return { kind: 'cast', operand, type, try: word.symbol === 'try_cast', span: cursor.spanFrom(word.start) };
}

function parseExists(cursor: Cursor): Expr {
  const start = cursor.take().start;
  cursor.take();
  const contents = parseContents(cursor, 'a query in EXISTS');
  if (contents.kind !== 'query') {
    throw unsupported(contents.span, 'EXISTS asks about a query.', 'Write EXISTS (SELECT … FROM … WHERE …).');
  }
  cursor.expect(')', 'the closing parenthesis of EXISTS');
  return { kind: 'exists', query: contents, negated: false, span: cursor.spanFrom(start) };
}
