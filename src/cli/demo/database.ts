/** The demo's database file, and plain access to it for the truth beside each answer. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { GauzeError } from '../../errors.ts';
import { networkStatements } from './network.ts';

/** The unprotected engine; the demo alone may use it, because its data is made up. */
export interface PlainEngine {
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** Builds the network's database; a half-built one is never left in place. */
export async function buildDemoDatabase(path: string, persons: number, seed: string): Promise<void> {
  const { DuckDBInstance } = await native();
  const building = `${path}.building`;
  for (const old of [building, `${building}.wal`]) if (existsSync(old)) rmSync(old);
  const instance = await DuckDBInstance.create(building);
  const connection = await instance.connect();
  for (const statement of networkStatements(persons, seed)) await connection.run(statement);
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  renameSync(building, path);
}

/** Opens the demo's database for plain questions. */
export async function plainEngine(path: string): Promise<PlainEngine> {
  const { DuckDBInstance } = await native();
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  return {
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson(),
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function native(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch {
    throw new GauzeError('ENGINE_UNAVAILABLE', {
      message: 'The demo builds its data with the native DuckDB, which has no binary here.',
      next: 'Install @duckdb/node-api for this platform: npm install @duckdb/node-api',
    });
  }
}
