/** Charges that are made together: what they add up to in every account, beside what was spent there before. */

import { zcdpOf } from '../dp/accountant/zcdp.ts';
import { ceil, multiply, rational } from '../dp/rational.ts';
import { invariant } from '../errors.ts';
import type { Account, Part } from './account-id.ts';
import { DELTA_UNITS } from './amount.ts';
import { accountKey } from './book.ts';
import type { Charged } from './exhausted.ts';
import { NOTHING, plus, type Spend } from './filter.ts';
import type { Charge } from './ledger.ts';
import type { Replay } from './replay.ts';
import { dayOf, windowStart } from './window.ts';

/** An account, what was spent of it, and all that is to be charged to it. */
export interface ToAdmit extends Charged {
  readonly charge: Spend;
}

/** One of several charges; `spend` is what it costs. */
export interface Priced extends Pick<Charge, 'accounts' | 'part' | 'time'> {
  readonly spend: Spend;
}

/**
 * Every account that charges fall in, in the order in which they name them. Filters are monotone: one that admits the sum
 * admits the charges one by one, in any order.
 */
export function together(state: Replay, charges: readonly Priced[]): readonly ToAdmit[] {
  const sums = new Map<string, ToAdmit>();
  const [first] = charges;
  for (const { accounts, part, time, spend } of charges) {
    invariant(time === first?.time && isSame(part, first.part), 'charges made together are of one part and one time');
    for (const account of accounts) {
      const key = accountKey(account.id);
      const known = sums.get(key);
      const spent = known?.spent ?? spentOf(state, account, part, time);
      sums.set(key, { account, spent, charge: plus(known?.charge ?? NOTHING, spend) });
    }
  }
  return [...sums.values()];
}

/** What an account lost since its budget last started anew. */
export function spentOf(state: Replay, { id, limit }: Account, part: Part | null, time: string): Spend {
  const { renews } = limit;
  const since = renews === null ? null : windowStart(dayOf(later(time, state)), renews);
  return state.book.spentOf(id, part, since);
}

/** Time in the chain never goes back, whatever the clock says, so that no window opens twice. */
export function later(time: string, { records }: Replay): string {
  return time > records.latest ? time : records.latest;
}

/** What a charge adds to every filter, rounded up. */
export function spendOf({ amount, event }: Pick<Charge, 'amount' | 'event'>): Spend {
  const { rhoUnits, delta } = zcdpOf(event);
  invariant(amount.epsilon >= 0n && amount.delta >= 0n && rhoUnits >= 0n, 'charges are not negative');
  return {
    ...amount,
    rho: rhoUnits,
    rhoDelta: ceil(multiply(delta, rational(DELTA_UNITS))),
  };
}

function isSame(a: Part | null, b: Part | null): boolean {
  return a?.table === b?.table && a?.column === b?.column && a?.value === b?.value;
}
