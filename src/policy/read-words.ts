/** Free text and days. */
import { parseIsoDate } from './iso.ts';
import { isEmpty, type PolicyNode } from './node.ts';
import type { Problems } from './problems.ts';

const WORDS_MOST = 20_000;

/** Control characters but tabs and line breaks, and surrogates without their pair. */
const UNPRINTABLE = /[^\P{Cc}\t\n\r]|\p{Cs}/u;

/** Text as people read it, also text that looks like a number; null, with a problem, when there is none. */
export function readWords(node: PolicyNode, path: string, example: string, problems: Problems): string | null {
  if (node.kind === 'scalar' && !isEmpty(node) && node.text.trim() !== '') {
    if (node.text.length <= WORDS_MOST && !UNPRINTABLE.test(node.text)) return node.text;
    problems.atKey(
      node,
      path,
      `Text has at most ${WORDS_MOST} characters, and no control characters.`,
      'Shorten it; name a document instead.',
    );
    return null;
  }
  problems.atKey(node, path, 'Text is missing here.', `Write for example ${example}.`);
  return null;
}

/** A day that exists, `YYYY-MM-DD`; null, with a problem, when it is none. */
export function readDay(node: PolicyNode, path: string, example: string, problems: Problems): string | null {
  const text = node.kind === 'scalar' ? node.text : '';
  if (parseIsoDate(text) !== null) return text;
  problems.atKey(
    node,
    path,
    text === '' ? 'A day is missing here.' : `${text} is no day.`,
    `Write a day that exists as YYYY-MM-DD, for example ${example}.`,
  );
  return null;
}
