/** What a limit shall be. */

import { decimal } from '../../dp/rational.ts';
import { GauzeError } from '../../errors.ts';
import type { BudgetLimit, Renewal } from '../policy.ts';
import { Problems } from '../problems.ts';
import { readBudget } from '../read-limit.ts';
import { readObject } from '../read-object.ts';
import { usage } from './limit-place.ts';

/** Parts to change, as somebody typed them; null leaves a part as it is. */
export interface LimitChange {
  readonly epsilon: string | null;
  readonly rho: string | null;
  readonly delta: string | null;
  readonly renews: Renewal | 'never' | null;
  /** Takes the limit away instead. */
  readonly remove: boolean;
}

/**
 * The limit with its parts changed; null where it is taken away.
 *
 * @throws GauzeError USAGE when nothing is said, or not enough for a limit that is new; BUDGET_INVALID for amounts out of
 * range
 */
export function wantedLimit(was: BudgetLimit | null, change: LimitChange, where: string): BudgetLimit | null {
  const { epsilon, rho, delta, renews, remove } = change;
  const isSilent = epsilon === null && rho === null && delta === null && renews === null;
  if (remove) {
    if (!isSilent) throw usage('A limit is changed or removed, not both.', 'Leave --remove out, or the amounts.');
    if (was === null) throw usage(`${where} is not limited, so there is nothing to remove.`, 'Leave it as it is.');
    return null;
  }
  if (isSilent) throw usage('Nothing is said of the new limit.', 'Give for example --epsilon 20, or --remove.');
  if (epsilon !== null && rho !== null) {
    throw usage('A limit is stated in epsilon or in rho, not in both.', 'Leave one of the two out.');
  }
  if (was === null && epsilon === null && rho === null) {
    throw usage(`${where} is not limited yet.`, 'Give --epsilon or --rho, and --delta.');
  }
  const isNewLoss = epsilon !== null || rho !== null;
  const problems = new Problems(null, null);
  const node = readObject(
    {
      epsilon: isNewLoss ? (epsilon ?? undefined) : text(was?.epsilon),
      rho: isNewLoss ? (rho ?? undefined) : text(was?.rho),
      delta: delta ?? text(was?.delta),
      renews: renews === 'never' ? undefined : (renews ?? was?.renews ?? undefined),
    },
    problems,
  );
  const limit = node === null ? null : readBudget(node, 'limit', problems);
  try {
    problems.throwIfAny();
  } catch (error) {
    if (!(error instanceof GauzeError)) throw error;
    throw new GauzeError('BUDGET_INVALID', {
      message: error.message.replace(/^policy: limit\./, ''),
      next: error.next,
    });
  }
  return limit;
}

function text(value: BudgetLimit['epsilon'] | undefined): string | undefined {
  return value === undefined || value === null ? undefined : decimal(value);
}
