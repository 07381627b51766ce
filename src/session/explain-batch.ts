/** What a batch would cost, before it is asked. */
import { type Loss, numberOf } from '../charge/account.ts';
import type { Verdict } from '../charge/ledger.ts';
import type { Notion } from '../dp/accountant/notions.ts';
import { type Rational, toNumber } from '../dp/rational.ts';
import { type ExpectedError, preview } from '../release/preview.ts';
import { accountsOf, admitted, type BatchOptions, type BatchQuestion, deltaOf, plansOf } from './batch-plan.ts';
import { pricesOf } from './batch-price.ts';
import { sumOf, workOf } from './batch-work.ts';
import type { SessionParts } from './parts.ts';

/** What a batch would cost now, and why. Nothing is charged. */
export interface BatchExplanation {
  readonly questions: readonly {
    readonly name: string;
    /** By itself, were its answer not stored. */
    readonly cost: Loss;
    readonly expected: readonly ExpectedError[];
    readonly notes: readonly string[];
  }[];
  /** What would be charged for the same questions one by one. */
  readonly sum: Loss;
  /**
   * What would be charged for all of them: for new answers together, and besides for each stored one that others have paid
   * for and the principal has not. Stored answers that he has paid for are free.
   */
  readonly cost: Loss;
  /** Whose figure the new answers' part of `cost` is; `basic` is their sum. */
  readonly by: Notion;
  /** δ at which new answers are priced. */
  readonly delta: number;
  /** ε of new answers together by every notion of loss at `delta`; null where a notion cannot say. */
  readonly notions: Readonly<Record<Notion, number | null>>;
  readonly affordable: boolean;
  /** Every budget that would be charged, and the filter that admits all that falls in it; null: none does. */
  readonly verdicts: readonly Verdict[];
}

/** What `askBatch` would charge now. @throws GauzeError as `askBatch` */
export async function explainBatch(
  parts: SessionParts,
  questions: readonly BatchQuestion[],
  options: BatchOptions,
): Promise<BatchExplanation> {
  const planned = plansOf(parts, questions, options);
  const time = parts.clock().toISOString();
  const work = await workOf(parts, planned, time);
  const { fresh, recharged } = work;
  const prices = pricesOf(
    fresh.map(({ prepared }) => prepared.plan),
    accountsOf(fresh),
    deltaOf(options),
  );
  const { price, verdicts } = await admitted(parts, work, prices, time);
  const shown = (epsilon: Rational | null): number | null => (epsilon === null ? null : toNumber(epsilon));
  const { basic, zcdp, renyi, pld } = prices.notions;
  return {
    questions: planned.map(({ name, prepared, options: { level = 0.95 } }) => ({
      name,
      cost: { epsilon: toNumber(prepared.plan.cost.epsilon), delta: toNumber(prepared.plan.cost.delta) },
      expected: preview(prepared.plan, level),
      notes: prepared.notes,
    })),
    sum: numberOf(sumOf(prices.sum.amount, recharged)),
    cost: numberOf(sumOf(price.amount, recharged)),
    by: price.by,
    delta: toNumber(prices.delta),
    notions: { basic: shown(basic), zcdp: shown(zcdp), renyi: shown(renyi), pld: shown(pld) },
    affordable: verdicts.every(({ carriedBy }) => carriedBy !== null),
    verdicts,
  };
}
