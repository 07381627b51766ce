import type { AggregateCall, Expr } from '../../ask/ir.ts';
import { rational } from '../../dp/rational.ts';
import type { Lattice, Statistic } from '../bounded.ts';
import { latticeOf } from '../lattice.ts';
import { makeAnd } from '../make-expr.ts';
import { byKey, ownRanges } from '../own-range.ts';
import type { AggregateNeed, AggregateRule, AggregateScope } from './aggregate.ts';
import { counted, rowCount } from './count.ts';

/**
 * SUM(x): each row clamped and rounded to the lattice, each (unit, group) clamped to K rows' worth. SUM of 1 where a
 * condition holds is the count of those rows, and shares its noise with other counts.
 */
export const sum: AggregateRule = {
  needs(call: AggregateCall, scope: AggregateScope): AggregateNeed {
    const x = call.args[0] as Expr;
    if (x.kind === 'literal' && x.type === 'integer' && x.value === 1n) return counted(rowCount(scope.where, scope));
    const condition = indicated(x);
    if (condition !== null) {
      const where = call.filter === null ? condition : makeAnd([call.filter, condition], condition.span);
      return counted(rowCount(scope.source.column(where), scope));
    }
    const { groups, rows } = scope.limits;
    const type = x.type === 'integer' ? 'integer' : 'double';
    const own = ownRanges(x, scope.facts, scope.keys, groups * rows, false);
    if (own !== null) {
      const lattice = {
        step: rational(1n),
        low: own.signs.below ? -own.most : 0n,
        high: own.signs.above ? own.most : 0n,
      };
      return {
        statistics: [totalOf(own.steps, lattice, scope)],
        weights: [1n],
        derive: ([at = []]) => byKey(own, ({ step }) => ({ kind: 'scaled', statistics: at, step, type })),
      };
    }
    const lattice = latticeOf(x, scope.facts, groups * rows, scope.text, false);
    return {
      statistics: [totalOf(x, lattice, scope)],
      weights: [1n],
      derive: ([at = []]) => ({ kind: 'scaled', statistics: at, step: lattice.step, type }),
    };
  },
};

/** Σ of whole steps over K rows, from zero. */
function totalOf(x: Expr, lattice: Lattice, { source, where, limits: { rows } }: AggregateScope): Statistic {
  const most = BigInt(rows);
  return {
    kind: 'sum',
    input: source.column(x),
    lattice,
    centre: 0n,
    where,
    rows,
    limit: 'clamp',
    low: lattice.low < 0n ? most * lattice.low : 0n,
    high: lattice.high > 0n ? most * lattice.high : 0n,
  };
}

/** The condition whose truth a whole number tells: 1 where it holds, else 0 or NULL; null for other numbers. */
function indicated(x: Expr): Expr | null {
  if (x.type !== 'integer') return null;
  if (x.kind === 'cast') return x.arg.type === 'boolean' ? x.arg : null;
  if (x.kind !== 'case' || x.branches.length !== 1) return null;
  const [branch] = x.branches;
  const { otherwise } = x;
  const isNothing = otherwise === null || (otherwise.kind === 'literal' && (otherwise.value ?? 0n) === 0n);
  return isNothing && branch?.result.kind === 'literal' && branch.result.value === 1n ? branch.when : null;
}
