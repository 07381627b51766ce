/**
 * 10⁵ texts from fixed seeds: random characters, shuffled tokens, damaged questions. Whatever the text, parsing ends
 * with a tree whose places lie inside the text, or with a SpannedError whose place does.
 */
import { expect, it } from 'vitest';
import { parse } from '../../../src/ask/sql/parse.ts';
import { positionOf, SpannedError } from '../../../src/errors.ts';
import { generateQuestion, seeded } from '../../attack/grammar.ts';
import { Draw } from '../../attack/random.ts';
import { CORPUS } from './corpus.ts';

const CODES: ReadonlySet<string> = new Set(['QUERY_SYNTAX', 'QUERY_UNSUPPORTED', 'QUERY_TOO_LARGE', 'QUERY_PARAMETER']);
const ODD = [
  '\u0000',
  '\ud800',
  '\udc00',
  '\ufeff',
  '\u200b',
  '\u202e',
  '\u00a0',
  '😀',
  'é',
  'ſ',
  '\u212a',
  '\u2028',
  '\r',
  '\n',
  '\t',
  '\\',
  '`',
  '“',
];
const PIECES = (
  'select from where group by having order limit offset union all intersect except with as recursive ( ) ( ) , . ; * + - / // % ^ || = <> < > ' +
  "<= >= :: -> [ ] { } : ? $1 $a 'x' '' \"q\" 1 .5 1e5 a b t case when then else end cast in between and or not like ilike escape is null true " +
  'false distinct exists over partition rows preceding unbounded current row window qualify filter join left full outer cross natural using on ' +
  'rollup cube grouping sets interval day date extract year substring trim for position values table lateral pivot -- /* */ \' " int double'
).split(' ');

/** Whether the text was read. Anything but a SpannedError with a place inside the text fails the test. */
function survive(text: string): boolean {
  try {
    const { span } = parse(text);
    if (!(span.start >= 0 && span.start < span.end && span.end <= text.length))
      throw new Error('place outside the text');
    return true;
  } catch (error) {
    if (!(error instanceof SpannedError)) throw new Error(`${JSON.stringify(text)}: ${String(error)}`);
    const { span, parts } = error;
    const inside = span !== null && span.start >= 0 && span.start <= span.end && span.end <= text.length;
    if (!inside || !CODES.has(error.code) || parts.message === '' || parts.next === '') {
      throw new Error(`${JSON.stringify(text)}: ${error.code} ${JSON.stringify(span)}`);
    }
    const { line, column } = positionOf(text, span);
    if (line < 1 || column < 1) throw new Error(`${JSON.stringify(text)}: line ${line}, column ${column}`);
    return false;
  }
}

it('random characters', () => {
  const draw = new Draw(seeded(101));
  let read = 0;
  for (let i = 0; i < 35_000; i++) {
    const length = draw.int(0, 40);
    let text = draw.chance(0.5) ? 'select ' : '';
    for (let j = 0; j < length; j++)
      text += draw.chance(0.05) ? draw.pick(ODD) : String.fromCharCode(draw.int(32, 126));
    if (survive(text)) read += 1;
  }
  expect(read).toBeLessThan(35_000);
});

it('random tokens', () => {
  const draw = new Draw(seeded(102));
  let read = 0;
  for (let i = 0; i < 35_000; i++) {
    let text = draw.chance(0.7) ? 'select ' : '';
    for (let j = draw.int(0, 14); j > 0; j--) text += `${draw.pick(PIECES)}${draw.chance(0.9) ? ' ' : ''}`;
    if (survive(text)) read += 1;
  }
  expect(read).toBeGreaterThan(300);
});

it('damaged questions', () => {
  const random = seeded(103);
  const draw = new Draw(random);
  let read = 0;
  for (let i = 0; i < 30_000; i++) {
    const question = draw.chance(0.5) ? draw.pick(CORPUS) : generateQuestion(random);
    if (survive(damage(draw, question))) read += 1;
  }
  expect(read).toBeGreaterThan(300);
});

function damage(draw: Draw, question: string): string {
  let text = question;
  for (let times = draw.int(1, 3); times > 0; times--) {
    const at = draw.int(0, text.length);
    const to = Math.min(text.length, at + draw.int(1, 12));
    text = draw.weighted<string>([
      [2, () => text.slice(0, at) + text.slice(to)],
      [2, () => `${text.slice(0, at)} ${draw.pick(PIECES)} ${text.slice(at)}`],
      [1, () => text.slice(0, at) + draw.pick(ODD) + text.slice(at)],
      [1, () => text.slice(0, at) + text.slice(at, to) + text.slice(at)],
      [1, () => text.slice(0, at)],
      [1, () => text.slice(at)],
    ]);
  }
  return text;
}
