/** Names and types in data files, read with native DuckDB or, where it has no binary, with wasm. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GauzeError } from '../errors.ts';
import type { DraftTable } from '../policy/index.ts';
import { unavailable } from './failures.ts';
import { textSql } from './files.node.ts';
import { loadParquet, parquetToArrow } from './wasm/parquet.ts';
import { readRows } from './wasm/read-result.ts';
import { unreadableDatabase } from './wasm/storage-version.ts';

/** Reads names and types, and nothing else. */
export interface SchemaReader {
  /** @throws GauzeError ENGINE_UNAVAILABLE when the file cannot be read */
  columnsOf(file: string, text: boolean): Promise<DraftTable['columns']>;
  /** Tables of a DuckDB file, views left out. @throws GauzeError ENGINE_UNAVAILABLE when the file cannot be read */
  tablesOf(database: string): Promise<readonly DraftTable[]>;
  close(): Promise<void>;
}

/** One statement's rows. */
type Rows = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** Opens the better of the two. @throws GauzeError ENGINE_UNAVAILABLE */
export async function schemaReader(): Promise<SchemaReader> {
  const native = await import('@duckdb/node-api').catch(() => null);
  return native === null ? wasmReader() : nativeReader(native);
}

/** With native DuckDB. */
async function nativeReader({ DuckDBInstance }: typeof import('@duckdb/node-api')): Promise<SchemaReader> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const rows: Rows = async (sql) => (await connection.runAndReadAll(sql)).getRows();
  return {
    columnsOf: (file, text) =>
      orUnreadable(file, async () => {
        const path = textSql(resolve(file));
        return columns(await rows(`DESCRIBE SELECT * FROM ${text ? textTable(path) : `read_parquet(${path})`}`));
      }),
    tablesOf: (database) =>
      orUnreadable(database, async () => {
        await rows(`ATTACH ${textSql(resolve(database))} AS "draft" (READ_ONLY)`);
        return tables(rows);
      }),
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** With duckdb-wasm; Parquet by its schema and no row. */
export async function wasmReader(): Promise<SchemaReader> {
  const { startInThread } = await import('./duckdb-wasm.node.ts');
  const database = await startInThread();
  const { bindings } = database;
  const connection = await bindings.connectInternal();
  const rows: Rows = async (sql) => readRows(await bindings.runQuery(connection, sql));
  await rows('SET autoinstall_known_extensions = false');
  await rows('SET autoload_known_extensions = false');
  let files = 0;
  const bytesOf = async (file: string): Promise<Uint8Array> => new Uint8Array(await readFile(file));
  return {
    columnsOf: (file, text) =>
      orUnreadable(file, async () => {
        files += 1;
        const bytes = await bytesOf(file);
        if (text) {
          const name = `f${files}${/\.gz$/i.test(file) ? '.csv.gz' : '.csv'}`;
          await bindings.registerFileBuffer(name, bytes);
          return columns(await rows(`DESCRIBE SELECT * FROM ${textTable(textSql(name))}`));
        }
        const module = await loadParquet(() => import('parquet-wasm/node'));
        const { stream, uuids } = parquetToArrow(module, bytes, () => true, 0);
        await bindings.insertArrowFromIPCStream(connection, stream, { name: `f${files}`, create: true });
        const described = columns(await rows(`DESCRIBE SELECT * FROM "f${files}"`));
        return described.map(({ name, type }) => ({ name, type: uuids.includes(name) ? 'UUID' : type }));
      }),
    tablesOf: (file) =>
      orUnreadable(file, async () => {
        const bytes = await bytesOf(file);
        const start = bytes.slice(0, 20);
        await bindings.registerFileBuffer('draft.duckdb', bytes);
        await rows(`ATTACH 'draft.duckdb' AS "draft" (READ_ONLY)`).catch(() => {
          throw unreadableDatabase(file, start);
        });
        return tables(rows);
      }),
    close: () => database.close(),
  };
}

function textTable(path: string): string {
  return `read_csv(${path}, all_varchar = true, header = true)`;
}

function columns(described: readonly (readonly unknown[])[]): DraftTable['columns'] {
  return described.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

async function tables(rows: Rows): Promise<readonly DraftTable[]> {
  const listed = await rows(
    `SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'draft' ` +
      `AND schema_name = 'main' AND NOT internal AND table_name IN ` +
      `(SELECT table_name FROM duckdb_tables() WHERE database_name = 'draft' AND schema_name = 'main') ` +
      'ORDER BY table_name, column_index',
  );
  const byName = new Map<string, { name: string; type: string }[]>();
  for (const [table, name, type] of listed) {
    const known = byName.get(String(table)) ?? [];
    known.push({ name: String(name), type: String(type) });
    byName.set(String(table), known);
  }
  return [...byName].map(([name, found]) => ({ name, file: null, columns: found }));
}

/** Typed errors pass; an engine's own words do not. */
async function orUnreadable<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GauzeError) throw error;
    throw unavailable(
      `${file} cannot be read.`,
      'Check that it is a whole DuckDB, Parquet or CSV file, and that no other program has it open for writing.',
    );
  }
}
