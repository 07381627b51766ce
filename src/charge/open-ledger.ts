/** The ledger over a store: replays the chain, decides charges, issues warrants. */
import { zcdpOf } from '../dp/accountant/zcdp.ts';
import { ceil, multiply, rational } from '../dp/rational.ts';
import { GauzeError, invariant } from '../errors.ts';
import { numberOf } from './account.ts';
import { admits, NOTHING, plus, remaining, type Spend } from './filter.ts';
import { type ChargeEntry, type Content, GENESIS, readEntry, type WrittenSpend, writeEntry } from './journal.ts';
import type { Account, AccountId, Ledger, Reservation, Store } from './ledger.ts';
import { Warrant } from './warrant.ts';

/**
 * Opens the ledger and verifies every entry.
 *
 * @throws GauzeError LEDGER_CORRUPT, LEDGER_UNAVAILABLE
 */
export async function openLedger(store: Store): Promise<Ledger> {
  const state = new Replay();
  await state.catchUp(store);
  const charge = (kind: ChargeEntry['kind'], reservation: Reservation): Promise<string> =>
    store.exclusively(async () => {
      await state.catchUp(store);
      const spend = spendOf(reservation);
      for (const account of reservation.accounts) state.check(account, spend);
      return state.append(store, contentOf(kind, reservation, spend));
    });
  return {
    reserve: async (reservation) => Warrant.issue(reservation.plan, await charge('reserve', reservation)),
    recharge: async (reservation) => {
      await charge('recharge', reservation);
    },
    settle: (warrant, settlement) =>
      store.exclusively(async () => {
        await state.catchUp(store);
        await state.append(store, { kind: 'settle', reservation: warrant.entry, ...settlement });
      }),
    hasPaid: async (account, plan, version) => {
      await state.catchUp(store);
      return state.paid.has(paidKey(account, plan, version));
    },
    standing: async ({ id, limit }) => {
      await state.catchUp(store);
      const spent = state.spentOf(id);
      return { id, limit, spent: { epsilon: spent.epsilon, delta: spent.delta }, remaining: remaining(limit, spent) };
    },
    head: async () => {
      await state.catchUp(store);
      return state.head;
    },
  };
}

/** What the chain adds up to, as far as it was read. */
class Replay {
  head: string = GENESIS;
  readonly paid: Set<string> = new Set();
  #entries = 0;
  readonly #spent: Map<string, Spend> = new Map();

  async catchUp(store: Store): Promise<void> {
    for (const bytes of await store.read(this.#entries)) {
      const { entry, hash } = readEntry(bytes, this.#entries, this.head);
      this.#apply(entry.content, hash);
    }
  }

  spentOf(id: AccountId): Spend {
    return this.#spent.get(accountKey(id)) ?? NOTHING;
  }

  check(account: Account, charge: Spend): void {
    if (admits(account.limit, this.spentOf(account.id), charge)) return;
    const left = numberOf(remaining(account.limit, this.spentOf(account.id)));
    const asked = numberOf(charge);
    const whose =
      account.id.principal === null
        ? `the data set ${account.id.dataset}`
        : `${account.id.principal} on ${account.id.dataset}`;
    throw new GauzeError('BUDGET_EXHAUSTED', {
      message: `This costs epsilon ${asked.epsilon}, delta ${asked.delta}; ${whose} has epsilon ${left.epsilon}, delta ${left.delta} left.`,
      next:
        left.epsilon > 0
          ? `Ask with epsilon at most ${left.epsilon}${asked.delta > left.delta ? ` and delta at most ${left.delta}` : ''}.`
          : 'Answers already paid for stay free; for more, ask the privacy officer.',
      fields: {
        epsilonAsked: asked.epsilon,
        deltaAsked: asked.delta,
        epsilonLeft: left.epsilon,
        deltaLeft: left.delta,
        dataset: account.id.dataset,
      },
    });
  }

  async append(store: Store, content: Content): Promise<string> {
    const { bytes, hash } = writeEntry({ sequence: this.#entries, previous: this.head, content });
    await store.append(bytes, this.#entries);
    this.#apply(content, hash);
    return hash;
  }

  #apply(content: Content, hash: string): void {
    this.#entries += 1;
    this.head = hash;
    if (content.kind === 'settle') return;
    const spend = readSpend(content.spend);
    for (const id of content.accounts) {
      this.#spent.set(accountKey(id), plus(this.spentOf(id), spend));
      this.paid.add(paidKey(id, content.plan, content.version));
    }
  }
}

function spendOf({ amount, event }: Reservation): Spend {
  const { rho, delta } = zcdpOf(event);
  invariant(amount.epsilon >= 0n && amount.delta >= 0n && Number.isFinite(rho), 'charges are not negative');
  return {
    ...amount,
    rho: BigInt(Math.ceil(rho * 1e12 * (1 + 2 ** -40))),
    rhoDelta: ceil(multiply(delta, rational(10n ** 18n))),
  };
}

function contentOf(kind: ChargeEntry['kind'], reservation: Reservation, spend: Spend): ChargeEntry {
  const { event, plan, principal, dataset, version, policy, time } = reservation;
  const written: WrittenSpend = {
    epsilon: String(spend.epsilon),
    delta: String(spend.delta),
    rho: String(spend.rho),
    rhoDelta: String(spend.rhoDelta),
  };
  return {
    kind,
    accounts: reservation.accounts.map((account) => account.id),
    spend: written,
    event,
    plan,
    principal,
    dataset,
    version,
    policy,
    time,
  };
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
