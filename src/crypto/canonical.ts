/** Value → bytes, one way only: what is hashed and signed. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { invariant } from '../errors.ts';

/**
 * Canonical JSON in the manner of RFC 8785: keys sorted by UTF-16 code unit, no white space, numbers as JavaScript prints
 * them. Beyond it, a bigint is written `{"#":"123"}`, so that 1 and 1n differ; `undefined` members are left out; half a
 * surrogate pair is written as its escape. Different values give different bytes.
 *
 * @throws GauzeError INTERNAL_INVARIANT for what would lose its meaning: numbers that are not finite, functions, symbols,
 * and objects that are not plain (a map, a date, bytes)
 */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(write(value));
}

/** SHA-256, hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

function write(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      invariant(Number.isFinite(value), 'canonical numbers are finite');
      return JSON.stringify(value);
    case 'bigint':
      return `{"#":"${value}"}`;
    case 'object':
      return value === null ? 'null' : writeObject(value);
    default:
      invariant(false, 'canonical values are data');
  }
}

function writeObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  invariant(prototype === null || prototype === Object.prototype, 'canonical objects are plain');
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  invariant(
    entries.length !== 1 || entries[0]?.[0] !== '#' || typeof entries[0][1] !== 'string',
    'the mark of a bigint is its own',
  );
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(',')}}`;
}
