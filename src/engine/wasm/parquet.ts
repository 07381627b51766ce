/** Parquet to Arrow IPC, for duckdb-wasm has no reader of its own. */
import { DataType, tableFromIPC } from 'apache-arrow';
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
const UUID_BYTES = 16;

/**
 * The columns of a Parquet file whose names, case aside, are wanted; one column if none is, for rows must be counted.
 *
 * @param limit - rows at most; null: all
 * @returns an Arrow IPC stream, and which of its columns are UUIDs: Arrow has only their 16 bytes
 * @throws Error of parquet-wasm when the file is no Parquet
 */
export function parquetToArrow(
  module: ParquetModule,
  bytes: Uint8Array,
  isWanted: (name: string) => boolean,
  limit: number | null,
): { readonly stream: Uint8Array; readonly uuids: readonly string[] } {
  const { fields } = tableFromIPC(module.readSchema(bytes).intoIPCStream()).schema;
  const listed = fields.filter(({ name }) => isWanted(name));
  const wanted = listed.length > 0 ? listed : fields.slice(0, 1);
  const stream = module
    .readParquet(bytes, {
      columns: wanted.map(({ name }) => name),
      batchSize: BATCH_ROWS,
      ...(limit === null ? {} : { limit }),
    })
    .intoIPCStream();
  const isUuid = (type: DataType): boolean => DataType.isFixedSizeBinary(type) && type.byteWidth === UUID_BYTES;
  return { stream, uuids: wanted.filter(({ type }) => isUuid(type)).map(({ name }) => name) };
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
