/**
 * DuckDB in the process: files attached read-only, then locked.
 *
 * @module gauze/duckdb
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import { foldName } from '../policy/fold-name.ts';
import type { Dataset, Table } from '../policy/policy.ts';
import type { SourceHost, SourceTable } from './attach.ts';
import type { RawColumn, RawResult } from './columns.ts';
import type { Deadline } from './deadline.ts';
import { folded, quoted } from './dialect/literal.ts';
import type { Transport } from './dialect/transport.ts';
import { type DuckDbAdapter, duckDbEngine, type Job, UNIT_BITS } from './duckdb-engine.ts';
import type { Engine } from './engine.ts';
import { unavailable, unfit } from './failures.ts';
import { dataFiles, fingerprintFiles, textSql } from './files.node.ts';
import { readText } from './read-text.ts';

/** How to open the native engine. */
export interface NativeOptions {
  /** Folder that the policy's relative file names start from; the current folder unless given. */
  readonly policyDirectory?: string;
  /** DuckDB file for data sets that name no source. */
  readonly database?: string;
  readonly threads?: number;
  /** As DuckDB writes it, for example `4GB`; DuckDB spills to a private temporary folder beyond it. */
  readonly memoryLimit?: string;
  /** Select pairs by MD5 instead of DuckDB's hash: for comparing engines. */
  readonly portableHash?: boolean;
}

/** Connections whose GROUP BY unit may use an array indexed by the unit, where units are dense whole numbers. */
const UNIT_CONNECTIONS = 2;

/**
 * Opens native DuckDB.
 *
 * @throws GauzeError ENGINE_UNAVAILABLE when DuckDB does not start
 */
export async function openNative(options: NativeOptions = {}): Promise<Engine> {
  const temporary = mkdtempSync(join(tmpdir(), 'gauze-'));
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      temp_directory: temporary,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
      ...(options.memoryLimit === undefined ? {} : { memory_limit: options.memoryLimit }),
    });
    const adapter = await NativeAdapter.create(instance, temporary, options);
    return duckDbEngine(adapter, { portableHash: options.portableHash ?? false });
  } catch {
    rmSync(temporary, { recursive: true, force: true });
    throw unavailable('DuckDB did not start.', 'Check the options given to the engine, and the memory of the machine.');
  }
}

class NativeAdapter implements DuckDbAdapter, SourceHost {
  readonly name = 'duckdb-native';
  readonly texts = 'bound';
  readonly host: SourceHost = this;
  readonly #instance: DuckDBInstance;
  readonly #main: DuckDBConnection;
  readonly #temporary: string;
  readonly #options: NativeOptions;
  readonly #idle: { groups: DuckDBConnection[]; units: DuckDBConnection[] } = { groups: [], units: [] };
  readonly #databases = new Map<string, string>();
  /** Files that are read in place, and what they were when attached. */
  readonly #readable = new Map<string, string>();

  private constructor(instance: DuckDBInstance, main: DuckDBConnection, temporary: string, options: NativeOptions) {
    this.#instance = instance;
    this.#main = main;
    this.#temporary = temporary;
    this.#options = options;
  }

  static async create(instance: DuckDBInstance, temporary: string, options: NativeOptions): Promise<NativeAdapter> {
    const main = await instance.connect();
    await main.run('CREATE SCHEMA "gauze"');
    // DuckDB 1.5.6 picks wrong rows by it where order values are NULL: which ones depends on how rows are stored.
    await main.run("SET disabled_optimizers = 'top_n_window_elimination'");
    const adapter = new NativeAdapter(instance, main, temporary, options);
    for (let count = 0; count < UNIT_CONNECTIONS; count++) {
      const connection = await instance.connect();
      await connection.run(`SET SESSION perfect_ht_threshold = ${UNIT_BITS}`);
      adapter.#idle.units.push(connection);
    }
    return adapter;
  }

  async execute(sql: string): Promise<void> {
    await this.#main.run(sql);
  }

  async locate(dataset: Dataset, table: Table): Promise<SourceTable> {
    const place = `${dataset.name}.${table.name}`;
    if (table.file !== null) return this.#locateFile(place, table.file);
    const source = dataset.source ?? this.#options.database;
    if (source === undefined || source === null) {
      throw unfit(place, 'neither the table names a file nor the data set a source', 'Write source: or file:');
    }
    const database = await this.#attachDatabase(dataset.name, source);
    const rows = await this.#rows(
      'SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = ? ' +
        `AND ${folded('table_name')} = ? ORDER BY column_index`,
      [database, 'main', foldName(table.name)],
    );
    const [first] = rows;
    if (first === undefined) {
      throw unfit(place, `${source} has no table of this name`, 'Correct the name, or leave the table out.');
    }
    return {
      from: `${quoted(database)}."main".${quoted(String(first[0]))}`,
      columns: rows.map(([, name, type]) => ({ name: String(name), type: String(type) })),
      text: false,
    };
  }

  async #locateFile(place: string, pattern: string): Promise<SourceTable> {
    const files = dataFiles(this.#directory, pattern);
    if (files.length === 0)
      throw unfit(place, `there is no file ${pattern}`, 'Correct the path; it starts at the policy.');
    const list = `[${files.map(textSql).join(', ')}]`;
    const text = /\.(csv|tsv)(\.gz)?$/i.test(pattern);
    const from = text ? readText(list, pattern) : `read_parquet(${list})`;
    const rows = await this.#rows(`DESCRIBE SELECT * FROM ${from}`, []);
    if (!text) for (const file of files) this.#readable.set(file, stateOf(file));
    return { from, columns: rows.map(([name, type]) => ({ name: String(name), type: String(type) })), text };
  }

  async #attachDatabase(dataset: string, source: string): Promise<string> {
    const path = resolve(this.#directory, source);
    const known = this.#databases.get(path);
    if (known !== undefined) return known;
    if (!existsSync(path))
      throw unfit(dataset, `there is no file ${source}`, 'Correct the path; it starts at the policy.');
    const name = `s${this.#databases.size}`;
    await this.#main.run(`ATTACH ${textSql(path)} AS ${quoted(name)} (READ_ONLY)`);
    this.#databases.set(path, name);
    return name;
  }

  get #directory(): string {
    return resolve(this.#options.policyDirectory ?? '.');
  }

  async #rows(sql: string, values: string[]): Promise<readonly (readonly unknown[])[]> {
    return (await this.#main.runAndReadAll(sql, values)).getRows();
  }

  async lock(): Promise<void> {
    const paths = [...this.#readable.keys()].map(textSql).join(', ');
    if (paths !== '') await this.#main.run(`SET allowed_paths = [${paths}]`);
    await this.#main.run('SET enable_external_access = false');
    await this.#main.run('SET lock_configuration = true');
  }

  async run(job: Job, deadline: Deadline): Promise<RawResult> {
    // Declarations were checked on the files as they were.
    for (const [file, state] of this.#readable) {
      if (stateOf(file) !== state) throw unfit(file, 'the file changed under an open session', 'Open another session.');
    }
    const pool = job.byOneColumn && this.#idle.units.length > 0 ? this.#idle.units : this.#idle.groups;
    const connection = pool.pop() ?? (await this.#instance.connect());
    try {
      return await deadline.during(
        () => readAll(connection, job),
        () => connection.interrupt(),
      );
    } finally {
      pool.push(connection);
    }
  }

  fingerprint(dataset: Dataset, key: Uint8Array): Promise<string> {
    return fingerprintFiles(dataset, key, this.#directory, this.#options.database ?? null);
  }

  async close(): Promise<void> {
    for (const connection of [...this.#idle.groups, ...this.#idle.units, this.#main]) connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.#temporary, { recursive: true, force: true });
  }
}

async function readAll(connection: DuckDBConnection, job: Job): Promise<RawResult> {
  // Preparing refuses anything but a single statement.
  const statement = await connection.prepare(job.sql);
  try {
    job.parameters.forEach((text, index) => {
      statement.bindVarchar(index + 1, text);
    });
    const chunks = await (await statement.run()).fetchAllChunks();
    const rows = chunks.reduce((count, chunk) => count + chunk.rowCount, 0);
    return { rows, columns: job.columns.map((transport, column) => readColumn(chunks, column, transport, rows)) };
  } finally {
    statement.destroySync();
  }
}

function readColumn(chunks: readonly DuckDBDataChunk[], column: number, transport: Transport, rows: number): RawColumn {
  return transport === 'bigint' ? readIntegers(chunks, column, rows) : readOthers(chunks, column, rows, transport);
}

function readIntegers(chunks: readonly DuckDBDataChunk[], column: number, rows: number): RawColumn {
  const integers = new BigInt64Array(rows);
  let missing: Uint8Array | null = null;
  let start = 0;
  for (const chunk of chunks) {
    const { rowCount } = chunk;
    const vector = chunk.getColumnVector(column);
    const buffers = buffersOf(vector);
    if (buffers !== null) {
      integers.set(buffers.items.subarray(0, rowCount), start);
      if (buffers.valid !== null) missing = markMissing(missing, buffers.valid, start, rowCount, rows);
    } else {
      for (let item = 0; item < rowCount; item++) {
        const value = vector.getItem(item);
        if (value === null) {
          missing ??= new Uint8Array(rows);
          missing[start + item] = 1;
        } else {
          integers[start + item] = typeof value === 'bigint' ? value : BigInt(value as number);
        }
      }
    }
    start += rowCount;
  }
  return { kind: 'integers', integers, missing };
}

/**
 * The buffers behind a vector of 64-bit integers: its items, and one bit an item that is set where there is a value (null:
 * everywhere). The client has no public way to them and takes 20 times as long item by item; null where they are not found.
 */
function buffersOf(vector: object): { readonly items: BigInt64Array; readonly valid: Uint8Array | null } | null {
  const { items, validity } = vector as { readonly items?: unknown; readonly validity?: { readonly data?: unknown } };
  if (!(items instanceof BigInt64Array) || validity === undefined) return null;
  const { data } = validity;
  if (data === null) return { items, valid: null };
  if (!(data instanceof BigUint64Array)) return null;
  return { items, valid: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

function markMissing(
  known: Uint8Array | null,
  valid: Uint8Array,
  start: number,
  count: number,
  rows: number,
): Uint8Array | null {
  let missing = known;
  for (let item = 0; item < count; item++) {
    if (((valid[item >> 3] ?? 0) >> (item & 7)) & 1) continue;
    missing ??= new Uint8Array(rows);
    missing[start + item] = 1;
  }
  return missing;
}

function readOthers(chunks: readonly DuckDBDataChunk[], column: number, rows: number, transport: Transport): RawColumn {
  const others = new Array<string | number | boolean | null>(rows);
  let row = 0;
  for (const chunk of chunks) {
    const { rowCount } = chunk;
    const vector = chunk.getColumnVector(column);
    for (let item = 0; item < rowCount; item++, row++) {
      const value = vector.getItem(item);
      others[row] =
        transport === 'days' && value !== null ? Number(value) : (value as string | number | boolean | null);
    }
  }
  return { kind: 'others', others };
}

function stateOf(file: string): string {
  const { ino, size, mtimeMs } = statSync(file);
  return `${ino}:${size}:${mtimeMs}`;
}
