/** Entries of the journal: canonical JSON, each naming the hash of the one before it. */
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

/** Bytes of an entry, and the hash the next one names. */
export function writeEntry(entry: Entry): { readonly bytes: Uint8Array; readonly hash: string } {
  const bytes = canonicalBytes(entry);
  return { bytes, hash: sha256Hex(bytes) };
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
  let entry: Entry;
  try {
    entry = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Entry;
  } catch {
    throw corrupt(sequence);
  }
  const kind = entry?.content?.kind;
  const known = kind === 'reserve' || kind === 'recharge' || kind === 'settle';
  if (!known || entry.sequence !== sequence || entry.previous !== previous) throw corrupt(sequence);
  return { entry, hash: sha256Hex(bytes) };
}

function corrupt(sequence: number): GauzeError {
  return new GauzeError('LEDGER_CORRUPT', {
    message: `The journal does not verify at entry ${sequence + 1}: it was changed, cut or reordered.`,
    next: 'Nothing is answered until the journal is restored from a backup that is at least as new.',
    fields: { entry: sequence + 1 },
  });
}
