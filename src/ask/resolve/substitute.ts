/** Exchange of expressions inside expressions, subqueries included. */
import { mapParts } from '../fold.ts';
import type { AggregateItem, Expr, Item, Relation } from '../ir.ts';

/** What to put in place of an expression; null keeps it and goes on with its parts. */
export type Exchange = (expr: Expr) => Expr | null;

/** Rebuilds an expression from the outside in. What was put in is not looked at again. */
export function substitute(expr: Expr, exchange: Exchange): Expr {
  const put = exchange(expr);
  if (put !== null) return put;
  const deep = (inner: Expr): Expr => substitute(inner, exchange);
  switch (expr.kind) {
    case 'column':
    case 'literal':
      return expr;
    case 'call':
      return { ...expr, args: expr.args.map(deep) };
    case 'case':
      return {
        ...expr,
        branches: expr.branches.map((branch) => ({ when: deep(branch.when), result: deep(branch.result) })),
        otherwise: expr.otherwise === null ? null : deep(expr.otherwise),
      };
    case 'cast':
      return { ...expr, arg: deep(expr.arg) };
    case 'in-list':
      return { ...expr, arg: deep(expr.arg), list: expr.list.map(deep) };
    case 'in-relation':
      return { ...expr, arg: deep(expr.arg), relation: substituteIn(expr.relation, exchange) };
    case 'exists':
      return { ...expr, relation: substituteIn(expr.relation, exchange) };
    case 'window':
      return {
        ...expr,
        args: expr.args.map(deep),
        partition: expr.partition.map(deep),
        order: expr.order.map((key) => ({ ...key, expr: deep(key.expr) })),
      };
  }
}

function substituteIn(relation: Relation, exchange: Exchange): Relation {
  return mapParts(
    relation,
    (input) => substituteIn(input, exchange),
    (expr) => substitute(expr, exchange),
  );
}

/** Output columns of keys and aggregates, in the order of an aggregate relation. */
export function aggregateColumns(
  keys: readonly Item[],
  aggregates: readonly AggregateItem[],
): readonly Item['column'][] {
  return [...keys.map((key) => key.column), ...aggregates.map((one) => one.column)];
}
