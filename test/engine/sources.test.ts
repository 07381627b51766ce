/** What a source can carry that would let one person's row change how another's is read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryStore, open, type Session } from '../../src/index.node.ts';

let folder = '';
const sessions: Session[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-sources-'));
});

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  rmSync(folder, { recursive: true });
});

async function make(file: string, ...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, file));
  const connection = await instance.connect();
  for (const sql of statements) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

async function session(table: object, source: object, engine: 'native' | 'wasm'): Promise<Session> {
  const opened = await open({
    policy: {
      gauze: 1,
      datasets: {
        d: {
          unit: 'person.id',
          contribution: { groups: 4, rows: 20 },
          tables: { person: { unit: 'id', ...table } },
          ...source,
        },
      },
      principals: { lee: { budgets: [{ dataset: 'd', epsilon: 10000, delta: 1e-6 }] } },
    } as never,
    as: 'lee',
    directory: folder,
    ledger: memoryStore(),
    engine,
  });
  sessions.push(opened);
  return opened;
}

/** ε so large that the noise is zero but once in e^10. */
async function exact(opened: Session, sql: string): Promise<readonly unknown[]> {
  const { columns } = await opened.query(sql, { epsilon: 200 });
  return columns.at(-1)!.values;
}

describe.each(['native', 'wasm'] as const)('on %s', (engine) => {
  it('a collation folds no texts', { timeout: 60_000 }, async () => {
    await make(
      'd.duckdb',
      'CREATE TABLE person (id VARCHAR COLLATE NOCASE, sex VARCHAR COLLATE NOCASE)',
      "INSERT INTO person VALUES ('x', 'f')",
      "INSERT INTO person SELECT 'p' || i, CASE WHEN i % 2 = 0 THEN 'F' ELSE 'M' END FROM range(100) t(i)",
      "INSERT INTO person VALUES ('P1', 'F')",
    );
    const columns = { sex: { type: 'text', values: ['F', 'M'] } };
    const opened = await session({ unique: true, columns }, { source: 'd.duckdb' }, engine);
    expect(await exact(opened, 'SELECT sex, COUNT(*) AS n FROM person GROUP BY sex')).toEqual([51n, 50n]);
    expect(await exact(opened, 'SELECT COUNT(*) AS n FROM person a JOIN person b ON a.id = b.id')).toEqual([102n]);
  });

  it('a table is found by its name in another case, of ASCII letters alone', { timeout: 60_000 }, async () => {
    await make(
      'd.duckdb',
      'CREATE TABLE "ÄRZTE" (id BIGINT, other VARCHAR)',
      'CREATE TABLE "ärzte" (id BIGINT, sex VARCHAR)',
      'INSERT INTO "ärzte" SELECT i, \'F\' FROM range(30) t(i)',
    );
    const tables = (name: string): object => ({
      [name]: { unit: 'id', columns: { sex: { type: 'text', values: ['F', 'M'] } } },
    });
    const named = await session({}, { source: 'd.duckdb', unit: 'ärZTE.id', tables: tables('ärZTE') }, engine);
    expect(await exact(named, 'SELECT COUNT(*) AS n FROM "ärZTE"')).toEqual([30n]);
    await expect(
      session({}, { source: 'd.duckdb', unit: 'ÄRzte.id', tables: tables('ÄRzte') }, engine),
    ).rejects.toMatchObject({ code: 'POLICY_INVALID', message: expect.stringContaining('ÄRzte.sex') });
  });

  it('one row of a CSV file changes no other', { timeout: 60_000 }, async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `${i},F,"say ""x"""`);
    writeFileSync(join(folder, 'p.csv'), `id,sex,note\n${[...rows, '1,F,"a\\b"', '#2,F,# no comment'].join('\n')}\n`);
    const columns = { sex: { type: 'text', values: ['F', 'M'] }, note: { type: 'text' } };
    const opened = await session({ file: 'p.csv', columns }, {}, engine);
    expect(await exact(opened, `SELECT COUNT(*) AS n FROM person WHERE note = 'say "x"'`)).toEqual([400n]);
    expect(await exact(opened, 'SELECT COUNT(*) AS n FROM person')).toEqual([402n]);
  });
});

describe('files read in place', () => {
  it('that change under an open session are not read', async () => {
    const write = (rows: string): Promise<void> =>
      make('copy.duckdb', `COPY (${rows}) TO '${join(folder, 'p.parquet')}' (FORMAT parquet)`);
    await write('SELECT i AS id FROM range(100) t(i)');
    const opened = await session({ file: 'p.parquet', unique: true, columns: {} }, {}, 'native');
    expect(await exact(opened, 'SELECT COUNT(*) AS n FROM person')).toEqual([100n]);
    await write('SELECT i % 5 AS id FROM range(5000) t(i)');
    const error: { code?: string } = await opened
      .query('SELECT COUNT(*) AS n FROM person', { epsilon: 3 })
      .catch((thrown) => thrown);
    expect(error.code).toBe('ENGINE_FAILED');
  });
});
