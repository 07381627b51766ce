/** The refusal for budget: what was asked, what remains, what would fit. Spend depends on declared parameters only. */
import { GauzeError } from '../errors.ts';
import { accountName, decimalsOf, numberOf } from './account.ts';
import type { Account } from './account-id.ts';
import type { Amount, Limit } from './amount.ts';
import { epsilonBeside, remaining, type Spend } from './filter.ts';
import { nextWindow } from './window.ts';

/** An account and what its history adds up to. */
export interface Charged {
  readonly account: Account;
  readonly spent: Spend;
}

/** Why `refusing` does not admit `charge`, and what every account of the question would admit. */
export function exhausted(refusing: Charged, all: readonly Charged[], charge: Spend, day: string): GauzeError {
  const { id, limit } = refusing.account;
  const asked = numberOf(charge);
  const left = numberOf(remaining(limit, refusing.spent));
  const inAll: Amount = {
    epsilon: least(all.map(({ account, spent }) => remaining(account.limit, spent).epsilon)),
    delta: least(all.map(({ account, spent }) => remaining(account.limit, spent).delta)),
  };
  return new GauzeError('BUDGET_EXHAUSTED', {
    message: `This costs epsilon ${asked.epsilon}, delta ${asked.delta}; ${accountName(id)} has epsilon ${left.epsilon}, delta ${left.delta} left.`,
    next: advice(all, charge, inAll).concat(renewal(refusing.account.limit, day)),
    fields: {
      dataset: id.dataset,
      principal: id.principal,
      purpose: id.purpose,
      requestedEpsilon: decimalsOf(charge).epsilon,
      requestedDelta: decimalsOf(charge).delta,
      remainingEpsilon: decimalsOf(inAll).epsilon,
      remainingDelta: decimalsOf(inAll).delta,
    },
  });
}

function advice(all: readonly Charged[], charge: Spend, left: Amount): string {
  const beside = (delta: Pick<Spend, 'delta' | 'rhoDelta'>): bigint =>
    least(all.map(({ account, spent }) => epsilonBeside(account.limit, spent, delta)));
  const text = (epsilon: bigint): number => numberOf({ epsilon, delta: 0n }).epsilon;
  const asAsked = beside(charge);
  if (asAsked > 0n && asAsked < charge.epsilon) return `Ask with epsilon at most ${text(asAsked)}.`;
  const lessDelta = beside({ delta: left.delta, rhoDelta: left.delta });
  if (left.delta > 0n && lessDelta > 0n) {
    return `Ask with delta at most ${numberOf(left).delta} and epsilon at most ${text(lessDelta)}.`;
  }
  if (left.epsilon > 0n)
    return `Ask for public groups only, without delta, with epsilon at most ${text(left.epsilon)}.`;
  return 'Answers already paid for stay free; for more, ask the privacy officer.';
}

function renewal({ renews }: Limit, day: string): string {
  return renews === null ? '' : ` This budget starts anew on ${nextWindow(day, renews)}.`;
}

function least(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (a < b ? a : b));
}
