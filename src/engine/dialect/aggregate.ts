/** Aggregates outside bounded questions: inside a group that holds the unit, and over public tables. */
import type { AggregateCall, Expr } from '../../ask/ir.ts';
import type { PrintContext } from './context.ts';
import { mode, type Over, quantileCont, quantileDisc, variance } from './order-statistics.ts';
import { COUNT_HIGH, canonical, clean, integer, narrowed, type Printed, printed } from './printed.ts';

/**
 * Aggregates whose result does not depend on the order of rows: doubles are added in ascending order, ties of `first`,
 * arg-min and arg-max go to the smallest value. A sum that 64 bits do not hold is NULL, and so is the mean over it.
 */
export function printAggregate(
  call: AggregateCall,
  context: PrintContext,
  printExpr: (expr: Expr, context: PrintContext) => Printed,
): Printed {
  const condition = call.filter === null ? null : printExpr(call.filter, context).sql;
  const [x, by] = call.args.map((arg) => canonical(printExpr(arg, context)));
  const over: Over = (sql, extra) => {
    const conditions = [condition, extra ?? null].filter((one) => one !== null);
    return conditions.length === 0 ? sql : `${sql} FILTER (WHERE ${conditions.join(' AND ')})`;
  };
  const arg = x as Printed;
  switch (call.name) {
    case 'count-rows':
      return integer(over('count(*)'), 0n, COUNT_HIGH);
    case 'count':
      return integer(over(`count(${arg.sql})`), 0n, COUNT_HIGH);
    case 'count-distinct':
      return integer(over(`count(DISTINCT ${arg.sql})`), 0n, COUNT_HIGH);
    case 'sum':
      return total(arg, over);
    case 'avg':
      return mean(total(arg, over), over(`count(${arg.sql})`));
    case 'min':
    case 'max':
      return { ...clean(arg), sql: over(`${call.name}(${arg.sql})`) };
    case 'bool-and':
    case 'bool-or':
      return printed(over(`${call.name === 'bool-and' ? 'bool_and' : 'bool_or'}(${arg.sql})`), 'boolean');
    case 'arg-min':
    case 'arg-max':
      return pick(call.name, arg, by as Printed, over);
    case 'first':
      return first(call, arg, over, (expr) => canonical(printExpr(expr, context)));
    case 'mode':
      return mode(arg, over);
    case 'quantile-cont':
      return quantileCont(call, arg, over);
    case 'quantile-disc':
      return quantileDisc(call, arg, over);
    case 'var-pop':
      return variance(arg, 0, over);
    case 'var-samp':
      return variance(arg, 1, over);
  }
}

/** Mean from an exact sum and its count, divided once. */
export function mean(sum: Printed, count: string): Printed {
  const dividend = sum.stored === 'DOUBLE' ? sum.sql : `CAST(${sum.sql} AS DOUBLE)`;
  // Without rows the sum is NULL, so nothing is ever divided by zero.
  return printed(`(${dividend} / CAST(${count} AS DOUBLE))`, 'double', {
    nan: sum.nan,
    infinite: sum.stored === 'DOUBLE' && sum.infinite,
  });
}

function total(x: Printed, over: Over): Printed {
  if (x.stored === 'DOUBLE') return printed(over(`sum(${x.sql} ORDER BY ${x.sql})`), 'double', { nan: x.infinite });
  return printed(narrowed(over(`sum(${x.sql})`)), 'integer');
}

/** The x of the first row, NULL if it is; without an order the least x. */
function first(call: AggregateCall, x: Printed, over: Over, print: (expr: Expr) => Printed): Printed {
  if (call.order.length === 0) return { ...x, sql: over(`min(${x.sql})`) };
  const keys = call.order.map(
    ({ expr, descending, nullsFirst }) =>
      `${print(expr).sql} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
  );
  return { ...x, sql: over(`first(${x.sql} ORDER BY ${[...keys, `${x.sql} ASC NULLS LAST`].join(', ')})`) };
}

/** The x of the least or greatest `by`; rows where either is NULL do not count. */
function pick(name: 'arg-min' | 'arg-max', x: Printed, by: Printed, over: Over): Printed {
  const present = `${x.sql} IS NOT NULL AND ${by.sql} IS NOT NULL`;
  if (name === 'arg-min') return { ...x, sql: over(`arg_min(${x.sql}, ROW(${by.sql}, ${x.sql}))`, present) };
  // The greatest `by` first, then the smallest x: the first of a list in that order.
  const sql = over(`first(${x.sql} ORDER BY ${by.sql} DESC, ${x.sql} ASC)`, present);
  return { ...x, sql };
}
