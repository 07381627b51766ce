/** Relations of the tree as SELECT statements, one level of the tree each; DuckDB flattens them again. */
import type {
  Aggregate,
  Column,
  Join,
  Project,
  Relation,
  SetOperation,
  Sort,
  TableRelation,
  Values,
} from '../../ask/ir.ts';
import { invariant } from '../../errors.ts';
import { printAdmitted } from './admitted.ts';
import { printAggregate } from './aggregate.ts';
import { type DialectOptions, PrintContext } from './context.ts';
import { convert, storeAs } from './convert.ts';
import { output, printCondition, printExpr } from './expr.ts';
import { columnName, printLiteral } from './literal.ts';
import { canonical, clean, needsCanonical, type Printed } from './printed.ts';

/** A fresh statement. */
export function makeContext(options: DialectOptions): PrintContext {
  return new PrintContext(options, printRelation);
}

/** SELECT that puts out the relation's columns as "c<id>". */
function printRelation(relation: Relation, context: PrintContext): string {
  switch (relation.kind) {
    case 'table':
      return printTable(relation, context);
    case 'one-row':
      return 'SELECT 1 AS "one"';
    case 'values':
      return printValues(relation, context);
    case 'filter': {
      const input = from(relation.input, context);
      return `SELECT * FROM ${input} WHERE ${printCondition(relation.condition, context)}`;
    }
    case 'project':
      return printProject(relation, context);
    case 'join':
      return printJoin(relation, context);
    case 'aggregate':
      return printGrouping(relation, context);
    case 'distinct': {
      const input = from(relation.input, context);
      return `SELECT DISTINCT ${list(relation.columns.map((column) => identity(column, context)))} FROM ${input}`;
    }
    case 'set':
      return printSet(relation, context);
    case 'sort':
      return printSort(relation, context);
    case 'limit': {
      const count = relation.count === null ? '' : ` LIMIT ${natural(relation.count)}`;
      const rows =
        relation.input.kind === 'sort'
          ? printSort(relation.input, context)
          : `SELECT * FROM ${from(relation.input, context)}`;
      return `${rows}${count} OFFSET ${natural(relation.offset)}`;
    }
    case 'released':
      invariant(false, 'released answers never reach an engine');
  }
}

function from(relation: Relation, context: PrintContext): string {
  return `(${printRelation(relation, context)}) AS ${context.alias()}`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '1 AS "one"' : items.join(', ');
}

function printTable(relation: TableRelation, context: PrintContext): string {
  const table = context.options.table(relation.dataset, relation.table);
  invariant(table !== null, 'every table of a question is attached');
  const items = relation.columns.map((column, index) => {
    const stored = table.columns.get(relation.source[index] ?? '');
    invariant(stored !== undefined, 'every column of a question is attached');
    const nature = { ...stored.nature, type: column.type };
    context.define(column.id, nature);
    return `${stored.name} AS ${columnName(column.id)}`;
  });
  return `SELECT ${list(items)} FROM ${table.from}${printAdmitted(relation, table, context)}`;
}

function printValues({ rows, columns }: Values, context: PrintContext): string {
  const cells = rows.map((row) => columns.map(({ type }, at) => printLiteral(row[at] ?? null, type, context.texts)));
  columns.forEach((column, at) => {
    const [first, ...others] = cells.map((row) => row[at] as Printed) as [Printed, ...Printed[]];
    const { sql: _, ...nature } = others.reduce(either, first);
    context.define(column.id, nature);
  });
  const listed = cells.map((row) => `(${row.map(({ sql }) => sql).join(', ')})`);
  return `SELECT * FROM (VALUES ${listed.join(', ')}) AS ${context.alias()}(${columns.map(({ id }) => columnName(id)).join(', ')})`;
}

/** What is known of a value that is one of two. */
function either(a: Printed, b: Printed): Printed {
  return {
    ...a,
    low: a.low < b.low ? a.low : b.low,
    high: a.high > b.high ? a.high : b.high,
    infinite: a.infinite || b.infinite,
  };
}

function printProject(relation: Project, context: PrintContext): string {
  const input = from(relation.input, context);
  const values = relation.items.map((item) => ({ item, value: printExpr(item.expr, context) }));
  const items = values.map(({ item, value }) => output(item.column.id, as(value, item.column), context));
  return `SELECT ${list(items)} FROM ${input}`;
}

/** The value in the type its column declares; keys keep the storage they have. */
function as(value: Printed, column: Column): Printed {
  return column.type === 'key' || column.type === 'null'
    ? { ...value, type: column.type }
    : convert(value, column.type);
}

function printJoin(relation: Join, context: PrintContext): string {
  const left = from(relation.left, context);
  const right = from(relation.right, context);
  if (relation.type === 'cross' || relation.condition === null) return `SELECT * FROM ${left} CROSS JOIN ${right}`;
  const word = { inner: 'INNER', left: 'LEFT', full: 'FULL' }[relation.type];
  return `SELECT * FROM ${left} ${word} JOIN ${right} ON ${printCondition(relation.condition, context)}`;
}

function printGrouping(relation: Aggregate, context: PrintContext): string {
  const input = from(relation.input, context);
  const keys = relation.keys.map((key) => canonical(as(printExpr(key.expr, context), key.column)));
  const inner = keys.map((key, index) => `${key.sql} AS "g${index}"`);
  const source = inner.length === 0 ? input : `(SELECT *, ${inner.join(', ')} FROM ${input}) AS ${context.alias()}`;
  const aggregates = relation.aggregates.map((item) => {
    const value = printAggregate(item.call, context, printExpr);
    return { item, value };
  });
  const items = [
    ...keys.map((key, index) =>
      output((relation.keys[index] as { column: Column }).column.id, { ...key, sql: `"g${index}"` }, context),
    ),
    ...aggregates.map(({ item, value }) => output(item.column.id, as(value, item.column), context)),
  ];
  // Without keys a grouping puts out one row, even if nothing is counted in it.
  const selected = items.length === 0 ? 'count(*) AS "one"' : items.join(', ');
  return `SELECT ${selected} FROM ${source}${groupBy(relation)}`;
}

function groupBy({ keys, sets }: Aggregate): string {
  const names = (set: readonly number[]): string => set.map((key) => `"g${key}"`).join(', ');
  const [only] = sets;
  if (sets.length === 1 && only !== undefined && only.length === keys.length) {
    return keys.length === 0 ? '' : ` GROUP BY ${names(only)}`;
  }
  return ` GROUP BY GROUPING SETS (${sets.map((set) => `(${names(set)})`).join(', ')})`;
}

function printSet(relation: SetOperation, context: PrintContext): string {
  const sides = [relation.left, relation.right].map((side) => ({ side, input: from(side, context) }));
  const values = relation.columns.map((column, index) => {
    const pair = sides.map(({ side }) => {
      const inner = context.column((side.columns[index] as Column).id);
      const value = as(inner, column);
      return relation.operation === 'union-all' ? clean(value) : canonical(value);
    }) as [Printed, Printed];
    const alike = pair[0].stored === pair[1].stored;
    return alike ? pair : (pair.map((value) => storeAs(value, 'VARCHAR')) as [Printed, Printed]);
  });
  const selects = sides.map(({ input }, which) => {
    const items = relation.columns.map(
      (column, index) => `${values[index]?.[which as 0 | 1].sql} AS ${columnName(column.id)}`,
    );
    return `SELECT ${list(items)} FROM ${input}`;
  });
  relation.columns.forEach((column, index) => {
    const [left, right] = values[index] as readonly [Printed, Printed];
    const { sql: _, ...nature } = either(left, right);
    context.define(column.id, nature);
  });
  const word = { 'union-all': 'UNION ALL', union: 'UNION', intersect: 'INTERSECT', except: 'EXCEPT' }[
    relation.operation
  ];
  return selects.join(` ${word} `);
}

function printSort(relation: Sort, context: PrintContext): string {
  const input = from(relation.input, context);
  const keys = relation.by.map((key) => {
    const { sql } = canonical(printExpr(key.expr, context));
    return `${sql} ${key.descending ? 'DESC' : 'ASC'} NULLS ${key.nullsFirst ? 'FIRST' : 'LAST'}`;
  });
  return `SELECT * FROM ${input}${keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`}`;
}

/** The column itself, canonical where equal values could look different. */
function identity(column: Column, context: PrintContext): string {
  const value = context.column(column.id);
  return needsCanonical(value) ? output(column.id, canonical(value), context) : columnName(column.id);
}

function natural(count: number): string {
  invariant(Number.isSafeInteger(count) && count >= 0, 'limits are counted from 0');
  return String(count);
}
