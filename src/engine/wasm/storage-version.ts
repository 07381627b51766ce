/** DuckDB files that an older engine cannot read. */
import type { GauzeError } from '../../errors.ts';
import { unavailable } from '../failures.ts';

/** Bytes 8–12 of a DuckDB file are its mark, 12–20 its storage version, little endian. */
const MARK = 'DUCK';
const VERSION_AT = 12;
/** Written by DuckDB unless asked otherwise, and read by every release since 1.0. */
const COMMON_VERSION = 64n;

/** Why a DuckDB file did not open, from its first bytes: which storage version it has, or that it is no such file. */
export function unreadableDatabase(name: string, start: Uint8Array): GauzeError {
  const version = storageVersion(start);
  if (version === null) {
    return unavailable(`${name} is not a DuckDB file.`, 'Name a DuckDB file as the source, or a file for each table.');
  }
  if (version === COMMON_VERSION) {
    return unavailable(
      `The DuckDB file ${name} cannot be opened.`,
      'Close the program that writes it, check that it is whole and not encrypted, or use the native engine.',
    );
  }
  return unavailable(
    `The DuckDB file ${name} has storage version ${version}, which this duckdb-wasm does not read.`,
    `Rewrite it with DuckDB: ATTACH 'old.duckdb' AS old (READ_ONLY); ` +
      `ATTACH 'new.duckdb' AS fresh (STORAGE_VERSION 'v1.0.0'); COPY FROM DATABASE old TO fresh; ` +
      'Or use the native engine.',
  );
}

function storageVersion(start: Uint8Array): bigint | null {
  if (start.length < VERSION_AT + 8) return null;
  if (String.fromCharCode(...start.subarray(8, VERSION_AT)) !== MARK) return null;
  return new DataView(start.buffer, start.byteOffset, start.byteLength).getBigUint64(VERSION_AT, true);
}
