/** Trees written by hand: short constructors for expressions and relations, types filled in. */
import type {
  AggregateCall,
  AggregateItem,
  AggregateName,
  Column,
  Expr,
  Frame,
  Item,
  Relation,
  ScalarName,
  SortKey,
  WindowName,
} from '../../src/ask/ir.ts';
import type { SqlType, Value } from '../../src/ask/types.ts';

const span = { start: 0, end: 0 };
const BOOLEAN: ReadonlySet<ScalarName> = new Set([
  'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'is-distinct', 'is-not-distinct', 'and', 'or', 'not', 'is-null', 'is-not-null',
  'like', 'ilike', 'starts-with', 'ends-with', 'contains',
]); // biome-ignore format: one list
let nextId = 1;

/** A fresh column. */
export function column(name: string, type: SqlType): Column {
  return { id: nextId++, name, type, nullable: true };
}

export function ref(to: Column): Expr {
  return { kind: 'column', id: to.id, type: to.type, nullable: to.nullable, span };
}

export function literal(value: Value, type?: SqlType): Expr {
  return { kind: 'literal', value, type: type ?? typeOf(value), nullable: value === null, span };
}

function typeOf(value: Value): SqlType {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'bigint':
      return 'integer';
    case 'number':
      return 'double';
    default:
      return 'boolean';
  }
}

export function call(fn: ScalarName, args: readonly Expr[], type?: SqlType): Expr {
  const own = type ?? (BOOLEAN.has(fn) ? 'boolean' : (args[0] as Expr).type);
  return { kind: 'call', fn, args, type: own, nullable: true, span };
}

export function cast(arg: Expr, type: SqlType): Expr {
  return { kind: 'cast', arg, type, nullable: true, span };
}

export function caseWhen(branches: readonly (readonly [Expr, Expr])[], otherwise: Expr | null): Expr {
  const type = (branches[0] as readonly [Expr, Expr])[1].type;
  return {
    kind: 'case',
    branches: branches.map(([when, result]) => ({ when, result })),
    otherwise,
    type,
    nullable: true,
    span,
  };
}

export function inList(arg: Expr, list: readonly Expr[], negated = false): Expr {
  return { kind: 'in-list', arg, list, negated, type: 'boolean', nullable: true, span };
}

export function inRelation(arg: Expr, relation: Relation, negated = false): Expr {
  return { kind: 'in-relation', arg, relation, negated, type: 'boolean', nullable: true, span };
}

export function exists(relation: Relation, negated = false): Expr {
  return { kind: 'exists', relation, negated, type: 'boolean', nullable: false, span };
}

export function windowed(
  name: WindowName,
  args: readonly Expr[],
  partition: readonly Expr[],
  order: readonly SortKey[],
  frame: Frame | null = null,
): Expr {
  const counting = ['row-number', 'rank', 'dense-rank', 'count-rows', 'count'].includes(name);
  const type: SqlType = counting ? 'integer' : name === 'avg' ? 'double' : (args[0] as Expr).type;
  return { kind: 'window', name, args, partition, order, frame, type, nullable: true, span };
}

export function table(
  dataset: string,
  name: string,
  columns: Readonly<Record<string, SqlType>>,
): Relation & {
  readonly by: Readonly<Record<string, Column>>;
} {
  const made = Object.entries(columns).map(([source, type]) => [source, column(source, type)] as const);
  return {
    kind: 'table',
    dataset,
    table: name,
    columns: made.map(([, one]) => one),
    source: made.map(([source]) => source),
    span,
    by: Object.fromEntries(made),
  };
}

export function filter(input: Relation, condition: Expr): Relation {
  return { kind: 'filter', input, condition, columns: input.columns, span };
}

export function item(name: string, expr: Expr): Item {
  return { column: column(name, expr.type === 'null' ? 'text' : expr.type), expr };
}

export function project(input: Relation, items: readonly Item[]): Relation {
  return { kind: 'project', input, items, columns: items.map((one) => one.column), span };
}

export function join(
  type: 'inner' | 'left' | 'full' | 'cross',
  left: Relation,
  right: Relation,
  condition: Expr | null,
): Relation {
  return { kind: 'join', type, left, right, condition, columns: [...left.columns, ...right.columns], span };
}

export function aggregate(
  name: AggregateName,
  args: readonly Expr[],
  where: Expr | null = null,
  order: readonly SortKey[] = [],
): AggregateCall {
  return { name, args, order, filter: where, span };
}

export function aggregateItem(name: string, call: AggregateCall): AggregateItem {
  const counting = call.name.startsWith('count');
  const type: SqlType = counting
    ? 'integer'
    : call.name === 'avg' || call.name === 'quantile-cont' || call.name.startsWith('var')
      ? 'double'
      : call.name.startsWith('bool')
        ? 'boolean'
        : (call.args[0] as Expr).type;
  return { column: column(name, type), call };
}

export function group(
  input: Relation,
  keys: readonly Item[],
  aggregates: readonly AggregateItem[],
  sets: readonly (readonly number[])[] = [keys.map((_, index) => index)],
): Relation {
  const columns = [...keys.map((key) => key.column), ...aggregates.map((one) => one.column)];
  return { kind: 'aggregate', input, keys, sets, aggregates, columns, span };
}

export function distinct(input: Relation): Relation {
  return { kind: 'distinct', input, columns: input.columns, span };
}

export function setOperation(
  operation: 'union-all' | 'union' | 'intersect' | 'except',
  left: Relation,
  right: Relation,
): Relation {
  const columns = left.columns.map((one) => column(one.name, one.type));
  return { kind: 'set', operation, left, right, columns, span };
}

export function sort(input: Relation, by: readonly SortKey[]): Relation {
  return { kind: 'sort', input, by, columns: input.columns, span };
}

export function by(expr: Expr, descending = false, nullsFirst = false): SortKey {
  return { expr, descending, nullsFirst };
}

export function limit(input: Relation, count: number | null, offset = 0): Relation {
  return { kind: 'limit', input, count, offset, columns: input.columns, span };
}
