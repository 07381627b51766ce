/** The ledger over a store: replays the chain, decides charges, issues warrants. */
import type { SigningKey } from '../crypto/sign.ts';
import { groupOdometerAt } from '../dp/accountant/odometer.ts';
import { zcdpOf } from '../dp/accountant/zcdp.ts';
import { ceil, multiply, rational } from '../dp/rational.ts';
import { GauzeError, invariant } from '../errors.ts';
import type { Account, AccountId, Part } from './account-id.ts';
import { type Anchor, type AnchorStore, readAnchor, rolledBack, writeAnchor } from './anchor.ts';
import { accountKey } from './book.ts';
import type { ChargeEntry, CheckpointEntry, Content } from './entry.ts';
import { exhausted } from './exhausted.ts';
import { carrierOf, filtersOf, remaining, type Spend } from './filter.ts';
import { checkFreeze, checkInForce } from './freeze.ts';
import { Landmarks } from './landmarks.ts';
import type { Ledger, Reservation, Standing, Store } from './ledger.ts';
import type { Place } from './place.ts';
import { Replay } from './replay.ts';
import { Warrant } from './warrant.ts';
import { dayOf, windowStart } from './window.ts';
import { writeSpend } from './written.ts';

/** Tries per charge in stores that cannot lock and only notice that another append came first. */
const TRIES = 32;

/** How a ledger is opened. */
export interface LedgerOptions {
  /** Signs every entry; null: entries are chained only. */
  readonly key?: SigningKey | null;
  readonly anchors?: readonly AnchorStore[];
  /** Is told every entry, from the first on: those that were there, those of others, and those appended here. */
  readonly seen?: (content: Content, place: Place) => void;
}

/**
 * Opens the ledger and verifies every entry.
 *
 * @throws GauzeError LEDGER_CORRUPT, LEDGER_UNAVAILABLE, LEDGER_ROLLBACK when an anchor has seen more, LEDGER_KEY when the
 * journal is signed with another key
 */
export async function openLedger(store: Store, options: LedgerOptions = {}): Promise<Ledger> {
  const chain = new Chain(store, options);
  await chain.open();
  return {
    reserve: async (reservation) => {
      const place = await chain.charge('reserve', reservation, null);
      return Warrant.issue(reservation.plan, place);
    },
    reserveBatch: async (reservation, plans) => {
      const place = await chain.charge('reserve', reservation, plans);
      return plans.map((plan) => Warrant.issue(plan, place));
    },
    recharge: (reservation) => chain.charge('recharge', reservation, null),
    settle: (warrant, settlement) =>
      chain.inTurn(async (state) => {
        const { hash } = warrant.place;
        if (!state.isUnsettled(hash)) throw settledBefore();
        const time = later(settlement.time, state);
        await chain.append({ kind: 'settle', reservation: hash, ...settlement, time });
      }),
    verdicts: ({ accounts, event, amount, part, time }) =>
      chain.inTurn((state) => {
        const spend = spendOf({ event, amount });
        return accounts.map((account) => ({
          id: account.id,
          carriedBy: carrierOf(account.limit, spentOf(state, account, part, time), spend),
        }));
      }),
    paidBy: (account, plan, version) => chain.inTurn((state) => state.paidBy(account, plan, version)),
    standing: (account, time = '', group = 1) => chain.inTurn((state) => standingOf(state, account, time, group)),
    unfinished: () =>
      chain.inTurn((state) =>
        state.unsettled.map(({ sequence, hash, entry: { principal, dataset, time } }) => ({
          sequence,
          hash,
          principal,
          dataset,
          time,
        })),
      ),
    records: () => chain.inTurn((state) => state.records),
    state: (decide) =>
      chain.inTurn(async (state) => {
        const statement = decide(state.records);
        if (statement === null) return null;
        return chain.append({ ...statement, time: later(statement.time, state) });
      }),
    head: () => chain.inTurn((state) => state.head),
  };
}

/** One reader and writer of a store. */
class Chain {
  readonly #state: Replay = new Replay();
  readonly #store: Store;
  readonly #key: SigningKey | null;
  readonly #anchors: readonly AnchorStore[];
  readonly #seen: NonNullable<LedgerOptions['seen']>;

  constructor(store: Store, { key, anchors, seen }: LedgerOptions) {
    this.#store = store;
    this.#key = key ?? null;
    this.#anchors = anchors ?? [];
    this.#seen = seen ?? ((): void => undefined);
  }

  /** Reads and checks all there is. */
  async open(): Promise<void> {
    await this.#store.exclusively(async () => {
      const anchors = await readAnchors(this.#anchors);
      const places = new Landmarks(anchors);
      await this.#state.catchUp(this.#store, (read) => {
        places.see(read);
        this.#seen(read.entry.content, { sequence: read.entry.sequence, hash: read.hash });
      });
      for (const anchor of anchors) {
        if (!places.holds(anchor, this.#state)) throw rolledBack(anchor, this.#state.length);
      }
    });
  }

  /** Runs `work` on the newest state. Reading takes its turn too: two replays at once would apply an entry twice. */
  async inTurn<T>(work: (state: Replay) => T | Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#store.exclusively(async () => {
          await this.#state.catchUp(this.#store, ({ entry, hash }) =>
            this.#seen(entry.content, { sequence: entry.sequence, hash }),
          );
          return work(this.#state);
        });
      } catch (error) {
        if (!(error instanceof GauzeError) || error.code !== 'LEDGER_CONFLICT' || tries === TRIES) throw error;
      }
    }
  }

  charge(kind: ChargeEntry['kind'], reservation: Reservation, plans: readonly string[] | null): Promise<Place> {
    return this.inTurn((state) => {
      const spend = spendOf(reservation);
      check(state, reservation, spend);
      const time = later(reservation.time, state);
      return this.append({ ...contentOf(kind, reservation, spend), ...(plans === null ? {} : { plans }), time });
    });
  }

  /** Appends in turn; the first entry that a key signs is the one that names it. */
  async append(content: Exclude<Content, CheckpointEntry>): Promise<Place> {
    const key = this.#key;
    if (key !== null && this.#state.records.key === null && content.kind !== 'key') {
      const { publicKey } = key;
      await this.append({ kind: 'key', publicKey, reason: 'first', by: null, time: content.time });
    }
    const place = await this.#state.append(this.#store, content, key);
    this.#seen(content, place);
    const text = writeAnchor(this.#state, key);
    if (text !== null) for (const anchor of this.#anchors) await anchor.write(text);
    return place;
  }
}

async function readAnchors(stores: readonly AnchorStore[]): Promise<readonly Anchor[]> {
  const anchors: Anchor[] = [];
  for (const store of stores) {
    const text = await store.read();
    if (text === null) continue;
    try {
      anchors.push(readAnchor(text).anchor);
    } catch (error) {
      if (store.durable) throw error;
    }
  }
  return anchors;
}

/** @throws GauzeError unless the rules are those in force, the data set is not frozen, and every account admits the charge */
function check(state: Replay, reservation: Reservation, charge: Spend): void {
  const { accounts, part, time, dataset, policy } = reservation;
  invariant(accounts.length > 0, 'every charge falls in an account with a limit');
  checkInForce(state.records, policy);
  checkFreeze(state.records, dataset);
  const all = accounts.map((account) => ({ account, spent: spentOf(state, account, part, time) }));
  for (const one of all) {
    if (carrierOf(one.account.limit, one.spent, charge) === null)
      throw exhausted(one, all, charge, dayOf(later(time, state)));
  }
}

function spentOf(state: Replay, { id, limit }: Account, part: Part | null, time: string): Spend {
  const { renews } = limit;
  const since = renews === null ? null : windowStart(dayOf(later(time, state)), renews);
  return state.book.spentOf(id, part, since);
}

function standingOf(state: Replay, account: Account, time: string, group: number): Standing {
  const spent = spentOf(state, account, null, time);
  const lifetime = state.book.spentOf(account.id, null, null);
  const { id, limit } = account;
  const shown = ({ epsilon, delta, rho }: Spend): Standing['spent'] => ({ epsilon, delta, rho });
  const said = limit.epsilon === null ? null : groupOdometerAt(spent, filtersOf(limit), group);
  return {
    id,
    limit,
    spent: shown(spent),
    lifetime: shown(lifetime),
    remaining: remaining(limit, spent),
    soFar: said === null ? null : { epsilon: said.epsilon, delta: said.delta },
  };
}

/** Time in the chain never goes back, whatever the clock says, so that no window opens twice. */
function later(time: string, { records }: Replay): string {
  return time > records.latest ? time : records.latest;
}

function spendOf({ amount, event }: Pick<Reservation, 'amount' | 'event'>): Spend {
  const { rhoUnits, delta } = zcdpOf(event);
  invariant(amount.epsilon >= 0n && amount.delta >= 0n && rhoUnits >= 0n, 'charges are not negative');
  return {
    ...amount,
    rho: rhoUnits,
    rhoDelta: ceil(multiply(delta, rational(10n ** 18n))),
  };
}

function contentOf(kind: ChargeEntry['kind'], reservation: Reservation, spend: Spend): ChargeEntry {
  const { accounts: _, amount: __, ...kept } = reservation;
  return { kind, accounts: charged(kind, reservation), spend: writeSpend(spend), ...kept };
}

/**
 * Whose spend the entry adds to. A read counts for its principal, its purpose, its data set and all data sets together,
 * whether or not the policy limits them today, so that a limit set tomorrow starts from the whole past.
 */
function charged(kind: ChargeEntry['kind'], { accounts, dataset, principal, purpose }: Reservation): AccountId[] {
  const ids = accounts.map((account) => account.id);
  if (kind === 'recharge') return ids;
  const always: AccountId[] = [
    { dataset, principal, purpose: null },
    { dataset, principal: null, purpose: null },
    { dataset: null, principal: null, purpose: null },
    ...(purpose === null ? [] : [{ dataset, principal: null, purpose }]),
  ];
  const known = new Set(ids.map(accountKey));
  return [...ids, ...always.filter((id) => !known.has(accountKey(id)))];
}

function settledBefore(): GauzeError {
  return new GauzeError('WARRANT_INVALID', {
    message: 'A warrant is settled once, in the journal that issued it.',
    next: 'Report this; it is a defect of gauze.',
  });
}
