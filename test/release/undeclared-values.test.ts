/** Counts split into cells or chains count rows whose values the policy does not list: nobody verified that there are none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { type Dataset, policyFromObject } from '../../src/policy/index.ts';
import { planOf } from '../conformance/compare.ts';
import { richLedger, runPlan } from '../conformance/statistics.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauze-undeclared-'));

/** 3000 F, 2000 M and 7000 that the policy does not list. */
beforeAll(async () => {
  const instance = await DuckDBInstance.create(join(folder, 'people.duckdb'));
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE person AS
    SELECT i AS id, CASE WHEN i < 3000 THEN 'F' WHEN i < 5000 THEN 'M' ELSE 'X' END AS sex FROM range(12000) AS r(i)`);
  await connection.run('CREATE TABLE answer AS SELECT id, sex AS given FROM person');
  connection.closeSync();
  instance.closeSync();
});

afterAll(() => rmSync(folder, { recursive: true }));

const policy = policyFromObject({
  gauze: 1,
  datasets: {
    clinic: {
      source: join(folder, 'people.duckdb'),
      unit: 'person.id',
      contribution: { groups: 1, rows: 1 },
      tables: {
        person: {
          unit: 'id',
          unique: true,
          columns: { sex: { type: 'text', nullable: false, values: ['F', 'M'] } },
        },
        answer: {
          unit: 'id',
          columns: { given: { type: 'text', nullable: false, values: ['F', 'M', 'D', 'U'] } },
        },
      },
    },
  },
});

/** The counts as they are before noise: sums of what is measured. */
async function exactCounts(sql: string): Promise<readonly bigint[]> {
  const plan = planOf(sql, policy);
  const [question] = plan?.questions ?? [];
  if (plan === null || question === undefined) throw new Error(`refused: ${sql}`);
  const engine = await openNative({ policyDirectory: folder });
  try {
    await engine.attach(policy, policy.datasets.get('clinic') as Dataset);
    const { groups } = await runPlan(plan, engine, await richLedger(), 1n);
    const statistics = groups[0]?.[0]?.[0]?.statistics ?? [];
    return question.derived.map((derivation) => {
      if (derivation.kind !== 'scaled') throw new Error('A count is a sum of statistics.');
      return derivation.statistics.reduce((sum, index) => sum + (statistics[index] ?? 0n), 0n);
    });
  } finally {
    await engine.close();
  }
}

it('cells hold every row, though two of them are all that the declared values leave', async () => {
  const counts = await exactCounts(
    "SELECT COUNT(*) FILTER (sex = 'F') AS f, COUNT(*) FILTER (sex = 'M') AS m, COUNT(*) AS n FROM person",
  );
  expect(counts).toEqual([3000n, 2000n, 12_000n]);
});

it('no chain is made of conditions that include each other among the declared values alone', async () => {
  const counts = await exactCounts(
    "SELECT COUNT(*) FILTER (given NOT IN ('M', 'U')) AS a, COUNT(*) FILTER (given IN ('F', 'D', 'M')) AS b FROM answer",
  );
  expect(counts).toEqual([10_000n, 5000n]);
});
