/** What commands write: lines to stdout, errors to stderr with a caret under what is refused and the next step. */
import { GauzeError, locate, type Position } from '../errors.ts';
import { paint, type Style } from './paint.ts';
import { displayWidth, steadied } from './width.ts';
import { proseWidth, wrapped } from './wrap.ts';

/** Formats that every command with a format knows. */
export const WORD_FORMATS = ['table', 'json'] as const;
/** Formats of commands that print a list. */
export const FORMATS = ['table', 'json', 'csv', 'arrow'] as const;
export type Format = (typeof FORMATS)[number];

/** The line of a question that an error points at, with a caret below; a long line is cut around the place. */
function caret(text: string, at: Position, most: number): string[] {
  const line = [...steadied(text.split('\n')[at.line - 1] ?? '')];
  const start = line.length <= most ? 0 : Math.max(0, Math.min(at.column - 41, line.length - most));
  const shown = line.slice(start, start + most);
  if (start > 0) shown[0] = '…';
  if (start + most < line.length) shown[most - 1] = '…';
  const before = at.column - 1 - start;
  const marked = shown.slice(before, before + at.length).join('');
  const margin = ' '.repeat(displayWidth(shown.slice(0, before).join('')));
  return [`  ${shown.join('')}`, `  ${margin}${'^'.repeat(Math.max(1, displayWidth(marked)))}`];
}

/** An error in words, for stderr; `text` is the question that its place points into. */
export function errorLines(
  error: GauzeError,
  text: string | null,
  width: number = proseWidth(process.stderr),
): string[] {
  // A place in a file stands in the message.
  const where = error.at === null || text === null ? '' : ` (line ${error.at.line}, column ${error.at.column})`;
  const shown = error.at === null || text === null ? [] : caret(text, error.at, width - 4);
  const first = (lines: readonly string[], word: string, style: Style): string[] =>
    lines.map((line, index) => (index === 0 ? line.replace(word, paint(style, word, process.stderr)) : line));
  return [
    ...first(wrapped(`${error.code}${where}: ${error.message}`, width, 2), error.code, 'red'),
    ...shown,
    ...first(wrapped(`Next: ${error.next}`, width, 2), 'Next:', 'bold'),
  ];
}

/** One CSV field, quoted where RFC 4180 wants it. */
export function csvField(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** What a thrown thing becomes at the edge: never an engine's text. */
export function asGauzeError(error: unknown): GauzeError {
  if (error instanceof GauzeError) return error;
  return new GauzeError('INTERNAL_INVARIANT', {
    message: 'Something went wrong inside gauze.',
    next: 'Report the command and the version; no data is in this message.',
  });
}

/** Prints a refusal in the asked format; exit code. */
export function fail(thrown: unknown, text: string | null, format: Format): number {
  const known = asGauzeError(text === null ? thrown : locate(thrown, text));
  // The place of a policy's fault stands in its message; here it would point into the question.
  const isElsewhere = text !== null && known.code === 'POLICY_INVALID';
  const error = isElsewhere ? new GauzeError(known.code, { message: known.message, next: known.next }) : known;
  if (format === 'json') print([JSON.stringify({ accepted: false, error: error.toJSON() })]);
  else process.stderr.write(`${errorLines(error, text).join('\n')}\n`);
  return error.exitCode;
}

/** Lines to stdout. */
export function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
