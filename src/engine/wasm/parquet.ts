/** Parquet to Arrow IPC, for duckdb-wasm has no reader of its own. */
import { tableFromIPC } from 'apache-arrow';
import { unavailable } from '../failures.ts';

/** The part of parquet-wasm that gauze calls. */
export interface ParquetModule {
  readSchema(bytes: Uint8Array): { intoIPCStream(): Uint8Array };
  readParquet(
    bytes: Uint8Array,
    options?: { columns?: string[]; batchSize?: number; limit?: number } | null,
  ): { intoIPCStream(): Uint8Array };
}

/** Loads parquet-wasm when the first Parquet file is met. */
export type ParquetLoader = () => Promise<ParquetModule>;

/** Rows of one Arrow batch: DuckDB's row group. */
const BATCH_ROWS = 122_880;

/**
 * The columns of a Parquet file whose names, case aside, are wanted; one column if none is, for rows must be counted.
 *
 * @param limit - rows at most; null: all
 * @returns an Arrow IPC stream
 * @throws Error of parquet-wasm when the file is no Parquet
 */
export function parquetToArrow(
  module: ParquetModule,
  bytes: Uint8Array,
  isWanted: (name: string) => boolean,
  limit: number | null,
): Uint8Array {
  const names = tableFromIPC(module.readSchema(bytes).intoIPCStream()).schema.fields.map(({ name }) => name);
  const wanted = names.filter(isWanted);
  return module
    .readParquet(bytes, {
      columns: wanted.length > 0 ? wanted : names.slice(0, 1),
      batchSize: BATCH_ROWS,
      ...(limit === null ? {} : { limit }),
    })
    .intoIPCStream();
}

/** Loads parquet-wasm, or says what to install. @throws GauzeError ENGINE_UNAVAILABLE */
export async function loadParquet(load: ParquetLoader): Promise<ParquetModule> {
  try {
    return await load();
  } catch {
    throw unavailable(
      'Parquet files are read with the package parquet-wasm here, and it does not load.',
      'Install it: npm install parquet-wasm@0.8.0. In a page, serve its parquet_wasm_bg.wasm and name it in bundle.parquet.',
    );
  }
}
