/** What a batch costs that is fixed before any of its questions is answered. */
import type { Plan } from '../bound/plan.ts';
import { amountOf } from '../charge/account.ts';
import type { Account } from '../charge/account-id.ts';
import { type Amount, DELTA_UNITS } from '../charge/amount.ts';
import { type Notion, type Notions, notionsOf } from '../dp/accountant/notions.ts';
import type { PrivacyEvent } from '../dp/event.ts';
import { add, ceil, compare, divide, larger, multiply, type Rational, rational, sumOf } from '../dp/rational.ts';

/** A certified (ε, δ) of the whole batch. */
export interface BatchPrice {
  readonly cost: { readonly epsilon: Rational; readonly delta: Rational };
  readonly amount: Amount;
  /** Whose figure it is; `basic` is the plain sum. */
  readonly by: Notion;
}

/** Prices of one batch, and the event they are prices of. */
export interface BatchPrices {
  readonly event: PrivacyEvent;
  /** (Σε, Σδ). */
  readonly sum: BatchPrice;
  /** The least ε at `delta` by any notion; the sum itself where that saves less than a hundredth, and no δ is worth it. */
  readonly best: BatchPrice;
  readonly delta: Rational;
  /** At `delta`. */
  readonly notions: Notions;
}

const HUNDRED = rational(100n);
const WORTH = rational(99n, 100n);

/**
 * Prices plans as one mechanism. Each pair it names is an upper bound of the same privacy curve, so the batch may be charged
 * at any of them; which one is chosen depends on declared parameters alone.
 *
 * Why that is sound where stopping by these figures would not be: all questions and noises are fixed before the first
 * answer, so to the ledger the batch is one mechanism that is (ε, δ)-DP whatever came before. A filter asks no more than
 * that: the certified pair enters the basic one [RRUV16, Thm 4.1; WRRW23, Lemma 3.5], and the Σρ of the events, by [BS16,
 * Lemma 1.7], the zCDP one [WRRW23, Thm 1]. Between batches the filters alone decide.
 *
 * @param delta - δ of the batch; null: that of its questions, and a hundredth of the smallest δ among the accounts
 */
export function pricesOf(
  plans: readonly Pick<Plan, 'event' | 'cost'>[],
  accounts: readonly Account[],
  delta: Rational | null,
): BatchPrices {
  const event: PrivacyEvent = { kind: 'composed', events: plans.map((plan) => plan.event) };
  const total = {
    epsilon: sumOf(plans.map(({ cost }) => cost.epsilon)),
    delta: sumOf(plans.map(({ cost }) => cost.delta)),
  };
  // On the ledger's grid, so that whoever reads the entry prices the batch at the very same δ.
  const at = onGrid(larger(delta ?? add(total.delta, share(accounts)), total.delta));
  const notions = notionsOf([{ event, count: 1 }], at);
  const sum = priceOf(total, 'basic');
  const { best } = notions;
  const isLess = best !== null && compare(best.epsilon, multiply(total.epsilon, WORTH)) < 0;
  return {
    event,
    sum,
    best: isLess ? priceOf({ epsilon: best.epsilon, delta: at }, best.notion) : sum,
    delta: at,
    notions,
  };
}

function priceOf(cost: BatchPrice['cost'], by: Notion): BatchPrice {
  return { cost, amount: amountOf(cost), by };
}

function onGrid(delta: Rational): Rational {
  return rational(ceil(multiply(delta, rational(DELTA_UNITS))), DELTA_UNITS);
}

function share(accounts: readonly Account[]): Rational {
  const least = accounts.reduce<bigint | null>(
    (smallest, { limit }) => (smallest === null || limit.delta < smallest ? limit.delta : smallest),
    null,
  );
  return divide(rational(least ?? 0n, DELTA_UNITS), HUNDRED);
}
