/** Aggregate calls. */
import type { WrittenAggregate } from '../function-names.ts';
import type { AggregateCall, AggregateName, Expr } from '../ir.ts';
import { unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import type { SqlType } from '../types.ts';
import { applyScalar, asCondition, castTo, SQL_NAMES, typeError } from './coerce.ts';
import type { Environment } from './environment.ts';
import { firstCall, fractionOf, half } from './unit-aggregate.ts';

/** Type and nullability of an aggregate's result. */
interface ResultType {
  readonly type: SqlType;
  readonly nullable: boolean;
}

/** An aggregate as a column of its SELECT's grouping. */
export function resolveAggregate(call: Syntax.FunctionCall, name: WrittenAggregate, env: Environment): Expr {
  if (env.aggregates === null) throw misplaced(call, env);
  if (call.orderBy.length > 0 && !ORDERED.has(name)) {
    throw unsupported(
      call.orderBy[0]!.span,
      'An aggregate takes no ORDER BY here.',
      'Write arg_max(x, day) or last(x ORDER BY day) for the x of the latest day, or number the rows with row_number() in a subquery.',
    );
  }
  const inner: Environment = { ...env, aggregates: null, windows: null, values: null, place: 'an aggregate' };
  const made = aggregateCall(call, name, inner);
  const { type, nullable } = resultType(made.name, made.args);
  const shown = call.name.text.toLowerCase();
  const column = { ...env.aggregates.add(made, shown, type, nullable), span: call.span };
  return name === 'stddev-samp' || name === 'stddev-pop' ? applyScalar('sqrt', [column], call.span, shown) : column;
}

const ORDERED: ReadonlySet<WrittenAggregate> = new Set(['first', 'last', 'any-value']);

/** Names that differ from those of the tree. */
const SPELLED_OUT: Readonly<Partial<Record<WrittenAggregate, AggregateName>>> = {
  median: 'quantile-cont',
  'stddev-samp': 'var-samp',
  'stddev-pop': 'var-pop',
};

function misplaced(call: Syntax.FunctionCall, env: Environment): Error {
  const name = call.name.text.toLowerCase();
  const next =
    env.place === 'WHERE'
      ? 'Put the condition in HAVING, or aggregate in a subquery first.'
      : env.place === 'an aggregate'
        ? `Aggregate in a subquery first: SELECT AVG(x) FROM (SELECT person_id, ${name}(…) AS x … GROUP BY person_id).`
        : 'Aggregate in a subquery first, and use its column here.';
  return unsupported(call.span, `The aggregate ${name} can’t stand in ${env.place}.`, next);
}

function aggregateCall(call: Syntax.FunctionCall, name: WrittenAggregate, env: Environment): AggregateCall {
  const resolve = (expr: Syntax.Expr): Expr => env.question.resolvers.expr(expr, env);
  const filter = call.filter === null ? null : asCondition(resolve(call.filter), 'FILTER');
  const { span } = call;
  if (name === 'count') return countCall(call, filter, env);
  if (call.star) throw typeError(span, `Only COUNT takes *.`, 'Name the column.');
  refuseDistinct(call, name);
  checkCount(call, SECOND[name]);
  const args = call.args.map(resolve);
  const [first, second] = args;
  if (name === 'count-if') {
    return {
      name: 'count-rows',
      args: [],
      order: [],
      filter: both(filter, asCondition(first!, 'count_if'), span),
      span,
    };
  }
  if (name === 'first' || name === 'last' || name === 'any-value') {
    return firstCall(call, name, checkedArgument('first', first!, call), filter, env);
  }
  const made = SPELLED_OUT[name] ?? (name as AggregateName);
  const checked = (arg: Expr): Expr => checkedArgument(made, arg, call);
  if (made === 'quantile-cont' || made === 'quantile-disc') {
    const fraction = second === undefined ? half(call) : fractionOf(second, call.name.text.toLowerCase());
    return { name: made, args: [checked(first!), fraction], order: [], filter, span };
  }
  return { name: made, args: args.map(checked), order: [], filter, span };
}

/** What a second argument is, of aggregates that take two. */
const SECOND: Readonly<Partial<Record<WrittenAggregate, string>>> = {
  'arg-min': '(x, day): the x of the row with that day',
  'arg-max': '(x, day): the x of the row with that day',
  'quantile-cont': '(x, 0.5): the value with half of the rows on either side',
  'quantile-disc': '(x, 0.5): the least value with half of the rows up to it',
};

function checkCount(call: Syntax.FunctionCall, second: string | undefined): void {
  if (call.args.length === (second === undefined ? 1 : 2)) return;
  const name = call.name.text.toLowerCase();
  throw typeError(
    call.span,
    `${name} takes ${second === undefined ? 'one argument' : 'two arguments'}, not ${call.args.length}.`,
    `Write ${name}${second ?? '(x)'}.`,
  );
}

/** Aggregates that repeated values do not change. */
const IDEMPOTENT: ReadonlySet<WrittenAggregate> = new Set(['min', 'max', 'bool-and', 'bool-or', 'any-value']);

function refuseDistinct(call: Syntax.FunctionCall, name: WrittenAggregate): void {
  if (!call.distinct || IDEMPOTENT.has(name)) return;
  throw unsupported(
    call.span,
    `${call.name.text.toUpperCase()}(DISTINCT …) is not supported.`,
    'Take the distinct values in a subquery first: FROM (SELECT DISTINCT person_id, x FROM …).',
  );
}

/** COUNT(*), COUNT(x), COUNT(DISTINCT x). COUNT of a constant counts rows; COUNT(CASE WHEN c THEN x END) filters by c. */
function countCall(call: Syntax.FunctionCall, filter: Expr | null, env: Environment): AggregateCall {
  const { span } = call;
  const rows = (condition: Expr | null): AggregateCall => {
    return { name: 'count-rows', args: [], order: [], filter: condition, span };
  };
  if (call.star || (call.args.length === 0 && !call.distinct)) return rows(filter);
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
  if (call.distinct) return { name: 'count-distinct', args: [arg], order: [], filter: condition, span };
  if (arg.kind === 'literal' && arg.value !== null) return rows(condition);
  return { name: 'count', args: [arg], order: [], filter: condition, span };
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
      return numberIn(arg, wrong, "Sum days instead: date_diff('day', DATE '2020-01-01', x).");
    case 'var-pop':
    case 'var-samp':
      return castTo(numberIn(arg, wrong, "Take days instead: date_diff('day', DATE '2020-01-01', x)."), 'double');
    case 'quantile-cont':
      return castTo(numberIn(arg, wrong, 'Write quantile_disc(x, 0.5), which gives one of the dates.'), 'double');
    case 'bool-and':
    case 'bool-or':
      return asCondition(arg, shown);
    default:
      if (arg.type === 'key') throw wrong('values that can be ordered', 'Count keys with COUNT(DISTINCT person_id).');
      return arg.type === 'null' ? castTo(arg, 'integer') : arg;
  }
}

/** A number as it is, a condition as 0 or 1. */
function numberIn(arg: Expr, wrong: (what: string, next: string) => Error, ofMoments: string): Expr {
  if (arg.type === 'integer' || arg.type === 'double') return arg;
  if (arg.type === 'boolean' || arg.type === 'null') return castTo(arg, 'integer');
  throw arg.type === 'date' || arg.type === 'timestamp'
    ? wrong('numbers', ofMoments)
    : wrong('numbers', 'Count values with COUNT(DISTINCT x), or convert texts with CAST(x AS DOUBLE).');
}

/** Result of an aggregate over arguments of these types. Counts are never NULL; all else is over no rows. */
export function resultType(name: AggregateName, args: readonly Expr[]): ResultType {
  switch (name) {
    case 'count-rows':
    case 'count':
    case 'count-distinct':
      return { type: 'integer', nullable: false };
    case 'avg':
    case 'quantile-cont':
    case 'var-pop':
    case 'var-samp':
      return { type: 'double', nullable: true };
    case 'bool-and':
    case 'bool-or':
      return { type: 'boolean', nullable: true };
    default:
      return { type: args[0]!.type, nullable: true };
  }
}
