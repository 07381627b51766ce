/** Window functions; partition and order come complete from the tree. */
import type { Expr, Frame, Window } from '../../ask/ir.ts';
import { mean } from './aggregate.ts';
import type { PrintContext } from './context.ts';
import { COUNT_HIGH, canonical, clean, integer, narrowed, type Printed, printed } from './printed.ts';
import { alike, joined } from './scalar/logic.ts';

type PrintExpr = (expr: Expr, context: PrintContext) => Printed;

/** Prints one window expression. Sums of doubles add their frame in ascending order, so that they have one value. */
export function printWindow(expr: Window, context: PrintContext, printExpr: PrintExpr): Printed {
  const args = expr.args.map((arg) => canonical(printExpr(arg, context)));
  const over = `OVER (${definition(expr, context, printExpr)})`;
  const [x] = args as [Printed];
  switch (expr.name) {
    case 'row-number':
      return integer(`(row_number() ${over})`, 1n, COUNT_HIGH);
    case 'rank':
      return integer(`(rank() ${over})`, 1n, COUNT_HIGH);
    case 'dense-rank':
      return integer(`(dense_rank() ${over})`, 1n, COUNT_HIGH);
    case 'lag':
    case 'lead':
      return neighbour(expr, args, over);
    case 'first-value':
    case 'last-value':
      return { ...x, sql: `(${expr.name === 'first-value' ? 'first_value' : 'last_value'}(${x.sql}) ${over})` };
    case 'count-rows':
      return integer(`(count(*) ${over})`, 0n, COUNT_HIGH);
    case 'count':
      return integer(`(count(${x.sql}) ${over})`, 0n, COUNT_HIGH);
    case 'sum':
      return total(x, over);
    case 'avg':
      return mean(total(x, over), `(count(${x.sql}) ${over})`);
    case 'min':
    case 'max':
      return { ...clean(x), sql: `(${expr.name}(${x.sql}) ${over})` };
  }
}

function total(x: Printed, over: string): Printed {
  if (x.stored !== 'DOUBLE') return printed(narrowed(`(sum(${x.sql}) ${over})`), 'integer');
  const frame = `(list(${x.sql}) FILTER (WHERE ${x.sql} IS NOT NULL) ${over})`;
  return printed(`list_sum(list_sort(${frame}))`, 'double', { nan: x.infinite });
}

function neighbour(expr: Window, args: readonly Printed[], over: string): Printed {
  const name = expr.name === 'lag' ? 'lag' : 'lead';
  const [x, offset, otherwise] = args as [Printed, Printed | undefined, Printed | undefined];
  const steps = offset === undefined ? '1' : offset.sql;
  if (otherwise === undefined) return { ...x, sql: `(${name}(${x.sql}, ${steps}) ${over})` };
  const values = alike([x, otherwise], expr) as [Printed, Printed];
  return joined(`(${name}(${values[0].sql}, ${steps}, ${values[1].sql}) ${over})`, values);
}

function definition(expr: Window, context: PrintContext, printExpr: PrintExpr): string {
  const parts: string[] = [];
  if (expr.partition.length > 0) {
    parts.push(`PARTITION BY ${expr.partition.map((one) => canonical(printExpr(one, context)).sql).join(', ')}`);
  }
  if (expr.order.length > 0) {
    const keys = expr.order.map((key) => {
      const { sql } = canonical(printExpr(key.expr, context));
      return `${sql} ${key.descending ? 'DESC' : 'ASC'} NULLS ${key.nullsFirst ? 'FIRST' : 'LAST'}`;
    });
    parts.push(`ORDER BY ${keys.join(', ')}`);
  }
  if (expr.frame !== null) parts.push(frameOf(expr.frame));
  return parts.join(' ');
}

function frameOf(frame: Frame): string {
  return `ROWS BETWEEN ${edge(frame.start, 'PRECEDING')} AND ${edge(frame.end, 'FOLLOWING')}`;
}

function edge(offset: number | null, unbounded: 'PRECEDING' | 'FOLLOWING'): string {
  if (offset === null) return `UNBOUNDED ${unbounded}`;
  if (offset === 0) return 'CURRENT ROW';
  return offset < 0 ? `${-offset} PRECEDING` : `${offset} FOLLOWING`;
}
