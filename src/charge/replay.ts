/** What the chain adds up to, as far as it was read. */
import { canonicalBytes, sha256Hex } from '../crypto/canonical.ts';
import type { SigningKey } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import type { AccountId } from './account-id.ts';
import { Book } from './book.ts';
import type { ChargeEntry, CheckpointEntry, Content, KeyEntry, WrittenState } from './entry.ts';
import { corrupt, GENESIS, isSignedBy, type ReadEntry, readEntry, readFirst, writeEntry } from './journal.ts';
import type { Store } from './ledger.ts';
import { Payments } from './payments.ts';
import type { Place } from './place.ts';
import { Records } from './records.ts';
import { dayOf, windowStart } from './window.ts';
import { readAccount, readSpend } from './written.ts';

/** A reservation whose outcome is not recorded: it is still running, or a crash cut it off. It counts as spent. */
export interface Unsettled extends Place {
  readonly entry: ChargeEntry;
}

/** State of a journal; grows by reading what is new and by appending. */
export class Replay {
  readonly book: Book = new Book();
  readonly records: Records = new Records();
  #head: Place | null = null;
  /** How many entries the store holds of those that were read: fewer, where a checkpoint stands for the earlier ones. */
  #stored = 0;
  readonly #payments: Payments = new Payments();
  readonly #unsettled: Map<string, Unsettled> = new Map();

  get head(): Place | null {
    return this.#head;
  }

  /** How many entries the chain has, those that a checkpoint stands for included. */
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
    for (;;) {
      for (const bytes of await store.read(this.#stored)) {
        last = this.read(bytes);
        this.apply(last, this.#stored === 0);
        this.#stored += 1;
        seen?.(last);
      }
      if (!(await store.moveOn?.(this.#stored))) break;
      this.#stored = 0;
    }
    const key = this.records.key;
    if (last === null || key === null || last.entry.content.kind === 'key') return;
    if (!isSignedBy(last, key.publicKey)) throw corrupt(last.entry.sequence);
  }

  /** Reads the entry that comes next; takes nothing of it. @throws GauzeError LEDGER_CORRUPT */
  read(bytes: Uint8Array): ReadEntry {
    return this.#head === null ? readFirst(bytes) : readEntry(bytes, this.length, this.#head.hash);
  }

  /**
   * Takes an entry that follows.
   *
   * @param opens - whether it is the first of its journal: there alone a checkpoint may stand, and what it states is what
   * was read before it, if anything was
   * @throws GauzeError LEDGER_CORRUPT for a key that the one before does not vouch for, and for a checkpoint that is not
   * signed, stands elsewhere or states something else
   */
  apply(read: ReadEntry, opens = false): void {
    const { content } = read.entry;
    if (content.kind === 'key') this.#checkKey(read, content);
    if (content.kind === 'checkpoint' && !(opens && this.#begin(read, content))) throw corrupt(read.entry.sequence);
    this.#apply(content, { sequence: read.entry.sequence, hash: read.hash });
  }

  /**
   * Where the entry stands, once it is durable.
   *
   * @throws GauzeError LEDGER_KEY when the key is not the journal's, LEDGER_* of the store
   */
  async append(store: Store, content: Exclude<Content, CheckpointEntry>, key: SigningKey | null): Promise<Place> {
    const previous = this.#head?.hash ?? GENESIS;
    const { bytes } = writeEntry({ sequence: this.length, previous, content }, this.#signer(content, key));
    // What could not be read back would close the journal for good.
    const read = readEntry(bytes, this.length, previous);
    if (content.kind === 'key') this.#checkKey(read, content);
    await store.append(bytes, this.#stored);
    this.#stored += 1;
    const place = { sequence: this.length, hash: read.hash };
    this.#apply(content, place);
    return place;
  }

  /**
   * All that was read adds up to. Days are there by themselves as far back as any window can still reach: the latest time
   * never goes back, and no window is longer than a quarter.
   */
  written(): WrittenState {
    const { latest } = this.records;
    const losses = this.book.written(latest === '' ? '' : windowStart(dayOf(latest), 'quarter'));
    return {
      losses,
      payments: this.#payments.written(losses.map(({ account }) => readAccount(account))),
      unsettled: this.unsettled,
      records: this.records.written(),
    };
  }

  /** The first entry by which an account paid for a plan on a data version. */
  paidBy(account: AccountId, plan: string, version: string): Place | null {
    return this.#payments.placeOf(account, plan, version);
  }

  /** Whether this is the hash of a reservation whose outcome is not recorded. */
  isUnsettled(reservation: string): boolean {
    return this.#unsettled.has(reservation);
  }

  get unsettled(): readonly Unsettled[] {
    return [...this.#unsettled.values()];
  }

  /** Begins with what a checkpoint states, or compares it with what was read; whether it holds. */
  #begin(read: ReadEntry, { state, time }: CheckpointEntry): boolean {
    const { key, latest } = state.records;
    if (time < latest || key === null || !isSignedBy(read, key.publicKey)) return false;
    if (this.#head !== null) return digestOf(state) === digestOf(this.written());
    this.book.load(state.losses);
    this.records.load(state.records, { sequence: read.entry.sequence, hash: read.hash });
    for (const one of state.unsettled) this.#unsettled.set(one.hash, one);
    const accounts = state.losses.map(({ account }) => readAccount(account));
    return this.#payments.load(state.payments, accounts);
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
      message: 'The key that signs the journal is another one by now.',
      next: 'Open a new session; it takes the key that lies beside the journal.',
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
      case 'checkpoint':
        return;
      default:
        this.records.add(content, place);
    }
  }

  #charge(content: ChargeEntry, place: Place): void {
    const spend = readSpend(content.spend);
    const plans = content.plans ?? [content.plan];
    if (content.kind === 'reserve') {
      for (const plan of plans) {
        this.#payments.beginAnew(plan, content.version, (hash) => this.#unsettled.has(hash));
      }
    }
    for (const written of content.accounts) {
      const id = readAccount(written);
      this.book.add(id, spend, content.part ?? null, dayOf(this.records.latest));
      for (const plan of plans) this.#payments.note(id, plan, content.version, place);
    }
  }
}

function digestOf(state: WrittenState): string {
  return sha256Hex(canonicalBytes(state));
}
