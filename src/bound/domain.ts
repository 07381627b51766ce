/** Which keys an expression can have, where the policy or the question makes that public and finite. */

import { columnExpr } from '../ask/column-expr.ts';
import { evaluate } from '../ask/evaluate.ts';
import { mapExpr } from '../ask/fold.ts';
import type { Column, ColumnId, Expr, Literal, Relation } from '../ask/ir.ts';
import type { Domain } from './bounded.ts';
import { finiteValues, SPAN_MAX } from './finite.ts';
import { freeColumns, isScalar, makeCall, makeLiteral } from './make-expr.ts';
import { rangeOf } from './range.ts';
import type { Facts } from './tracked.ts';

/**
 * Public values of a group key: declared lists in their order, branches of CASE, parts and periods of bounded dates,
 * bins and capped numbers, functions of such, a public table's column. Rows outside are dropped by the engine, so the
 * domain needs no proof; that it depends on the policy and the question alone is what makes it public.
 *
 * NULL is a key where a list declares it, where the expression makes it of values that are not NULL (CASE without ELSE,
 * NULLIF), and for computed texts and booleans that can be NULL; not for columns, numbers and dates that are missing.
 *
 * @returns null where the values are private, or more than 100,000
 */
export function domainOf(expr: Expr, facts: Facts): Domain | null {
  return domainWithin(expr, facts, { values: SPAN_MAX, combinations: 10_000 });
}

/** The same where it is small enough to be worked out for every computed column on the way. */
export function smallDomain(expr: Expr, facts: Facts): Domain | null {
  return domainWithin(expr, facts, { values: 256, combinations: 256 });
}

/** Most keys there can be; null where only the engine can tell. */
export function domainSize(domain: Domain): number | null {
  switch (domain.kind) {
    case 'list':
      return domain.values.length;
    case 'span':
      return Number(domain.high - domain.low + 1n);
    case 'relation':
      return domain.most;
  }
}

function domainWithin(
  expr: Expr,
  facts: Facts,
  limit: { readonly values: number; readonly combinations: number },
): Domain | null {
  if (expr.type === 'key') return null;
  const values = finiteValues(expr, facts, limit);
  const span = spanOf(expr, facts, limit.values);
  if (values !== null && (span === null || BigInt(values.length) < span.high - span.low + 1n)) {
    return { kind: 'list', values };
  }
  return span ?? publicDomain(expr, facts);
}

/** Every whole number or day of a bounded expression. */
function spanOf(expr: Expr, facts: Facts, max: number): Extract<Domain, { kind: 'span' }> | null {
  if (expr.type !== 'integer' && expr.type !== 'date') return null;
  const range = rangeOf(expr, facts);
  if (range === null || range.kind !== 'exact' || range.low === null || range.high === null) return null;
  if (range.high - range.low >= BigInt(max)) return null;
  return { kind: 'span', low: range.low, high: range.high };
}

/** Distinct values of a function of public columns, all of one public relation. */
function publicDomain(expr: Expr, facts: Facts): Domain | null {
  if (!isScalar(expr)) return null;
  const sources = [...freeColumns(expr)].map((id) => facts.columns.get(id)?.publicSource ?? null);
  const relation = sources[0]?.relation;
  if (relation === undefined || !sources.every((source) => source?.relation === relation)) return null;
  const source = (id: ColumnId): Column | undefined => {
    const wanted = facts.columns.get(id)?.publicSource?.column;
    return relation.columns.find((column) => column.id === wanted);
  };
  if ([...freeColumns(expr)].some((id) => source(id) === undefined)) return null;
  const inside = mapExpr(expr, (one) => {
    const column = one.kind === 'column' ? source(one.id) : undefined;
    return column === undefined ? one : columnExpr(column, one.span);
  });
  const most = sources[0]?.most ?? null;
  // Where a left join met no public row, the expression is of NULLs.
  const absent = [...freeColumns(expr)].some((id) => facts.columns.get(id)?.nullable !== false)
    ? evaluate(expr, () => null)
    : null;
  const values = distinctValues(inside, relation);
  if (absent === null) return { kind: 'relation', relation: values, most };
  const literal = makeLiteral(expr.type, absent, expr.span);
  return { kind: 'relation', relation: withValue(values, literal), most: most === null ? null : most + 1 };
}

/** A relation of one column with one more value. */
function withValue(values: Relation, value: Literal): Relation {
  const [column] = values.columns as [Column];
  const { span } = value;
  // Ids that no relation below has: those of a whole question are far fewer.
  const [one, both] = [
    { ...column, id: column.id + UNUSED },
    { ...column, id: column.id + 2 * UNUSED },
  ];
  const row: Relation = {
    kind: 'project',
    input: { kind: 'one-row', columns: [], span },
    items: [{ column: one, expr: value }],
    columns: [one],
    span,
  };
  return { kind: 'set', operation: 'union', left: values, right: row, columns: [both], span };
}

const UNUSED = 2 ** 40;

function distinctValues(expr: Expr, input: Relation): Relation {
  const { span } = expr;
  // The column keeps its id where it is one of the relation's; a computed one takes the id of a column it replaces.
  const id = expr.kind === 'column' ? expr.id : (([...freeColumns(expr)][0] ?? 0) as ColumnId);
  const column: Column = { id, name: 'value', type: expr.type, nullable: expr.nullable };
  const columns = [column];
  const project: Relation = { kind: 'project', input, items: [{ column, expr }], columns, span };
  const condition = makeCall('is-not-null', [columnExpr(column, span)], 'boolean', false, span);
  const filter: Relation = { kind: 'filter', input: project, condition, columns, span };
  return { kind: 'distinct', input: filter, columns, span };
}
