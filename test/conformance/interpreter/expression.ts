/** Expressions with subqueries and windows: those are computed here and put in as constants, the rest is `evaluate`. */
import { compareValues, evaluate, type Row } from '../../../src/ask/evaluate.ts';
import type { Expr, Relation } from '../../../src/ask/ir.ts';
import type { SqlType, Value } from '../../../src/ask/types.ts';

/** What an expression may need beside its row. */
export interface Surroundings {
  /** Rows of a subquery, which sees the row it stands in. */
  rowsOf(relation: Relation, outer: Row): readonly Row[];
  /** Value of a window expression in the row at hand. */
  windowValue(expr: Expr): Value;
}

/** Value of any expression in a row. */
export function valueIn(expr: Expr, row: Row, around: Surroundings): Value {
  return evaluate(ground(expr, row, around), row);
}

function ground(expr: Expr, row: Row, around: Surroundings): Expr {
  const deep = (inner: Expr): Expr => ground(inner, row, around);
  const constant = (value: Value): Expr => ({
    kind: 'literal',
    value,
    type: expr.type,
    nullable: value === null,
    span: expr.span,
  });
  switch (expr.kind) {
    case 'column':
    case 'literal':
      return expr;
    case 'call':
      return { ...expr, args: expr.args.map(deep) };
    case 'case':
      return {
        ...expr,
        branches: expr.branches.map(({ when, result }) => ({ when: deep(when), result: deep(result) })),
        otherwise: expr.otherwise === null ? null : deep(expr.otherwise),
      };
    case 'cast':
      return { ...expr, arg: deep(expr.arg) };
    case 'in-list':
      return { ...expr, arg: deep(expr.arg), list: expr.list.map(deep) };
    case 'exists':
      return constant(around.rowsOf(expr.relation, row).length > 0 !== expr.negated);
    case 'in-relation': {
      const column = expr.relation.columns[0]!;
      const members = around.rowsOf(expr.relation, row).map((inner) => inner(column.id));
      const value = valueIn(expr.arg, row, around);
      return constant(memberOf(column.type, value, members, expr.negated));
    }
    case 'window':
      return constant(around.windowValue(expr));
  }
}

function memberOf(type: SqlType, value: Value, members: readonly Value[], negated: boolean): boolean | null {
  if (members.length === 0) return negated;
  if (value === null) return null;
  if (members.some((member) => member !== null && compareValues(type, value, member) === 0)) return !negated;
  return members.includes(null) ? null : negated;
}
