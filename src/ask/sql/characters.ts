/** Which characters are space, which make names, and how the others are refused. */
import type { SpannedError } from '../../errors.ts';
import { syntaxError } from './refuse.ts';

const START = /\p{ID_Start}/u;
const PART = /\p{ID_Continue}/u;

/** White space: ASCII's, and the spaces that word processors leave behind, which DuckDB reads as spaces too. */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 9 && code <= 13);
  return code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || code === 0x202f || code === 0x205f || code === 0x3000;
}

/** Whether a name may start at `at`. */
export function isIdentifierStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
  return START.test(pointAt(text, at));
}

/** How many code units at `at` continue a name: 0, 1 or 2. */
export function isIdentifierPart(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 0x80) {
    const letter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
    return letter || code === 0x5f || (code >= 0x30 && code <= 0x39) || code === 0x24 ? 1 : 0;
  }
  if (at >= text.length) return 0;
  const point = pointAt(text, at);
  return PART.test(point) ? point.length : 0;
}

const ADVICE: Readonly<Record<string, string>> = {
  '‘': "Write straight quotes: '…'.",
  '’': "Write straight quotes: '…'.",
  '‚': "Write straight quotes: '…'.",
  '“': 'Write straight quotes: \'…\' around text, "…" around names.',
  '”': 'Write straight quotes: \'…\' around text, "…" around names.',
  '„': 'Write straight quotes: \'…\' around text, "…" around names.',
  '`': 'Quote names with double quotes: "name".',
  '≤': 'Write <=.',
  '≥': 'Write >=.',
  '≠': 'Write <>.',
  '–': 'Write the ASCII minus: -.',
  '—': 'Write the ASCII minus: -.',
  '−': 'Write the ASCII minus: -.',
  '×': 'Write *.',
  '÷': 'Write /.',
  '，': 'Write the ASCII comma.',
  '；': 'Write the ASCII semicolon.',
  '（': 'Write ASCII parentheses.',
  '）': 'Write ASCII parentheses.',
  '\\': "Strings have no escapes: write '' for a quote inside a string.",
  '\u0000': 'Remove it.',
};

/** The error for a character that stands for nothing in SQL. */
export function refuseCharacter(text: string, at: number): SpannedError {
  const point = pointAt(text, at);
  const code = point.codePointAt(0) ?? 0;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const visible = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(point);
  return syntaxError(
    { start: at, end: at + point.length },
    visible ? `The character “${point}” (${number}) is not SQL.` : `The invisible character ${number} is not SQL.`,
    ADVICE[point] ??
      (/^\p{Cs}$/u.test(point) ? 'Remove it.' : 'Remove it, or put it inside a string or a quoted name.'),
  );
}

function pointAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}
