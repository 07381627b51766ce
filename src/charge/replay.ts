/** What the chain adds up to, as far as it was read. */
import { NOTHING, plus, type Spend } from './filter.ts';
import { type Content, GENESIS, readEntry, type WrittenSpend, writeEntry } from './journal.ts';
import type { AccountId, Store } from './ledger.ts';

/** State of a journal; grows by reading what is new and by appending. */
export class Replay {
  head: string = GENESIS;
  #entries = 0;
  readonly #spent: Map<string, Spend> = new Map();
  readonly #paid: Set<string> = new Set();
  readonly #unsettled: Set<string> = new Set();

  /** @throws GauzeError LEDGER_CORRUPT, LEDGER_UNAVAILABLE */
  async catchUp(store: Store): Promise<void> {
    for (const bytes of await store.read(this.#entries)) {
      const { entry, hash } = readEntry(bytes, this.#entries, this.head);
      this.#apply(entry.content, hash);
    }
  }

  /** Hash of the entry, once it is durable. */
  async append(store: Store, content: Content): Promise<string> {
    const { bytes, hash } = writeEntry({ sequence: this.#entries, previous: this.head, content });
    await store.append(bytes, this.#entries);
    this.#apply(content, hash);
    return hash;
  }

  spentOf(id: AccountId): Spend {
    return this.#spent.get(accountKey(id)) ?? NOTHING;
  }

  hasPaid(account: AccountId, plan: string, version: string): boolean {
    return this.#paid.has(paidKey(account, plan, version));
  }

  /** Whether this is the hash of a reservation whose outcome is not recorded. */
  isUnsettled(reservation: string): boolean {
    return this.#unsettled.has(reservation);
  }

  #apply(content: Content, hash: string): void {
    this.#entries += 1;
    this.head = hash;
    if (content.kind === 'settle') {
      this.#unsettled.delete(content.reservation);
      return;
    }
    if (content.kind === 'reserve') this.#unsettled.add(hash);
    const spend = readSpend(content.spend);
    for (const id of content.accounts) {
      this.#spent.set(accountKey(id), plus(this.spentOf(id), spend));
      this.#paid.add(paidKey(id, content.plan, content.version));
    }
  }
}

function readSpend(spend: WrittenSpend): Spend {
  return {
    epsilon: BigInt(spend.epsilon),
    delta: BigInt(spend.delta),
    rho: BigInt(spend.rho),
    rhoDelta: BigInt(spend.rhoDelta),
  };
}

function accountKey({ dataset, principal }: AccountId): string {
  return JSON.stringify([dataset, principal]);
}

function paidKey(account: AccountId, plan: string, version: string): string {
  return JSON.stringify([account.dataset, account.principal, plan, version]);
}
