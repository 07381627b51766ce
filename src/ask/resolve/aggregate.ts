/** Aggregate calls. */
import type { AggregateCall, AggregateName, Expr } from '../ir.ts';
import { unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import type { SqlType } from '../types.ts';
import { applyScalar, asCondition, castTo, SQL_NAMES, typeError } from './coerce.ts';
import type { Environment } from './environment.ts';

/** Type and nullability of an aggregate's result. */
interface ResultType {
  readonly type: SqlType;
  readonly nullable: boolean;
}

/** An aggregate as a column of its SELECT's grouping. */
export function resolveAggregate(call: Syntax.FunctionCall, name: AggregateName | 'count-if', env: Environment): Expr {
  if (env.aggregates === null) throw misplaced(call, env);
  if (call.orderBy.length > 0) {
    throw unsupported(
      call.orderBy[0]!.span,
      'An aggregate takes no ORDER BY here.',
      'Write arg_max(x, day) for the x of the latest day, or number the rows with row_number() in a subquery.',
    );
  }
  const inner: Environment = { ...env, aggregates: null, windows: null, place: 'an aggregate' };
  const made = aggregateCall(call, name, inner);
  const { type, nullable } = resultType(made.name, made.args);
  return { ...env.aggregates.add(made, call.name.text.toLowerCase(), type, nullable), span: call.span };
}

function misplaced(call: Syntax.FunctionCall, env: Environment): Error {
  const name = call.name.text.toLowerCase();
  const next =
    env.place === 'WHERE'
      ? 'Put the condition in HAVING, or aggregate in a subquery first.'
      : env.place === 'an aggregate'
        ? `Aggregate in a subquery first: SELECT ${name}(n) FROM (SELECT person_id, COUNT(*) AS n … GROUP BY person_id).`
        : 'Aggregate in a subquery first, and use its column here.';
  return unsupported(call.span, `The aggregate ${name} can’t stand in ${env.place}.`, next);
}

function aggregateCall(call: Syntax.FunctionCall, name: AggregateName | 'count-if', env: Environment): AggregateCall {
  const resolve = (expr: Syntax.Expr): Expr => env.question.resolvers.expr(expr, env);
  const filter = call.filter === null ? null : asCondition(resolve(call.filter), 'FILTER');
  const { span } = call;
  if (name === 'count') return countCall(call, filter, env);
  if (call.star) throw typeError(span, `Only COUNT takes *.`, 'Name the column.');
  refuseDistinct(call, name);
  checkCount(call, name === 'arg-min' || name === 'arg-max' ? 2 : 1);
  const args = call.args.map(resolve);
  const [first] = args;
  if (name === 'count-if') {
    return { name: 'count-rows', args: [], filter: both(filter, asCondition(first!, 'count_if'), span), span };
  }
  return { name, args: args.map((arg) => checkedArgument(name, arg, call)), filter, span };
}

function checkCount(call: Syntax.FunctionCall, count: number): void {
  if (call.args.length === count) return;
  const name = call.name.text.toLowerCase();
  throw typeError(
    call.span,
    `${name} takes ${count === 1 ? 'one argument' : 'two arguments'}, not ${call.args.length}.`,
    count === 1 ? `Write ${name}(x).` : `Write ${name}(x, day): the x of the row with that day.`,
  );
}

function refuseDistinct(call: Syntax.FunctionCall, name: AggregateName | 'count-if'): void {
  if (!call.distinct || name === 'min' || name === 'max' || name === 'bool-and' || name === 'bool-or') return;
  throw unsupported(
    call.span,
    `${call.name.text.toUpperCase()}(DISTINCT …) is not supported.`,
    'Take the distinct values in a subquery first: FROM (SELECT DISTINCT person_id, x FROM …).',
  );
}

/** COUNT(*), COUNT(x), COUNT(DISTINCT x). COUNT of a constant counts rows; COUNT(CASE WHEN c THEN x END) filters by c. */
function countCall(call: Syntax.FunctionCall, filter: Expr | null, env: Environment): AggregateCall {
  const { span } = call;
  if (call.star || (call.args.length === 0 && !call.distinct)) return { name: 'count-rows', args: [], filter, span };
  if (call.args.length > 1) {
    throw unsupported(
      span,
      'COUNT takes one expression.',
      'Count the rows of a subquery: SELECT COUNT(*) FROM (SELECT DISTINCT a, b FROM …).',
    );
  }
  const { counted, when } = conditional(call.args[0]!);
  const condition =
    when === null ? filter : both(filter, asCondition(env.question.resolvers.expr(when, env), 'WHEN'), span);
  const arg = env.question.resolvers.expr(counted, env);
  if (call.distinct) return { name: 'count-distinct', args: [arg], filter: condition, span };
  if (arg.kind === 'literal' && arg.value !== null) return { name: 'count-rows', args: [], filter: condition, span };
  return { name: 'count', args: [arg], filter: condition, span };
}

/** CASE WHEN c THEN x [ELSE NULL] END counts the x of the rows where c. */
function conditional(expr: Syntax.Expr): { readonly counted: Syntax.Expr; readonly when: Syntax.Expr | null } {
  if (expr.kind !== 'case' || expr.operand !== null || expr.branches.length !== 1) return { counted: expr, when: null };
  if (expr.otherwise !== null && expr.otherwise.kind !== 'null') return { counted: expr, when: null };
  const [branch] = expr.branches;
  return { counted: branch!.result, when: branch!.when };
}

function both(filter: Expr | null, condition: Expr, span: AggregateCall['span']): Expr {
  return filter === null ? condition : applyScalar('and', [filter, condition], span, 'FILTER');
}

/** Checks an argument's type; conditions are summed as 0 and 1. */
export function checkedArgument(name: AggregateName, arg: Expr, call: Syntax.FunctionCall): Expr {
  const shown = call.name.text.toLowerCase();
  const wrong = (what: string, next: string): Error =>
    typeError(arg.span, `${shown} takes ${what}, not ${SQL_NAMES[arg.type]}.`, next);
  switch (name) {
    case 'sum':
    case 'avg':
      if (arg.type === 'integer' || arg.type === 'double') return arg;
      if (arg.type === 'boolean' || arg.type === 'null') return castTo(arg, 'integer');
      throw arg.type === 'date' || arg.type === 'timestamp'
        ? wrong('numbers', "Sum days instead: date_diff('day', DATE '2020-01-01', x).")
        : wrong('numbers', 'Count values with COUNT(DISTINCT x), or convert texts with CAST(x AS DOUBLE).');
    case 'bool-and':
    case 'bool-or':
      return asCondition(arg, shown);
    default:
      if (arg.type === 'key') throw wrong('values that can be ordered', 'Count keys with COUNT(DISTINCT person_id).');
      return arg.type === 'null' ? castTo(arg, 'integer') : arg;
  }
}

/** Result of an aggregate over arguments of these types. Counts are never NULL; all else is over no rows. */
export function resultType(name: AggregateName, args: readonly Expr[]): ResultType {
  switch (name) {
    case 'count-rows':
    case 'count':
    case 'count-distinct':
      return { type: 'integer', nullable: false };
    case 'avg':
      return { type: 'double', nullable: true };
    case 'bool-and':
    case 'bool-or':
      return { type: 'boolean', nullable: true };
    default:
      return { type: args[0]!.type, nullable: true };
  }
}
