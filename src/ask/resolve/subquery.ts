/** IN (SELECT …), EXISTS, and (SELECT …) as a value. */

import { columnExpr } from '../column-expr.ts';
import { isClosed } from '../fold.ts';
import type { Expr, Relation } from '../ir.ts';
import { unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import { bring, castTo, commonTypeOf } from './coerce.ts';
import type { Environment } from './environment.ts';

/** `x [NOT] IN (SELECT y …)`; both sides are brought to one type. */
export function resolveInQuery(expr: Syntax.InQuery, env: Environment): Expr {
  const arg = env.question.resolvers.expr(expr.operand, env);
  const relation = inner(expr.query, env);
  const [column, second] = relation.columns;
  if (column === undefined || second !== undefined) {
    throw unsupported(
      expr.query.span,
      `IN compares with one column, and this subquery has ${relation.columns.length}.`,
      'Select the one column, or write EXISTS (SELECT … WHERE a.x = b.x AND a.y = b.y).',
    );
  }
  const found = columnExpr(column, expr.query.span);
  const type = commonTypeOf([arg, found]);
  const nullable = arg.nullable || column.nullable;
  return {
    kind: 'in-relation',
    arg: bring(arg, type),
    relation: column.type === type ? relation : converted(relation, castTo(found, type), column.name, env),
    negated: expr.negated,
    type: 'boolean',
    nullable,
    span: expr.span,
  };
}

/** `[NOT] EXISTS (SELECT …)`. What the subquery selects and in which order does not matter, so it is left out. */
export function resolveExists(expr: Syntax.ExistsExpr, env: Environment): Expr {
  const relation = rowsOnly(inner(expr.query, env));
  return { kind: 'exists', relation, negated: expr.negated, type: 'boolean', nullable: false, span: expr.span };
}

/**
 * `(SELECT …)` as a value: a column of the one row that it surely has, which is joined to the rows around it. Whether
 * those rows may meet it, the bound decides as for any CROSS JOIN.
 */
export function resolveValueSubquery({ query, span }: Syntax.ScalarSubquery, env: Environment): Expr {
  if (env.values === null) {
    throw unsupported(
      span,
      `A subquery can’t stand for a single value in ${env.place}.`,
      'Ask for the value in a question of its own, then write it here as a number or parameter.',
    );
  }
  const relation = inner(query, env);
  if (relation.columns.length !== 1) {
    throw unsupported(
      query.span,
      `A subquery that stands for a value has one column, and this one has ${relation.columns.length}.`,
      'Select the one value.',
    );
  }
  if (!isClosed(relation)) {
    throw unsupported(
      span,
      'A subquery that stands for a value can’t refer to the rows around it.',
      'Name it and join it: WITH b AS (SELECT k, COUNT(*) AS n FROM … GROUP BY k) SELECT … FROM a JOIN b ON a.k = b.k.',
    );
  }
  if (!hasOneRow(relation)) {
    throw unsupported(
      span,
      'A subquery that stands for a value must have exactly one row.',
      'Make it an aggregate without GROUP BY, such as (SELECT MAX(n) FROM … WHERE …), or join it: … CROSS JOIN (SELECT …) AS b.',
    );
  }
  return env.values.add(relation, span);
}

/** Whether a relation has exactly one row, whatever the data hold. */
function hasOneRow(relation: Relation): boolean {
  switch (relation.kind) {
    case 'one-row':
      return true;
    case 'values':
      return relation.rows.length === 1;
    case 'aggregate':
      return relation.keys.length === 0 && relation.sets.length === 1;
    case 'project':
    case 'sort':
    case 'distinct':
      return hasOneRow(relation.input);
    case 'limit':
      return relation.offset === 0 && relation.count !== 0 && hasOneRow(relation.input);
    case 'join':
      return relation.type === 'cross' && hasOneRow(relation.left) && hasOneRow(relation.right);
    default:
      return false;
  }
}

function inner(query: Syntax.Query, env: Environment): Relation {
  return env.question.resolvers.query(query, env.question, env.scope, env.common);
}

function converted(relation: Relation, expr: Expr, name: string, env: Environment): Relation {
  const column = { id: env.question.fresh(), name, type: expr.type, nullable: expr.nullable };
  return { kind: 'project', input: relation, items: [{ column, expr }], columns: [column], span: relation.span };
}

function rowsOnly(relation: Relation): Relation {
  switch (relation.kind) {
    case 'project':
    case 'distinct':
    case 'sort':
      return rowsOnly(relation.input);
    case 'limit':
      return relation.offset === 0 && relation.count !== 0 ? rowsOnly(relation.input) : relation;
    default:
      return relation;
  }
}
