/** Aggregates that live inside a group that holds the unit: the first of an order, and quantiles. */
import { foldName } from '../../policy/fold-name.ts';
import type { AggregateCall, Expr, SortKey } from '../ir.ts';
import { unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import { applyScalar, literal, typeError } from './coerce.ts';
import type { Environment } from './environment.ts';

/** Most decimals of a quantile's fraction: positions among rows are worked out in whole numbers. */
const FRACTION_DECIMALS = 12;

/**
 * first(x ORDER BY y), last(x ORDER BY y), any_value(x [ORDER BY y]).
 *
 * Rows of a table have no order of their own, so `first` and `last` need one. Ties go to the least x, with NULL last.
 */
export function firstCall(
  call: Syntax.FunctionCall,
  name: 'first' | 'last' | 'any-value',
  x: Expr,
  filter: Expr | null,
  env: Environment,
): AggregateCall {
  const { span } = call;
  if (call.orderBy.length === 0 && name !== 'any-value') {
    const shown = foldName(call.name.text);
    throw unsupported(
      call.name.span,
      `${shown} depends on the order in which an engine reads rows, or shows single rows.`,
      `Write ${shown}(x ORDER BY day), MIN(x), MAX(x), or arg_max(x, day) for the latest, inside a group that holds the unit.`,
    );
  }
  const keys = call.orderBy.map((item) => sortKey(item, env));
  const order = name === 'last' ? keys.map(opposite) : keys;
  // Without an order all rows tie, and the least x comes before NULL.
  if (name !== 'any-value' || order.length === 0) return { name: 'first', args: [x], order, filter, span };
  const present = applyScalar('is-not-null', [x], span, 'any_value');
  const condition = filter === null ? present : applyScalar('and', [filter, present], span, 'FILTER');
  return { name: 'first', args: [x], order, filter: condition, span };
}

function sortKey(item: Syntax.OrderItem, env: Environment): SortKey {
  const expr = env.question.resolvers.expr(item.expr, env);
  if (expr.type === 'key') throw typeError(expr.span, 'Keys have no order.', 'Order by a date, number or text.');
  if (expr.kind === 'literal') {
    throw unsupported(expr.span, 'A constant orders nothing.', 'Order by a date, number or text.');
  }
  return { expr, descending: item.descending, nullsFirst: item.nulls === 'first' };
}

function opposite(key: SortKey): SortKey {
  return { expr: key.expr, descending: !key.descending, nullsFirst: !key.nullsFirst };
}

/** The fraction of a quantile as a double literal. @throws SpannedError unless it is a constant from 0 to 1 */
export function fractionOf(fraction: Expr, shown: string): Expr {
  const isNumber = fraction.type === 'double' || fraction.type === 'integer';
  const value = fraction.kind === 'literal' && isNumber ? fraction.value : null;
  if ((typeof value !== 'number' && typeof value !== 'bigint') || value < 0 || value > 1) {
    throw unsupported(
      fraction.span,
      `${shown} takes one fraction, a constant from 0 to 1.`,
      `Write ${shown}(x, 0.5), and one call for each fraction.`,
    );
  }
  if (Number(Number(value).toFixed(FRACTION_DECIMALS)) !== Number(value)) {
    throw unsupported(
      fraction.span,
      `The fraction of ${shown} has more than ${FRACTION_DECIMALS} decimals.`,
      `Write fewer, such as ${shown}(x, 0.3333).`,
    );
  }
  return literal('double', Number(value), fraction.span);
}

/** The fraction at which the median stands. */
export function half(call: Syntax.FunctionCall): Expr {
  return literal('double', 0.5, call.span);
}
