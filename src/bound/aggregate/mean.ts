import type { AggregateCall, Expr } from '../../ask/ir.ts';
import { rational } from '../../dp/rational.ts';
import type { Lattice, Statistic } from '../bounded.ts';
import { latticeOf } from '../lattice.ts';
import { byKey, ownRanges } from '../own-range.ts';
import type { Derivation } from '../plan.ts';
import type { AggregateNeed, AggregateRule, AggregateScope } from './aggregate.ts';
import { rowCount } from './count.ts';

/**
 * AVG(x) = centre + Σ(z − centre)/n. Centring halves the sensitivity of the sum. With the sum's error weighing fully and
 * the count's by the mean's distance from the centre (half the half-width expected), Laplace error is least at
 * ε_sum : ε_count = 1 : (1/2)^(2/3) ≈ 8 : 5 (minimise a/ε₁² + b/ε₂² under ε₁ + ε₂).
 */
export const mean: AggregateRule = {
  needs(call: AggregateCall, scope: AggregateScope): AggregateNeed {
    const x = call.args[0] as Expr;
    const { groups, rows } = scope.limits;
    const own = ownRanges(x, scope.facts, scope.keys, groups * rows, true);
    const lattice =
      own === null
        ? refined(latticeOf(x, scope.facts, groups * rows, scope.text, true), x, rows)
        : { step: rational(1n), low: -own.most, high: own.most };
    const centre = (lattice.low + lattice.high) / 2n;
    const most = BigInt(rows);
    const total: Statistic = {
      kind: 'sum',
      input: scope.source.column(own === null ? x : own.steps),
      lattice,
      centre,
      where: scope.where,
      rows,
      limit: rows === 1 ? 'clamp' : 'scale',
      low: most * (lattice.low - centre),
      high: most * (lattice.high - centre),
    };
    return {
      statistics: [rowCount(scope.present(x), scope), total],
      weights: [5n, 8n],
      derive: ([count = [], [sum = 0] = []]): Derivation =>
        own === null
          ? { kind: 'mean', count, sum, ...lattice, centre }
          : byKey(own, (grid) => ({ kind: 'mean', count, sum, ...grid })),
    };
  },
};

/** Steps over the range from which on half a step of centre, or a fraction cut off a person's sum, is of no weight. */
const STEPS_ENOUGH = 64n;

/**
 * A finer grid for whole numbers of a small range, so that the centre lies on it (the mean of 0 and 1 moves by ½, not by 1)
 * and sums scaled down to the bound on rows lose next to nothing where they are cut to whole steps.
 */
function refined(lattice: Lattice, x: Expr, rows: number): Lattice {
  const width = lattice.high - lattice.low;
  if (x.type !== 'integer' || width === 0n || width >= STEPS_ENOUGH) return lattice;
  let parts = width % 2n === 0n ? 1n : 2n;
  if (rows > 1) while (width * parts < STEPS_ENOUGH) parts *= 2n;
  return { step: rational(1n, parts), low: lattice.low * parts, high: lattice.high * parts };
}
