/** A small, slow, obviously right interpreter of relations over arrays of rows. It shares no code with the SQL printer. */
import type { Row } from '../../../src/ask/evaluate.ts';
import type {
  Aggregate,
  Column,
  Expr,
  Join,
  Project,
  Relation,
  SetOperation,
  TableRelation,
  Window,
} from '../../../src/ask/ir.ts';
import type { Value } from '../../../src/ask/types.ts';
import { admits } from './admitted.ts';
import { aggregateOf } from './aggregate.ts';
import { type Database, identities, oneZero, type StoredRow } from './database.ts';
import { type Surroundings, valueIn } from './expression.ts';
import { sorted, windowValues } from './window.ts';

const nothing: Row = (id) => {
  throw new Error(`No column ${id} is in scope.`);
};

/** Rows of a relation, as arrays in the order of its columns. */
export function interpret(relation: Relation, database: Database): Value[][] {
  const rows = rowsOf(relation, database, nothing);
  return rows.map((row) => relation.columns.map((column) => row(column.id)));
}

/** Rows of a relation; columns it does not have are looked for in the row around it. */
export function rowsOf(relation: Relation, database: Database, outer: Row): readonly Row[] {
  const inside = (input: Relation): readonly Row[] => rowsOf(input, database, outer);
  const around = surroundings(database);
  switch (relation.kind) {
    case 'table':
      return tableRows(relation, database, outer);
    case 'one-row':
      return [outer];
    case 'values':
      return relation.rows.map((values) => rowWith(relation.columns, values, outer));
    case 'filter':
      return inside(relation.input).filter((row) => valueIn(relation.condition, row, around) === true);
    case 'project':
      return projected(relation, inside(relation.input), outer, around);
    case 'join':
      return joined(relation, inside(relation.left), inside(relation.right), outer, around);
    case 'aggregate':
      return grouped(relation, inside(relation.input), outer, around);
    case 'distinct':
      return unique(tuples(relation.columns, inside(relation.input))).map((tuple) =>
        rowWith(relation.columns, tuple, outer),
      );
    case 'set':
      return combined(relation, inside(relation.left), inside(relation.right)).map((tuple) =>
        rowWith(relation.columns, tuple, outer),
      );
    case 'sort':
      return sorted(inside(relation.input), relation.by, around);
    case 'limit': {
      const end = relation.count === null ? undefined : relation.offset + relation.count;
      return inside(relation.input).slice(relation.offset, end);
    }
    case 'released':
      throw new Error('Released answers are no rows of a database.');
  }
}

function surroundings(database: Database, windows?: (expr: Expr) => Value): Surroundings {
  return {
    rowsOf: (relation, outer) => rowsOf(relation, database, outer),
    windowValue:
      windows ??
      (() => {
        throw new Error('Windows stand in projections alone.');
      }),
  };
}

function rowWith(columns: readonly Column[], values: readonly Value[], outer: Row): Row {
  const own = new Map(columns.map((column, index) => [column.id, values[index] ?? null]));
  return (id) => (own.has(id) ? (own.get(id) ?? null) : outer(id));
}

function tableRows(relation: TableRelation, database: Database, outer: Row): readonly Row[] {
  const { dataset, table, units } = relation;
  const unit = database.unitColumn(dataset, table);
  const isShown = (stored: StoredRow): boolean =>
    units === undefined || unit === null || admits(units, stored[unit] ?? null, dataset, database);
  return database
    .rows(dataset, table)
    .filter(isShown)
    .map((stored) =>
      rowWith(
        relation.columns,
        relation.source.map((name) => {
          const value = stored[name] ?? null;
          return typeof value === 'number' && Number.isNaN(value) ? null : value;
        }),
        outer,
      ),
    );
}

function projected(relation: Project, input: readonly Row[], outer: Row, plain: Surroundings): readonly Row[] {
  const computed = new Map<Expr, ReadonlyMap<Row, Value>>();
  const columns = relation.items.map((item) => item.column);
  return input.map((row) => {
    const around: Surroundings = {
      ...plain,
      windowValue: (expr) => {
        const known = computed.get(expr) ?? windowValues(expr as Window, input, plain);
        computed.set(expr, known);
        return known.get(row) ?? null;
      },
    };
    return rowWith(
      columns,
      relation.items.map((item) => valueIn(item.expr, row, around)),
      outer,
    );
  });
}

function joined(
  relation: Join,
  left: readonly Row[],
  right: readonly Row[],
  outer: Row,
  around: Surroundings,
): readonly Row[] {
  const pair = (a: Row | null, b: Row | null): Row =>
    rowWith(
      relation.columns,
      [
        ...relation.left.columns.map((column) => a?.(column.id) ?? null),
        ...relation.right.columns.map((column) => b?.(column.id) ?? null),
      ],
      outer,
    );
  const rows: Row[] = [];
  const matched = new Set<Row>();
  for (const a of left) {
    let found = false;
    for (const b of right) {
      const both = pair(a, b);
      if (relation.condition !== null && valueIn(relation.condition, both, around) !== true) continue;
      found = true;
      matched.add(b);
      rows.push(both);
    }
    if (!found && (relation.type === 'left' || relation.type === 'full')) rows.push(pair(a, null));
  }
  if (relation.type === 'full') for (const b of right) if (!matched.has(b)) rows.push(pair(null, b));
  return rows;
}

function grouped(relation: Aggregate, input: readonly Row[], outer: Row, around: Surroundings): readonly Row[] {
  const keyed = input.map((row) => ({ row, key: relation.keys.map((key) => oneZero(valueIn(key.expr, row, around))) }));
  return relation.sets.flatMap((set) => {
    const groups = new Map<string, { key: Value[]; rows: Row[] }>();
    if (set.length === 0) groups.set('[]', { key: relation.keys.map(() => null), rows: [] });
    for (const { row, key } of keyed) {
      const shown = key.map((value, index) => (set.includes(index) ? value : null));
      const name = identities(set.map((index) => key[index] ?? null));
      const group = groups.get(name) ?? { key: shown, rows: [] };
      group.rows.push(row);
      groups.set(name, group);
    }
    return [...groups.values()].map(({ key, rows }) => {
      const values = relation.aggregates.map((item) => aggregateOf(item.call, rows, around));
      const columns = [...relation.keys, ...relation.aggregates].map((one) => one.column);
      return rowWith(columns, [...key, ...values], outer);
    });
  });
}

function tuples(columns: readonly Column[], rows: readonly Row[]): Value[][] {
  return rows.map((row) => columns.map((column) => row(column.id)));
}

function unique(rows: readonly Value[][]): Value[][] {
  const seen = new Map<string, Value[]>();
  for (const row of rows) if (!seen.has(identities(row))) seen.set(identities(row), row.map(oneZero));
  return [...seen.values()];
}

function combined(relation: SetOperation, left: readonly Row[], right: readonly Row[]): Value[][] {
  const [a, b] = [tuples(relation.left.columns, left), tuples(relation.right.columns, right)];
  if (relation.operation === 'union-all') return [...a, ...b];
  if (relation.operation === 'union') return unique([...a, ...b]);
  const others = new Set(b.map(identities));
  return unique(a).filter((row) => others.has(identities(row)) === (relation.operation === 'intersect'));
}
