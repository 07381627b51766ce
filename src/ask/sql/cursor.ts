/** Where the parser stands: the tokens, the nesting so far, and the two rules that all others come back to. */
import type { Span } from '../../errors.ts';
import { isReserved, nearestKeyword } from './keywords.ts';
import { NESTING_DEPTH_MAX, quoteText, syntaxError, tooLarge } from './refuse.ts';
import type { Expr, Name, Parameter, Query } from './syntax.ts';
import type { Token } from './tokenize.ts';

/** Rules that call each other across files; handing them in keeps the files free of cycles. */
export interface Grammar {
  expression(cursor: Cursor): Expr;
  /** An expression whose first operand is already read and began at `start`. */
  expressionAfter(cursor: Cursor, first: Expr, start: number): Expr;
  /** An expression without comparisons and conditions outside parentheses: what BETWEEN and POSITION take. */
  operand(cursor: Cursor): Expr;
  /** A query without parentheses around it. */
  query(cursor: Cursor): Query;
  /** A query whose first operand, in parentheses that began at `start`, is already read. */
  queryAfter(cursor: Cursor, first: Query, start: number): Query;
}

/** A position in the tokens. Every method takes constant time. */
export class Cursor {
  readonly text: string;
  readonly grammar: Grammar;
  readonly parameters: Parameter[] = [];
  readonly #tokens: readonly Token[];
  #index = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[], grammar: Grammar) {
    this.text = text;
    this.#tokens = tokens;
    this.grammar = grammar;
  }

  /** The token `ahead` places on; the end token beyond the last. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)] as Token;
  }

  /** Takes the current token. */
  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#index += 1;
    return token;
  }

  /** The token taken last; the current one at the start. */
  last(): Token {
    return this.#tokens[Math.max(0, this.#index - 1)] as Token;
  }

  /** Whether the current token (or the one `ahead`) is this word (lower case) or operator. */
  at(symbol: string, ahead = 0): boolean {
    return this.peek(ahead).symbol === symbol;
  }

  /** Takes the word or operator if it is there. */
  accept(symbol: string): boolean {
    if (!this.at(symbol)) return false;
    this.take();
    return true;
  }

  /** Takes the word or operator, or fails with what was expected. */
  expect(symbol: string, expected: string): Token {
    if (!this.at(symbol)) throw this.fail(expected, symbol === ')' ? this.#unclosed() : undefined);
    return this.take();
  }

  /** The text from `start` to the end of the token taken last. */
  spanFrom(start: number): Span {
    return { start, end: Math.max(start, this.last().end) };
  }

  /** Takes a name: a quoted one, or a word for which `allowed` holds. */
  name(allowed: (word: string) => boolean, expected: string): Name {
    const token = this.peek();
    if (token.kind === 'quoted') this.take();
    else if (token.kind === 'word' && allowed(token.symbol)) this.take();
    else throw this.fail(expected);
    return nameOf(token);
  }

  /** Reads something that nests, and refuses nesting that is too deep before the stack is. */
  nested<T>(read: () => T): T {
    if (this.#depth === NESTING_DEPTH_MAX) {
      throw tooLarge(
        this.peek(),
        `The question is nested more than ${NESTING_DEPTH_MAX} levels deep.`,
        'Name the inner parts with WITH, or remove parentheses.',
      );
    }
    this.#depth += 1;
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** The error for a token that doesn't fit. */
  fail(expected: string, advice?: string): Error {
    const token = this.peek();
    return syntaxError(
      token,
      `Expected ${expected}, found ${describe(token, this.text)}.`,
      advice ?? this.#advice(token),
    );
  }

  /** Advice where a parenthesis was opened and the text goes on with another clause, or ends. */
  #unclosed(): string | undefined {
    const token = this.peek();
    if (token.kind === 'end') return 'Put the closing parenthesis at the end.';
    const isClause = token.kind === 'word' && isReserved(token.symbol) && nearestKeyword(token.symbol) === null;
    return isClause ? `Put the closing parenthesis before ${token.symbol.toUpperCase()}.` : undefined;
  }

  #advice(token: Token): string {
    for (const word of [token, this.#index > 0 ? this.last() : token]) {
      const meant = word.kind === 'word' ? nearestKeyword(word.symbol) : null;
      if (meant !== null) return `Did you mean ${meant.toUpperCase()} instead of ${quoteText(word.value)}?`;
    }
    if (token.kind === 'end') return 'The question stops too early; complete it.';
    if (token.kind === 'word' && isReserved(token.symbol)) {
      return this.#index > 0 && this.last().symbol === ','
        ? 'Remove the comma before it.'
        : `${token.symbol.toUpperCase()} is a keyword of SQL; to use it as a name, quote it: "${token.value}".`;
    }
    if (token.symbol === ')') return 'Remove this parenthesis, or open one before it.';
    return 'Correct the text at this place.';
  }
}

/** The name that a word or quoted token writes. */
export function nameOf(token: Token): Name {
  return { text: token.value, quoted: token.kind === 'quoted', span: { start: token.start, end: token.end } };
}

function describe(token: Token, text: string): string {
  return token.kind === 'end' ? 'the end of the question' : quoteText(text.slice(token.start, token.end));
}
