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

/** The maker for an engine; null takes the native one where it has a binary. */
export async function demoMaker(engine: 'native' | 'wasm' | null): Promise<DemoMaker> {
  const native = engine === 'wasm' ? null : await import('@duckdb/node-api').catch(() => null);
  if (native === null) return { persons: PERSONS.wasm, make: makeInWasm };
  return {
    persons: PERSONS.native,
    make: (folder, persons, seed) => makeNatively(native, folder, persons, seed),
  };
}

async function makeNatively(
  { DuckDBInstance }: typeof import('@duckdb/node-api'),
  folder: string,
  persons: number,
  seed: string,
): Promise<DemoData> {
  const path = join(folder, DEMO_SOURCE);
  const cached = existsSync(path);
  if (!cached) {
    // A half-built file is never left in place.
    const building = `${path}.${process.pid}`;
    const instance = await DuckDBInstance.create(building);
    const connection = await instance.connect();
    for (const statement of networkStatements(persons, seed)) await connection.run(statement);
    await connection.run('CHECKPOINT');
    connection.closeSync();
    instance.closeSync();
    renameSync(building, path);
  }
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
  const database = await startInThread();
  const { bindings } = database;
  const connection = await bindings.connectInternal();
  const run = (sql: string): Promise<Uint8Array> => bindings.runQuery(connection, sql);
  await run('SET autoinstall_known_extensions = false');
  await run('SET autoload_known_extensions = false');
  for (const statement of networkStatements(persons, seed)) await run(statement);
  const files = TABLES.map((table) => ({ table, path: join(folder, `${table}.parquet`) }));
  const cached = files.every(({ path }) => existsSync(path));
  const { Table, writeParquet } = await import('parquet-wasm/node');
  for (const { table, path } of cached ? [] : files) {
    writeFileSync(path, writeParquet(Table.fromIPCStream(whole(await run(`SELECT * FROM ${table}`)))));
  }
  return {
    policy: files.reduce(
      (text, { table }) => text.replace(`      ${table}:\n`, `      ${table}:\n        file: ${table}.parquet\n`),
      DEMO_POLICY.replace(`    source: ${DEMO_SOURCE}\n`, ''),
    ),
    cached,
    rows: async (sql) => rowsAsText(await run(sql)),
    close: () => database.close(),
  };
}

/** duckdb-wasm's stream with the end that other readers wait for. */
function whole(stream: Uint8Array): Uint8Array {
  return tableToIPC(tableFromIPC(stream), 'stream');
}
