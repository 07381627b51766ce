/**
 * What a condition teaches about an expression as a whole: WHERE cost / 100 <= 5 bounds cost / 100 wherever the same
 * expression stands above it. Facts speak of values that are not NULL, in the rows that satisfy the condition; they are
 * kept only where the rows above have the same columns, so not on the side of an outer join that can be missing.
 */
import { mapExpr } from '../ask/fold.ts';
import type { ColumnId, Expr } from '../ask/ir.ts';
import { meaningOf } from '../ask/meaning.ts';
import { asDouble, asExact, type Extent, hull, intersect } from './interval.ts';
import { freeColumns, isScalar } from './make-expr.ts';
import type { ExpressionFacts, Facts } from './tracked.ts';

const NONE: ExpressionFacts = new Map();

/** Extent known of this very expression; null where nothing is. */
export function knownExtent(expr: Expr, { expressions = NONE }: Facts): Extent {
  return expressions.size === 0 ? null : (expressions.get(meaningOf(expr))?.extent ?? null);
}

/** Facts with an expression kept to an extent; as they are for columns, constants and subqueries. */
export function withExpression(facts: Facts, expr: Expr, extent: Extent): Facts {
  if (expr.kind === 'column' || extent === null || extent === 'never') return facts;
  if (!isScalar(expr) || freeColumns(expr).size === 0) return facts;
  const kept = intersect(knownExtent(expr, facts), expr.type === 'double' ? asDouble(extent) : asExact(extent));
  if (kept === null || kept === 'never') return facts;
  return { ...facts, expressions: new Map(facts.expressions).set(meaningOf(expr), { expr, extent: kept }) };
}

/** What holds of expressions in both cases. */
export function eitherExpressions({ expressions: a = NONE }: Facts, { expressions: b = NONE }: Facts): ExpressionFacts {
  return new Map(
    [...a].flatMap(([meaning, { expr, extent }]) => {
      const other = b.get(meaning);
      const both = other === undefined ? null : hull(extent, other.extent);
      return both === null || both === 'never' ? [] : [[meaning, { expr, extent: both }] as const];
    }),
  );
}

/** Facts of expressions all of whose columns are passed on, in the new columns. */
export function renamedExpressions(
  { expressions = NONE }: Facts,
  renamed: ReadonlyMap<ColumnId, ColumnId>,
): ExpressionFacts {
  return new Map(
    [...expressions.values()].flatMap(({ expr, extent }) => {
      if (![...freeColumns(expr)].every((id) => renamed.has(id))) return [];
      const moved = mapExpr(expr, (one) =>
        one.kind === 'column' ? { ...one, id: renamed.get(one.id) as ColumnId } : one,
      );
      return [[meaningOf(moved), { expr: moved, extent }] as const];
    }),
  );
}
