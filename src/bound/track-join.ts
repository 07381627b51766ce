/** Joins along the unit, and joins with public tables. */

import { columnExpr } from '../ask/column-expr.ts';
import { conjuncts } from '../ask/fold.ts';
import type { Column, ColumnId, Expr, Join } from '../ask/ir.ts';
import { SpannedError } from '../errors.ts';
import { areApart } from './apart.ts';
import { equalColumns, impliesEquality, sameLink } from './equality.ts';
import { assume } from './facts.ts';
import { joinCondition } from './join-names.ts';
import { joinedKeys, type Keys, matchesOnce } from './keys.ts';
import { lineageOf } from './lineage.ts';
import { freeColumns, isScalar, makeAnd, makeCall, makeComparison } from './make-expr.ts';
import { withPublicSources } from './public-source.ts';
import { outerJoinToPublic, unstableJoin } from './refusal.ts';
import { alsoWanted, filtered, sinkIntoJoin } from './track-filter.ts';
import { dependsOnUnitAlone } from './track-project.ts';
import type { ColumnFacts, Facts, Link, Tracked } from './tracked.ts';
import { note, type Walk, type Wanted } from './walk.ts';

/**
 * Lowers a join. Two protected relations are joined where the condition makes the units equal, by the unit itself or by
 * a verified link key; the unit equality is then written out. A join along the unit hands no row to another unit: what
 * it multiplies is bounded after the last join.
 *
 * @throws SpannedError BOUND_UNSTABLE_JOIN where rows of different units would meet
 */
export function trackJoin(relation: Join, wanted: Wanted, walk: Walk): Tracked {
  const { join, rest } = settled(relation);
  const read = alsoWanted(wanted, [...(join.condition === null ? [] : [join.condition]), ...rest]);
  const sides: Sides = { left: walk.track(join.left, read), right: walk.track(join.right, read) };
  const joined = joinSides(join, sides, relation, walk);
  const [first, ...others] = rest;
  if (first === undefined) return joined;
  const condition = makeAnd([first, ...others], first.span);
  return filtered(
    joined,
    condition,
    { kind: 'filter', input: join, condition, columns: join.columns, span: first.span },
    walk,
  );
}

/** An inner join whose conditions on one side stand on that side, and those that must stand in a filter above. */
function settled(relation: Join): { readonly join: Join; readonly rest: readonly Expr[] } {
  const conditions = relation.condition === null ? [] : conjuncts(relation.condition);
  if (relation.type === 'inner') return sinkIntoJoin(conditions, { ...relation, type: 'cross', condition: null });
  const asked = conditions.find((one) => !isScalar(one));
  if (asked !== undefined) throw subqueryInOuterJoin(asked);
  return { join: relation, rest: [] };
}

type Equal = readonly (readonly [ColumnId, ColumnId])[];

interface Sides {
  readonly left: Tracked;
  readonly right: Tracked;
}

function joinSides(relation: Join, sides: Sides, asWritten: Join, walk: Walk): Tracked {
  const { left, right } = sides;
  if (left.unit !== null && right.unit !== null) {
    checkAlongUnit(relation, sides, asWritten, walk);
    return relation.type === 'full' ? fullJoin(relation, sides, walk) : privateJoin(relation, sides, walk);
  }
  if (left.unit !== null || right.unit !== null) {
    if (relation.type === 'full') throw outerJoinToPublic(relation);
    if (relation.type === 'left' && left.unit === null) {
      note(
        walk.context,
        'Public rows that no person matches belong to nobody and are left out: LEFT JOIN reads as JOIN.',
      );
      return publicJoin({ ...relation, type: 'inner' }, sides, walk);
    }
  }
  return publicJoin(relation, sides, walk);
}

/** Both sides protected: inner or left, along the unit. */
function privateJoin(relation: Join, sides: Sides, walk: Walk): Tracked {
  const { left, right } = sides;
  const condition = alongUnit(relation, sides);
  const type = relation.type === 'left' ? 'left' : 'inner';
  const lowered: Join = {
    ...relation,
    type,
    left: left.relation,
    right: right.relation,
    condition,
    columns: columnsOf(type, sides),
  };
  const equal = equalColumns(condition);
  const keys: Keys = {
    left: left.keys,
    right: right.keys,
    once: { right: matchesOnce(right, left, equal), left: matchesOnce(left, right, equal) },
  };
  const whole = type === 'inner' || followsUnit(condition, left, right);
  return {
    relation: lowered,
    unit: left.unit,
    keys: joinedKeys(keys, type, { from: right.unit as ColumnId, to: left.unit as ColumnId }),
    perUnit: new Set([...left.perUnit, ...(whole ? right.perUnit : [])]),
    ...linked(relation, sides, left.unit as ColumnId, walk),
    facts: joinedFacts(sides, condition, type),
  };
}

/** Whether a left join's match depends on the unit alone on the left: then the right side's columns do too. */
function followsUnit(condition: Expr, left: Tracked, right: Tracked): boolean {
  const rightIds = new Set(right.relation.columns.map((column) => column.id));
  return [...freeColumns(condition)].every((id) => rightIds.has(id) || left.perUnit.has(id));
}

/** Unmatched rows of either side stay: the unit is that of the side that is there. */
function fullJoin(relation: Join, sides: Sides, walk: Walk): Tracked {
  const { left, right } = sides;
  const condition = alongUnit(relation, sides);
  const { span } = relation;
  const columns = columnsOf('full', sides);
  const [a, b] = [unitColumn(left), unitColumn(right)];
  const inner: Join = {
    ...relation,
    left: left.relation,
    right: right.relation,
    condition,
    columns,
  };
  const unit: Column = { id: walk.context.fresh(), name: a.name, type: a.type, nullable: false };
  const either = makeCall(
    'coalesce',
    [a, b].map((column) => columnExpr({ ...column, nullable: true }, span)),
    a.type,
    false,
    span,
  );
  const items = [
    ...columns.map((column) => ({ column, expr: columnExpr(column, span) })),
    { column: unit, expr: either },
  ];
  const onlyUnit = isEquality(condition, left.unit, right.unit);
  const single =
    onlyUnit && [left, right].every((side) => side.keys.some((key) => key.every((id) => id === side.unit)));
  return {
    relation: { kind: 'project', input: inner, items, columns: [...columns, unit], span },
    unit: unit.id,
    keys: single ? [[unit.id]] : [],
    perUnit: new Set([unit.id, ...(onlyUnit ? [...left.perUnit, ...right.perUnit] : [])]),
    ...linked(relation, sides, unit.id, walk),
    facts: withUnitFacts(joinedFacts(sides, condition, 'full'), unit, a.id),
  };
}

/** Whether a condition is the one equality and nothing else: every row of a unit then meets every other. */
function isEquality(condition: Expr, a: ColumnId | null, b: ColumnId | null): boolean {
  if (condition.kind !== 'call' || condition.fn !== 'eq') return false;
  const ids = new Set(condition.args.flatMap((arg) => (arg.kind === 'column' ? [arg.id] : [])));
  return a !== null && b !== null && ids.has(a) && ids.has(b);
}

function withUnitFacts(facts: Facts, unit: Column, like: ColumnId): Facts {
  const known = facts.columns.get(like);
  if (known === undefined) return facts;
  return { ...facts, columns: new Map(facts.columns).set(unit.id, { ...known, nullable: false, name: unit.name }) };
}

function unitColumn(side: Tracked): Column {
  return side.relation.columns.find((column) => column.id === side.unit) as Column;
}

/** Refuses a join that does not make the units equal, with the equality to write. */
function checkAlongUnit({ condition }: Join, { left, right }: Sides, asWritten: Join, walk: Walk): void {
  const same = impliesEquality(condition, (a, b) => sameLink(left.links.get(a.id), right.links.get(b.id)));
  if (same) return;
  const span = asWritten.condition?.span ?? asWritten.span;
  throw unstableJoin(span, joinCondition(asWritten, walk.context), asWritten.condition === null);
}

/** The condition with the unit equality in it. */
function alongUnit({ condition, span }: Join, { left, right }: Sides): Expr {
  const [a, b] = [unitColumn(left), unitColumn(right)];
  if (condition === null) return makeComparison('eq', columnExpr(a, span), columnExpr(b, span), span);
  const written = conjuncts(condition).some((one) => impliesEquality(one, (x, y) => x.id === a.id && y.id === b.id));
  if (written) return condition;
  const units = makeComparison('eq', columnExpr(a, span), columnExpr(b, span), span);
  return makeAnd([units, ...conjuncts(condition)], condition.span);
}

/** At most one side is protected: any condition; the public side only multiplies rows of the unit. */
function publicJoin(relation: Join, sides: Sides, walk: Walk): Tracked {
  const { left, right } = sides;
  const { condition } = relation;
  const unit = left.unit ?? right.unit;
  const lowered: Join = {
    ...relation,
    left: left.relation,
    right: right.relation,
    columns: columnsOf(relation.type, sides),
  };
  const equal = equalColumns(condition);
  const type = relation.type === 'left' || relation.type === 'full' ? relation.type : 'inner';
  const once = { right: meetsOnce(condition, right, left, equal), left: meetsOnce(condition, left, right, equal) };
  const near = left.unit !== null ? left : right;
  const far = near === left ? right : left;
  const fixed = type === 'inner' && fixedBy(condition, equal, near, far);
  return {
    relation: lowered,
    unit,
    keys: type === 'full' ? [] : joinedKeys({ left: left.keys, right: right.keys, once }, type, null),
    perUnit: new Set([...near.perUnit, ...(fixed ? far.relation.columns.map((column) => column.id) : [])]),
    ...(unit === null
      ? { links: new Map<ColumnId, Link>(), determinesUnit: new Set<ColumnId>() }
      : linked(relation, sides, unit, walk)),
    facts: withPublicSources(joinedFacts(sides, condition, type), sides, equal, type),
  };
}

/** Whether a row of `one` meets at most one row of `many`: by a key, or because listed rows lie apart. */
function meetsOnce(condition: Expr | null, many: Tracked, one: Tracked, equal: Equal): boolean {
  return matchesOnce(many, one, equal) || (many.unit === null && areApart(condition, many.relation, () => true));
}

/** Whether at most one public row can meet rows of a unit, by columns that depend on the unit alone. */
function fixedBy(condition: Expr | null, equal: Equal, near: Tracked, far: Tracked): boolean {
  const settled = new Set(equal.flatMap(([a, b]) => (near.perUnit.has(a) ? [b] : near.perUnit.has(b) ? [a] : [])));
  if (far.keys.some((key) => key.every((id) => settled.has(id)))) return true;
  return areApart(condition, far.relation, (expr) => dependsOnUnitAlone(expr, near));
}

/** All columns of both sides, in order; those that unmatched rows lack are nullable. */
function columnsOf(type: Join['type'], { left, right }: Sides): readonly Column[] {
  const far = (columns: readonly Column[], isFar: boolean): readonly Column[] =>
    isFar ? columns.map((column) => ({ ...column, nullable: true })) : columns;
  return [
    ...far(left.relation.columns, type === 'full'),
    ...far(right.relation.columns, type === 'left' || type === 'full'),
  ];
}

/** Links of the join, by its lineage, for the columns that are there. */
function linked(
  relation: Join,
  { left, right }: Sides,
  unit: ColumnId,
  walk: Walk,
): Pick<Tracked, 'links' | 'determinesUnit'> {
  const shown = lineageOf(relation, walk).links;
  const links = new Map<ColumnId, Link>();
  for (const column of columnsOf(relation.type, { left, right })) {
    const link = shown.get(column.id);
    if (link !== undefined) links.set(column.id, link);
  }
  const own = left.links.get(left.unit ?? -1) ?? right.links.get(right.unit ?? -1);
  if (own !== undefined) links.set(unit, { ...own, nullable: false });
  return { links, determinesUnit: new Set([...links].flatMap(([id, link]) => (link.nullable ? [] : [id]))) };
}

function joinedFacts({ left, right }: Sides, condition: Expr | null, type: 'inner' | 'left' | 'full'): Facts {
  const expressions = new Map([...(left.facts.expressions ?? []), ...(right.facts.expressions ?? [])]);
  const all: Facts = { columns: new Map([...left.facts.columns, ...right.facts.columns]), expressions };
  if (type === 'inner') return condition === null ? all : assume(all, { condition, holds: true });
  const columns = new Map(all.columns);
  if (type === 'left' && condition !== null) {
    // Unmatched rows are NULL on the right: what the condition says of matched ones holds of every value there.
    const matched = assume(all, { condition, holds: true });
    for (const id of right.facts.columns.keys()) columns.set(id, matched.columns.get(id) as ColumnFacts);
  }
  const loses = type === 'full' ? [left, right] : [right];
  for (const side of loses) {
    for (const id of side.facts.columns.keys())
      columns.set(id, { ...(columns.get(id) as ColumnFacts), nullable: true });
  }
  // Of missing rows an expression need not be NULL.
  return type === 'left' ? { columns, expressions: left.facts.expressions ?? new Map() } : { columns };
}

function subqueryInOuterJoin(expr: Expr): SpannedError {
  return new SpannedError('QUERY_UNSUPPORTED', expr.span, {
    message: 'A subquery cannot stand in the condition of an outer join.',
    next: 'Put it into a derived table: LEFT JOIN (SELECT … FROM … WHERE EXISTS (…)) AS d ON ….',
  });
}
