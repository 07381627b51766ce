/** Question text → tokens, in one pass. Comments and white space leave nothing behind. */
import type { Span } from '../../errors.ts';
import { isIdentifierPart, isIdentifierStart, isSpace, refuseCharacter } from './characters.ts';
import { syntaxError, TEXT_LENGTH_MAX, TOKEN_COUNT_MAX, tooLarge, unsupported } from './refuse.ts';

/** What a token is; `end` stands once, behind the last one. */
export type TokenKind = 'word' | 'quoted' | 'number' | 'string' | 'parameter' | 'operator' | 'end';

/** One token. */
export interface Token extends Span {
  readonly kind: TokenKind;
  /** Words in lower case (ASCII only), operators as they are, empty for every other kind: what the grammar looks at. */
  readonly symbol: string;
  /** Words as typed, quoted names and strings with doubled quotes undone, numbers without `_`, parameters without `$`. */
  readonly value: string;
}

const LONG_OPERATORS: ReadonlySet<string> = new Set(
  '->> <=> !~~ ... :: := <= >= <> != == || // ** -> => ~~ !~ << >> && @> <@'.split(' '),
);
const SIGNS = '+-*/%^<>=(),.;:[]{}|&~!@#';
/** Signs that stand second in an operator of several. */
const SECOND_SIGNS = '<>=:|/*~&@.';
const NUMBER = /(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?/y;
const PARAMETER_NAME = /[A-Za-z0-9_]+/y;
const ODD = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * Splits a question into tokens; the last one is `end`. Time is linear in the text.
 *
 * @throws SpannedError QUERY_TOO_LARGE, QUERY_SYNTAX (an open string or comment, a character that is not SQL),
 * QUERY_UNSUPPORTED (`$$` strings)
 */
export function tokenize(text: string): readonly Token[] {
  if (text.length > TEXT_LENGTH_MAX) {
    throw tooLarge(
      { start: TEXT_LENGTH_MAX, end: TEXT_LENGTH_MAX },
      `The question is longer than ${TEXT_LENGTH_MAX} characters.`,
      'Shorten it; put long lists of codes into a public table of the policy and join it.',
    );
  }
  const odd = ODD.exec(text);
  if (odd !== null) throw refuseCharacter(text, odd.index);
  const tokens: Token[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (;;) {
    at = skipSpace(text, at);
    if (at >= text.length) break;
    if (tokens.length === TOKEN_COUNT_MAX) {
      throw tooLarge(
        { start: at, end: at + 1 },
        `The question has more than ${TOKEN_COUNT_MAX} words and signs.`,
        'Shorten it; put long lists of codes into a public table of the policy and join it.',
      );
    }
    const token = scan(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', symbol: '', value: '', start: text.length, end: text.length });
  return tokens;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) at += 1;
    else if (code === 0x2d && text.charCodeAt(at + 1) === 0x2d) at = endOfLine(text, at);
    else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2a) at = endOfComment(text, at);
    else return at;
  }
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at += 1;
  return at;
}

/** Comments nest, as in DuckDB. */
function endOfComment(text: string, from: number): number {
  let open = 1;
  let at = from + 2;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const after = text.charCodeAt(at + 1);
    if (code === 0x2a && after === 0x2f) {
      open -= 1;
      at += 2;
      if (open === 0) return at;
    } else if (code === 0x2f && after === 0x2a) {
      open += 1;
      at += 2;
    } else at += 1;
  }
  throw syntaxError({ start: from, end: from + 2 }, 'A comment is opened here and never closed.', 'Close it with */.');
}

function scan(text: string, start: number): Token {
  const code = text.charCodeAt(start);
  if (code === 0x27) return scanQuoted(text, start, 'string');
  if (code === 0x22) return scanQuoted(text, start, 'quoted');
  if (isDigit(code) || (code === 0x2e && isDigit(text.charCodeAt(start + 1)))) return scanNumber(text, start);
  if (code === 0x24) return scanParameter(text, start);
  if (code === 0x3f) return { kind: 'parameter', symbol: '', value: '', start, end: start + 1 };
  if (isIdentifierStart(text, start)) return scanWord(text, start);
  return scanOperator(text, start);
}

function scanWord(text: string, start: number): Token {
  let at = start;
  let ascii = true;
  for (;;) {
    const width = isIdentifierPart(text, at);
    if (width === 0) break;
    if (text.charCodeAt(at) >= 0x80) ascii = false;
    at += width;
  }
  const value = text.slice(start, at);
  // Beyond ASCII, lower case would turn foreign letters into keywords (the Kelvin sign into k).
  const symbol = ascii ? value.toLowerCase() : value;
  return { kind: 'word', symbol, value, start, end: at };
}

function scanQuoted(text: string, start: number, kind: 'string' | 'quoted'): Token {
  const quote = kind === 'string' ? "'" : '"';
  let end = text.indexOf(quote, start + 1);
  let doubled = false;
  while (end !== -1 && text[end + 1] === quote) {
    doubled = true;
    end = text.indexOf(quote, end + 2);
  }
  if (end === -1) {
    const what = kind === 'string' ? 'A string' : 'A quoted name';
    throw syntaxError(
      { start, end: start + 1 },
      `${what} is opened here and never closed.`,
      `Close it with ${quote}; inside it, write ${quote}${quote} for one ${quote}.`,
    );
  }
  const inside = text.slice(start + 1, end);
  if (kind === 'quoted' && inside === '') {
    throw syntaxError(
      { start, end: end + 1 },
      'A quoted name is empty.',
      "Name something, or write '' for empty text.",
    );
  }
  return { kind, symbol: '', value: doubled ? inside.replaceAll(quote + quote, quote) : inside, start, end: end + 1 };
}

function scanNumber(text: string, start: number): Token {
  NUMBER.lastIndex = start;
  const written = NUMBER.exec(text)?.[0] ?? '';
  const end = start + written.length;
  if (isIdentifierPart(text, end) > 0) {
    let stop = end;
    for (let width = isIdentifierPart(text, stop); width > 0; width = isIdentifierPart(text, stop)) stop += width;
    throw syntaxError(
      { start, end: stop },
      'A number runs into a word.',
      'Put a space between them; numbers are written 12, 1.5 or 1e-3, and a name that starts with a digit is quoted: "2nd".',
    );
  }
  return { kind: 'number', symbol: '', value: written.replaceAll('_', ''), start, end };
}

function scanParameter(text: string, start: number): Token {
  PARAMETER_NAME.lastIndex = start + 1;
  const name = PARAMETER_NAME.exec(text)?.[0] ?? '';
  const end = start + 1 + name.length;
  if (text.charCodeAt(end) === 0x24) {
    throw unsupported({ start, end: end + 1 }, 'Strings in dollar signs are not read.', "Write the text in '…'.");
  }
  if (name === '' || (isDigit(name.charCodeAt(0)) && !/^\d+$/.test(name))) {
    throw syntaxError({ start, end }, 'A parameter has no name.', 'Write $1, $name or ?.');
  }
  return { kind: 'parameter', symbol: '', value: name, start, end };
}

function scanOperator(text: string, start: number): Token {
  const first = text[start] ?? '';
  if (!SIGNS.includes(first)) throw refuseCharacter(text, start);
  const second = text[start + 1];
  if (second !== undefined && SECOND_SIGNS.includes(second)) {
    const three = text.slice(start, start + 3);
    if (LONG_OPERATORS.has(three)) return operator(three, start);
    const two = text.slice(start, start + 2);
    if (LONG_OPERATORS.has(two)) return operator(two, start);
  }
  return operator(first, start);
}

function operator(sign: string, start: number): Token {
  return { kind: 'operator', symbol: sign, value: sign, start, end: start + sign.length };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
