/** Rows that a question lists: VALUES, and constants put together by UNION ALL. */
import { castValue } from '../evaluate/cast.ts';
import { evaluate } from '../evaluate.ts';
import { walkExpr } from '../fold.ts';
import type { Column, Expr, Relation, Values } from '../ir.ts';
import type * as Syntax from '../sql/syntax.ts';
import type { SqlType, Value } from '../types.ts';
import { bring, commonTypeOf, typeError } from './coerce.ts';
import type { Environment, Scope } from './environment.ts';
import type { FromContext } from './table.ts';

/**
 * `VALUES (…), (…)`. Columns are called col0, col1, … as in DuckDB; each has the type that all its values are brought to.
 *
 * @throws SpannedError QUERY_TYPE for rows of other lengths, types that do not go together, and what is no constant
 */
export function resolveValues(body: Syntax.ValuesQuery, { question, common }: FromContext): Values {
  const scope: Scope = { sources: [], visible: [], outer: null };
  const env: Environment = {
    question,
    scope,
    common,
    place: 'VALUES',
    aggregates: null,
    windows: null,
    values: null,
    aliases: null,
  };
  const width = body.rows[0]?.cells.length ?? 0;
  const rows = body.rows.map((row, at) => {
    if (row.cells.length !== width) throw ragged(row, at, width);
    return row.cells.map((cell) => question.resolvers.expr(cell, env));
  });
  const types = Array.from({ length: width }, (_, index) => commonTypeOf(rows.map((row) => row[index] as Expr)));
  const values = rows.map((row) => row.map((expr, index) => constant(bring(expr, types[index] as SqlType))));
  return {
    kind: 'values',
    rows: values,
    columns: columnsOf(
      types.map((type, index) => ({ type, name: `col${index}` })),
      values,
      () => question.fresh(),
    ),
    span: body.span,
  };
}

/**
 * UNION ALL of constants as the rows they are, so that it means what the same rows in VALUES mean; null for other sides.
 *
 * @param columns - names and types of the outcome
 */
export function listedRows(
  sides: readonly Relation[],
  columns: readonly Pick<Column, 'name' | 'type'>[],
  fresh: () => number,
): Pick<Values, 'kind' | 'rows' | 'columns'> | null {
  const rows: (readonly Value[])[] = [];
  for (const side of sides) {
    const listed = rowsOf(side);
    if (listed === null) return null;
    const types = side.columns.map(({ type }) => type);
    for (const row of listed) {
      rows.push(row.map((value, i) => castValue(value, types[i] as SqlType, (columns[i] as Column).type)));
    }
  }
  return { kind: 'values', rows, columns: columnsOf(columns, rows, fresh) };
}

function rowsOf(relation: Relation): Values['rows'] | null {
  if (relation.kind === 'values') return relation.rows;
  if (relation.kind !== 'project' || relation.input.kind !== 'one-row') return null;
  const row: Value[] = [];
  for (const { expr } of relation.items) {
    if (expr.kind !== 'literal') return null;
    row.push(expr.value);
  }
  return [row];
}

function columnsOf(
  columns: readonly Pick<Column, 'name' | 'type'>[],
  rows: Values['rows'],
  fresh: () => number,
): readonly Column[] {
  return columns.map(({ name, type }, index) => ({
    id: fresh(),
    name,
    type,
    nullable: rows.some((row) => row[index] === null),
  }));
}

/** What an expression without columns gives. */
function constant(expr: Expr): Value {
  walkExpr(expr, (one) => {
    if (one.kind !== 'exists' && one.kind !== 'in-relation' && one.kind !== 'window') return;
    throw typeError(one.span, 'VALUES lists constants, and this is a query.', 'Write SELECT … FROM instead of VALUES.');
  });
  return evaluate(expr, () => null);
}

function ragged(row: Syntax.ValuesRow, at: number, width: number): Error {
  const [has, wants] = [row.cells.length, width].map((count) => `${count} value${count === 1 ? '' : 's'}`);
  return typeError(
    row.span,
    `Row ${at + 1} of VALUES has ${has}, and the first row has ${wants}.`,
    'Give every row as many values as the first; write NULL where one is missing.',
  );
}
