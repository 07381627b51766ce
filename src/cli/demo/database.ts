/** The demo's database file, and plain access to it for the truth beside each answer. */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { startInThread } from '../../engine/duckdb-wasm.node.ts';
import { textSql } from '../../engine/files.node.ts';
import { rowsAsText } from '../../engine/wasm/read-result.ts';
import { networkStatements } from './network.ts';

/** An unprotected engine over one file; the demo alone may use it, because its data is made up. */
export interface PlainEngine {
  run(sql: string): Promise<void>;
  /** Cells as text; NULL stays null. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Writes what was made, where the file was opened for that. */
  close(): Promise<void>;
}

/** Opens a file plainly: with native DuckDB where it has a binary, else in WebAssembly. */
export interface PlainOpener {
  open(path: string, mode: 'create' | 'read'): Promise<PlainEngine>;
  /** Persons of a network that is made within seconds. */
  readonly persons: number;
}

/** The opener for an engine; null takes the native one where it has a binary. */
export async function plainOpener(engine: 'native' | 'wasm' | null): Promise<PlainOpener> {
  const native = engine === 'wasm' ? null : await import('@duckdb/node-api').catch(() => null);
  if (native === null) return { open: openInWasm, persons: 20_000 };
  return { open: (path, mode) => openNatively(native, path, mode), persons: 200_000 };
}

/** Builds the network's database; a half-built one is never left in place. */
export async function buildDemoDatabase(
  { open }: PlainOpener,
  path: string,
  persons: number,
  seed: string,
): Promise<void> {
  const building = `${path}.building`;
  for (const old of [building, `${building}.wal`]) if (existsSync(old)) rmSync(old);
  const plain = await open(building, 'create');
  for (const statement of networkStatements(persons, seed)) await plain.run(statement);
  await plain.run('CHECKPOINT');
  await plain.close();
  if (existsSync(`${building}.wal`)) renameSync(`${building}.wal`, `${path}.wal`);
  renameSync(building, path);
}

async function openNatively(
  { DuckDBInstance }: typeof import('@duckdb/node-api'),
  path: string,
  mode: 'create' | 'read',
): Promise<PlainEngine> {
  const instance = await DuckDBInstance.create(path, mode === 'read' ? { access_mode: 'READ_ONLY' } : {});
  const connection = await instance.connect();
  return {
    run: async (sql) => {
      await connection.run(sql);
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson(),
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** In Node, duckdb-wasm makes files of the disk by their paths; it reads them only as buffers it is given. */
async function openInWasm(path: string, mode: 'create' | 'read'): Promise<PlainEngine> {
  const database = await startInThread();
  const { bindings } = database;
  const connection = await bindings.connectInternal();
  const run = async (sql: string): Promise<void> => {
    await bindings.runQuery(connection, sql);
  };
  await run('SET autoinstall_known_extensions = false');
  await run('SET autoload_known_extensions = false');
  if (mode === 'read') {
    const files = [path, `${path}.wal`].filter((file) => existsSync(file));
    for (const file of files) await bindings.registerFileBuffer(file, new Uint8Array(readFileSync(file)));
  }
  await run(`ATTACH ${textSql(path)} AS "demo"${mode === 'read' ? ' (READ_ONLY)' : ''}`);
  await run('USE "demo"');
  return {
    run,
    rows: async (sql) => rowsAsText(await bindings.runQuery(connection, sql)),
    close: async () => {
      await run('USE memory');
      await run('DETACH "demo"');
      await database.close();
    },
  };
}
