/** How far one unit moves one statistic over all groups of a grouping set. */
import { invariant } from '../errors.ts';
import type { Statistic } from './bounded.ts';
import type { Limits } from './contribution.ts';
import type { Sensitivity } from './plan.ts';

/** Largest absolute contribution of a unit to one base group, in lattice steps. */
function perGroup(statistic: Statistic): bigint {
  switch (statistic.kind) {
    case 'units':
      return 1n;
    case 'count':
    case 'distinct':
      return BigInt(statistic.rows);
    case 'sum': {
      const low = statistic.low < 0n ? -statistic.low : statistic.low;
      const high = statistic.high < 0n ? -statistic.high : statistic.high;
      return low > high ? low : high;
    }
  }
}

/**
 * Sensitivity of `statistic` over the groups of `set` (indices of keys), for add/remove of one unit.
 *
 * A unit has κ base groups with at most c each, so ℓ₁ ≤ κ·c in every set. A coarser group can collect m of them, so
 * ℓ∞ ≤ m·c and ℓ₂² ≤ ℓ₁·ℓ∞ (Hölder). Distinct units are counted once per group in every set.
 */
export function sensitivityOf(statistic: Statistic, set: readonly number[], limits: Limits): Sensitivity {
  const inSet = new Set(set);
  const kept = reach(limits, (key) => inSet.has(key));
  const collected = reach(limits, (key) => !inSet.has(key));
  const c = perGroup(statistic);
  if (statistic.kind === 'units') {
    return { l0: kept, l1: BigInt(kept), l2Squared: BigInt(kept), lInf: 1n };
  }
  const l1 = BigInt(limits.groups) * c;
  const lInf = BigInt(collected) * c;
  const byGroups = BigInt(kept) * lInf * lInf;
  const l2Squared = byGroups < l1 * lInf ? byGroups : l1 * lInf;
  invariant(lInf <= l1, 'no group receives more than the unit gives');
  return { l0: kept, l1, l2Squared, lInf };
}

/** Groups one unit can span over the chosen keys, never more than it has in all. */
function reach(limits: Limits, chosen: (key: number) => boolean): number {
  const possible = limits.valuesPerUnit.reduce((total, values, key) => (chosen(key) ? total * values : total), 1);
  return Math.min(possible, limits.groups);
}
