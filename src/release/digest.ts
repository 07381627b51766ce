/** One digest of what was released, the same for everyone who holds the answer. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { SqlType, Value } from '../ask/types.ts';
import { canonicalBytes } from '../crypto/canonical.ts';
import type { Intervals, ReleasedColumn } from './release.ts';
import { shownType } from './serialize.ts';

/**
 * SHA-256, hex, over the following for every column in order: canonical JSON of `{name, noisy, rows, type}`; one byte a
 * row, 1 where there is a value; the values, little-endian (integer and timestamp 8 bytes two's complement, double and
 * date 8 bytes IEEE 754, boolean 1 byte, text its length in bytes as 4 bytes and UTF-8); for noisy columns the low ends
 * and then the high ends as doubles, an open end as NaN. −0 is written as 0, so that JSON holds all that is digested.
 */
export function digestOf(columns: readonly ReleasedColumn[], intervals: Readonly<Record<string, Intervals>>): string {
  const hash = sha256.create();
  for (const { name, noisy, type, values } of columns) {
    hash.update(canonicalBytes({ name, noisy, rows: values.length, type: shownType(type) }));
    updateValues(hash, type, values);
    const bounds = intervals[name];
    if (bounds !== undefined) for (const ends of [bounds.low, bounds.high]) hash.update(doubles(ends));
  }
  return bytesToHex(hash.digest());
}

/**
 * SHA-256, hex, of the values alone, for whoever holds them without their intervals: as `digestOf`, but for every column
 * canonical JSON of `{name, rows, type}`, and no ends.
 */
export function valuesDigestOf(columns: readonly Omit<ReleasedColumn, 'noisy'>[]): string {
  const hash = sha256.create();
  for (const { name, type, values } of columns) {
    hash.update(canonicalBytes({ name, rows: values.length, type: shownType(type) }));
    updateValues(hash, type, values);
  }
  return bytesToHex(hash.digest());
}

function updateValues(hash: ReturnType<typeof sha256.create>, type: SqlType, values: readonly Value[]): void {
  hash.update(Uint8Array.from(values, (value) => (value === null ? 0 : 1)));
  hash.update(bytesOf(type, values));
}

function bytesOf(type: SqlType, values: readonly Value[]): Uint8Array {
  switch (type) {
    case 'integer':
    case 'timestamp': {
      const view = new DataView(new ArrayBuffer(values.length * 8));
      values.forEach((value, row) => {
        view.setBigInt64(row * 8, typeof value === 'bigint' ? value : 0n, true);
      });
      return new Uint8Array(view.buffer);
    }
    case 'double':
    case 'date':
      return doubles(values.map((value) => (typeof value === 'number' ? value : 0)));
    case 'boolean':
      return Uint8Array.from(values, (value) => (value === true ? 1 : 0));
    default:
      return texts(values);
  }
}

function doubles(values: readonly (number | null)[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 8));
  values.forEach((value, row) => {
    // JSON has no −0: + 0 makes it 0.
    view.setFloat64(row * 8, (value ?? Number.NaN) + 0, true);
  });
  return new Uint8Array(view.buffer);
}

function texts(values: readonly Value[]): Uint8Array {
  const encoder = new TextEncoder();
  const encoded = values.map((value) => encoder.encode(typeof value === 'string' ? value : ''));
  const bytes = new Uint8Array(encoded.reduce((sum, text) => sum + text.length + 4, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const text of encoded) {
    view.setUint32(at, text.length, true);
    bytes.set(text, at + 4);
    at += text.length + 4;
  }
  return bytes;
}
