/** Nodes that lowering adds to a question's tree. They take the span of what they stand for. */
import { columnsRead, walkExpr, walkRelation } from '../ask/fold.ts';
import type { Call, ColumnId, Expr, Literal, Relation, ScalarName } from '../ask/ir.ts';
import type { SqlType, Value } from '../ask/types.ts';
import type { Span } from '../errors.ts';

export function makeLiteral(type: SqlType, value: Value, span: Span): Literal {
  return { kind: 'literal', value, type, nullable: value === null, span };
}

export function makeCall(fn: ScalarName, args: readonly Expr[], type: SqlType, nullable: boolean, span: Span): Call {
  return { kind: 'call', fn, args, type, nullable, span };
}

/** Comparison or equality, NULL where an operand is. */
export function makeComparison(fn: ScalarName, left: Expr, right: Expr, span: Span): Call {
  return makeCall(fn, [left, right], 'boolean', left.nullable || right.nullable, span);
}

export function makeCast(arg: Expr, type: SqlType): Expr {
  return arg.type === type ? arg : { kind: 'cast', arg, type, nullable: arg.nullable, span: arg.span };
}

/** Conjunction of one or more conditions. */
export function makeAnd(conditions: readonly [Expr, ...Expr[]], span: Span): Expr {
  if (conditions.length === 1) return conditions[0];
  return makeCall(
    'and',
    conditions,
    'boolean',
    conditions.some((one) => one.nullable),
    span,
  );
}

/** CASE with one branch. */
export function makeCase(when: Expr, result: Expr, otherwise: Expr): Expr {
  return {
    kind: 'case',
    branches: [{ when, result }],
    otherwise,
    type: result.type,
    nullable: result.nullable || otherwise.nullable,
    span: result.span,
  };
}

/** Filter that passes all columns of its input. */
export function makeFilter(input: Relation, condition: Expr): Relation {
  return { kind: 'filter', input, condition, columns: input.columns, span: input.span };
}

/** Columns that an expression takes from outside: those of its subqueries' own relations are not among them. */
export function freeColumns(expr: Expr): ReadonlySet<ColumnId> {
  const inner = new Set<ColumnId>();
  walkExpr(expr, (one) => {
    if (one.kind === 'exists' || one.kind === 'in-relation') {
      walkRelation(one.relation, (relation) => {
        for (const column of relation.columns) inner.add(column.id);
      });
    }
  });
  const read = columnsRead(expr);
  return inner.size === 0 ? read : new Set([...read].filter((id) => !inner.has(id)));
}

/** Free columns of several expressions. */
export function freeColumnsOf(exprs: readonly Expr[]): Set<ColumnId> {
  return new Set(exprs.flatMap((expr) => [...freeColumns(expr)]));
}

/** Whether an expression holds a node of a kind that is no function of one row's values. */
export function isScalar(expr: Expr): boolean {
  let scalar = true;
  walkExpr(expr, (one) => {
    if (one.kind === 'exists' || one.kind === 'in-relation' || one.kind === 'window') scalar = false;
  });
  return scalar;
}
