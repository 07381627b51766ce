/** What the chain adds up to, as far as it was read. */
import type { SigningKey } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { AccountId } from './account-id.ts';
import { accountKey, Book } from './book.ts';
import type { ChargeEntry, Content, KeyEntry, WrittenAccount, WrittenSpend } from './entry.ts';
import type { Spend } from './filter.ts';
import { corrupt, GENESIS, isSignedBy, type ReadEntry, readEntry, writeEntry } from './journal.ts';
import type { Store } from './ledger.ts';
import type { Place } from './place.ts';
import { Records } from './records.ts';
import { dayOf } from './window.ts';

/** A reservation whose outcome is not recorded: it is still running, or a crash cut it off. It counts as spent. */
export interface Unsettled extends Place {
  readonly entry: ChargeEntry;
}

/** State of a journal; grows by reading what is new and by appending. */
export class Replay {
  readonly book: Book = new Book();
  readonly records: Records = new Records();
  #head: Place | null = null;
  readonly #paid: Map<string, Place> = new Map();
  readonly #unsettled: Map<string, Unsettled> = new Map();

  get head(): Place | null {
    return this.#head;
  }

  /** How many entries were read. */
  get length(): number {
    return this.#head === null ? 0 : this.#head.sequence + 1;
  }

  /**
   * Reads what is new. The newest signature vouches for all entries before it, so that it alone is checked here; every
   * entry where a key begins is checked by itself.
   *
   * @param seen - is shown every entry
   * @throws GauzeError LEDGER_CORRUPT, LEDGER_UNAVAILABLE
   */
  async catchUp(store: Store, seen: ((read: ReadEntry) => void) | null = null): Promise<void> {
    let last: ReadEntry | null = null;
    for (const bytes of await store.read(this.length)) {
      last = readEntry(bytes, this.length, this.#head?.hash ?? GENESIS);
      this.apply(last);
      seen?.(last);
    }
    const key = this.records.key;
    if (last === null || key === null || last.entry.content.kind === 'key') return;
    if (!isSignedBy(last, key.publicKey)) throw corrupt(last.entry.sequence);
  }

  /** Takes an entry that follows. @throws GauzeError LEDGER_CORRUPT for a key that the one before does not vouch for */
  apply(read: ReadEntry): void {
    const { content } = read.entry;
    if (content.kind === 'key') this.#checkKey(read, content);
    this.#apply(content, { sequence: read.entry.sequence, hash: read.hash });
  }

  /**
   * Where the entry stands, once it is durable.
   *
   * @throws GauzeError LEDGER_KEY when the key is not the journal's, LEDGER_* of the store
   */
  async append(store: Store, content: Content, key: SigningKey | null): Promise<Place> {
    const previous = this.#head?.hash ?? GENESIS;
    const { bytes } = writeEntry({ sequence: this.length, previous, content }, this.#signer(content, key));
    // What could not be read back would close the journal for good.
    const read = readEntry(bytes, this.length, previous);
    if (content.kind === 'key') this.#checkKey(read, content);
    await store.append(bytes, this.length);
    const place = { sequence: this.length, hash: read.hash };
    this.#apply(content, place);
    return place;
  }

  /** The first entry by which an account paid for a plan on a data version. */
  paidBy(account: AccountId, plan: string, version: string): Place | null {
    return this.#paid.get(paidKey(account, plan, version)) ?? null;
  }

  /** Whether this is the hash of a reservation whose outcome is not recorded. */
  isUnsettled(reservation: string): boolean {
    return this.#unsettled.has(reservation);
  }

  get unsettled(): readonly Unsettled[] {
    return [...this.#unsettled.values()];
  }

  /** A rotation is signed by the key before it; a first key, and one after a loss, by themselves. */
  #checkKey(read: ReadEntry, { publicKey, reason }: KeyEntry): void {
    const before = this.records.key;
    const isFirst = before === null;
    const signer = reason === 'rotated' && before !== null ? before.publicKey : publicKey;
    if (isFirst !== (reason === 'first') || !isSignedBy(read, signer)) throw corrupt(read.entry.sequence);
  }

  /** A journal that is signed once stays signed, by the same key until an entry names another. */
  #signer(content: Content, key: SigningKey | null): SigningKey | null {
    const known = this.records.key;
    if (known === null || key?.publicKey === known.publicKey) return key;
    if (content.kind === 'key' && content.reason === 'lost' && key !== null) return key;
    throw new GauzeError('LEDGER_KEY', {
      message: 'The journal is signed with another key than the one that is here.',
      next: 'Put the key back beside the journal. If it is lost for good: gauze key lost.',
    });
  }

  #apply(content: Content, place: Place): void {
    this.#head = place;
    if ('time' in content) this.records.see(content.time);
    switch (content.kind) {
      case 'settle':
        this.#unsettled.delete(content.reservation);
        return;
      case 'reserve':
      case 'recharge':
        if (content.kind === 'reserve') this.#unsettled.set(place.hash, { ...place, entry: content });
        this.#charge(content, place);
        return;
      case 'write-off':
        for (const { account, spend } of content.charges) {
          this.book.add(readAccount(account), readSpend(spend), null, dayOf(this.records.latest));
        }
        this.records.add(content, place);
        return;
      default:
        this.records.add(content, place);
    }
  }

  #charge(content: ChargeEntry, place: Place): void {
    const spend = readSpend(content.spend);
    for (const written of content.accounts) {
      const id = readAccount(written);
      this.book.add(id, spend, content.part ?? null, dayOf(this.records.latest));
      for (const plan of content.plans ?? [content.plan]) {
        const key = paidKey(id, plan, content.version);
        if (!this.#paid.has(key)) this.#paid.set(key, place);
      }
    }
  }
}

/** Amounts of an entry. */
export function readSpend(spend: WrittenSpend): Spend {
  return {
    epsilon: BigInt(spend.epsilon),
    delta: BigInt(spend.delta),
    rho: BigInt(spend.rho),
    rhoDelta: BigInt(spend.rhoDelta),
  };
}

/** Amounts as entries write them. */
export function writeSpend(spend: Spend): WrittenSpend {
  return {
    epsilon: String(spend.epsilon),
    delta: String(spend.delta),
    rho: String(spend.rho),
    rhoDelta: String(spend.rhoDelta),
  };
}

function readAccount({ dataset, principal, purpose }: WrittenAccount): AccountId {
  return { dataset, principal, purpose: purpose ?? null };
}

function paidKey(account: AccountId, plan: string, version: string): string {
  return `${accountKey(account)}\n${plan}\n${version}`;
}
