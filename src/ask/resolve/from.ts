/** FROM: tables, derived tables and joins. USING, NATURAL and RIGHT JOIN are spelled out. */
import { type Span, SpannedError } from '../../errors.ts';
import type { Column, Expr, Join, Relation } from '../ir.ts';
import type * as Syntax from '../sql/syntax.ts';
import { applyScalar, asCondition } from './coerce.ts';
import type { Entry, Environment, Scope, Source } from './environment.ts';
import { ownColumn, sameName, unknownColumn } from './scope.ts';
import { type FromContext, resolveDerived, resolveTableName } from './table.ts';

/** Rows of FROM and the names in them. */
export interface From {
  readonly relation: Relation;
  readonly sources: readonly Source[];
  readonly visible: readonly Entry[];
}

/** Resolves what stands in FROM. */
export function resolveFrom(expr: Syntax.TableExpr, context: FromContext): From {
  if (expr.kind === 'join-expr') return resolveJoin(expr, context);
  const { relation, source } =
    expr.kind === 'table-name' ? resolveTableName(expr, context) : resolveDerived(expr, context);
  return { relation, sources: [source], visible: source.entries };
}

function resolveJoin(expr: Syntax.JoinExpr, context: FromContext): From {
  const left = resolveFrom(expr.left, context);
  const right = resolveFrom(expr.right, context);
  const { condition, merged } = joinCondition(expr, left, right, context);
  const swapped = expr.type === 'right';
  const [first, second] = swapped ? [right, left] : [left, right];
  const type = expr.type === 'right' ? 'left' : expr.type;
  const nullable = { left: type === 'full' || swapped, right: type === 'full' || (type === 'left' && !swapped) };
  const columns = [
    ...withNulls(first.relation.columns, type === 'full'),
    ...withNulls(second.relation.columns, type === 'left' || type === 'full'),
  ];
  const relation: Join = {
    kind: 'join',
    type,
    left: first.relation,
    right: second.relation,
    condition,
    columns,
    span: expr.span,
  };
  const [leftVisible, rightVisible] = [
    entriesWithNulls(left.visible, nullable.left),
    entriesWithNulls(right.visible, nullable.right),
  ];
  return {
    relation,
    sources: [...sourcesWithNulls(left.sources, nullable.left), ...sourcesWithNulls(right.sources, nullable.right)],
    visible: mergeVisible(leftVisible, rightVisible, merged, expr),
  };
}

function withNulls(columns: readonly Column[], nullable: boolean): readonly Column[] {
  return nullable ? columns.map((column) => ({ ...column, nullable: true })) : columns;
}

function entriesWithNulls(entries: readonly Entry[], nullable: boolean): readonly Entry[] {
  return nullable ? entries.map((entry) => ({ ...entry, expr: exprWithNulls(entry.expr) })) : entries;
}

function sourcesWithNulls(sources: readonly Source[], nullable: boolean): readonly Source[] {
  return sources.map((source) => ({ ...source, entries: entriesWithNulls(source.entries, nullable) }));
}

/** Entries are columns, or coalesced columns of a full join. */
function exprWithNulls(expr: Expr): Expr {
  if (expr.kind === 'call') return { ...expr, args: expr.args.map(exprWithNulls), nullable: true };
  return { ...expr, nullable: true };
}

/** A column that USING makes one of two. */
interface Merged {
  readonly name: string;
  readonly left: Expr;
  readonly right: Expr;
}

function joinCondition(
  expr: Syntax.JoinExpr,
  left: From,
  right: From,
  context: FromContext,
): { readonly condition: Expr | null; readonly merged: readonly Merged[] } {
  const { condition } = expr;
  if (condition === null) return { condition: null, merged: [] };
  if (condition.kind === 'on') {
    const scope: Scope = {
      sources: [...left.sources, ...right.sources],
      visible: [...left.visible, ...right.visible],
      outer: context.outer,
    };
    const env: Environment = {
      question: context.question,
      scope,
      common: context.common,
      place: 'ON',
      aggregates: null,
      windows: null,
      values: null,
      aliases: null,
    };
    return { condition: asCondition(context.question.resolvers.expr(condition.expr, env), 'ON'), merged: [] };
  }
  const names = condition.kind === 'using' ? condition.columns : naturalNames(left, right, condition.span);
  const merged = names.map((name) => ({
    name: name.text,
    left: sideColumn(name, left),
    right: sideColumn(name, right),
  }));
  const equalities = merged.map((pair, i) => applyScalar('eq', [pair.left, pair.right], names[i]!.span, 'USING'));
  const all = equalities.length === 1 ? equalities[0]! : applyScalar('and', equalities, condition.span, 'USING');
  return { condition: all, merged };
}

function sideColumn(name: Syntax.Name, side: From): Expr {
  const scope: Scope = { sources: side.sources, visible: side.visible, outer: null };
  const found = ownColumn(name, scope);
  if (found === null) throw unknownColumn(name, scope);
  return { ...found, span: name.span };
}

function naturalNames(left: From, right: From, span: Span): readonly Syntax.Name[] {
  const names = left.visible
    .filter((entry) => right.visible.some((other) => sameName(entry.name, other.name)))
    .map((entry) => ({ text: entry.name, quoted: true, span }));
  if (names.length > 0) return names;
  throw new SpannedError('QUERY_UNKNOWN_NAME', span, {
    message: 'The two sides of NATURAL JOIN share no column.',
    next: 'Write JOIN … ON a.person_id = b.person_id.',
  });
}

/** Merged columns stand where the left one stood; the right one is gone from `*` and from plain names. */
function mergeVisible(
  left: readonly Entry[],
  right: readonly Entry[],
  merged: readonly Merged[],
  expr: Syntax.JoinExpr,
): readonly Entry[] {
  const mergedNamed = (entry: Entry): boolean => merged.some((pair) => sameName(pair.name, entry.name));
  const onLeft = left.map((entry) => {
    if (!mergedNamed(entry) || expr.type === 'inner' || expr.type === 'left') return entry;
    const other = right.find((candidate) => sameName(candidate.name, entry.name))!;
    if (expr.type === 'right') return { ...entry, expr: other.expr };
    const coalesced = applyScalar('coalesce', [entry.expr, other.expr], expr.span, 'USING');
    return { ...entry, expr: coalesced };
  });
  return [...onLeft, ...right.filter((entry) => !mergedNamed(entry))];
}
