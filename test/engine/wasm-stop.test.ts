/** A read in wasm ends when it is told to, the engine goes on after it, and once locked it opens no file. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Deadline, type ReadLimits } from '../../src/engine/deadline.ts';
import type { Job } from '../../src/engine/duckdb-engine.ts';
import { startInThread } from '../../src/engine/duckdb-wasm.node.ts';
import { WasmAdapter } from '../../src/engine/wasm/adapter.ts';
import { givenFiles } from '../../src/engine/wasm/files.ts';

let adapter: WasmAdapter;
beforeAll(async () => {
  adapter = await WasmAdapter.create({
    database: await startInThread(),
    files: givenFiles({}),
    loadParquet: () => import('parquet-wasm/node'),
    source: null,
  });
});
afterAll(() => adapter.close());

const job = (sql: string): Job => ({ sql, parameters: [], columns: ['bigint'], byOneColumn: false });
/** Hours of work. */
const ENDLESS = job(
  'SELECT CAST(count(*) AS BIGINT) FROM range(10000000) a(i), range(10000000) b(j) WHERE i * j % 7 = 3',
);

/** Milliseconds until a read ended, and whether its deadline ended it. */
async function stopped(limits: ReadLimits): Promise<{ took: number; code: string | undefined }> {
  const start = performance.now();
  const deadline = new Deadline(limits);
  await adapter.run(ENDLESS, deadline).catch(() => undefined);
  deadline.close();
  return { took: performance.now() - start, code: deadline.stop?.code };
}

async function one(): Promise<readonly unknown[]> {
  const result = await adapter.run(job('SELECT 1'), new Deadline({}));
  const [column] = result.columns;
  return column?.kind === 'integers' ? [...column.integers] : [];
}

test('by its timeout', async () => {
  const { took, code } = await stopped({ timeout: 200 });
  expect(code).toBe('ENGINE_TIMEOUT');
  expect(took).toBeLessThan(5_000);
  expect(await one()).toEqual([1n]);
});

test('by a signal, before and during the read', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 200);
  const { took, code } = await stopped({ signal: controller.signal });
  expect(code).toBe('ENGINE_ABORTED');
  expect(took).toBeLessThan(5_000);
  expect((await stopped({ signal: AbortSignal.abort() })).code).toBe('ENGINE_ABORTED');
  expect(await one()).toEqual([1n]);
});

test('and others go on beside it', async () => {
  const controller = new AbortController();
  const long = stopped({ signal: controller.signal });
  expect(await one()).toEqual([1n]);
  controller.abort();
  expect((await long).code).toBe('ENGINE_ABORTED');
});

test('by closing the engine, and by the loss of its thread', async () => {
  const parts = { files: givenFiles({}), loadParquet: () => import('parquet-wasm/node'), source: null };
  for (const end of ['close', 'lose'] as const) {
    const database = await startInThread();
    const other = await WasmAdapter.create({ ...parts, database });
    const read = other.run(ENDLESS, new Deadline({}));
    setTimeout(() => (end === 'close' ? other.close() : database.close()), 100);
    await expect(read).rejects.toThrow(end === 'close' ? 'stopped' : 'lost');
  }
});

test('64-bit integers, NULL, text and doubles arrive whole', async () => {
  const sql = `SELECT * FROM (VALUES
    (9007199254740993::BIGINT, 7::INTEGER, 'ä 🜁', 1e-320::DOUBLE, true, 1), (NULL, NULL, NULL, NULL, NULL, 2),
    ('-9223372036854775808'::BIGINT, -7, '', '-Infinity'::DOUBLE, false, 3)) v(a, b, c, d, e, n) ORDER BY n`;
  const columns: Job['columns'] = ['bigint', 'bigint', 'text', 'double', 'boolean'];
  const result = await adapter.run({ ...job(sql), columns }, new Deadline({}));
  expect(result.rows).toBe(3);
  const missing = Uint8Array.of(0, 1, 0);
  expect(result.columns).toEqual([
    { kind: 'integers', integers: BigInt64Array.of(9007199254740993n, 0n, -(2n ** 63n)), missing },
    { kind: 'integers', integers: BigInt64Array.of(7n, 0n, -7n), missing },
    { kind: 'others', others: ['ä 🜁', null, ''] },
    { kind: 'others', others: [1e-320, null, -Infinity] },
    { kind: 'others', others: [true, null, false] },
  ]);
});

test('results of many batches arrive whole', async () => {
  const result = await adapter.run(job('SELECT i * i FROM range(50000) r(i)'), new Deadline({}));
  const [column] = result.columns;
  if (column?.kind !== 'integers') throw new Error('integers are wanted');
  expect(column.integers.length).toBe(50_000);
  expect(column.integers.every((value, row) => value === BigInt(row) * BigInt(row))).toBe(true);
});

test('once locked nothing outside can be opened or set', async () => {
  const file = join(tmpdir(), `gauze-canary-${process.pid}.csv`);
  writeFileSync(file, 'canary\n1\n');
  const read = job(`SELECT count(*) FROM read_csv('${file}')`);
  expect((await adapter.run(read, new Deadline({}))).rows).toBe(1);
  await adapter.lock();
  for (const sql of [
    read.sql,
    "SELECT 1 FROM glob('*')",
    `ATTACH '${file}.duckdb' AS other`,
    `COPY (SELECT 1) TO '${file}.out'`,
    'SET enable_external_access = true',
    'SET autoload_known_extensions = true',
    'SELECT current_date',
    'LOAD icu',
  ]) {
    await expect(adapter.run(job(sql), new Deadline({})), sql).rejects.toThrow();
  }
  expect(await one()).toEqual([1n]);
});
