/** IN (SELECT …) and EXISTS. */
import type { Expr, Relation } from '../ir.ts';
import { unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import { bring, castTo, commonTypeOf } from './coerce.ts';
import type { Environment } from './environment.ts';
import { columnExpr } from './scope.ts';

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

/** `(SELECT …)` as a value is refused, with the question that says the same where there is one. */
export function valueSubquery({ query, span }: Syntax.ScalarSubquery, env: Environment): Error {
  const message = 'A subquery can’t stand for a single value.';
  if (env.aggregates === null) {
    return unsupported(
      span,
      message,
      'Ask for the value in a question of its own, then write it here as a number or parameter.',
    );
  }
  const written = env.question.text.slice(query.span.start, query.span.end).replace(/\s+/g, ' ');
  const shown = written.length <= 200 ? written : 'SELECT COUNT(*) FROM …';
  return unsupported(
    span,
    message,
    'For a share of all that is counted here, divide by a sum over the answer: COUNT(*) / SUM(COUNT(*)) OVER (). ' +
      `For any other total, name both parts: WITH a AS (SELECT …, COUNT(*) AS n FROM … GROUP BY …), b(total) AS (${shown}) ` +
      'SELECT …, n / total FROM a CROSS JOIN b.',
  );
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
