/** The ledger over a store: replays the chain, decides charges, issues warrants. */
import type { SigningKey } from '../crypto/sign.ts';
import { groupOdometerAt } from '../dp/accountant/odometer.ts';
import { GauzeError, invariant } from '../errors.ts';
import type { Account, AccountId } from './account-id.ts';
import { type Anchor, type AnchorStore, readAnchor, rolledBack, writeAnchor } from './anchor.ts';
import { accountKey } from './book.ts';
import type { ChargeEntry, CheckpointEntry, Content } from './entry.ts';
import { exhausted } from './exhausted.ts';
import { carrierOf, filtersOf, remaining, type Spend } from './filter.ts';
import { checkFreeze, checkInForce } from './freeze.ts';
import { Landmarks } from './landmarks.ts';
import type { Charge, Ledger, Reservation, Standing, Store } from './ledger.ts';
import type { Place } from './place.ts';
import { Replay } from './replay.ts';
import { later, type Priced, spendOf, spentOf, together } from './together.ts';
import { Warrant } from './warrant.ts';
import { dayOf } from './window.ts';
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
      const [place] = await chain.charge([{ kind: 'reserve', reservation, plans: null }]);
      return Warrant.issue(reservation.plan, place as Place);
    },
    reserveBatch: async (reservation, plans, recharges = []) => {
      const others = recharges.map((one): ToCharge => ({ kind: 'recharge', reservation: one, plans: null }));
      // The reservation last: what is cut off before it has charged for nothing that must be read.
      const places = await chain.charge(
        reservation === null ? others : [...others, { kind: 'reserve', reservation, plans }],
      );
      const own = places.slice(others.length);
      return {
        warrants: own.flatMap((place) => plans.map((plan) => Warrant.issue(plan, place))),
        recharged: places.slice(0, others.length),
      };
    },
    recharge: async (reservation) => {
      const [place] = await chain.charge([{ kind: 'recharge', reservation, plans: null }]);
      return place as Place;
    },
    settle: (warrant, settlement) =>
      chain.inTurn(async (state) => {
        const { hash } = warrant.place;
        if (!state.isUnsettled(hash)) throw settledBefore();
        const time = later(settlement.time, state);
        await chain.append({ kind: 'settle', reservation: hash, ...settlement, time });
      }),
    verdicts: (...charges) =>
      chain.inTurn((state) =>
        together(state, charges.map(priced)).map(({ account, spent, charge }) => ({
          id: account.id,
          carriedBy: carrierOf(account.limit, spent, charge),
        })),
      ),
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
    glance: (accounts, time) =>
      chain.inTurn((state) => ({
        standings: accounts.map((account) => standingOf(state, account, time, 1)),
        records: state.records,
        head: state.head,
      })),
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

/** One entry of a charge; `plans` where it pays for several that are fixed in advance. */
interface ToCharge {
  readonly kind: ChargeEntry['kind'];
  readonly reservation: Reservation;
  readonly plans: readonly string[] | null;
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

  /** Appends charges that are admitted together, or none of them; their places. */
  async charge(charges: readonly ToCharge[]): Promise<readonly Place[]> {
    const spends = charges.map(({ reservation }) => ({ ...reservation, ...priced(reservation) }));
    const places: Place[] = [];
    await this.inTurn(async (state) => {
      // Where another append came between, what is appended already counts as spent.
      check(state, spends.slice(places.length));
      for (const { kind, reservation, plans } of charges.slice(places.length)) {
        const time = later(reservation.time, state);
        const { spend } = spends[places.length] as Priced;
        const content = contentOf(kind, reservation, spend);
        places.push(await this.append({ ...content, ...(plans === null ? {} : { plans }), time }));
      }
    });
    return places;
  }

  /** Appends in turn; the first entry that a key signs is the one that names it. */
  async append(content: Exclude<Content, CheckpointEntry>): Promise<Place> {
    const key = this.#key;
    if (key !== null && this.#state.records.key === null && content.kind !== 'key') {
      const { publicKey } = key;
      await this.append({ kind: 'key', publicKey, reason: 'first', by: null, time: content.time });
    }
    for (const anchor of this.#anchors) await anchor.check();
    const place = await this.#state.append(this.#store, content, key);
    this.#seen(content, place);
    for (const anchor of this.#anchors) {
      const text = writeAnchor(this.#state, key, anchor.durable);
      if (text !== null) await anchor.write(text);
    }
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

/** @throws GauzeError unless the rules are those in force, no data set is frozen, and every account admits all that falls in it */
function check(state: Replay, charges: readonly (Reservation & Priced)[]): void {
  for (const { accounts, dataset, policy, time } of charges) {
    invariant(accounts.length > 0, 'every charge falls in an account with a limit');
    checkClock(time);
    checkInForce(state.records, policy);
    checkFreeze(state.records, dataset);
  }
  const all = together(state, charges);
  for (const one of all) {
    if (carrierOf(one.account.limit, one.spent, one.charge) !== null) continue;
    throw exhausted(one, all, one.charge, dayOf(later(charges[0]?.time ?? '', state)));
  }
}

function priced({ accounts, part, time, amount, event }: Charge): Priced {
  return { accounts, part, time, spend: spendOf({ amount, event }) };
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

/** Times are compared as texts. @throws GauzeError LEDGER_UNAVAILABLE for a clock beyond the year 9999, or none */
function checkClock(time: string): void {
  if (/^\d{4}-\d\d-\d\dT/.test(time)) return;
  throw new GauzeError('LEDGER_UNAVAILABLE', {
    message: 'The clock shows no usable time, so nothing is charged.',
    next: 'Set the clock of this machine.',
  });
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
