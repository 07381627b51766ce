/** Local times of zones: as DuckDB's own list of zones has them, and the same on both engines. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localTime } from '../../src/engine/dialect/local-time.ts';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { openWasm } from '../../src/engine/duckdb-wasm.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { offsetsOf } from '../../src/engine/zone.ts';
import { type Dataset, policyFromObject } from '../../src/policy/index.ts';
import { planOf } from '../conformance/compare.ts';
import { richLedger, runPlan, shown } from '../conformance/statistics.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Europe/Dublin',
  'Pacific/Apia',
  'America/Boa_Vista',
];
/** Years for which all lists of zones agree: later rules may have changed. */
const SETTLED = Date.UTC(2025, 0, 1) / 1000;

const folder = mkdtempSync(join(tmpdir(), 'gauze-zone-'));
let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`CREATE TABLE instants AS SELECT make_timestamptz(us) AS z FROM (
    SELECT ((hash(i) % 5900000000::UBIGINT)::BIGINT - 4200000000) * 1000000 + i AS us FROM range(20000) AS r(i))`);
  await connection.run(`COPY (SELECT i // 48 AS unit, make_timestamptz((1577836800 + i * 1801) * 1000000) AS berlin,
    make_timestamptz((1577836800 + i * 1801) * 1000000) AS lord_howe FROM range(18000) AS r(i))
    TO '${join(folder, 'stay.parquet')}' (FORMAT parquet)`);
});

afterAll(() => {
  instance.closeSync();
  rmSync(folder, { recursive: true });
});

const count = async (sql: string): Promise<number> =>
  Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0] ?? Number.NaN);

describe.each(ZONES)('%s', (zone) => {
  const differs = `${localTime('z', zone, null)} IS DISTINCT FROM timezone('${zone}', z)`;

  it('is read as DuckDB reads it, at random instants', async () => {
    expect(await count(`SELECT count(*) FROM instants WHERE ${differs}`)).toBe(0);
  });

  it('and around every change of its offset', async () => {
    const edges = offsetsOf(zone)
      .filter(({ at }) => at < SETTLED)
      .flatMap(({ at }) => [-1_000_000, -1, 0, 1, 1_000_000].map((beside) => `(${at * 1_000_000 + beside})`));
    const instants = `(SELECT make_timestamptz(us) AS z FROM (VALUES ${edges.join(', ')}) AS e(us))`;
    expect(await count(`SELECT count(*) FROM ${instants} WHERE ${differs}`)).toBe(0);
  });

  it('bounds shorten it and change nothing within', async () => {
    const [low, high] = [Date.UTC(1990, 2, 3), Date.UTC(2011, 10, 30)].map((ms) => BigInt(ms) * 1000n) as [
      bigint,
      bigint,
    ];
    const [short, whole] = [localTime('z', zone, { low, high }), localTime('z', zone, null)];
    const within = `${whole} BETWEEN make_timestamp(${low}) AND make_timestamp(${high})`;
    expect(short.length).toBeLessThanOrEqual(whole.length);
    expect(await count(`SELECT count(*) FROM instants WHERE ${within} AND ${short} IS DISTINCT FROM ${whole}`)).toBe(0);
    expect(await count(`SELECT count(*) FROM instants WHERE ${within}`)).toBeGreaterThan(1000);
  });
});

it('changes that are taken back within days are found', () => {
  const days = offsetsOf('America/Boa_Vista').map(({ at }, index, all) => (at - (all[index - 1]?.at ?? at)) / 86_400);
  expect(days.some((length) => length > 0 && length < 7)).toBe(true);
});

it('both engines count the same stays by local hour and month', async () => {
  const policy = policyFromObject({
    gauze: 1,
    datasets: {
      clinic: {
        unit: 'stay.unit',
        contribution: { groups: 48, rows: 48 },
        tables: {
          stay: {
            file: 'stay.parquet',
            unit: 'unit',
            columns: {
              berlin: { type: 'timestamp', zone: 'Europe/Berlin', bounds: ['2020-01-01', '2020-12-31'] },
              lord_howe: { type: 'timestamp', zone: 'Australia/Lord_Howe', bounds: ['2020-01-01', '2020-12-31'] },
            },
          },
        },
      },
    },
  });
  const readAll = async (engine: Engine): Promise<string[]> => {
    try {
      await engine.attach(policy, policy.datasets.get('clinic') as Dataset);
      const ledger = await richLedger();
      const lines: string[] = [];
      for (const column of ['berlin', 'lord_howe']) {
        const sql = `SELECT hour(${column}) AS h, month(${column}) AS m, minute(${column}) // 30 AS half, COUNT(*) FROM stay GROUP BY ALL`;
        const plan = planOf(sql, policy);
        if (plan === null) throw new Error(`refused: ${sql}`);
        lines.push(...shown(await runPlan(plan, engine, ledger, 1n)));
      }
      return lines;
    } finally {
      await engine.close();
    }
  };
  const options = { policyDirectory: folder, portableHash: true };
  const native = await readAll(await openNative(options));
  expect(await readAll(await openWasm(options))).toEqual(native);
  expect(new Set(native).size).toBeGreaterThan(50);
});
