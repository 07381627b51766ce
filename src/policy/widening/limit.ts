/** Limits that let more be learnt than others. */
import { compare, decimal } from '../../dp/rational.ts';
import type { BudgetLimit } from '../policy.ts';

/** Longer spans of time lie whole in none of the shorter ones: a month is made of days, a quarter of months. */
const SPANS: readonly BudgetLimit['renews'][] = ['day', 'month', 'quarter', null];

/** What may be spent under a cap: null is no cap. */
export function* capWidenings(where: string, before: BudgetLimit | null, after: BudgetLimit | null): Generator<string> {
  if (before === null) return;
  if (after === null) yield `${where} is no longer limited.`;
  else yield* limitWidenings(where, before, after);
}

/**
 * Ways in which one limit admits what another refuses. A limit for a longer span admits nothing more than the same one
 * for a shorter: each shorter span lies within one of the longer, and its charges are among those counted there.
 */
export function* limitWidenings(where: string, before: BudgetLimit, after: BudgetLimit): Generator<string> {
  for (const notion of ['epsilon', 'rho', 'delta'] as const) {
    const [was, is] = [before[notion], after[notion]];
    if (was === null && is !== null) yield `${where} is stated in ${notion} now.`;
    if (was === null || is === null || compare(is, was) <= 0) continue;
    yield `${where}: ${notion} rises from ${decimal(was)} to ${decimal(is)}.`;
  }
  if (SPANS.indexOf(after.renews) < SPANS.indexOf(before.renews)) {
    yield `${where} starts anew each ${after.renews}${before.renews === null ? '' : `, instead of each ${before.renews}`}.`;
  }
}
