/**
 * Extremes of every stored type, a unit that is hostile text, names that break naive quoting, and a CSV file of bad
 * cells: everything a column of its type can be asked is asked on two neighbours, on native DuckDB and on wasm.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryStore, open, type Session } from '../../src/index.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { CANARY } from './canaries.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { faultIn } from './refusal.ts';

interface Stored {
  readonly name: string;
  readonly stored: string;
  readonly declared: string;
  readonly type: 'integer' | 'double' | 'text' | 'boolean' | 'date' | 'timestamp';
  /** Cells of the hostile person, SQL. */
  readonly cells: readonly string[];
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const double = (value: string): string => `CAST('${value}' AS DOUBLE)`;
const integer = (name: string, stored: string, cells: readonly string[]): Stored => ({
  ...{ name, stored, type: 'integer', cells },
  declared: '{ type: integer, bounds: [-5, 100] }',
});
const moment = (name: string, stored: string, cells: readonly string[], zone = ''): Stored => ({
  ...{ name, stored, type: 'timestamp', cells },
  declared: `{ type: timestamp${zone} }`,
});
const COLUMNS: readonly Stored[] = [
  integer('tiny', 'TINYINT', ['-128', '127']),
  integer('big', 'BIGINT', ['-9223372036854775808', '9223372036854775807']),
  integer('huge', 'HUGEINT', ['-170141183460469231731687303715884105728', '170141183460469231731687303715884105727']),
  integer('unsigned', 'UBIGINT', ['18446744073709551615', '0']),
  integer('whole', 'DECIMAL(38,0)', ['99999999999999999999999999999999999999', '-1']),
  ...[
    ['real', 'FLOAT', ["CAST('NaN' AS FLOAT)", "CAST('-Infinity' AS FLOAT)", '3.4e38', '1e-45']] as const,
    [
      'number',
      'DOUBLE',
      [...['NaN', 'Infinity', '-Infinity', '5e-324', '-0.0'].map(double), double('-1.7976931348623157e308')],
    ] as const,
    ['exact', 'DECIMAL(38,10)', ['9999999999999999999999999999.9999999999', '-0.0000000001']] as const,
  ].map(
    ([name, stored, cells]): Stored => ({
      name,
      stored,
      cells,
      type: 'double',
      declared: '{ type: double, bounds: [0, 10], step: 0.1 }',
    }),
  ),
  {
    name: 'words',
    stored: 'VARCHAR',
    type: 'text',
    declared: '{ type: text }',
    cells: [text(`${CANARY}'"\\\n\t\u202e😀`), "''", `repeat('${CANARY}', 5000)`, `'${CANARY}' || chr(0)`],
  },
  {
    name: 'label',
    stored: `ENUM ('a', '${CANARY}')`,
    type: 'text',
    declared: '{ type: text, values: [a, b] }',
    cells: [`'${CANARY}'`],
  },
  {
    name: 'uuid',
    stored: 'UUID',
    type: 'text',
    declared: '{ type: text }',
    cells: ["'ffffffff-ffff-ffff-ffff-ffffffffffff'"],
  },
  { name: 'flag', stored: 'BOOLEAN', type: 'boolean', declared: '{ type: boolean }', cells: ['true', 'false'] },
  {
    name: 'day',
    stored: 'DATE',
    type: 'date',
    declared: '{ type: date, bounds: [2020-01-01, 2020-12-31] }',
    cells: ["'infinity'", "'-infinity'", "'5877642-06-25 (BC)'", "'5881580-07-10'", "'0001-01-01'"],
  },
  moment('moment', 'TIMESTAMP', [
    "'infinity'",
    "'-infinity'",
    "'290309-12-22 (BC) 00:00:00'",
    "'294247-01-10 04:00:54.775806'",
    "'9999-12-31 23:59:59.999999'",
  ]),
  moment('seconds', 'TIMESTAMP_S', ["'290309-12-22 (BC) 00:00:00'", "'2020-01-01 00:00:00'"]),
  moment('nanos', 'TIMESTAMP_NS', ["'1677-09-22 00:00:00'", "'2262-04-11 23:47:16.854775806'"]),
  moment(
    'zoned',
    'TIMESTAMPTZ',
    ["'infinity'", "'-infinity'", "'294247-01-10 04:00:54+00'", "'290309-12-22 (BC) 00:00:00+00'"],
    ', zone: UTC',
  ),
];
const NULLS = COLUMNS.map(() => 'NULL').join(', ');
const ODD_TABLE = 'select "x';
const POLICY = `
gauze: 1
datasets:
  clinic:
    source: clinic.duckdb
    unit: case.who
    contribution: { groups: 2, rows: 3 }
    budget: { epsilon: 10000, delta: 0.9 }
    minimumUnits: 11
    tables:
      case:
        unit: who
        columns:
${COLUMNS.map(({ name, declared }) => `          ${name}: ${declared}`).join('\n')}
      ${JSON.stringify(ODD_TABLE)}:
        unit: who
        columns:
          "group by": { type: integer, bounds: [0, 9] }
          "k0": { type: text, values: ["it's", '"', "--"] }
      sheet:
        file: sheet.csv
        unit: who
        columns:
          n: { type: integer, bounds: [0, 9] }
          x: { type: double, bounds: [0, 9], step: 0.5 }
          d: { type: date }
          b: { type: boolean }
          t: { type: timestamp }
principals:
  lee: { budgets: [ { dataset: clinic, epsilon: 9000, delta: 0.5 } ] }
`;
const SHEET = 'who,n,x,d,b,t\na,1,0.5,2020-01-01,true,2020-01-01 10:00:00\nb,,,,,\n';
const HOSTILE_SHEET = `${CANARY},9223372036854775808,NaN,infinity,maybe,infinity\n${CANARY},0x1F,1e999,2021-02-29,2,24:00\n"${CANARY}""x",${CANARY},-inf,10000-01-01,${CANARY},0000-00-00 00:00:00\n`;
const OPTIONS = { epsilon: '0.5', delta: '1e-9' };

/** What is asked of a column, by its type. */
function questionsOf({ name, type }: Stored): readonly string[] {
  // Each condition by itself: an optimiser looks at none of them after one that is always true.
  const where = (conditions: string): string =>
    `SELECT ${conditions
      .split(' OR ')
      .map((one) => `COUNT(*) FILTER (WHERE ${one})`)
      .join(', ')} FROM "case"`;
  const common = [
    `SELECT COUNT(*), COUNT(${name}), COUNT(DISTINCT ${name}) FROM "case"`,
    `SELECT ${name}, COUNT(*) FROM "case" GROUP BY ${name}`,
    where(`${name} IS NULL OR CAST(${name} AS VARCHAR) LIKE '%1%'`),
    `SELECT COUNT(*) FROM (SELECT who, MIN(${name}) AS a, MAX(${name}) AS b, COUNT(DISTINCT ${name}) AS c FROM "case" GROUP BY who) u WHERE a < b OR c > 1`,
    `SELECT COUNT(*) FROM (SELECT who, lag(${name}) OVER (PARTITION BY who ORDER BY ${name} DESC) AS a, row_number() OVER (PARTITION BY who ORDER BY ${name}) AS r FROM "case") u WHERE a IS NULL OR r > 1`,
    `SELECT COUNT(*) FROM "case" a JOIN "case" b ON a.who = b.who AND a.${name} = b.${name}`,
    `SELECT CASE WHEN ${name} IS NULL THEN 'none' ELSE 'some' END AS k, COUNT(*) FROM "case" GROUP BY k`,
  ];
  const own: Readonly<Record<Stored['type'], readonly string[]>> = {
    integer: [
      `SELECT SUM(${name}), AVG(${name}), SUM(${name}) FILTER (WHERE ${name} > 0) FROM "case"`,
      where(
        `${name} + 1 > ${name} * 2 OR -${name} < abs(${name}) OR ${name} // -1 = ${name} % 7 OR ${name} / 0 IS NULL`,
      ),
      `SELECT COUNT(*) FROM (SELECT who, SUM(${name}) AS s, AVG(${name}) AS a FROM "case" GROUP BY who) u WHERE s > a`,
      where(
        `make_date(${name}, ${name}, 1) IS NULL OR DATE '2020-01-01' + ${name} IS NULL OR CAST(${name} AS TINYINT) IS NULL`,
      ),
    ],
    double: [
      `SELECT SUM(${name}), AVG(${name}), COUNT(*) FILTER (WHERE ${name} = ${name}) FROM "case"`,
      where(
        `${name} + ${name} > ${name} * 1e300 OR sqrt(${name}) > 1 OR round(${name}, 3) = floor(${name}) OR ${name} % 3 = 0`,
      ),
      `SELECT COUNT(*) FROM (SELECT who, SUM(${name}) AS s, AVG(${name}) AS a FROM "case" GROUP BY who) u WHERE s > a`,
      where(`CAST(${name} AS BIGINT) > 0 OR CAST(CAST(${name} AS VARCHAR) AS DOUBLE) = ${name}`),
    ],
    text: [
      where(
        `lower(${name}) = upper(${name}) OR length(${name}) > 3 OR ${name} || 'x' LIKE '%_%' OR replace(${name}, 'A', '') = ''`,
      ),
      where(`CAST(${name} AS BIGINT) > 0 OR CAST(${name} AS DATE) IS NULL OR CAST(${name} AS BOOLEAN)`),
      `SELECT left(${name}, 1) AS k, COUNT(*) FROM "case" GROUP BY k`,
    ],
    boolean: [
      where(`${name} AND NOT ${name} OR ${name} IS UNKNOWN`),
      `SELECT SUM(CASE WHEN ${name} THEN 1 ELSE 0 END) FROM "case"`,
    ],
    date: [
      where(
        `${name} + INTERVAL 1 MONTH > ${name} OR ${name} - DATE '1970-01-01' > 5 OR extract(week FROM ${name}) = 53`,
      ),
      where(
        `date_trunc('week', ${name}) = ${name} OR date_diff('month', ${name}, DATE '2020-01-01') > 1 OR date_sub('year', ${name}, DATE '9999-12-31') > 1`,
      ),
      `SELECT extract(month FROM ${name}) AS k, COUNT(*) FROM "case" GROUP BY k`,
    ],
    timestamp: [
      where(
        `${name} + INTERVAL 1 MONTH > ${name} OR ${name} + INTERVAL 1 SECOND > ${name} OR CAST(${name} AS DATE) > DATE '2020-01-01'`,
      ),
      where(
        `date_trunc('hour', ${name}) = ${name} OR date_diff('second', ${name}, TIMESTAMP '2020-01-01 00:00:00') > 1`,
      ),
      `SELECT extract(hour FROM ${name}) AS k, COUNT(*) FROM "case" GROUP BY k`,
    ],
  };
  return [...common, ...own[type]];
}

const SHEETS: readonly string[] = [
  'SELECT COUNT(*), COUNT(n), COUNT(x), COUNT(d), COUNT(b), COUNT(t), SUM(n), SUM(x), AVG(x) FROM sheet',
  'SELECT b, COUNT(*) FROM sheet GROUP BY b',
  "SELECT COUNT(*) FROM sheet WHERE d > DATE '2020-01-01' OR t < TIMESTAMP '2020-01-01 00:00:00' OR n + x > 3",
  `SELECT "k0", SUM("group by") AS "select" FROM "select ""x" GROUP BY "k0"`,
  `SELECT COUNT(*) AS "a""b'c" FROM clinic."select ""x" AS "from" WHERE "from"."group by" > 3 AND "from".k0 IN ('it''s', '"', '--')`,
  'SELECT COUNT(DISTINCT who) FROM "case" WHERE who IN (SELECT who FROM sheet WHERE n IS NULL) OR who NOT IN (SELECT who FROM "select ""x")',
];
const STATEMENTS = [...COLUMNS.flatMap(questionsOf), ...SHEETS];
const policy = parsePolicy(POLICY, { file: 'clinic.yaml' });
const root = mkdtempSync(join(tmpdir(), 'gauze-stored-'));
const sessions: Session[] = [];
const outcomes: Outcome[][] = [];

async function write(folder: string, hostile: boolean): Promise<string> {
  mkdirSync(folder);
  const instance = await DuckDBInstance.create(join(folder, 'clinic.duckdb'));
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(
    `CREATE TABLE "case" (who VARCHAR, ${COLUMNS.map(({ name, stored }) => `${name} ${stored}`).join(', ')})`,
  );
  await connection.run('CREATE TABLE "select ""x" (who VARCHAR, "group by" INTEGER, k0 VARCHAR)');
  await connection.run(`INSERT INTO "case" VALUES ('a', ${NULLS}), ('b', ${NULLS}), (NULL, ${NULLS})`);
  await connection.run(`INSERT INTO "select ""x" VALUES ('a', 3, '--'), ('b', NULL, 'it''s')`);
  if (hostile) {
    const unit = text(`${CANARY}"';--\u0000`).replace('\u0000', "' || chr(0) || '");
    const most = Math.max(...COLUMNS.map(({ cells }) => cells.length));
    for (let row = 0; row < most; row++) {
      const cells = COLUMNS.map(({ cells: given, stored }) => `CAST(${given[row % given.length]} AS ${stored})`);
      await connection.run(`INSERT INTO "case" VALUES (${unit}, ${cells.join(', ')})`);
    }
    await connection.run(
      `INSERT INTO "select ""x" VALUES (${unit}, 2147483647, '${CANARY}'), (${unit}, -2147483648, '"')`,
    );
  }
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  writeFileSync(join(folder, 'sheet.csv'), SHEET + (hostile ? HOSTILE_SHEET : ''));
  writeFileSync(join(folder, 'clinic.yaml'), POLICY);
  return join(folder, 'clinic.yaml');
}

beforeAll(async () => {
  const [plain, hostile] = [await write(join(root, 'plain'), false), await write(join(root, 'hostile'), true)];
  for (const [file, engine] of [
    [plain, 'native'],
    [hostile, 'native'],
    [hostile, 'wasm'],
  ] as const) {
    const directory = join(root, `state-${sessions.length}`);
    sessions.push(
      await open({ policy: file, as: 'lee', engine, directory, ledger: memoryStore(), clock: () => new Date(0) }),
    );
  }
  for (const session of sessions) {
    const done: Outcome[] = [];
    for (const sql of STATEMENTS) done.push(await outcomeOf(session, policy, sql, OPTIONS));
    outcomes.push(done);
  }
}, 600_000);
afterAll(async () => {
  for (const session of sessions) await session.close();
  rmSync(root, { recursive: true, force: true });
});

it('is mostly accepted', () => {
  const accepted = outcomes[0]?.filter((outcome) => outcome.accepted).length ?? 0;
  expect(accepted).toBeGreaterThan(STATEMENTS.length * 0.9);
});

it('has no failure, no canary, no word of the engine', () => {
  const faults = outcomes.flatMap((done, engine) =>
    done.flatMap((outcome, index) => {
      const fault = faultIn(outcome, STATEMENTS[index] ?? '');
      return fault === null ? [] : [`${engine}: ${STATEMENTS[index]}\n  ${fault}`];
    }),
  );
  expect(faults).toEqual([]);
});

it('tells no neighbour and no engine from another', () => {
  for (const [index, sql] of STATEMENTS.entries()) {
    const [first, ...others] = outcomes.map((done) => done[index]?.status);
    for (const other of others) expect(other, sql).toEqual(first);
  }
});
