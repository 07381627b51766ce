/** The ledger over a store: replays the chain, decides charges, issues warrants. */
import { zcdpOf } from '../dp/accountant/zcdp.ts';
import { ceil, multiply, rational } from '../dp/rational.ts';
import { GauzeError, invariant } from '../errors.ts';
import { exhausted } from './exhausted.ts';
import { admits, remaining, type Spend } from './filter.ts';
import type { ChargeEntry } from './journal.ts';
import type { AccountId, Ledger, Reservation, Store } from './ledger.ts';
import { Replay } from './replay.ts';
import { Warrant } from './warrant.ts';

/** Tries per charge in stores that cannot lock and only notice that another append came first. */
const TRIES = 32;

/**
 * Opens the ledger and verifies every entry.
 *
 * @throws GauzeError LEDGER_CORRUPT, LEDGER_UNAVAILABLE
 */
export async function openLedger(store: Store): Promise<Ledger> {
  const state = new Replay();
  // Reading takes its turn too: two replays at once would apply an entry twice.
  const inTurn = async <T>(work: () => T | Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      try {
        return await store.exclusively(async () => {
          await state.catchUp(store);
          return work();
        });
      } catch (error) {
        if (!(error instanceof GauzeError) || error.code !== 'LEDGER_CONFLICT' || tries === TRIES) throw error;
      }
    }
  };
  const charge = (kind: ChargeEntry['kind'], reservation: Reservation): Promise<string> =>
    inTurn(() => {
      const spend = spendOf(reservation);
      check(state, reservation, spend);
      return state.append(store, contentOf(kind, reservation, spend));
    });
  await inTurn(() => undefined);
  return {
    reserve: async (reservation) => Warrant.issue(reservation.plan, await charge('reserve', reservation)),
    recharge: async (reservation) => {
      await charge('recharge', reservation);
    },
    settle: (warrant, settlement) =>
      inTurn(async () => {
        if (!state.isUnsettled(warrant.entry)) throw settledBefore();
        await state.append(store, { kind: 'settle', reservation: warrant.entry, ...settlement });
      }),
    admits: ({ accounts, event, amount }) =>
      inTurn(() => {
        const spend = spendOf({ event, amount });
        return accounts.every(({ id, limit }) => admits(limit, state.spentOf(id), spend));
      }),
    hasPaid: (account, plan, version) => inTurn(() => state.hasPaid(account, plan, version)),
    standing: ({ id, limit }) =>
      inTurn(() => {
        const spent = state.spentOf(id);
        return { id, limit, spent: { epsilon: spent.epsilon, delta: spent.delta }, remaining: remaining(limit, spent) };
      }),
    head: () => inTurn(() => state.head),
  };
}

/** @throws GauzeError BUDGET_EXHAUSTED unless every account admits the charge */
function check(state: Replay, { accounts }: Reservation, charge: Spend): void {
  invariant(accounts.length > 0, 'every charge falls in an account with a limit');
  const all = accounts.map((account) => ({ account, spent: state.spentOf(account.id) }));
  for (const one of all) if (!admits(one.account.limit, one.spent, charge)) throw exhausted(one, all, charge);
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
  const { event, plan, principal, dataset, version, policy, time } = reservation;
  return {
    kind,
    accounts: charged(kind, reservation),
    spend: {
      epsilon: String(spend.epsilon),
      delta: String(spend.delta),
      rho: String(spend.rho),
      rhoDelta: String(spend.rhoDelta),
    },
    event,
    plan,
    principal,
    dataset,
    version,
    policy,
    time,
  };
}

/**
 * Whose spend the entry adds to. A read counts for its principal and for its data set whether or not the policy limits
 * them today, so that a limit set tomorrow starts from the whole past.
 */
function charged(kind: ChargeEntry['kind'], { accounts, dataset, principal }: Reservation): AccountId[] {
  const ids = accounts.map((account) => account.id);
  const always: AccountId[] =
    kind === 'recharge'
      ? []
      : [
          { dataset, principal },
          { dataset, principal: null },
        ];
  const missing = always.filter(
    (id) => !ids.some((other) => other.dataset === id.dataset && other.principal === id.principal),
  );
  return [...ids, ...missing];
}

function settledBefore(): GauzeError {
  return new GauzeError('WARRANT_INVALID', {
    message: 'A warrant is settled once, in the journal that issued it.',
    next: 'Report this; it is a defect of gauze.',
  });
}
