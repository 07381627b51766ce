/** One SELECT: from, where, grouping, having, windows, qualify, list, distinct, order. */
import { SpannedError } from '../../errors.ts';
import { columnExpr } from '../column-expr.ts';
import { columnsRead } from '../fold.ts';
import type { Column, ColumnId, Expr, Item, Relation } from '../ir.ts';
import { meaningOf } from '../meaning.ts';
import { quoteText, unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import { asCondition, literal } from './coerce.ts';
import type { Environment, Scope } from './environment.ts';
import { type From, resolveFrom } from './from.ts';
import { type Grouping, resolveGrouping } from './grouping.ts';
import { projectSorted, type WantedKey, wantedKeys } from './order.ts';
import { aliasesOf, listItems, resolveItem } from './select-list.ts';
import { Aggregates, Values, Windows } from './sinks.ts';
import { aggregateColumns, type Exchange, substitute } from './substitute.ts';
import type { FromContext } from './table.ts';
import { filtered } from './where.ts';

/** Expressions of the clauses after FROM and WHERE, all over the same rows. */
interface Upper {
  readonly items: readonly Expr[];
  readonly having: Expr | null;
  readonly qualify: Expr | null;
  readonly order: readonly WantedKey[];
}

/** Resolves a SELECT with the ORDER BY of its query. */
export function resolveSelect(
  select: Syntax.Select,
  orderBy: readonly Syntax.QueryOrderItem[],
  context: FromContext,
): Relation {
  const { question } = context;
  const from: From =
    select.from === null
      ? { relation: { kind: 'one-row', columns: [], span: select.span }, sources: [], visible: [] }
      : resolveFrom(select.from, context);
  const scope: Scope = { sources: from.sources, visible: from.visible, outer: context.outer };
  const list = listItems(select.items, scope);
  question.countColumns(select.span, list.length);
  const plain: Environment = {
    question,
    scope,
    common: context.common,
    place: 'WHERE',
    aggregates: null,
    windows: null,
    values: null,
    aliases: aliasesOf(list, list.length),
  };
  const input = select.where === null ? from.relation : kept(from.relation, select.where, plain);

  const aggregates = new Aggregates(question);
  const windows = new Windows(question, select.windows);
  const values = new Values();
  const full: Environment = { ...plain, aggregates, windows, values };
  const items = list.map((item, i) => resolveItem(item, { ...full, place: 'SELECT', aliases: aliasesOf(list, i) }));
  const having = condition(select.having, { ...full, windows: null, place: 'HAVING' });
  const qualify = condition(select.qualify, { ...full, place: 'QUALIFY' });
  const order = wantedKeys(orderBy, list, { ...full, place: 'ORDER BY' });
  const upper: Upper = { items, having, qualify, order };

  const grouped = select.groupBy !== null || having !== null || aggregates.items.length > 0;
  const computed = new Set([...aggregates.ids, ...windows.ids, ...values.ids]);
  const grouping = grouped
    ? resolveGrouping(select.groupBy, {
        env: { ...plain, place: 'GROUP BY' },
        items: list,
        resolved: items,
        computed,
      })
    : null;
  const below =
    grouping === null ? { relation: input, upper } : group(input, upper, grouping, aggregates, windows, select);
  const rows = values.joinedTo(below.relation);
  const wanted = below.upper.having === null ? rows : filtered(rows, below.upper.having);
  const ready = overWindows(wanted, below.upper, windows, select, () => question.fresh());
  const outputs = ready.upper.items.map((expr, i): Item => {
    const column: Column = { id: question.fresh(), name: list[i]!.name, type: expr.type, nullable: expr.nullable };
    return { column, expr };
  });
  const sortContext = {
    input: ready.relation,
    items: outputs,
    distinct: select.distinct,
    fresh: () => question.fresh(),
  };
  return projectSorted(ready.upper.order, sortContext, select.span);
}

/** Rows for which WHERE holds; values of its subqueries stand beside the rows it looks at. */
function kept(rows: Relation, where: Syntax.Expr, env: Environment): Relation {
  const values = new Values();
  const holds = asCondition(env.question.resolvers.expr(where, { ...env, values }), 'WHERE');
  return filtered(values.joinedTo(rows), holds);
}

function condition(expr: Syntax.Expr | null, env: Environment): Expr | null {
  return expr === null ? null : asCondition(env.question.resolvers.expr(expr, env), env.place);
}

interface Stage {
  readonly relation: Relation;
  readonly upper: Upper;
}

/** Rebuilds every upper expression. */
function exchanged(upper: Upper, exchange: Exchange): Upper {
  const change = (expr: Expr): Expr => substitute(expr, exchange);
  return {
    items: upper.items.map(change),
    having: upper.having === null ? null : change(upper.having),
    qualify: upper.qualify === null ? null : change(upper.qualify),
    order: upper.order.map(({ item, target }) => ({
      item,
      target: typeof target === 'number' ? target : change(target),
    })),
  };
}

/** Aggregates the rows; keys take the place of their expressions above, and no other column may be used there. */
function group(
  input: Relation,
  upper: Upper,
  grouping: Grouping,
  aggregates: Aggregates,
  windows: Windows,
  select: Syntax.Select,
): Stage {
  const keys = new Map(grouping.keys.map((key) => [meaningOf(key.expr), key.column]));
  const ungrouped = new Map(input.columns.map((column) => [column.id, column]));
  const exchange: Exchange = (expr) => {
    const key = keys.get(meaningOf(expr));
    if (key !== undefined) return columnExpr(key, expr.span);
    const column = expr.kind === 'column' ? ungrouped.get(expr.id) : undefined;
    if (column !== undefined) throw notGrouped(column, expr, grouping);
    return null;
  };
  for (const [i, item] of windows.items.entries()) {
    windows.items[i] = { column: item.column, expr: substitute(item.expr, exchange) };
  }
  const relation: Relation = {
    kind: 'aggregate',
    input,
    keys: grouping.keys,
    sets: grouping.sets,
    aggregates: [...aggregates.items],
    columns: aggregateColumns(grouping.keys, aggregates.items),
    span: select.span,
  };
  return { relation, upper: exchanged(upper, exchange) };
}

function notGrouped(column: Column, expr: Expr, grouping: Grouping): SpannedError {
  const shown = quoteText(column.name);
  return new SpannedError('QUERY_NOT_AGGREGATE', expr.span, {
    message: `${shown} is neither a key of GROUP BY nor inside an aggregate.`,
    next:
      grouping.keys.length === 0
        ? `Write GROUP BY ${column.name}, or an aggregate such as COUNT(DISTINCT ${column.name}).`
        : `Add ${column.name} to GROUP BY, or put it inside an aggregate.`,
  });
}

/** Computes windows in a projection of their own that passes on what is used above, then applies QUALIFY. */
function overWindows(
  input: Relation,
  upper: Upper,
  windows: Windows,
  select: Syntax.Select,
  fresh: () => ColumnId,
): Stage {
  if (windows.items.length === 0) {
    const kept = upper.qualify === null ? input : filtered(input, upper.qualify);
    return { relation: kept, upper };
  }
  const used = new Set<ColumnId>();
  const exprs = [...upper.items, ...upper.order.flatMap(({ target }) => (typeof target === 'number' ? [] : [target]))];
  if (upper.qualify !== null) exprs.push(upper.qualify);
  for (const expr of exprs) for (const id of columnsRead(expr)) used.add(id);
  const passed = input.columns
    .filter((column) => used.has(column.id))
    .map((column): Item => ({ column: { ...column, id: fresh() }, expr: columnExpr(column, select.span) }));
  const renamed = new Map(passed.map((item) => [(item.expr as { id: ColumnId }).id, item.column]));
  const after = exchanged(upper, (expr) => {
    const column = expr.kind === 'column' ? renamed.get(expr.id) : undefined;
    return column === undefined ? null : columnExpr(column, expr.span);
  });
  const items = [...passed, ...windows.items];
  const columns = items.map((item) => item.column);
  const relation: Relation = { kind: 'project', input, items, columns, span: select.span };
  return { relation: after.qualify === null ? relation : filtered(relation, after.qualify), upper: after };
}

/** Number of rows that LIMIT or OFFSET names. */
export function rowCount(expr: Syntax.Expr, clause: 'LIMIT' | 'OFFSET', context: FromContext): number | null {
  const { question, outer, common } = context;
  const scope: Scope = { sources: [], visible: [], outer };
  const env: Environment = {
    question,
    scope,
    common,
    place: clause,
    aggregates: null,
    windows: null,
    values: null,
    aliases: null,
  };
  const value = question.resolvers.expr(expr, env);
  if (value.kind === 'literal' && value.value === null) return null;
  if (value.kind === 'literal' && value.type === 'integer' && typeof value.value === 'bigint') {
    if (value.value >= 0n && value.value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value.value);
  }
  throw unsupported(
    expr.span,
    `${clause} takes a constant whole number from 0.`,
    `Write ${clause} 10, or a parameter.`,
  );
}

/** A constant NULL has no type of its own; answers have. */
export function typedNulls(relation: Relation, fresh: () => ColumnId): Relation {
  if (relation.columns.every((column) => column.type !== 'null')) return relation;
  const items = relation.columns.map((column): Item => {
    const expr = column.type === 'null' ? literal('integer', null, relation.span) : columnExpr(column, relation.span);
    return { column: { ...column, id: fresh(), type: expr.type }, expr };
  });
  return { kind: 'project', input: relation, items, columns: items.map((item) => item.column), span: relation.span };
}
