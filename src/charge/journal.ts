/**
 * Entries of the journal. One is written `hash entry`: the SHA-256 (hex) of its canonical JSON, a space, that JSON, which
 * names the hash of the entry before it. So the newest entry, which no other one names yet, is checked as well.
 */
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import type { PrivacyEvent } from '../dp/event.ts';
import { GauzeError } from '../errors.ts';
import type { AccountId, Settlement } from './ledger.ts';

/** Hash before the first entry. */
export const GENESIS: string = '0'.repeat(64);

/** Amounts as decimal strings of ledger units. */
export interface WrittenSpend {
  readonly epsilon: string;
  readonly delta: string;
  readonly rho: string;
  readonly rhoDelta: string;
}

/** A charge: `reserve` opened the data once, `recharge` paid for an answer that was already released. */
export interface ChargeEntry {
  readonly kind: 'reserve' | 'recharge';
  readonly accounts: readonly AccountId[];
  readonly spend: WrittenSpend;
  readonly event: PrivacyEvent;
  readonly plan: string;
  readonly principal: string;
  readonly dataset: string;
  readonly version: string;
  readonly policy: string;
  readonly time: string;
}

/** How a reservation ended; one that is never settled counts as spent all the same. */
export interface SettleEntry extends Settlement {
  readonly kind: 'settle';
  readonly reservation: string;
}

export type Content = ChargeEntry | SettleEntry;

/** An entry with its place in the chain. */
export interface Entry {
  readonly sequence: number;
  readonly previous: string;
  readonly content: Content;
}

const HASH_LENGTH = 64;
const SPACE = 32;

/** Bytes of an entry, and the hash the next one names. */
export function writeEntry(entry: Entry): { readonly bytes: Uint8Array; readonly hash: string } {
  const json = canonicalBytes(entry);
  const hash = sha256Hex(json);
  const bytes = new Uint8Array(HASH_LENGTH + 1 + json.length);
  bytes.set(new TextEncoder().encode(`${hash} `));
  bytes.set(json, HASH_LENGTH + 1);
  return { bytes, hash };
}

/** Whether bytes are one entry from its first to its last byte. */
export function isWhole(bytes: Uint8Array): boolean {
  return bytes[HASH_LENGTH] === SPACE && statedHash(bytes) === sha256Hex(bytes.subarray(HASH_LENGTH + 1));
}

/**
 * Reads an entry that must follow `previous` as number `sequence`.
 *
 * @throws GauzeError LEDGER_CORRUPT when it is no entry, out of order, or chained to something else
 */
export function readEntry(
  bytes: Uint8Array,
  sequence: number,
  previous: string,
): { readonly entry: Entry; readonly hash: string } {
  if (!isWhole(bytes)) throw corrupt(sequence);
  let entry: unknown;
  try {
    entry = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(HASH_LENGTH + 1)));
  } catch {
    throw corrupt(sequence);
  }
  if (!isEntry(entry) || entry.sequence !== sequence || entry.previous !== previous) throw corrupt(sequence);
  return { entry, hash: statedHash(bytes) };
}

function statedHash(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes.subarray(0, HASH_LENGTH));
}

/** Shape of all that the replay reads; an amount is never negative, so no entry can give back. */
function isEntry(value: unknown): value is Entry {
  if (!isRecord(value) || !isRecord(value.content)) return false;
  const { content } = value;
  if (content.kind === 'settle') return typeof content.reservation === 'string';
  return (
    (content.kind === 'reserve' || content.kind === 'recharge') &&
    typeof content.plan === 'string' &&
    typeof content.version === 'string' &&
    Array.isArray(content.accounts) &&
    content.accounts.every(isAccount) &&
    isSpend(content.spend)
  );
}

function isAccount(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value.dataset === 'string' &&
    (value.principal === null || typeof value.principal === 'string')
  );
}

function isSpend(value: unknown): boolean {
  return (
    isRecord(value) &&
    [value.epsilon, value.delta, value.rho, value.rhoDelta].every(
      (amount) => typeof amount === 'string' && /^\d+$/.test(amount),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function corrupt(sequence: number): GauzeError {
  return new GauzeError('LEDGER_CORRUPT', {
    message: `The journal does not verify at entry ${sequence + 1}: it was changed, cut or reordered.`,
    next: 'Nothing is answered until the journal is restored from a backup that is at least as new.',
    fields: { entry: sequence + 1 },
  });
}
