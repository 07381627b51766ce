/** ORDER BY. */

import { columnExpr } from '../column-expr.ts';
import { columnsRead } from '../fold.ts';
import type { Column, ColumnId, Expr, Item, Relation, SortKey } from '../ir.ts';
import { meaningOf } from '../meaning.ts';
import { unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import { typeError } from './coerce.ts';
import type { Environment } from './environment.ts';
import { ordinal } from './grouping.ts';
import { sameName } from './scope.ts';
import type { ListItem } from './select-list.ts';
import { substitute } from './substitute.ts';

/** A sort key before the projection: an output by its index, or an expression of what lies below. */
export interface WantedKey {
  readonly item: Syntax.OrderItem;
  readonly target: number | Expr;
}

/** Resolves ORDER BY of one SELECT: an ordinal or alias means an output, everything else is an expression. */
export function wantedKeys(
  order: readonly Syntax.QueryOrderItem[],
  items: readonly ListItem[],
  env: Environment,
): readonly WantedKey[] {
  return spelledOut(order, items.length).map((item) => {
    const { expr } = item;
    if (expr.kind === 'number' && expr.form === 'integer') {
      return { item, target: ordinal(expr, items.length, 'ORDER BY') };
    }
    if (expr.kind === 'column-ref' && expr.table === null) {
      const named = items.findIndex(({ alias }) => alias !== null && sameName(alias.text, expr.name.text));
      if (named >= 0) return { item, target: named };
    }
    return { item, target: env.question.resolvers.expr(expr, env) };
  });
}

/** ORDER BY ALL as the ordinals of all outputs. */
export function spelledOut(order: readonly Syntax.QueryOrderItem[], outputs: number): readonly Syntax.OrderItem[] {
  return order.flatMap((item): Syntax.OrderItem[] => {
    const { expr, span } = item;
    if (expr !== 'all') return [{ ...item, expr }];
    return Array.from({ length: outputs }, (_, index) => ({
      ...item,
      expr: { kind: 'number', form: 'integer', text: String(index + 1), span },
    }));
  });
}

/** What sorting needs to know of the projection above which it stands. */
export interface SortContext {
  readonly input: Relation;
  readonly items: readonly Item[];
  readonly distinct: boolean;
  fresh(): ColumnId;
}

/** One key over the outputs, or one that needs a column of its own. */
interface PlacedKey {
  readonly key: SortKey;
  readonly hidden: Item | null;
}

/** Projects the items and sorts; keys that are no outputs are computed beside them and dropped again. */
export function projectSorted(keys: readonly WantedKey[], context: SortContext, span: Relation['span']): Relation {
  const { input, items, distinct } = context;
  const columns = items.map((item) => item.column);
  const placed = keys.flatMap((key) => placeKey(key, context));
  const hidden = placed.flatMap((one) => (one.hidden === null ? [] : [one.hidden]));
  const wide = [...columns, ...hidden.map((item) => item.column)];
  const projected: Relation = { kind: 'project', input, items: [...items, ...hidden], columns: wide, span };
  const rows: Relation = distinct ? { kind: 'distinct', input: projected, columns: wide, span } : projected;
  if (placed.length === 0) return rows;
  const sorted: Relation = { kind: 'sort', input: rows, by: placed.map((one) => one.key), columns: wide, span };
  return hidden.length === 0 ? sorted : narrowed(sorted, columns, context, span);
}

function narrowed(
  sorted: Relation,
  columns: readonly Column[],
  context: SortContext,
  span: Relation['span'],
): Relation {
  const items = columns.map((column) => ({
    column: { ...column, id: context.fresh() },
    expr: columnExpr(column, span),
  }));
  return { kind: 'project', input: sorted, items, columns: items.map((item) => item.column), span };
}

function placeKey({ item, target }: WantedKey, context: SortContext): readonly PlacedKey[] {
  const { descending } = item;
  const nullsFirst = item.nulls === 'first';
  const { span } = item.expr;
  const expr =
    typeof target === 'number' ? columnExpr(context.items[target]!.column, span) : overOutputs(target, context.items);
  if (expr.type === 'key') throw typeError(span, 'Keys have no order.', 'Order by a date, number or text.');
  // A constant orders nothing.
  if (expr.kind === 'literal') return [];
  const below = new Set(context.input.columns.map((column) => column.id));
  const computable = typeof target === 'number' || ![...columnsRead(expr)].some((id) => below.has(id));
  if (computable) return [{ key: { expr, descending, nullsFirst }, hidden: null }];
  if (context.distinct) {
    throw unsupported(
      span,
      'With DISTINCT the order can use selected columns alone.',
      'Select the column too, or write GROUP BY instead of DISTINCT.',
    );
  }
  const original = target as Expr;
  const column: Column = { id: context.fresh(), name: 'order', type: original.type, nullable: original.nullable };
  return [{ key: { expr: columnExpr(column, span), descending, nullsFirst }, hidden: { column, expr: original } }];
}

/** The expression with every output that occurs in it named instead of computed again. */
function overOutputs(expr: Expr, items: readonly Item[]): Expr {
  const outputs = new Map<string, Column>();
  for (const item of items) {
    if (item.expr.kind !== 'literal') outputs.set(meaningOf(item.expr), item.column);
  }
  return substitute(expr, (inner) => {
    const column = outputs.get(meaningOf(inner));
    return column === undefined ? null : columnExpr(column, inner.span);
  });
}
