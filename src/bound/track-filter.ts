/** Filters; conditions go down to the joins they belong to, so that FROM a, b WHERE a.id = b.id is a join on the unit. */
import { conjuncts } from '../ask/fold.ts';
import type { ColumnId, Expr, Filter, Join, Relation } from '../ask/ir.ts';
import { assume } from './facts.ts';
import { lineageOf } from './lineage.ts';
import { freeColumns, freeColumnsOf, isScalar, makeAnd, makeFilter } from './make-expr.ts';
import type { Tracked } from './tracked.ts';
import type { Walk, Wanted } from './walk.ts';

export function trackFilter(relation: Filter, wanted: Wanted, walk: Walk): Tracked {
  const sunk = sink([...conjuncts(relation.condition)], relation.input);
  const [first, ...others] = sunk.rest;
  if (first === undefined) return walk.track(sunk.relation, wanted);
  const condition = makeAnd([first, ...others], relation.condition.span);
  const read = wanted === null ? null : new Set([...wanted, ...freeColumns(condition)]);
  const input = walk.track(sunk.relation, read);
  const filter: Filter = { ...relation, input: sunk.relation, condition };
  return filtered(input, condition, filter, walk);
}

/** The rows of a tracked relation that satisfy a condition. */
export function filtered(input: Tracked, condition: Expr, origin: Relation, walk: Walk): Tracked {
  const facts = assume(input.facts, { condition, holds: true });
  const shown = lineageOf(origin, walk).links;
  const pinned = pinnedColumns(condition);
  const links = new Map([...input.links].map(([id, link]) => [id, shown.get(id) ?? link]));
  return {
    ...input,
    keys: input.keys.map((key) => key.filter((id) => !pinned.has(id))),
    relation: makeFilter(input.relation, walk.lower(condition, input)),
    links,
    determinesUnit: new Set([...links].flatMap(([id, link]) => (link.nullable ? [] : [id]))),
    facts,
  };
}

/** Columns that have one value in all rows satisfying a condition: what is unique with them is unique without. */
function pinnedColumns(condition: Expr): ReadonlySet<ColumnId> {
  const pinned = conjuncts(condition).flatMap((one) => {
    if (one.kind !== 'call' || one.fn !== 'eq') return [];
    const [column, constant] = one.args[0]?.kind === 'literal' ? [one.args[1], one.args[0]] : one.args;
    return column?.kind === 'column' && constant?.kind === 'literal' ? [column.id] : [];
  });
  return new Set(pinned);
}

/** A relation that has taken in some conditions, and those it could not. */
interface Sunk {
  readonly relation: Relation;
  readonly rest: readonly Expr[];
}

/** Subqueries stay where they are: engines take them in filters only. */
function sink(conditions: readonly Expr[], relation: Relation): Sunk {
  if (relation.kind === 'filter') {
    return sink([...conjuncts(relation.condition), ...conditions], relation.input);
  }
  if (relation.kind !== 'join' || relation.type === 'full') return { relation, rest: conditions };
  const { join, rest } = sinkIntoJoin(conditions, relation);
  return { relation: join, rest };
}

/** A join that is not full, with the conditions it can take in on its sides and its own; the rest stays above it. */
export function sinkIntoJoin(
  conditions: readonly Expr[],
  relation: Join,
): { readonly join: Join; readonly rest: readonly Expr[] } {
  const isInner = relation.type !== 'left';
  const parts = { left: [] as Expr[], right: [] as Expr[], both: [] as Expr[], rest: [] as Expr[] };
  for (const condition of conditions) parts[placeOf(condition, relation, isInner)].push(condition);
  const both = [...(relation.condition === null ? [] : [relation.condition]), ...parts.both];
  const [first, ...others] = both;
  const join: Join = {
    ...relation,
    type: relation.type === 'cross' && first !== undefined ? 'inner' : relation.type,
    left: settle(parts.left, relation.left),
    right: settle(parts.right, relation.right),
    condition: first === undefined ? null : makeAnd([first, ...others], first.span),
  };
  return { join, rest: parts.rest };
}

function placeOf(condition: Expr, relation: Join, isInner: boolean): 'left' | 'right' | 'both' | 'rest' {
  if (!isScalar(condition)) return 'rest';
  const read = freeColumns(condition);
  const reads = (side: Relation): boolean => side.columns.some((column) => read.has(column.id));
  const [left, right] = [reads(relation.left), reads(relation.right)];
  if (left && !right) return 'left';
  if (!isInner || (!left && !right)) return 'rest';
  return left ? 'both' : 'right';
}

function settle(conditions: readonly Expr[], relation: Relation): Relation {
  if (conditions.length === 0) return relation;
  const sunk = sink(conditions, relation);
  const [first, ...others] = sunk.rest;
  return first === undefined ? sunk.relation : makeFilter(sunk.relation, makeAnd([first, ...others], first.span));
}

/** Columns that conditions read, for what is wanted of the input. */
export function alsoWanted(wanted: Wanted, exprs: readonly Expr[]): Wanted {
  return wanted === null ? null : new Set([...wanted, ...freeColumnsOf(exprs)]);
}
