/** What every refusal owes: a code of the question's own, words, a place inside the text, and nothing of the engine. */
import { EXIT_CODES, GauzeError } from '../../src/errors.ts';
import { canaryIn, engineWordIn } from './canaries.ts';
import type { Outcome } from './outcome.ts';

/** Generous: many tests share few processors. */
const MOST_MS = 20_000;

/** What is wrong with a refusal of the text; null where nothing is. */
export function faultOf(error: unknown, text: string): string | null {
  if (!(error instanceof GauzeError)) return `no GauzeError: ${String(error instanceof Error ? error.stack : error)}`;
  if (![2, 3, 4].includes(EXIT_CODES[error.code])) return `${error.code}: ${error.message}`;
  if (error.message === '' || error.next === '') return `${error.code} without words`;
  const said = JSON.stringify(error.toJSON()) + JSON.stringify(error.fields);
  const foreign = engineWordIn(said, text) ?? canaryIn(said);
  if (foreign !== null) return `${foreign} in ${said}`;
  return error.at === null || isInside(error.at, text) ? null : `place outside the text: ${JSON.stringify(error.at)}`;
}

function isInside({ line, column, length }: NonNullable<GauzeError['at']>, text: string): boolean {
  const lines = text.split('\n');
  if (line < 1 || line > lines.length || column < 1 || length < 1) return false;
  const inLine = Array.from(lines[line - 1] ?? '').length;
  const onwards = Array.from(lines.slice(line - 1).join('\n')).length;
  return column <= inLine + 1 && (column - 1 + length <= onwards || (length === 1 && column - 1 <= onwards));
}

/** What is wrong with how a question ended, on its own: no failure inside, nothing of the engine's, nobody's values. */
export function faultIn({ code, texts, took, accepted }: Outcome, question: string): string | null {
  if (code !== null && /^(?:ENGINE|INTERNAL|LEDGER|WARRANT|CRYPTO)/.test(code)) return code;
  if (took > MOST_MS) return `${took} ms`;
  for (const text of texts) {
    const foreign = canaryIn(text) ?? (accepted ? null : engineWordIn(text, question));
    if (foreign !== null) return `${foreign} in ${text.slice(0, 400)}`;
  }
  return null;
}
