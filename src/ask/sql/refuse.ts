/** The ways in which a text is refused before names are known. */
import type { Span } from '../../errors.ts';
import { SpannedError } from '../../errors.ts';

/** Longest accepted question, in UTF-16 code units. */
export const TEXT_LENGTH_MAX = 100_000;
/** Most tokens in one question. */
export const TOKEN_COUNT_MAX = 20_000;
/** Deepest nesting of parentheses, calls, subqueries and prefix operators. */
export const NESTING_DEPTH_MAX = 100;
/** Tallest tree: nesting plus chains of operators, joins and set operations. AND and OR do not grow with their length. */
export const TREE_HEIGHT_MAX = 200;

/** The text is not SQL as gauze reads it. */
export function syntaxError(span: Span, message: string, next: string): SpannedError {
  return new SpannedError('QUERY_SYNTAX', { start: span.start, end: span.end }, { message, next });
}

/** The text is SQL, and gauze recognises it, and does not answer it. */
export function unsupported(span: Span, message: string, next: string): SpannedError {
  return new SpannedError('QUERY_UNSUPPORTED', { start: span.start, end: span.end }, { message, next });
}

/** The text is longer or deeper than gauze reads. */
export function tooLarge(span: Span, message: string, next: string): SpannedError {
  return new SpannedError('QUERY_TOO_LARGE', { start: span.start, end: span.end }, { message, next });
}

/** A parameter is numbered or named in a way that can't be bound. */
export function badParameter(span: Span, message: string, next: string): SpannedError {
  return new SpannedError('QUERY_PARAMETER', { start: span.start, end: span.end }, { message, next });
}

/** A piece of the question, short enough for a message, in quotation marks; invisible characters become spaces. */
export function quoteText(piece: string): string {
  const text = piece.slice(0, 82).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  const points = Array.from(text);
  return points.length > 40 ? `“${points.slice(0, 40).join('')}…”` : `“${text}”`;
}
