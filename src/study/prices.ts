/** What a study costs: question by question, or as one batch that is fixed in advance; and whether budgets admit it today. */
import type { Loss } from '../charge/account.ts';
import type { Account } from '../charge/account-id.ts';
import type { Ledger, Verdict } from '../charge/ledger.ts';
import { zcdpOf } from '../dp/accountant/zcdp.ts';
import { type Rational, toNumber } from '../dp/rational.ts';
import { GauzeError } from '../errors.ts';
import { type BatchPrices, pricesOf } from '../session/batch-price.ts';
import type { Notions } from '../session/notions.ts';
import type { Prepared } from '../session/parts.ts';

/** The prices of a study. */
export interface StudyPrices {
  /** As the ledger's filters add up questions asked one at a time: Σε and Σδ, and Σρ. */
  readonly oneAtATime: Loss & { readonly rho: number };
  /** As one batch at the δ of the study's budget. */
  readonly batch: Loss & { readonly by: string; readonly saved: number; readonly notions: Notions };
}

/** What every budget says today of both ways. */
export interface StudyAdmission {
  readonly oneAtATime: boolean;
  readonly batch: boolean;
  readonly verdicts: { readonly oneAtATime: readonly Verdict[]; readonly batch: readonly Verdict[] };
}

/** Questions that are charged, and to whom: all to the same. */
export interface Charged {
  readonly plans: readonly Prepared['plan'][];
  readonly accounts: readonly Account[];
  readonly prices: BatchPrices;
}

/** @throws GauzeError USAGE where the questions ask several data sets */
export function chargedOf(prepared: readonly Prepared[], delta: Rational): Charged {
  const charged = prepared.filter(({ plan }) => plan.dataset !== null);
  if (new Set(charged.map(({ plan }) => plan.dataset)).size > 1) {
    throw new GauzeError('USAGE', {
      message: 'The questions of the study ask several data sets, each with budgets of its own.',
      next: 'Plan one study for each data set.',
    });
  }
  const plans = charged.map(({ plan }) => plan);
  const accounts = charged[0]?.accounts ?? [];
  return { plans, accounts, prices: pricesOf(plans, accounts, delta) };
}

/** Prices by every notion; reads nothing. */
export function studyPrices({ prices }: Charged): StudyPrices {
  const { sum, best, event, notions, delta } = prices;
  const shown = (epsilon: Rational | null): number | null => (epsilon === null ? null : toNumber(epsilon));
  const total = toNumber(sum.cost.epsilon);
  const least = toNumber(best.cost.epsilon);
  return {
    oneAtATime: { epsilon: total, delta: toNumber(sum.cost.delta), rho: zcdpOf(event).rho },
    batch: {
      epsilon: least,
      delta: toNumber(best.cost.delta),
      by: best.by,
      saved: total === 0 ? 0 : 1 - least / total,
      notions: {
        delta: toNumber(delta),
        basic: shown(notions.basic),
        zcdp: shown(notions.zcdp),
        renyi: shown(notions.renyi),
        pld: shown(notions.pld),
        best: notions.best?.notion ?? null,
      },
    },
  };
}

/**
 * Whether the filters admit the study today. Both filters add up, so questions one at a time are all admitted by a filter
 * if, and only if, it admits their sum.
 */
export async function admissionOf(
  ledger: Ledger,
  { accounts, prices }: Charged,
  time: string,
): Promise<StudyAdmission> {
  const at = (amount: BatchPrices['sum']['amount']): Promise<readonly Verdict[]> =>
    ledger.verdicts({ accounts, event: prices.event, amount, part: null, time });
  const isAdmitted = (verdicts: readonly Verdict[]): boolean => verdicts.every(({ carriedBy }) => carriedBy !== null);
  const [oneAtATime, batch] = [await at(prices.sum.amount), await at(prices.best.amount)];
  return {
    oneAtATime: isAdmitted(oneAtATime),
    // A batch may be charged at its sum, too.
    batch: isAdmitted(batch) || isAdmitted(oneAtATime),
    verdicts: { oneAtATime, batch },
  };
}
