/** Who signed what in a chain, and how far a key that one trusts vouches for it. */
import type { Content, KeyEntry } from '../charge/entry.ts';
import { isSignedBy, type ReadEntry } from '../charge/journal.ts';
import type { Verify } from '../crypto/sign.ts';
import type { Fault } from './fault.ts';

/** A key that the chain names, from which entry on (from 1). */
export interface ChainKey {
  readonly publicKey: string;
  readonly reason: KeyEntry['reason'];
  readonly entry: number;
}

/** Follows the keys of a chain entry by entry. */
export class Signers {
  readonly keys: ChainKey[] = [];
  /** Entries before the first signed one. */
  unsigned = 0;
  readonly #verify: Verify;
  /** The key that was given, and those it or its followers vouch for; null: none was given. */
  readonly #trusted: Set<string> | null;
  /** Entries that a trusted key vouches for, from the first on. */
  #vouched = 0;
  /** The key in force. */
  #current: string | null;

  /**
   * @param publicKey - a key that one trusts; null: none
   * @param start - the key in force before the first entry, where that is not the first of the chain
   */
  constructor(publicKey: string | null, verify: Verify, start: string | null = null) {
    this.#verify = verify;
    this.#current = start;
    this.#trusted = publicKey === null ? null : new Set([publicKey]);
  }

  /** Why the entry is not signed as it must be; null where it is. */
  fault(read: ReadEntry): string | null {
    const { content, sequence } = read.entry;
    if (content.kind === 'checkpoint') this.#begin(content.state.records.key, sequence + 1);
    const before = this.#current;
    const signer = content.kind === 'key' ? keySigner(content, before) : before;
    if (signer === undefined) return 'a first key is named where there is one, or another where there is none';
    if (signer === null) {
      if (read.signature !== null) return 'it is signed, and no entry names the key';
      this.unsigned += 1;
      return null;
    }
    if (read.signature === null) return 'it is not signed, and entries before it are';
    if (!/^[0-9a-f]{128}$/.test(read.signature)) return 'its signature is no signature';
    if (!isSignedBy(read, signer, this.#verify)) return `its signature is not that of the key in force, ${signer}`;
    this.#follow(content, signer, read.entry.sequence + 1);
    return null;
  }

  /** Why the key that was given does not vouch for the whole chain, and from which entry on (from 1). */
  gap(entries: number): Fault | null {
    if (this.#trusted === null || this.#vouched === entries) return null;
    const entry = this.#vouched + 1;
    const lost = this.keys.find((key) => key.reason === 'lost' && key.entry === entry);
    if (lost !== undefined) {
      return {
        entry,
        why: 'a new key is named after a loss, and the key that was given does not vouch for it; check with the new key',
      };
    }
    if (this.keys.length === 0) return { entry: 1, why: 'no entry is signed, so that no key vouches for any' };
    return {
      entry,
      why:
        this.#vouched === 0
          ? 'no entry is signed with the key that was given; one that came into force with the newest entry has signed nothing yet'
          : 'neither the key that was given nor one it vouches for has signed this entry or one after it',
    };
  }

  /** A journal that begins with a checkpoint goes on with the key that this names, which must have signed it. */
  #begin(key: KeyEntry | null, entry: number): void {
    if (key === null || this.#current !== null) return;
    this.#current = key.publicKey;
    this.keys.push({ publicKey: key.publicKey, reason: key.reason, entry });
  }

  #follow(content: Content, signer: string, entries: number): void {
    if (this.#trusted?.has(signer)) {
      this.#vouched = entries;
      if (content.kind === 'key') this.#trusted.add(content.publicKey);
    }
    if (content.kind !== 'key') return;
    this.#current = content.publicKey;
    this.keys.push({ publicKey: content.publicKey, reason: content.reason, entry: entries });
  }
}

/** Who must sign the entry that names a key; undefined where no key may be named so. */
function keySigner({ publicKey, reason }: KeyEntry, before: string | null): string | undefined {
  if ((before === null) !== (reason === 'first')) return undefined;
  return reason === 'rotated' && before !== null ? before : publicKey;
}
