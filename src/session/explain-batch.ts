/** What a batch would cost, before it is asked. */
import { type Loss, numberOf } from '../charge/account.ts';
import type { Verdict } from '../charge/ledger.ts';
import type { Notion } from '../dp/accountant/notions.ts';
import { type Rational, toNumber } from '../dp/rational.ts';
import { type ExpectedError, preview } from '../release/preview.ts';
import { accountsOf, admitted, type BatchOptions, type BatchQuestion, deltaOf, plansOf } from './batch-plan.ts';
import { pricesOf } from './batch-price.ts';
import type { SessionParts } from './parts.ts';

/** What a batch would cost, by every notion of loss at `delta`; null where a notion cannot say. Nothing is charged. */
export interface BatchExplanation {
  readonly questions: readonly {
    readonly name: string;
    readonly cost: Loss;
    readonly expected: readonly ExpectedError[];
    readonly notes: readonly string[];
  }[];
  readonly sum: Loss;
  readonly cost: Loss;
  readonly by: Notion;
  readonly delta: number;
  readonly notions: Readonly<Record<Notion, number | null>>;
  readonly affordable: boolean;
  readonly verdicts: readonly Verdict[];
}

/** What `askBatch` would charge, were no answer stored. @throws GauzeError as `askBatch` */
export async function explainBatch(
  parts: SessionParts,
  questions: readonly BatchQuestion[],
  options: BatchOptions,
): Promise<BatchExplanation> {
  const planned = plansOf(parts, questions, options);
  const charged = planned.filter(({ prepared }) => prepared.plan.dataset !== null);
  const prices = pricesOf(
    charged.map(({ prepared }) => prepared.plan),
    accountsOf(charged),
    deltaOf(options),
  );
  const { price, verdicts } = await admitted(parts, charged, prices);
  const shown = (epsilon: Rational | null): number | null => (epsilon === null ? null : toNumber(epsilon));
  const { basic, zcdp, renyi, pld } = prices.notions;
  return {
    questions: planned.map(({ name, prepared, options: { level = 0.95 } }) => ({
      name,
      cost: { epsilon: toNumber(prepared.plan.cost.epsilon), delta: toNumber(prepared.plan.cost.delta) },
      expected: preview(prepared.plan, level),
      notes: prepared.notes,
    })),
    sum: numberOf(prices.sum.amount),
    cost: numberOf(price.amount),
    by: price.by,
    delta: toNumber(prices.delta),
    notions: { basic: shown(basic), zcdp: shown(zcdp), renyi: shown(renyi), pld: shown(pld) },
    affordable: verdicts.every(({ carriedBy }) => carriedBy !== null),
    verdicts,
  };
}
