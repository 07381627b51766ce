/** Budgets that start anew. */
import { multiply, rational } from '../../dp/rational.ts';
import type { BudgetLimit, Policy, Renewal } from '../policy.ts';
import type { LintFinding } from './finding.ts';
import { allLimits, lossOf, show } from './limit.ts';

/** How often a budget can start anew in a year; years have 366 days at most. */
const TIMES_A_YEAR: Readonly<Record<Renewal, bigint>> = { day: 366n, month: 12n, quarter: 4n };

/** Limits that renew: what is learnt in all has no end, and a year's worth is told (losses add up: [DR14, Thm. 3.16], [BS16, Lemma 1.7]). */
export function* renews(policy: Policy): Generator<LintFinding> {
  for (const { where, limit } of allLimits(policy)) {
    if (limit.renews === null) continue;
    yield {
      code: 'BUDGET_RENEWS',
      severity: 'note',
      where,
      message: `The budget starts anew each ${limit.renews}: ${inAYear(limit, limit.renews)} in a year, and over the years what is learnt about one unit grows without bound.`,
      next: 'Where a promise for a lifetime is meant, remove renews, or cap it by a budget that does not renew.',
    };
  }
}

function inAYear(limit: BudgetLimit, span: Renewal): string {
  const times = rational(TIMES_A_YEAR[span]);
  const { notion, amount } = lossOf(limit);
  const delta = limit.delta.numerator === 0n ? '' : ` and delta ${show(multiply(limit.delta, times))}`;
  return `up to ${notion} ${show(multiply(amount, times))}${delta}`;
}
