import type { AggregateCall, Expr } from '../../ask/ir.ts';
import { latticeOf } from '../lattice.ts';
import type { Derivation } from '../plan.ts';
import type { AggregateNeed, AggregateRule, AggregateScope } from './aggregate.ts';

/** SUM(x): each row clamped and rounded to the lattice, each (unit, group) clamped to K rows' worth. */
export const sum: AggregateRule = {
  needs(call: AggregateCall, scope: AggregateScope): AggregateNeed {
    const x = call.args[0] as Expr;
    const { groups, rows } = scope.limits;
    const lattice = latticeOf(x, scope.facts, groups * rows, scope.text);
    const most = BigInt(rows);
    return {
      statistics: [
        {
          kind: 'sum',
          input: scope.source.column(x),
          lattice,
          centre: 0n,
          where: scope.where,
          rows,
          limit: 'clamp',
          low: lattice.low < 0n ? most * lattice.low : 0n,
          high: lattice.high > 0n ? most * lattice.high : 0n,
        },
      ],
      weights: [1n],
      derive: ([at = []]): Derivation => ({
        kind: 'scaled',
        statistics: at,
        step: lattice.step,
        type: x.type === 'integer' ? 'integer' : 'double',
      }),
    };
  },
};
