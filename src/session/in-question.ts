/** Which of several questions an error is about. */
import { GauzeError, locate } from '../errors.ts';

/** A question among several. */
export interface Which {
  readonly name: string;
  /** Its place, from 0; null where its name is enough. */
  readonly index: number | null;
  readonly text: string;
}

/** The error with the question's name and number in its message, located in its text; errors of others stay as they are. */
export function inQuestion(error: unknown, { name, index, text }: Which): unknown {
  const known = locate(error, text);
  if (!(known instanceof GauzeError)) return known;
  const { code, message, next, at, fields } = known;
  const number = index === null || name === String(index + 1) ? '' : ` (number ${index + 1})`;
  const where = at === null ? '' : `, line ${at.line}, column ${at.column}`;
  return new GauzeError(code, {
    message: `Question ${name}${number}${where}: ${message}`,
    next,
    at,
    fields: { ...fields, question: name },
  });
}
