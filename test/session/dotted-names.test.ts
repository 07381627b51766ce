/** Names of tables and columns that hold dots: two of them never stand for one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import type { GauzeError } from '../../src/errors.ts';
import { memoryStore, open } from '../../src/index.node.ts';
import { parametersOf } from '../../src/options.ts';
import { parsePolicy } from '../../src/policy/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauze-dots-'));
afterAll(() => rmSync(folder, { recursive: true }));

const policyOf = (unit: string, tables: string) =>
  parsePolicy(`gauze: 1
datasets:
  d:
    source: d.duckdb
    unit: ${unit}
    contribution: { groups: 4, rows: 20 }
    budget: { epsilon: 20, delta: 1e-5 }
    minimumUnits: 11
    tables:
${tables}
principals:
  x: { budgets: [ { dataset: d, epsilon: 10, delta: 1e-6 } ] }
`);

it('a table that keeps what it declares does not answer for another that breaks it', async () => {
  const instance = await DuckDBInstance.create(join(folder, 'd.duckdb'));
  const connection = await instance.connect();
  await connection.run('CREATE TABLE a AS SELECT 1 AS "b.c", 5 AS x FROM range(1000)');
  await connection.run('CREATE TABLE "a.b" AS SELECT i AS c, 5 AS x FROM range(2) t(i)');
  connection.closeSync();
  instance.closeSync();
  const policy = policyOf(
    'a.b.c',
    `      a: { unit: b.c, unique: true, columns: { x: { type: integer, bounds: [0, 10] } } }
      a.b: { unit: c, unique: true, columns: { x: { type: integer, bounds: [0, 10] } } }`,
  );
  const engine = await openNative({ policyDirectory: folder, threads: 1 });
  const error: GauzeError = await open({ policy, as: 'x', ledger: memoryStore(), engine }).catch((thrown) => thrown);
  expect(error.code).toBe('POLICY_DATASET');
  expect(error.message).toContain('a.b.c: not unique');
});

it('links through a column of one table are not links through another', () => {
  const policy = (table: string, column: string) =>
    policyOf(
      'person.pid',
      `      person: { unit: pid, unique: true, columns: { sex: { type: text, values: [F, M] } } }
      a: { unit: pid, columns: { b.c: { type: integer, use: join } } }
      ${table}: { unit: pid, columns: { ${column}: { type: integer, use: join } } }
      x: { unit: { through: a, on: b.c }, columns: { v: { type: integer, bounds: [0, 1] } } }
      y: { unit: { through: ${table}, on: ${column} }, columns: { w: { type: integer, bounds: [0, 1] } } }`,
    );
  const plan = (table: string, column: string) => () => {
    const sql = `SELECT COUNT(*) AS n FROM x JOIN y ON x."b.c" = y.${column}`;
    const given = policy(table, column);
    return makePlan(ask(sql, given), given, parametersOf({ epsilon: 1 }, null, null), sql);
  };
  expect(plan('z', 'c')).toThrow(expect.objectContaining({ code: 'BOUND_UNSTABLE_JOIN' }));
  expect(plan('a.b', 'c')).toThrow(expect.objectContaining({ code: 'BOUND_UNSTABLE_JOIN' }));
});
