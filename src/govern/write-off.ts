/** What counts as spent for entries that are lost. */
import type { AccountId } from '../charge/account-id.ts';
import type { Anchor } from '../charge/anchor.ts';
import { accountKey } from '../charge/book.ts';
import type { WriteOffEntry, WrittenSpend } from '../charge/entry.ts';
import type { Spend } from '../charge/filter.ts';
import type { Replay } from '../charge/replay.ts';
import { readSpend, writeSpend } from '../charge/written.ts';
import type { Policy } from '../policy/policy.ts';

type Charges = WriteOffEntry['charges'];

/** More than any limit a policy can state, in every unit. */
const BEYOND = 10n ** 30n;

/**
 * What an anchor has seen and a journal lacks. The anchor tells the loss of the units that lost most, whichever part they
 * are of, and the journal may know of other parts: what it certainly charged to all units is taken off, and no more.
 */
export function missingOf({ spent }: Anchor, { book }: Replay): Charges {
  return spent.map(({ account, spend }) => ({ account, spend: less(readSpend(spend), book.wholeOf(account)) }));
}

/**
 * Every account there is or could be, closed for good: what was charged in entries that nobody has seen has no bound. Sums of
 * ε may have passed their limit while sums of ρ carried, limits may have been others, or none.
 */
export function everythingOf(rules: readonly Policy[], { book }: Replay): Charges {
  const ids = new Map<string, AccountId>();
  const add = (id: AccountId): unknown => ids.set(accountKey(id), id);
  add({ dataset: null, principal: null, purpose: null });
  const [datasets, purposes, principals] = (['datasets', 'purposes', 'principals'] as const).map((part) => [
    ...new Set(rules.flatMap((policy) => [...policy[part].keys()])),
  ]) as [string[], string[], string[]];
  for (const dataset of datasets) {
    add({ dataset, principal: null, purpose: null });
    for (const purpose of purposes) add({ dataset, principal: null, purpose });
    for (const principal of principals) add({ dataset, principal, purpose: null });
  }
  for (const { id } of book.lifetimes()) add(id);
  const spend = writeSpend({ epsilon: BEYOND, delta: BEYOND, rho: BEYOND, rhoDelta: BEYOND });
  return [...ids.values()].map((account) => ({ account, spend }));
}

function less(whole: Spend, used: Spend): WrittenSpend {
  const left = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n);
  return writeSpend({
    epsilon: left(whole.epsilon, used.epsilon),
    delta: left(whole.delta, used.delta),
    rho: left(whole.rho, used.rho),
    rhoDelta: left(whole.rhoDelta, used.rhoDelta),
  });
}
