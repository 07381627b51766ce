/** What is refused: the code, the place, and what to write instead. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/ask/sql/parse.ts';
import { type ErrorCode, positionOf, SpannedError } from '../../../src/errors.ts';

function refusal(text: string): SpannedError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof SpannedError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

/** [text with the refused place between « and », code, part of the advice] */
type Case = readonly [marked: string, code: ErrorCode, next: RegExp];

function check([marked, code, next]: Case): void {
  const text = marked.replace('«', '').replace('»', '');
  const error = refusal(text);
  expect([error.code, text.slice(error.span?.start, error.span?.end)]).toEqual([
    code,
    marked.slice(marked.indexOf('«') + 1, marked.indexOf('»')),
  ]);
  expect(error.span?.start).toBe(marked.indexOf('«'));
  expect(error.parts.next).toMatch(next);
}

describe('statements', () => {
  it.each<Case>([
    ['«insert» into t select 1', 'QUERY_UNSUPPORTED', /SELECT/],
    ['«UPDATE» t set a = 1', 'QUERY_UNSUPPORTED', /only reads/],
    ['«delete» from t', 'QUERY_UNSUPPORTED', /only reads/],
    ['«create» table t as select 1', 'QUERY_UNSUPPORTED', /only reads/],
    ['«drop» table t', 'QUERY_UNSUPPORTED', /only reads/],
    ["«copy» t to 'x.csv'", 'QUERY_UNSUPPORTED', /files/],
    ["«attach» 'x.db'", 'QUERY_UNSUPPORTED', /policy/],
    ['«pragma» version', 'QUERY_UNSUPPORTED', /policy/],
    ['«set» threads = 1', 'QUERY_UNSUPPORTED', /options/],
    ['«call» f()', 'QUERY_UNSUPPORTED', /SELECT/],
    ["«export» database 'x'", 'QUERY_UNSUPPORTED', /files/],
    ['«install» httpfs', 'QUERY_UNSUPPORTED', /policy/],
    ['«load» httpfs', 'QUERY_UNSUPPORTED', /policy/],
    ['«explain» select 1', 'QUERY_UNSUPPORTED', /gauze explain/],
    ['«describe» t', 'QUERY_UNSUPPORTED', /policy/],
    ['«show» tables', 'QUERY_UNSUPPORTED', /policy/],
    ['«summarize» t', 'QUERY_UNSUPPORTED', /policy/],
    ['values «1»', 'QUERY_SYNTAX', /this place/],
    ['«table» t', 'QUERY_UNSUPPORTED', /SELECT … FROM/],
    ['«from» t', 'QUERY_UNSUPPORTED', /SELECT first/],
    ['«pivot» t on a using sum(b)', 'QUERY_UNSUPPORTED', /FILTER/],
    ['«unpivot» t on a', 'QUERY_UNSUPPORTED', /UNION ALL/],
    ['«begin» transaction', 'QUERY_UNSUPPORTED', /transactions/],
    ['select 1; «drop» table t', 'QUERY_UNSUPPORTED', /one question/],
    ['select 1;«;»', 'QUERY_UNSUPPORTED', /one question/],
    ['select a from «values» (1) t', 'QUERY_UNSUPPORTED', /FROM \(VALUES/],
    ['with a as («insert» into t select 1) select 1', 'QUERY_UNSUPPORTED', /only reads/],
    ['with «recursive» a as (select 1) select 1', 'QUERY_UNSUPPORTED', /RECURSIVE/],
  ])('%s', (...one) => check(one));
});

describe('inside a query', () => {
  it.each<Case>([
    ['select * «exclude» (a) from t', 'QUERY_UNSUPPORTED', /one by one/],
    ['select * «replace» (1 as a) from t', 'QUERY_UNSUPPORTED', /one by one/],
    ["select «columns»('a.*') from t", 'QUERY_UNSUPPORTED', /each column/],
    ['select a «into» b from t', 'QUERY_UNSUPPORTED', /INTO/],
    ['select distinct «on» (a) b from t', 'QUERY_UNSUPPORTED', /row_number/],
    ['select «top» 10 a from t', 'QUERY_UNSUPPORTED', /LIMIT/],
    ['select a from t «tablesample» 10%', 'QUERY_UNSUPPORTED', /all rows/],
    ['select a from t «using» sample 3', 'QUERY_UNSUPPORTED', /all rows/],
    ['select a from t «asof» join u on a < b', 'QUERY_UNSUPPORTED', /row_number/],
    ['select a from t «positional» join u', 'QUERY_UNSUPPORTED', /unit/],
    ['select a from t «semi» join u using (k)', 'QUERY_UNSUPPORTED', /EXISTS/],
    ['select a from t «anti» join u using (k)', 'QUERY_UNSUPPORTED', /EXISTS/],
    ['select a from t, «lateral» (select 1)', 'QUERY_UNSUPPORTED', /window/],
    ['select a from t join «lateral» (select 1) on true', 'QUERY_UNSUPPORTED', /window/],
    ["select a from «read_csv»('x.csv')", 'QUERY_UNSUPPORTED', /table of the policy/],
    ['select a from «main.range»(3)', 'QUERY_UNSUPPORTED', /table of the policy/],
    ["select a from «'x.parquet'»", 'QUERY_UNSUPPORTED', /file:/],
    ['select a from «a.b.c»', 'QUERY_UNSUPPORTED', /dataset.table/],
    ['select a from t «pivot» (sum(a) for b in (1))', 'QUERY_UNSUPPORTED', /FILTER/],
    ['select a from t «at» (version => 1)', 'QUERY_UNSUPPORTED', /version/],
    ['select a from (t join u using (k)) «x»', 'QUERY_UNSUPPORTED', /alias/],
    ['select «[»1, 2]', 'QUERY_UNSUPPORTED', /IN/],
    ['select «{»a: 1}', 'QUERY_UNSUPPORTED', /column/],
    ['select «map» {1: 2}', 'QUERY_UNSUPPORTED', /column/],
    ['select «array»[1]', 'QUERY_UNSUPPORTED', /IN/],
    ['select «row»(1, 2)', 'QUERY_UNSUPPORTED', /a = 1 AND b = 2/],
    ['select (1«,» 2)', 'QUERY_UNSUPPORTED', /a = 1 AND b = 2/],
    ['select a«[»1]', 'QUERY_UNSUPPORTED', /IN/],
    ['select f(x «->» x + 1)', 'QUERY_UNSUPPORTED', /columns/],
    ['select f(«lambda» x: x)', 'QUERY_UNSUPPORTED', /expression/],
    ['select f(a «:=» 1)', 'QUERY_UNSUPPORTED', /in order/],
    ['select f(a «=>» 1)', 'QUERY_UNSUPPORTED', /in order/],
    ['select x«:» 1', 'QUERY_UNSUPPORTED', /AS name/],
    ['select f(a)«.»b', 'QUERY_UNSUPPORTED', /table.column/],
    ['select «a.f»(b)', 'QUERY_UNSUPPORTED', /f\(…\)/],
    ['select «a.b.c.d»', 'QUERY_UNSUPPORTED', /dataset.table.column/],
    ["select a «~» 'x'", 'QUERY_UNSUPPORTED', /LIKE/],
    ["select a «glob» 'x'", 'QUERY_UNSUPPORTED', /LIKE/],
    ["select a not «similar» to 'x'", 'QUERY_UNSUPPORTED', /LIKE/],
    ['select a «collate» nocase', 'QUERY_UNSUPPORTED', /lower/],
    ["select a «at» time zone 'utc'", 'QUERY_UNSUPPORTED', /zone/],
    ['select a «&» b', 'QUERY_UNSUPPORTED', /AND/],
    ['select a «<<» b', 'QUERY_UNSUPPORTED', /arithmetic/],
    ['select «@» a', 'QUERY_UNSUPPORTED', /abs/],
    ['select «#»1', 'QUERY_UNSUPPORTED', /Name the column/],
    ['select a = «any» (select 1)', 'QUERY_UNSUPPORTED', /IN/],
    ['select a > «all» (select 1)', 'QUERY_UNSUPPORTED', /IN/],
    ["select «e'x'»", 'QUERY_UNSUPPORTED', /escapes/],
    ["select «time '10:00'»", 'QUERY_UNSUPPORTED', /DATE/],
    ['select «$$»x$$', 'QUERY_UNSUPPORTED', /'…'/],
    ['select a::«int[]»', 'QUERY_UNSUPPORTED', /BIGINT/],
    ['select cast(a as «struct»(b int))', 'QUERY_UNSUPPORTED', /BIGINT/],
    ['select first_value(a «ignore nulls») over (order by b)', 'QUERY_UNSUPPORTED', /FILTER/],
    ['select first_value(a) «ignore nulls» over (order by b)', 'QUERY_UNSUPPORTED', /FILTER/],
    ['select median(a) «within» group (order by a)', 'QUERY_UNSUPPORTED', /FILTER/],
    ['select percentile_cont(a, 0.5) «within» group (order by a)', 'QUERY_UNSUPPORTED', /ORDER BY x/],
    ['select percentile_cont(0.5) within group (order by «a desc»)', 'QUERY_UNSUPPORTED', /1 - p/],
    ['select percentile_disc(0.5) within group (order by a, «b»)', 'QUERY_UNSUPPORTED', /x alone/],
    ['select mode() within group («a»)', 'QUERY_SYNTAX', /./],
    ['select sum(a) over («w» order by b)', 'QUERY_UNSUPPORTED', /OVER name/],
    ['select sum(a) over (order by b «range» between 1 preceding and current row)', 'QUERY_UNSUPPORTED', /ROWS/],
    ['select sum(a) over (order by b rows current row «exclude» ties)', 'QUERY_UNSUPPORTED', /Leave/],
    ["select interval '1 «century»'", 'QUERY_UNSUPPORTED', /YEAR/],
    ['select interval 1 year «to» month', 'QUERY_UNSUPPORTED', /INTERVAL/],
    ['select a between «symmetric» 1 and 2', 'QUERY_UNSUPPORTED', /smaller/],
    ['select 1 union «by» name select 2', 'QUERY_UNSUPPORTED', /same order/],
    ['select sum(a) over (order by «all») from t', 'QUERY_UNSUPPORTED', /Name the columns/],
    ['select a, b from t order by all«,» b', 'QUERY_SYNTAX', /Leave out/],
    ['select a from t group by a, b «with rollup»', 'QUERY_UNSUPPORTED', /GROUP BY ROLLUP \(a, b\)/],
    ['select a from t group by a «WITH CUBE» order by a', 'QUERY_UNSUPPORTED', /GROUP BY CUBE \(a\)/],
    ['select a from t limit 10«%»', 'QUERY_UNSUPPORTED', /rows/],
    ['select a from t limit 1«,» 2', 'QUERY_UNSUPPORTED', /OFFSET/],
    ['select a from t «fetch» first 3 rows only', 'QUERY_UNSUPPORTED', /LIMIT/],
    ['select a from t «for» update', 'QUERY_UNSUPPORTED', /only reads/],
    ['select exists («1»)', 'QUERY_UNSUPPORTED', /SELECT/],
  ])('%s', (...one) => check(one));
});

describe('mistakes', () => {
  it.each<Case>([
    ['«»', 'QUERY_SYNTAX', /SELECT/],
    [' -- nothing\n«»', 'QUERY_SYNTAX', /SELECT/],
    ['select «»', 'QUERY_SYNTAX', /complete/],
    ['select a, «from» t', 'QUERY_SYNTAX', /comma/],
    ['select f(a, «)»', 'QUERY_SYNTAX', /comma/],
    ['«selec» a from t', 'QUERY_SYNTAX', /SELECT/],
    ['select a form «t»', 'QUERY_SYNTAX', /FROM/],
    ['select a from t wehre «a» = 1', 'QUERY_SYNTAX', /WHERE/],
    ['select a from t gruop «by» a', 'QUERY_SYNTAX', /GROUP/],
    ['select a from t where a = «=» 1', 'QUERY_SYNTAX', /Correct/],
    ['select a = b «=» c', 'QUERY_SYNTAX', /AND/],
    ['select a like b «like» c', 'QUERY_SYNTAX', /parentheses/],
    ['select a «year» from t', 'QUERY_SYNTAX', /AS year/],
    ["select a as «'x'»", 'QUERY_SYNTAX', /./],
    ['select (a«»', 'QUERY_SYNTAX', /closing parenthesis at the end/],
    ['select count(* «from» t', 'QUERY_SYNTAX', /closing parenthesis before FROM/],
    ['select sum(a «where» b', 'QUERY_SYNTAX', /closing parenthesis before WHERE/],
    ['select a«)»', 'QUERY_SYNTAX', /parenthesis/],
    ["select «'»abc", 'QUERY_SYNTAX', /Close/],
    ['select «"»abc', 'QUERY_SYNTAX', /Close/],
    ['select «""»', 'QUERY_SYNTAX', /''/],
    ['select 1 «/*» /* */', 'QUERY_SYNTAX', /\*\//],
    ['select «12ab»', 'QUERY_SYNTAX', /space/],
    ['select «0x1F»', 'QUERY_SYNTAX', /numbers/],
    ['select «‘»a’', 'QUERY_SYNTAX', /straight/],
    ['select «`»a`', 'QUERY_SYNTAX', /double quotes/],
    ['select a «≤» b', 'QUERY_SYNTAX', /<=/],
    ['select a «−» b', 'QUERY_SYNTAX', /minus/],
    ['select a\\'.replace('\\', '«\\»'), 'QUERY_SYNTAX', /escapes/],
    ['select a from t join u «»', 'QUERY_SYNTAX', /USING/],
    ['select a from t order by a «union» select 1', 'QUERY_SYNTAX', /parentheses/],
    ['select a from t having b «where» c', 'QUERY_SYNTAX', /order/],
    ['select case «end»', 'QUERY_SYNTAX', /./],
    ['select cast(a«)»', 'QUERY_SYNTAX', /./],
    ['select a is «b»', 'QUERY_SYNTAX', /=/],
    ['select a not «b»', 'QUERY_SYNTAX', /./],
    ['select interval «1.5» day', 'QUERY_SYNTAX', /INTERVAL/],
    ["select interval «'soon'»", 'QUERY_SYNTAX', /INTERVAL/],
    ["select interval '3 «moons»'", 'QUERY_SYNTAX', /YEAR/],
    ['select «$»', 'QUERY_SYNTAX', /\$name/],
    ['select $a, «?»', 'QUERY_PARAMETER', /only one/],
    ['select $1, «$a»', 'QUERY_PARAMETER', /only one/],
    ['select «$0»', 'QUERY_PARAMETER', /\$1/],
    ['select «$99999999999999999999»', 'QUERY_PARAMETER', /\$1/],
  ])('%s', (...one) => check(one));

  it('positions count code points, whatever stands before', () => {
    const text = "select '😀é',\n  '𝔸' ~ a";
    const error = refusal(text);
    expect(error.span && positionOf(text, error.span)).toEqual({ line: 2, column: 7, length: 1 });
  });

  it('odd characters are named, not echoed when invisible', () => {
    for (const [odd, number] of [
      ['\u0000', 'U+0000'],
      ['\ud800', 'U+D800'],
      ['\u200b', 'U+200B'],
      ['\u202e', 'U+202E'],
    ] as const) {
      const error = refusal(`select ${odd}a`);
      expect([error.code, error.span]).toEqual(['QUERY_SYNTAX', { start: 7, end: 8 }]);
      expect(error.message).toContain(number);
      expect(error.message).not.toContain(odd);
    }
    expect(() => parse('\ufeffselect\u00a01')).not.toThrow();
    expect(refusal("select 'a\ud800'").code).toBe('QUERY_SYNTAX');
    expect(refusal('select /* \u0000 */ 1').code).toBe('QUERY_SYNTAX');
  });

  it('letters that only look like keywords are names', () => {
    expect(refusal('ѕelect 1').code).toBe('QUERY_SYNTAX');
    expect(refusal('ſelect 1').code).toBe('QUERY_SYNTAX');
    expect(() => parse('select liKe from t'.replace('K', '\u212a'))).not.toThrow();
  });

  it('long pieces of the question are cut in messages, and control characters made spaces', () => {
    const error = refusal(`select a from t where a = 1 '${'x'.repeat(500)}\u001b[31m'`);
    expect(error.message.length).toBeLessThan(160);
    expect(refusal("select a 'x\u001b[31m'").message).not.toContain('\u001b');
  });
});
