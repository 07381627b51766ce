/** Hostile arguments: every end has its exit code, JSON refusals have one shape, carets stand under what they mean. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/errors.ts';
import { canaryIn } from './canaries.ts';
import { type Ended, gauze } from './command-line.ts';
import { makeNeighbours } from './neighbours.ts';

const COUNT = 'SELECT COUNT(*) AS n FROM person';
let neighbours: Awaited<ReturnType<typeof makeNeighbours>>;
let policy: string;

beforeAll(async () => {
  process.setMaxListeners(200);
  neighbours = await makeNeighbours(['full'], ['extreme']);
  policy = neighbours.all[1]?.policy ?? '';
});
afterAll(() => neighbours.remove());

function asked(sql: string, ...rest: readonly string[]): Promise<Ended> {
  return gauze('query', sql, '--policy', policy, '--as', 'dr-lee', ...rest);
}

/** Ends of questions asked for JSON, by exit code. */
const REFUSED: readonly (readonly [code: string, sql: string, ...rest: string[]])[] = [
  ['QUERY_SYNTAX', '', '--epsilon', '1'],
  ['QUERY_SYNTAX', '\u0000', '--epsilon', '1'],
  ['QUERY_SYNTAX', '\ud83d', '--epsilon', '1'],
  ['QUERY_SYNTAX', "SELECT 'open", '--epsilon', '1'],
  ['QUERY_UNSUPPORTED', 'DROP TABLE person', '--epsilon', '1'],
  ['QUERY_UNSUPPORTED', "COPY person TO '/tmp/x.csv'", '--epsilon', '1'],
  ['QUERY_UNSUPPORTED', `${COUNT}; ${COUNT}`, '--epsilon', '1'],
  ['QUERY_NOT_AGGREGATE', 'SELECT city FROM person', '--epsilon', '1'],
  ['POLICY_COLUMN', 'SELECT secret FROM person', '--epsilon', '1'],
  ['QUERY_TOO_LARGE', `SELECT ${'('.repeat(5000)}1`, '--epsilon', '1'],
  ['BUDGET_EXHAUSTED', COUNT, '--epsilon', '99999'],
  ['BUDGET_INVALID', COUNT],
  ['BUDGET_INVALID', COUNT, '--epsilon', '0'],
  ['BUDGET_INVALID', COUNT, '--epsilon', '-1'],
  ['BUDGET_INVALID', COUNT, '--epsilon', '1e999'],
  ['BUDGET_INVALID', COUNT, '--epsilon', '1', '--delta', '1'],
  ['BUDGET_INVALID', COUNT, '--epsilon', '1', '--accuracy', '5'],
  ['BUDGET_INVALID', COUNT, '--epsilon', '1', '--level', '2'],
  ['BUDGET_INVALID', COUNT, '--epsilon', '1', '--groups', '0'],
  ['BUDGET_INVALID', COUNT, '--epsilon', '1', '--rows', '1.5'],
  ['BUDGET_INVALID', COUNT, '--epsilon', '1', '--timeout', '-1'],
  ['USAGE', COUNT, '--epsilon', 'half'],
  ['USAGE', COUNT, '--epsilon', '1', '--nonsense'],
  ['USAGE', COUNT, '--epsilon', '1', '--engine', 'sqlite'],
  ['USAGE', COUNT, '--epsilon', '1', '--param', 'x'],
  ['USAGE', COUNT, '--epsilon', '1', '--param', '=x'],
  ['QUERY_PARAMETER', COUNT, '--epsilon', '1', '--param', 'x=1'],
  ['QUERY_PARAMETER', 'SELECT $x', '--epsilon', '1'],
  [
    'ENGINE_TIMEOUT',
    `SELECT COUNT(*) FROM ${Array.from({ length: 17 }, (_, i) => `code_name c${i}`).join(', ')}`,
    '--timeout',
    '200',
  ],
];

it('refusals as JSON: exit code, one line on stdout, one shape', async () => {
  for (const [code, sql, ...rest] of REFUSED) {
    const ended = await asked(sql, ...rest, '--format', 'json');
    const { accepted, error, ...others } = JSON.parse(ended.stdout) as {
      accepted: boolean;
      error: Record<string, unknown>;
    };
    expect(error.code, `${sql.slice(0, 60)} ${rest.join(' ')}: ${String(error.message)}`).toBe(code);
    expect(ended.code).toBe(EXIT_CODES[code as keyof typeof EXIT_CODES]);
    expect(accepted).toBe(false);
    expect(others).toEqual({});
    expect(Object.keys(error)).toEqual(['code', 'message', 'at', 'next']);
    if (error.at !== null) expect(Object.keys(error.at as object)).toEqual(['line', 'column', 'length']);
    expect(ended.stdout.trimEnd()).not.toContain('\n');
  }
});

it('policies and principals that are not there', async () => {
  const elsewhere = await gauze(
    'query',
    COUNT,
    '--policy',
    '/nowhere/p.yaml',
    '--as',
    'dr-lee',
    '--epsilon',
    '1',
    '--format',
    'json',
  );
  expect([elsewhere.code, JSON.parse(elsewhere.stdout).error.code]).toEqual([2, 'USAGE']);
  const nobody = await gauze(
    'query',
    COUNT,
    '--policy',
    policy,
    '--as',
    'nobody',
    '--epsilon',
    '1',
    '--format',
    'json',
  );
  expect([nobody.code, JSON.parse(nobody.stdout).error.code]).toEqual([3, 'POLICY_PRINCIPAL']);
  for (const args of [
    ['query'],
    ['nonsense'],
    [],
    ['query', COUNT],
    ['query', COUNT, '--policy', policy, '--as', 'dr-lee', '--format', 'xml'],
  ]) {
    expect((await gauze(...args)).code).toBe(2);
  }
});

it('positions count code points, carets stand under what they mean', async () => {
  const sql = "SELECT '北京😀\t' AS x, nope FROM person";
  const json = await asked(sql, '--epsilon', '1', '--format', 'json');
  expect(JSON.parse(json.stdout).error.at).toEqual({ line: 1, column: 21, length: 4 });
  const { code, stdout, stderr } = await asked(`SELECT 1,\n ${sql.slice(7)}`, '--epsilon', '1');
  expect([code, stdout]).toEqual([3, '']);
  const [first, shown = '', carets = ''] = stderr.split('\n');
  expect(first).toContain('line 2');
  // The two ideographs and the picture are two columns wide each.
  expect(shown.indexOf('nope') + 3 - '😀'.length + 2).toBe(carets.indexOf('^') + 1);
  expect(carets.trim()).toBe('^^^^');
});

it('questions that look like options', async () => {
  for (const sql of [`-- a comment\n${COUNT}`, `--a comment\n${COUNT}`, `/* - */ ${COUNT}`]) {
    const ended = await asked(sql, '--epsilon', '1', '--format', 'json');
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  }
});

it('parameters: numbers, texts, truth values, by name and by number', async () => {
  const named = await asked(
    'SELECT $x AS x, $y AS y, $z AS z, $t AS t, $q AS q, $e AS e',
    ...['x=9223372036854775807', 'y=-2.5e3', 'z=a=b', 't=true', "q='12'", 'e='].flatMap((pair) => ['--param', pair]),
    '--format',
    'json',
  );
  expect(JSON.parse(named.stdout).rows).toEqual([['9223372036854775807', -2500, 'a=b', true, '12', '']]);
  const numbered = await asked('SELECT ? AS a, ? AS b', '--param', '2=x', '--param', '1=-5', '--format', 'json');
  expect(JSON.parse(numbered.stdout).rows).toEqual([[-5, 'x']]);
  const injected = await asked(
    'SELECT COUNT(*) AS n FROM person WHERE city = $city',
    ...['--param', "city=x' OR '1'='1", '--epsilon', '1', '--format', 'json'],
  );
  expect(injected.code).toBe(0);
});

it('values in JSON: integers beyond 2^53 as text, ISO dates, null', async () => {
  const sql =
    "SELECT 9223372036854775807 AS a, 9007199254740992 AS b, 9007199254740991 AS c, DATE '0001-01-31' AS d, " +
    "TIMESTAMP '9999-12-31 23:59:59.5' AS e, NULL AS f, 1e308 * 10 AS g, FALSE AS h, 'ä😀' AS i";
  const { columns, rows, intervals } = JSON.parse((await asked(sql, '--format', 'json')).stdout);
  expect(rows).toEqual([
    [
      '9223372036854775807',
      '9007199254740992',
      9007199254740991,
      '0001-01-31',
      '9999-12-31T23:59:59.5',
      null,
      'Infinity',
      false,
      'ä😀',
    ],
  ]);
  expect(intervals).toEqual({});
  for (const { type } of columns) expect(['text', 'integer', 'double', 'boolean', 'date', 'timestamp']).toContain(type);
});

it('tables line up and steer no terminal; CSV quotes', async () => {
  const steering = await asked(`SELECT '\u001b[31mred\u009b0m\u202e\r' AS "\u001b[2J", 1 AS b`);
  expect(steering.stdout).not.toMatch(/[\u001b\u009b\u202e\r]/);
  const wide = await asked('SELECT ward AS "北京", COUNT(*) AS "😀" FROM visit GROUP BY 1', '--epsilon', '1');
  const [, rule = '', ...rows] = wide.stdout.split('\n');
  for (const row of rows.slice(0, 3)) expect(row.indexOf('[')).toBe(rule.lastIndexOf(' ') + 1);
  const csv = await asked(`SELECT 'a,"b\nc' AS "x,y", '' AS e`, '--format', 'csv');
  expect(csv.stdout).toBe('"x,y",e\n"a,""b\nc",\n');
});

it('every format of an answer over hostile data, without a canary', async () => {
  for (const format of ['table', 'json', 'csv']) {
    for (const command of ['query', 'explain']) {
      const sql =
        'SELECT ward AS constructor, city, COUNT(*) AS n, AVG(cost) AS m FROM person JOIN visit USING (person_id) GROUP BY ALL';
      const ended = await gauze(
        command,
        sql,
        '--policy',
        policy,
        '--as',
        'dr-lee',
        '--epsilon',
        '2',
        '--delta',
        '1e-6',
        '--format',
        format,
      );
      expect(ended.code, ended.stderr).toBe(0);
      expect(canaryIn(ended.stdout + ended.stderr)).toBeNull();
    }
  }
});

it('the question on stdin', () => {
  const run = (input: string): ReturnType<typeof spawnSync> =>
    spawnSync(
      process.execPath,
      [
        '--import',
        'tsx',
        'src/cli/main.ts',
        'query',
        '-',
        '--policy',
        policy,
        '--as',
        'dr-lee',
        '--epsilon',
        '1',
        '--format',
        'json',
      ],
      { input, encoding: 'utf8' },
    );
  const piped = run(`\ufeff-- with a byte order mark\r\n${COUNT}\r\n`);
  expect(piped.status, String(piped.stderr)).toBe(0);
  const refused = run('SELECT\n  é, nope FROM person');
  expect(refused.status).toBe(3);
  expect(JSON.parse(String(refused.stdout)).error.at).toMatchObject({ line: 2 });
  expect(run('').status).toBe(3);
});
