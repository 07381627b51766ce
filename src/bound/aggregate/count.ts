import type { Expr } from '../../ask/ir.ts';
import { rational } from '../../dp/rational.ts';
import type { Statistic } from '../bounded.ts';
import type { Derivation } from '../plan.ts';
import type { AggregateNeed, AggregateRule, AggregateScope } from './aggregate.ts';

/** COUNT(*): rows, at most K per unit and group. */
export const countRows: AggregateRule = {
  needs: (_call, scope) => counted(rowCount(scope.where, scope)),
};

/** COUNT(x): rows where x is not NULL. */
export const count: AggregateRule = {
  needs: (call, scope) => counted(rowCount(scope.present(call.args[0] as Expr), scope)),
};

/** A need of one statistic whose value is the statistic itself. */
export function counted(statistic: Statistic): AggregateNeed {
  return {
    statistics: [statistic],
    weights: [1n],
    derive: ([at = []]): Derivation => ({ kind: 'scaled', statistics: at, step: rational(1n), type: 'integer' }),
  };
}

/** Rows satisfying `where`. Where a unit has one row in all, rows are units. */
export function rowCount(where: number | null, scope: AggregateScope): Statistic {
  return scope.limits.path === 'rows' ? { kind: 'units', where } : { kind: 'count', where, rows: scope.limits.rows };
}
