/** Size, depth and time: no text is too much, some are refused. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/ask/sql/parse.ts';
import { SpannedError } from '../../../src/errors.ts';
import { CORPUS } from './corpus.ts';

function codeOf(text: string): string {
  try {
    parse(text);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof SpannedError)) throw error;
    expect(error.span !== null && error.span.start <= error.span.end && error.span.end <= text.length).toBe(true);
    return error.code;
  }
}

const repeated = (count: number, before: string, middle: string, after: string): string =>
  before.repeat(count) + middle + after.repeat(count);

describe('too large', () => {
  it.each<[string, string]>([
    ['characters', `select '${'x'.repeat(100_000)}'`],
    ['tokens', `select ${'a,'.repeat(10_000)}a`],
    ['parentheses', `select ${repeated(5_000, '(', '1', ')')}`],
    ['open parentheses', `select ${'('.repeat(15_000)}`],
    ['plus', `select a${' + a'.repeat(9_900)}`],
    ['concatenation', `select a${'||a'.repeat(9_900)}`],
    ['NOT', `select ${'not '.repeat(19_000)}a`],
    ['minus', `select ${'- '.repeat(19_000)}a`],
    ['casts', `select a${'::int'.repeat(9_000)}`],
    ['IS NULL', `select a${' is null'.repeat(9_000)}`],
    ['calls', `select ${repeated(5_000, 'f(', '1', ')')}`],
    ['CASE', `select ${repeated(2_000, 'case when a then ', '1', ' end')}`],
    ['CASE in conditions', `select ${repeated(2_000, 'case ', '1', ' when a then b end')}`],
    ['CAST', `select ${repeated(2_000, 'cast(', '1', ' as int)')}`],
    ['IN', `select ${repeated(2_000, 'a in (', '1', ')')}`],
    ['EXISTS', `select ${repeated(2_000, 'exists (select ', '1', ')')}`],
    ['subqueries', `select ${repeated(2_000, '(select ', '1', ')')}`],
    ['derived tables', repeated(2_000, 'select a from (', 'select 1', ')')],
    ['queries in parentheses', repeated(9_000, '(', 'select 1', ')')],
    ['tables in parentheses', `select a from ${repeated(5_000, '(', 't', ')')}`],
    ['WITH', repeated(2_000, 'with a as (', 'select 1', ') select 1')],
    ['UNION', `select 1${' union select 1'.repeat(6_000)}`],
    ['INTERSECT', `select 1${' intersect select 1'.repeat(6_000)}`],
    ['joins', `select a from t${' cross join t'.repeat(6_000)}`],
    ['commas in FROM', `select a from t${', t'.repeat(9_000)}`],
    ['nested right sides', `select a from ${repeated(2_000, 't join (', 'u', ') on a')}`],
    ['GROUPING SETS', `select a from t group by ${repeated(2_000, 'grouping sets (', 'a', ')')}`],
    ['grouping parentheses', `select a from t group by ${repeated(5_000, '(', 'a', ')')}`],
    ['windows', `select ${repeated(1_500, 'sum(a) over (order by ', 'a', ')')}`],
    ['FILTER', `select ${repeated(1_500, 'sum(a) filter (where ', 'a', ')')}`],
    ['BETWEEN', `select ${repeated(1_500, 'a between (', 'b', ') and c')}`],
    ['intervals', `select ${repeated(1_500, 'interval (', '1', ') day')}`],
    ['mixed', `select ${repeated(900, '(not -(a + b * ', '1', ' or c))')}`],
    ['left chains in parentheses', `select ${repeated(60, '(', 'a', `${' + 1'.repeat(9)})`)}`],
  ])('%s', (_, text) => {
    const start = performance.now();
    expect(codeOf(text)).toBe('QUERY_TOO_LARGE');
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('never depends on the stack that is left', () => {
    const deep = `select ${repeated(99, 'f(', '1', ')')}`;
    const atDepth = (frames: number): string => (frames === 0 ? codeOf(deep) : atDepth(frames - 1));
    expect(atDepth(2_000)).toBe(codeOf(deep));
  });
});

describe('large and accepted', () => {
  it.each<[string, string]>([
    ['AND', `select a${' and a'.repeat(9_900)}`],
    ['OR', `select a${' or a = 1'.repeat(4_900)}`],
    ['IN', `select a in (${'1,'.repeat(9_900)}1)`],
    ['columns', `select ${'a,'.repeat(9_000)}a`],
    ['branches', `select case ${'when a then b '.repeat(4_000)}end`],
    ['grouping keys', `select a from t group by ${'a,'.repeat(9_000)}a`],
    ['comments', `select ${'/* x */'.repeat(14_000)} 1`],
    ['nested comments', `select ${repeated(20_000, '/*', '', '*/')} 1`],
    ['a string', `select '${"''".repeat(49_000)}'`],
    ['a name', `select ${'a'.repeat(99_000)}`],
    ['a number', `select ${'1'.repeat(99_000)}`],
    ['parts of an interval', `select interval '${'1 day '.repeat(9_000)}'`],
    ['calls, 95 deep', `select ${repeated(95, 'f(', '1', ')')}`],
    ['parentheses, 98 deep', `select ${repeated(98, '(', '1', ')')}`],
    ['subqueries, 30 deep', `select ${repeated(30, '(select ', '1', ')')}`],
    ['plus, 150 long', `select a${' + a'.repeat(150)}`],
  ])('%s', (_, text) => {
    const start = performance.now();
    expect(codeOf(text)).toBe('accepted');
    expect(performance.now() - start).toBeLessThan(500);
  });
});

it('reads a question of twenty lines in well under half a millisecond', () => {
  const question = CORPUS[CORPUS.length - 1] as string;
  const long = question.replace(
    'group by p.sex',
    `and p.city in ('a', 'b')\n and f.gap between 1 and 30\n${'and f.rn <> 7\n'.repeat(10)}group by p.sex`,
  );
  expect(long.split('\n').length).toBeGreaterThanOrEqual(20);
  for (let i = 0; i < 500; i++) parse(long);
  // The quickest of several rounds, for the machine may be busy with other things.
  const rounds = Array.from({ length: 10 }, () => {
    const start = performance.now();
    for (let i = 0; i < 50; i++) parse(long);
    return (performance.now() - start) / 50;
  });
  expect(Math.min(...rounds)).toBeLessThan(0.5);
});
