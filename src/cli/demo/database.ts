/** The demo's data as files for gauze, and plain access to them for the truth beside each answer. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { startInThread } from '../../engine/duckdb-wasm.node.ts';
import { rowsAsText } from '../../engine/wasm/read-result.ts';
import { networkStatements } from './network.ts';
import { DEMO_POLICY, DEMO_SOURCE } from './policy.ts';

/** The synthetic network, ready to be asked. Plain access is for the demo alone, because its data is made up. */
export interface DemoData {
  /** Text of the policy that names the files. */
  readonly policy: string;
  /** Whether the files were there already. */
  readonly cached: boolean;
  /** Cells as text; NULL stays null. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** Persons of a network that is made within seconds, natively and in WebAssembly. */
const PERSONS = { native: 200_000, wasm: 20_000 };

/** Makes the data; with native DuckDB where it has a binary, else in WebAssembly. */
export interface DemoMaker {
  readonly persons: number;
  make(folder: string, persons: number, seed: string): Promise<DemoData>;
}

type NativeDuckDb = Pick<typeof import('@duckdb/node-api'), 'DuckDBInstance'>;

/** The maker for an engine; null takes the native one where it has a binary. */
export async function demoMaker(engine: 'native' | 'wasm' | null): Promise<DemoMaker> {
  const native = engine === 'wasm' ? null : await nativeDuckDb();
  if (native === null) return { persons: PERSONS.wasm, make: makeInWasm };
  return {
    persons: PERSONS.native,
    make: (folder, persons, seed) => makeNatively(native, folder, persons, seed),
  };
}

/** Native DuckDB; null where it has no binary. */
export async function nativeDuckDb(): Promise<NativeDuckDb | null> {
  return import('@duckdb/node-api').catch(() => null);
}

/** Writes a DuckDB file of the tables that the statements make. A half-built file is never left in place. */
export async function writeDatabase(
  { DuckDBInstance }: NativeDuckDb,
  path: string,
  statements: readonly string[],
): Promise<void> {
  const building = `${path}.${process.pid}`;
  const instance = await DuckDBInstance.create(building);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  renameSync(building, path);
}

async function makeNatively(
  { DuckDBInstance }: NativeDuckDb,
  folder: string,
  persons: number,
  seed: string,
): Promise<DemoData> {
  const path = join(folder, DEMO_SOURCE);
  const cached = existsSync(path);
  if (!cached) await writeDatabase({ DuckDBInstance }, path, networkStatements(persons, seed));
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  return {
    policy: DEMO_POLICY,
    cached,
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson(),
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const TABLES = ['person', 'visit', 'condition', 'drug', 'measurement', 'death', 'concept'];

/** duckdb-wasm keeps the network in memory and hands it on as Parquet files: it writes no DuckDB file that others read. */
async function makeInWasm(folder: string, persons: number, seed: string): Promise<DemoData> {
  const cached = TABLES.every((table) => existsSync(join(folder, `${table}.parquet`)));
  const database = await tablesInWasm(networkStatements(persons, seed));
  if (!cached) await database.write(folder, TABLES);
  return {
    policy: overParquet(DEMO_POLICY, DEMO_SOURCE, TABLES),
    cached,
    rows: async (sql) => rowsAsText(await database.run(sql)),
    close: database.close,
  };
}

/** Tables in duckdb-wasm's memory. */
interface WasmTables {
  run(sql: string): Promise<Uint8Array>;
  /** Writes each table as `NAME.parquet`. */
  write(folder: string, tables: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Makes tables in WebAssembly. */
export async function tablesInWasm(statements: readonly string[]): Promise<WasmTables> {
  const database = await startInThread();
  const { bindings } = database;
  const connection = await bindings.connectInternal();
  const run = (sql: string): Promise<Uint8Array> => bindings.runQuery(connection, sql);
  await run('SET autoinstall_known_extensions = false');
  await run('SET autoload_known_extensions = false');
  for (const statement of statements) await run(statement);
  return {
    run,
    write: async (folder, tables) => {
      const { Table, writeParquet } = await import('parquet-wasm/node');
      for (const table of tables) {
        const rows = Table.fromIPCStream(whole(await run(`SELECT * FROM ${table}`)));
        writeFileSync(join(folder, `${table}.parquet`), writeParquet(rows));
      }
    },
    close: () => database.close(),
  };
}

/** A policy whose tables are Parquet files instead of tables of a DuckDB file. */
export function overParquet(policy: string, source: string, tables: readonly string[]): string {
  return tables.reduce(
    (text, table) => text.replace(`      ${table}:\n`, `      ${table}:\n        file: ${table}.parquet\n`),
    policy.replace(new RegExp(`^    source: ${source}.*\\n`, 'm'), ''),
  );
}

/** duckdb-wasm's stream with the end that other readers wait for. */
function whole(stream: Uint8Array): Uint8Array {
  return tableToIPC(tableFromIPC(stream), 'stream');
}
