/**
 * Entries as bytes. One is written `hash json`, or `hash signature json`: the SHA-256 (hex) of its canonical JSON, the
 * Ed25519 signature (hex) over that hash, and the JSON, which names the hash of the entry before it. So the newest entry,
 * which no other one names yet, is checked as well, and its signature vouches for all entries before it.
 */
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import { type SigningKey, type Verify, verify } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { Entry } from './entry.ts';
import { isEntry } from './entry-shape.ts';

/** Hash before the first entry. */
export const GENESIS: string = '0'.repeat(64);

/** An entry as it was read. */
export interface ReadEntry {
  readonly entry: Entry;
  readonly hash: string;
  /** Hex; null where the entry is not signed. */
  readonly signature: string | null;
}

const HASH_LENGTH = 64;
const SIGNATURE_LENGTH = 128;
const SPACE = 32;
const BRACE = 123;
const DOMAIN = 'gauze journal v1\n';

/** Bytes of an entry, and the hash the next one names. */
export function writeEntry(
  entry: Entry,
  key: SigningKey | null,
): { readonly bytes: Uint8Array; readonly hash: string } {
  const json = canonicalBytes(entry);
  const hash = sha256Hex(json);
  const head = new TextEncoder().encode(key === null ? `${hash} ` : `${hash} ${key.sign(signed(hash))} `);
  const bytes = new Uint8Array(head.length + json.length);
  bytes.set(head);
  bytes.set(json, head.length);
  return { bytes, hash };
}

/** Whether bytes are one entry from its first to its last byte. */
export function isWhole(bytes: Uint8Array): boolean {
  return bytes[HASH_LENGTH] === SPACE && textOf(bytes, 0, HASH_LENGTH) === sha256Hex(bytes.subarray(bodyAt(bytes)));
}

/** Whether the signature of an entry is that of a public key (hex). */
export function isSignedBy({ hash, signature }: ReadEntry, publicKey: string, by: Verify = verify): boolean {
  return signature !== null && by(signed(hash), signature, publicKey);
}

/**
 * Reads an entry that must follow `previous` as number `sequence`.
 *
 * @throws GauzeError LEDGER_CORRUPT when it is no entry, out of order, or chained to something else
 */
export function readEntry(bytes: Uint8Array, sequence: number, previous: string): ReadEntry {
  const read = readAny(bytes);
  if (read === null || read.entry.sequence !== sequence || read.entry.previous !== previous) throw corrupt(sequence);
  return read;
}

/**
 * Reads the first entry of a journal: number 0, or a checkpoint, which follows entries that lie elsewhere.
 *
 * @throws GauzeError LEDGER_CORRUPT
 */
export function readFirst(bytes: Uint8Array): ReadEntry {
  const read = readAny(bytes);
  if (read?.entry.content.kind !== 'checkpoint') return readEntry(bytes, 0, GENESIS);
  const { sequence, previous } = read.entry;
  if (!Number.isSafeInteger(sequence) || sequence < 1 || !/^[0-9a-f]{64}$/.test(previous)) throw corrupt(0);
  return read;
}

/** Whether bytes are a checkpoint that names these bytes of an entry as the one before it. */
export function isCheckpointAfter(bytes: Uint8Array, last: Uint8Array): boolean {
  const read = readAny(bytes);
  return read?.entry.content.kind === 'checkpoint' && read.entry.previous === textOf(last, 0, HASH_LENGTH);
}

function readAny(bytes: Uint8Array): ReadEntry | null {
  if (!isWhole(bytes)) return null;
  const body = bodyAt(bytes);
  let entry: unknown;
  try {
    entry = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(body)));
  } catch {
    return null;
  }
  if (!isEntry(entry)) return null;
  const signature = body > HASH_LENGTH + 1 ? textOf(bytes, HASH_LENGTH + 1, body - 1) : null;
  return { entry, hash: textOf(bytes, 0, HASH_LENGTH), signature };
}

/** An entry that does not follow from those before it. `sequence` counts from 0, the message from 1. */
export function corrupt(sequence: number): GauzeError {
  return new GauzeError('LEDGER_CORRUPT', {
    message: `The journal does not verify at entry ${sequence + 1}: it was changed, cut or reordered.`,
    next: 'Nothing is answered until the journal is restored from a backup that is at least as new.',
    fields: { entry: sequence + 1 },
  });
}

/** Where the JSON begins. */
function bodyAt(bytes: Uint8Array): number {
  const unsigned = HASH_LENGTH + 1;
  const behind = unsigned + SIGNATURE_LENGTH + 1;
  return bytes[unsigned] !== BRACE && bytes[behind - 1] === SPACE ? behind : unsigned;
}

function signed(hash: string): Uint8Array {
  return new TextEncoder().encode(`${DOMAIN}${hash}`);
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder('latin1').decode(bytes.subarray(start, end));
}
