/** Parquet types that reach wasm by way of Arrow mean what they mean to native DuckDB. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { openWasm } from '../../src/engine/duckdb-wasm.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type Dataset, type Policy, policyFromObject } from '../../src/policy/index.ts';
import { planOf } from '../conformance/compare.ts';
import { richLedger, runPlan, shown } from '../conformance/statistics.ts';
import { runNative } from './hospital-files.ts';

let folder: string;
let policy: Policy;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-parquet-'));
  await runNative(':memory:', [
    `COPY (SELECT CAST(md5(i::VARCHAR) AS UUID) AS person, (i % 5)::UTINYINT AS small, (i / 4)::DECIMAL(9,2) AS dose,
     (i / 8)::FLOAT AS single, ['a', 'b'][1 + i % 2]::ENUM('a', 'b', 'c') AS code, (1 + i % 3)::UBIGINT AS wide,
     to_timestamp(1577836800 + i * 86400) AS zoned, TIMESTAMP_NS '2020-01-01 00:00:00.999999999' AS fine,
     repeat('ä', i % 40) AS words, [i] AS nested FROM range(400) r(i))
     TO '${join(folder, 'rows.parquet')}' (FORMAT parquet, PARQUET_VERSION v2, COMPRESSION gzip)`,
  ]);
  policy = policyFromObject({
    gauze: 1,
    datasets: {
      d: {
        unit: 'rows.person',
        contribution: { groups: 1, rows: 1 },
        minimumUnits: 2,
        tables: {
          rows: {
            file: 'rows.parquet',
            unit: 'person',
            unique: true,
            columns: {
              small: { type: 'integer', bounds: [0, 10] },
              dose: { type: 'double', bounds: [0, 50], step: '0.01' },
              single: { type: 'double', bounds: [0, 50], step: '0.125' },
              code: { type: 'text', values: ['a', 'b', 'c'] },
              wide: { type: 'integer', values: [1, 2, 3] },
              zoned: { type: 'timestamp', bounds: ['2020-01-01', '2021-12-31'], zone: 'UTC' },
              fine: { type: 'timestamp', bounds: ['2020-01-01', '2021-12-31'] },
              words: { type: 'text' },
            },
          },
        },
      },
    },
    principals: { tester: { budgets: [{ dataset: 'd', epsilon: 100, delta: '1e-3' }] } },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const QUESTIONS = [
  'SELECT code, count(*), sum(small), sum(dose), sum(single) FROM rows GROUP BY code',
  'SELECT wide, count(*) FROM rows GROUP BY wide',
  "SELECT date_trunc('month', zoned) AS month, count(*) FROM rows GROUP BY month",
  'SELECT CAST(fine AS date) AS day, count(*) FROM rows GROUP BY day',
  'SELECT length(words) AS n, count(*) FROM rows GROUP BY n',
];

async function readAll(engine: Engine): Promise<readonly string[]> {
  try {
    const dataset = policy.datasets.get('d') as Dataset;
    await engine.attach(policy, dataset);
    expect(await engine.verify(dataset)).toEqual([]);
    const ledger = await richLedger();
    const lines: string[] = [];
    for (const sql of QUESTIONS) {
      const plan = planOf(sql, policy);
      if (plan === null) throw new Error(`refused: ${sql}`);
      lines.push(sql, ...shown(await runPlan(plan, engine, ledger, 1n)));
    }
    return lines;
  } finally {
    await engine.close();
  }
}

test('integers, decimals, floats, ENUM, UUID, zoned and fine timestamps, long text', async () => {
  const options = { policyDirectory: folder, portableHash: true };
  const native = await readAll(await openNative(options));
  expect(native.length).toBeGreaterThan(2 * QUESTIONS.length);
  expect(await readAll(await openWasm(options))).toEqual(native);
});
