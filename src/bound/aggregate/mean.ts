import type { AggregateCall, Expr } from '../../ask/ir.ts';
import type { Statistic } from '../bounded.ts';
import { latticeOf } from '../lattice.ts';
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
    const lattice = latticeOf(x, scope.facts, groups * rows, scope.text);
    const centre = (lattice.low + lattice.high) / 2n;
    const most = BigInt(rows);
    const present = scope.present(x);
    const total: Statistic = {
      kind: 'sum',
      input: scope.source.column(x),
      lattice,
      centre,
      where: scope.where,
      rows,
      limit: rows === 1 ? 'clamp' : 'scale',
      low: most * (lattice.low - centre),
      high: most * (lattice.high - centre),
    };
    return {
      statistics: [rowCount(present, scope), total],
      weights: [5n, 8n],
      derive: ([n = 0, s = 1]): Derivation => ({
        kind: 'mean',
        count: n,
        sum: s,
        step: lattice.step,
        centre,
        low: lattice.low,
        high: lattice.high,
      }),
    };
  },
};
