/** Budgets that go fast. */
import { accountName, accountsOf } from '../../charge/account.ts';
import type { Account, AccountId } from '../../charge/account-id.ts';
import type { Limit } from '../../charge/amount.ts';
import { accountKey, Book } from '../../charge/book.ts';
import { filtersOf, type Spend } from '../../charge/filter.ts';
import { dayOf, nextWindow, windowStart } from '../../charge/window.ts';
import { readAccount, readSpend } from '../../charge/written.ts';
import type { Policy } from '../../policy/policy.ts';
import type { WatchRules } from '../../policy/watch-rules.ts';
import { type Finding, isCharge, type Rule } from './rule.ts';

type Thresholds = NonNullable<WatchRules['burnRate']>;

const DAY_MS = 86_400_000;
/** Days whose pace is looked at. */
const PACE_DAYS = 7;

/**
 * Tells of an account of which much went within one day, and of one that ends soon at the pace of the last seven days,
 * before it starts anew. An account is told of once a day for the first, and for the second once until its end is twice as
 * far away as the threshold. What counts is the filter that has most left, as it does for a charge.
 */
export function burnRate(): Rule {
  const book = new Book();
  const dayTold = new Map<string, string>();
  const paceTold = new Set<string>();
  let known: { readonly policy: Policy; readonly limits: ReadonlyMap<string, Account> } | null = null;
  return ({ content, at, policy, opens }) => {
    if (content.kind === 'checkpoint' && opens) book.load(content.state.losses);
    const day = dayOf(new Date(at).toISOString());
    if (content.kind === 'write-off') {
      for (const { account, spend } of content.charges) book.add(readAccount(account), readSpend(spend), null, day);
    }
    if (!isCharge(content)) return [];
    const { accounts, spend, part = null } = content;
    for (const account of accounts) book.add(readAccount(account), readSpend(spend), part, day);
    const thresholds = policy.governance.watch.burnRate;
    if (thresholds === null) return [];
    if (known?.policy !== policy) known = { policy, limits: limitsOf(policy) };
    const { limits } = known;
    return accounts.flatMap((account): readonly Finding[] => {
      const key = accountKey(readAccount(account));
      const limited = limits.get(key);
      if (limited === undefined) return [];
      if (isFar(book, limited, day, thresholds)) {
        paceTold.delete(key);
        return [];
      }
      const pace = paceOf(book, limited, at);
      const isFast = limited.limit.renews !== 'day' && pace.today * 100 >= thresholds.percent;
      if (pace.daysLeft >= 2 * thresholds.days) paceTold.delete(key);
      const isShort = pace.endsBeforeRenewal && pace.daysLeft < thresholds.days;
      const isNews = isFast ? dayTold.get(key) !== day : isShort && !paceTold.has(key);
      if (isFast) dayTold.set(key, day);
      if (isShort) paceTold.add(key);
      if (!isNews) return [];
      return [{ ...limited.id, ...(isFast ? fast(limited.id, pace) : short(limited.id, pace)) }];
    });
  };
}

/**
 * Whether so little is gone that neither a day nor the last days can have taken too much: what they took is a part of it,
 * and with a share s gone, (1 − s) / (s / 7) days are left at least.
 */
function isFar(book: Book, { id, limit }: Account, day: string, { percent, days }: Thresholds): boolean {
  const gone = shareOf(limit, book.spentOf(id, null, limit.renews === null ? null : windowStart(day, limit.renews)));
  return gone * 100 < percent && gone * (PACE_DAYS + 2 * days) < PACE_DAYS;
}

/** Shares of a limit, 1 being all of it. */
interface Pace {
  readonly today: number;
  /** Days until nothing is left at the pace of the last days; infinite where nothing goes. */
  readonly daysLeft: number;
  readonly endsBeforeRenewal: boolean;
}

function paceOf(book: Book, { id, limit }: Account, at: number): Pace {
  const day = dayOf(new Date(at).toISOString());
  const first = dayOf(new Date(at - (PACE_DAYS - 1) * DAY_MS).toISOString());
  const start = limit.renews === null ? null : windowStart(day, limit.renews);
  const shareSince = (since: string | null): number => shareOf(limit, book.spentOf(id, null, since));
  const perDay = shareSince(start !== null && start > first ? start : first) / PACE_DAYS;
  const daysLeft = Math.max(0, 1 - shareSince(start)) / perDay;
  const renewal = limit.renews === null ? Number.POSITIVE_INFINITY : Date.parse(nextWindow(day, limit.renews)) - at;
  return { today: shareSince(day), daysLeft, endsBeforeRenewal: daysLeft * DAY_MS < renewal };
}

/** How much of a limit is gone by the filter that has most left. */
function shareOf(limit: Limit, spent: Spend): number {
  const { basic, zcdp } = filtersOf(limit);
  const part = (used: bigint, of: bigint): number => (used === 0n ? 0 : Number(used) / Number(of));
  return Math.min(
    basic === null
      ? Number.POSITIVE_INFINITY
      : Math.max(part(spent.epsilon, basic.epsilon), part(spent.delta, basic.delta)),
    zcdp === null ? Number.POSITIVE_INFINITY : Math.max(part(spent.rho, zcdp.rho), part(spent.rhoDelta, zcdp.delta)),
  );
}

function fast(id: AccountId, { today }: Pace): Pick<Finding, 'severity' | 'message' | 'fields'> {
  const percent = Math.round(today * 100);
  return {
    severity: 'warning',
    message: `${percent} % of the budget of ${accountName(id)} went within one day.`,
    fields: { percent },
  };
}

function short(id: AccountId, { daysLeft }: Pace): Pick<Finding, 'severity' | 'message' | 'fields'> {
  const days = Math.round(daysLeft * 10) / 10;
  return {
    severity: 'notice',
    message: `The budget of ${accountName(id)} ends in ${days} days at the pace of the last ${PACE_DAYS} days.`,
    fields: { days, paceDays: PACE_DAYS },
  };
}

function limitsOf(policy: Policy): ReadonlyMap<string, Account> {
  return new Map(accountsOf(policy).map((account) => [accountKey(account.id), account]));
}
