/**
 * DuckDB in a page: a worker that gauze starts, or a duckdb-wasm connection that the page has already.
 *
 * @module gauze/duckdb-wasm
 */
import { AsyncDuckDB, VoidLogger } from '@duckdb/duckdb-wasm';
import { GauzeError } from '../errors.ts';
import { duckDbEngine } from './duckdb-engine.ts';
import type { Engine } from './engine.ts';
import { notStarted, WasmAdapter } from './wasm/adapter.ts';
import type { WasmBindings, WasmDatabase } from './wasm/bindings.ts';
import { type DataSource, givenFiles } from './wasm/files.ts';
import type { ParquetModule } from './wasm/parquet.ts';

export type { WasmBindings, WasmDatabase } from './wasm/bindings.ts';
export type { DataSource } from './wasm/files.ts';

/**
 * Where the files of duckdb-wasm are served, best from the page's own origin: `duckdb-eh.wasm`,
 * `duckdb-browser-eh.worker.js`, and for Parquet `parquet_wasm_bg.wasm` of parquet-wasm's `esm` folder. That worker writes
 * the words of a failed statement to the console of the page, which gauze cannot stop; a question that runs fails only for
 * want of memory.
 */
export interface WasmBundle {
  readonly mainModule: string | URL;
  readonly mainWorker: string | URL;
  readonly parquet?: string | URL;
}

/** An `AsyncDuckDBConnection` of duckdb-wasm. */
export interface WasmConnection {
  useUnsafe<R>(callback: (bindings: WasmBindings, connection: number) => R): R;
}

/** How to open duckdb-wasm in a page: with a `connection`, or a `bundle` to start one from. */
export interface WasmOptions {
  /** Data by the names that the policy gives them: `source` of a data set, `file` of a table. */
  readonly sources?: Readonly<Record<string, DataSource>>;
  /** Where a worker is started from. The database in it is locked: it reads what was attached, and nothing else. */
  readonly bundle?: WasmBundle;
  /**
   * A connection of the page, whose tables (schema `main`) stand for data sets without a file in `sources`. Its database
   * belongs to the page: it is neither locked nor ended, and gauze keeps its own views in an attached one named `gauze`.
   */
  readonly connection?: WasmConnection;
  /** Where parquet-wasm's module is served, when a connection is given. */
  readonly parquet?: string | URL;
  /** Select pairs by MD5 instead of DuckDB's hash: for comparing engines. */
  readonly portableHash?: boolean;
}

/**
 * Opens duckdb-wasm in a page. Parquet files are turned into tables when they are attached, DuckDB files given as Blobs
 * are read in place, all else is copied into the memory of the worker.
 *
 * @throws GauzeError USAGE without a connection or bundle, ENGINE_UNAVAILABLE when the worker does not start
 */
export async function openWasm(options: WasmOptions): Promise<Engine> {
  const database = await databaseOf(options);
  try {
    const adapter = await WasmAdapter.create({
      database,
      files: givenFiles(options.sources ?? {}),
      loadParquet: () => loadInPage(options.bundle?.parquet ?? options.parquet),
      source: null,
    });
    return duckDbEngine(adapter, { portableHash: options.portableHash ?? false });
  } catch (error) {
    await database.close();
    throw notStarted(error);
  }
}

async function databaseOf({ connection, bundle }: WasmOptions): Promise<WasmDatabase> {
  if (connection !== undefined) return connection.useUnsafe((bindings) => borrowed(bindings));
  if (bundle !== undefined) return startInPage(bundle);
  throw new GauzeError('USAGE', {
    message: 'Neither a duckdb-wasm connection nor a bundle to start one from is given.',
    next: "Serve the two files of duckdb-wasm and give bundle: { mainModule: '/duckdb-eh.wasm', mainWorker: '/duckdb-browser-eh.worker.js' }.",
  });
}

function borrowed(bindings: WasmBindings): WasmDatabase {
  return { bindings, owned: false, close: async () => undefined };
}

async function startInPage(bundle: WasmBundle): Promise<WasmDatabase> {
  try {
    // A module that is not there would leave the worker waiting without a word.
    const module = await fetch(bundle.mainModule, { method: 'HEAD' });
    if (!module.ok) throw new Error('no module');
    const worker = new Worker(bundle.mainWorker);
    return await startDatabase(worker, String(bundle.mainModule));
  } catch (error) {
    throw notStarted(error);
  }
}

/**
 * Starts duckdb-wasm in a worker that runs its worker script, with an empty database in memory. When the worker dies,
 * every call under way rejects: by itself duckdb-wasm would leave them waiting.
 *
 * @param mainModule - address or path of `duckdb-eh.wasm`, as the worker sees it
 */
export async function startDatabase(worker: Worker, mainModule: string): Promise<WasmDatabase> {
  const lost = new Promise<never>((_, reject) => {
    for (const sign of ['error', 'close']) worker.addEventListener(sign, () => reject(new Error('lost')));
  });
  lost.catch(() => undefined);
  const database = new AsyncDuckDB(new VoidLogger(), worker);
  const close = async (): Promise<void> => {
    database.detach();
    worker.terminate();
  };
  try {
    await Promise.race([database.instantiate(mainModule, null), lost]);
    await database.open({
      path: ':memory:',
      query: { castBigIntToDouble: false, castDecimalToDouble: false, castTimestampToDate: false },
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { bindings: withLoss(database, lost), owned: true, close };
}

/** The same bindings, each call ending when the worker is lost. */
function withLoss(database: WasmBindings, lost: Promise<never>): WasmBindings {
  const orLost = <T>(call: Promise<T>): Promise<T> => Promise.race([call, lost]);
  return {
    connectInternal: () => orLost(database.connectInternal()),
    disconnect: (connection) => orLost(database.disconnect(connection)),
    runQuery: (connection, sql) => orLost(database.runQuery(connection, sql)),
    startPendingQuery: (connection, sql, stream) => orLost(database.startPendingQuery(connection, sql, stream)),
    pollPendingQuery: (connection) => orLost(database.pollPendingQuery(connection)),
    cancelPendingQuery: (connection) => orLost(database.cancelPendingQuery(connection)),
    fetchQueryResults: (connection) => orLost(database.fetchQueryResults(connection)),
    registerFileBuffer: (name, buffer) => orLost(database.registerFileBuffer(name, buffer)),
    registerFileHandle: (name, handle, protocol, directIO) =>
      orLost(database.registerFileHandle(name, handle, protocol, directIO)),
    dropFile: (name) => orLost(database.dropFile(name)),
    insertArrowFromIPCStream: (connection, stream, options) =>
      orLost(database.insertArrowFromIPCStream(connection, stream, options)),
  };
}

async function loadInPage(module: string | URL | undefined): Promise<ParquetModule> {
  const parquet = await import('parquet-wasm/esm');
  await parquet.default(module === undefined ? undefined : { module_or_path: module });
  return parquet;
}
