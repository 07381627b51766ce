/** Intervals: `INTERVAL '1 year 2 days'`, `INTERVAL '30' DAY`, `INTERVAL 30 DAY`, `INTERVAL (n) DAY`. */
import type { Span } from '../../errors.ts';
import type { Cursor } from './cursor.ts';
import { numberLiteral } from './parse-constant.ts';
import { parseContents } from './parse-parentheses.ts';
import { syntaxError, unsupported } from './refuse.ts';
import type { Expr, IntervalPart, IntervalUnit } from './syntax.ts';
import type { Token } from './tokenize.ts';

const UNIT_NAMES = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const;
const UNITS: ReadonlyMap<string, IntervalUnit> = new Map(
  UNIT_NAMES.flatMap((unit): [string, IntervalUnit][] => [
    [unit, unit],
    [`${unit}s`, unit],
  ]),
);
const OTHER_UNITS = /^(?:microsecond|millisecond|decade|century|centurie|millennium|millennia)s?$/;
const ADVICE =
  "Write INTERVAL 30 DAY or INTERVAL '1 year 6 months', with YEAR, QUARTER, MONTH, WEEK, DAY, HOUR, MINUTE or SECOND.";
const WRITTEN_PART = /\s*([+-]?)(\d{1,18})\s*([A-Za-z]+)\s*/y;

/** An interval; the cursor stands on INTERVAL. */
export function parseInterval(cursor: Cursor): Expr {
  const start = cursor.take().start;
  const amount = cursor.peek();
  if (amount.kind === 'string') {
    cursor.take();
    const written = cursor.peek().kind === 'word' && isUnit(cursor.peek().symbol);
    const parts = written ? [quotedAmount(cursor, amount)] : writtenParts(amount);
    return { kind: 'interval', parts, span: cursor.spanFrom(start) };
  }
  const expr = parseAmount(cursor);
  const unit = takeUnit(cursor);
  const part = { amount: expr, unit, span: cursor.spanFrom(amount.start) };
  return { kind: 'interval', parts: [part], span: cursor.spanFrom(start) };
}

function parseAmount(cursor: Cursor): Expr {
  if (cursor.peek().kind === 'number') {
    const amount = numberLiteral(cursor.take());
    if (amount.form !== 'integer') throw syntaxError(amount.span, 'An interval takes a whole number.', ADVICE);
    return amount;
  }
  cursor.expect('(', 'a number, a string or parentheses after INTERVAL');
  const contents = parseContents(cursor, 'a number of units');
  cursor.expect(')', 'a closing parenthesis');
  if (contents.kind === 'query') {
    throw unsupported(contents.span, 'An interval can’t be read by a subquery.', ADVICE);
  }
  return contents;
}

function isUnit(word: string): boolean {
  return UNITS.has(word) || OTHER_UNITS.test(word);
}

function takeUnit(cursor: Cursor): IntervalUnit {
  const token = cursor.peek();
  const unit = UNITS.get(token.symbol);
  if (unit === undefined) {
    if (OTHER_UNITS.test(token.symbol)) throw otherUnit(token, token.value);
    throw cursor.fail('a unit such as DAY after the interval’s number', ADVICE);
  }
  cursor.take();
  if (cursor.at('to') && isUnit(cursor.peek(1).symbol)) {
    throw unsupported(cursor.peek(), 'Intervals from one unit TO another are not supported.', ADVICE);
  }
  return unit;
}

/** `'30' DAY`: the string holds the number alone. */
function quotedAmount(cursor: Cursor, token: Token): IntervalPart {
  const found = /^(\s*)([+-]?)(\d{1,18})\s*$/.exec(token.value);
  if (found === null) {
    throw syntaxError(token, 'The string of this interval is not a whole number.', ADVICE);
  }
  const [, space = '', sign = '', digits = ''] = found;
  const amount = signedNumber(sign, digits, token.start + 1 + space.length);
  const unit = takeUnit(cursor);
  return { amount, unit, span: cursor.spanFrom(token.start) };
}

/** `'1 year 2 days'`: numbers and units in turn. */
function writtenParts(token: Token): readonly IntervalPart[] {
  const parts: IntervalPart[] = [];
  const text = token.value;
  WRITTEN_PART.lastIndex = 0;
  for (let at = 0; at < text.length || parts.length === 0; at = WRITTEN_PART.lastIndex) {
    const found = WRITTEN_PART.exec(text);
    if (found === null) throw syntaxError(token, 'The string of this interval is not numbers with units.', ADVICE);
    const [whole, sign = '', digits = '', word = ''] = found;
    const unit = UNITS.get(word.toLowerCase());
    const start = token.start + 1 + at + whole.length - whole.trimStart().length;
    const span = { start, end: start + whole.trim().length };
    if (unit === undefined) {
      const end = start + whole.trim().length;
      throw otherUnit({ start: end - word.length, end }, word);
    }
    parts.push({ amount: signedNumber(sign, digits, start), unit, span });
  }
  return parts;
}

/** A number inside a string; `start` is the place of its sign or first digit. */
function signedNumber(sign: string, digits: string, start: number): Expr {
  const span = { start: start + sign.length, end: start + sign.length + digits.length };
  const number = { kind: 'number', form: 'integer', text: digits, span } as const;
  return sign === '-' ? { kind: 'unary', operator: '-', operand: number, span: { start, end: span.end } } : number;
}

function otherUnit(span: Span, word: string): Error {
  return OTHER_UNITS.test(word.toLowerCase())
    ? unsupported(span, `Intervals in ${word.toUpperCase()} are not supported.`, ADVICE)
    : syntaxError(span, `“${word.slice(0, 40)}” is no unit of time.`, ADVICE);
}
