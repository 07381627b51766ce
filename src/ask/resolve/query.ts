/** A query: its common tables, SELECTs and set operations, order and limit. */
import { type Span, SpannedError } from '../../errors.ts';
import { columnExpr } from '../column-expr.ts';
import type { Column, Expr, Item, Relation } from '../ir.ts';
import { quoteText, unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import type { SqlType } from '../types.ts';
import { castTo, commonType, SQL_NAMES, typeError } from './coerce.ts';
import type { CommonTables, Environment, Question, Scope } from './environment.ts';
import { ordinal } from './grouping.ts';
import { spelledOut } from './order.ts';
import { entriesOf, sameName } from './scope.ts';
import { resolveSelect, rowCount } from './select.ts';
import type { FromContext } from './table.ts';
import { listedRows, resolveValues } from './values.ts';

/** Resolves a query; `outer` is what its expressions may refer to outside it. */
export function resolveQuery(
  query: Syntax.Query,
  question: Question,
  outer: Scope | null,
  common: CommonTables | null,
): Relation {
  return question.withinQuery(query.span, () => {
    const context: FromContext = { question, outer, common: withCommon(query.with, outer, common) };
    const { body } = query;
    const rows =
      body.kind === 'select'
        ? resolveSelect(body, query.orderBy, context)
        : sortedByOutput(resolveBody(body, context), query, context);
    return limited(rows, query, context);
  });
}

function withCommon(
  tables: readonly Syntax.CommonTable[],
  outer: Scope | null,
  before: CommonTables | null,
): CommonTables | null {
  let common = before;
  for (const [i, definition] of tables.entries()) {
    const { name } = definition;
    if (tables.slice(0, i).some((other) => sameName(other.name.text, name.text))) {
      throw new SpannedError('QUERY_AMBIGUOUS', name.span, {
        message: `Two common tables are called ${quoteText(name.text)}.`,
        next: 'Give each a name of its own.',
      });
    }
    common = { name: name.text, definition, outer, before: common };
  }
  return common;
}

function resolveBody(body: Syntax.QueryBody, context: FromContext): Relation {
  switch (body.kind) {
    case 'select':
      return resolveSelect(body, [], context);
    case 'values-query':
      return counted(resolveValues(body, context), context);
    case 'query':
      return resolveQuery(body, context.question, context.outer, context.common);
    case 'set-query':
      return resolveSet(body, context);
  }
}

function counted(rows: Relation, { question }: FromContext): Relation {
  question.countColumns(rows.span, rows.columns.length);
  return rows;
}

function limited(rows: Relation, query: Syntax.Query, context: FromContext): Relation {
  const count = query.limit === null ? null : rowCount(query.limit, 'LIMIT', context);
  const offset = query.offset === null ? 0 : (rowCount(query.offset, 'OFFSET', context) ?? 0);
  if (count === null && offset === 0) return rows;
  return { kind: 'limit', input: rows, count, offset, columns: rows.columns, span: query.span };
}

/** ORDER BY over a set operation or a query in parentheses sees its outputs. */
function sortedByOutput(rows: Relation, query: Syntax.Query, { question, common, outer }: FromContext): Relation {
  if (query.orderBy.length === 0) return rows;
  const scope: Scope = { sources: [], visible: entriesOf(rows.columns, query.span), outer };
  const env: Environment = {
    question,
    scope,
    common,
    place: 'ORDER BY',
    aggregates: null,
    windows: null,
    values: null,
    aliases: null,
  };
  const by = spelledOut(query.orderBy, rows.columns.length).flatMap((item) => {
    const expr: Expr =
      item.expr.kind === 'number' && item.expr.form === 'integer'
        ? columnExpr(rows.columns[ordinal(item.expr, rows.columns.length, 'ORDER BY')]!, item.expr.span)
        : question.resolvers.expr(item.expr, env);
    if (expr.type === 'key') throw typeError(item.expr.span, 'Keys have no order.', 'Order by a date, number or text.');
    if (expr.kind === 'literal') return [];
    return [{ expr, descending: item.descending, nullsFirst: item.nulls === 'first' }];
  });
  return by.length === 0 ? rows : { kind: 'sort', input: rows, by, columns: rows.columns, span: query.span };
}

function resolveSet(body: Syntax.SetQuery, context: FromContext): Relation {
  const shown = body.operation.toUpperCase();
  if (body.all && body.operation !== 'union') {
    throw unsupported(body.span, `${shown} ALL is not supported.`, `Write ${shown}, which gives each row once.`);
  }
  const left = resolveBody(body.left, context);
  const right = resolveBody(body.right, context);
  if (left.columns.length !== right.columns.length) {
    throw typeError(
      body.right.span,
      `The sides of ${shown} have ${left.columns.length} and ${right.columns.length} columns.`,
      'Select the same number of columns on both sides.',
    );
  }
  const types = left.columns.map((column, i) => setType(column, right.columns[i]!, shown, body.right.span));
  const { question } = context;
  if (body.operation === 'union' && body.all) {
    const named = left.columns.map(({ name }, i) => ({ name, type: types[i]! }));
    const listed = listedRows([left, right], named, () => question.fresh());
    if (listed !== null) return counted({ ...listed, span: body.span }, context);
  }
  const columns = left.columns.map(
    (column, i): Column => ({
      id: question.fresh(),
      name: column.name,
      type: types[i]!,
      nullable: setNullable(body.operation, column, right.columns[i]!),
    }),
  );
  question.countColumns(body.span, columns.length);
  return {
    kind: 'set',
    operation: body.operation === 'union' && body.all ? 'union-all' : body.operation,
    left: brought(left, types, question),
    right: brought(right, types, question),
    columns,
    span: body.span,
  };
}

function setNullable(operation: Syntax.SetQuery['operation'], left: Column, right: Column): boolean {
  if (operation === 'union') return left.nullable || right.nullable;
  return operation === 'intersect' ? left.nullable && right.nullable : left.nullable;
}

function setType(left: Column, right: Column, shown: string, span: Span): SqlType {
  const type = commonType(left.type, right.type);
  if (type !== null) return type;
  throw typeError(
    span,
    `The column ${quoteText(left.name)} is ${SQL_NAMES[left.type]} on one side of ${shown} and ${SQL_NAMES[right.type]} on the other.`,
    left.type === 'key' || right.type === 'key' ? 'Select keys on both sides.' : 'Write CAST(… AS …) on one side.',
  );
}

function brought(relation: Relation, types: readonly SqlType[], question: Question): Relation {
  if (relation.columns.every((column, i) => column.type === types[i])) return relation;
  const items = relation.columns.map((column, i): Item => {
    const expr = castTo(columnExpr(column, relation.span), types[i]!);
    return { column: { id: question.fresh(), name: column.name, type: expr.type, nullable: expr.nullable }, expr };
  });
  return { kind: 'project', input: relation, items, columns: items.map((item) => item.column), span: relation.span };
}
