/** EXISTS and IN, each tied to the unit of the row it stands in. */

import { columnExpr } from '../ask/column-expr.ts';
import { mapExpr } from '../ask/fold.ts';
import type { Column, Exists, Expr, InRelation, Relation } from '../ask/ir.ts';
import { invariant } from '../errors.ts';
import { impliesEquality } from './equality.ts';
import { nameOf } from './join-names.ts';
import { lineageOf } from './lineage.ts';
import { firstTable, unitNameIn } from './links.ts';
import { makeCall, makeCase, makeComparison, makeFilter, makeLiteral } from './make-expr.ts';
import { releasedInside, strangersInSubquery, uncorrelated } from './refusal.ts';
import { renew } from './renew.ts';
import type { Tracked } from './tracked.ts';
import { note, type Outer, type Walk, type Wanted } from './walk.ts';

/**
 * Lowers the subqueries of an expression over a tracked relation. Membership of the unit (or a link key) is spelled as a
 * semi-join, so that a NULL of one unit cannot turn NOT IN into NULL for all; other values are compared inside the unit,
 * with three-valued logic written out.
 *
 * @throws SpannedError BOUND_UNSTABLE_JOIN where a subquery reads rows of other units
 */
export function lowerSubqueries(expr: Expr, tracked: Tracked, walk: Walk): Expr {
  return mapExpr(expr, (one) => {
    if (one.kind === 'exists') return lowerExists(one, tracked, walk);
    return one.kind === 'in-relation' ? lowerMembership(one, tracked, walk) : one;
  });
}

function lowerExists(expr: Exists, tracked: Tracked, walk: Walk): Expr {
  const inner = walk.inside(outerOf(tracked, walk));
  const asked = withoutOrder(expr.relation, true);
  const lineage = lineageOf(asked, inner);
  if (lineage.kind === 'released') throw releasedInside(expr.span);
  if (lineage.kind === 'public') return { ...expr, relation: inner.track(asked, new Set()).relation };
  if (!lineage.pinned) throw refusal({ ...expr, relation: asked }, tracked, walk);
  return { ...expr, relation: tied(asked, new Set(), inner).relation };
}

function lowerMembership(expr: InRelation, tracked: Tracked, walk: Walk): Expr {
  const inner = walk.inside(outerOf(tracked, walk));
  const asked = withoutOrder(expr.relation, false);
  const lineage = lineageOf(asked, inner);
  if (lineage.kind === 'released') throw releasedInside(expr.span);
  const [member] = asked.columns;
  invariant(member !== undefined, 'IN reads one column');
  const wanted = new Set([member.id]);
  if (lineage.kind === 'public') return { ...expr, relation: inner.track(asked, wanted).relation };
  const own = lineage.links.get(member.id);
  const { arg } = expr;
  const link = arg.kind === 'column' ? inner.outer?.links.get(arg.id) : undefined;
  if (own !== undefined && link !== undefined && own.key === link.key) {
    if (own.nullable) note(walk.context, 'Rows of a subquery without a unit do not count as members.');
    return semiJoin(expr, link.nullable, tied(asked, wanted, inner), member);
  }
  if (!lineage.pinned) throw refusal({ ...expr, relation: asked }, tracked, walk);
  return compared(expr, tied(asked, wanted, inner), member, walk);
}

/** The row outside: its links and its unit, or, for public rows inside a subquery, those farther out. */
function outerOf(tracked: Tracked, walk: Walk): Outer {
  const unit = tracked.relation.columns.find((column) => column.id === tracked.unit);
  return {
    links: new Map([...(walk.outer?.links ?? []), ...tracked.links]),
    unit: unit === undefined ? (walk.outer?.unit ?? null) : columnExpr(unit, tracked.relation.span),
  };
}

/** A lowered private subquery whose rows are those of the unit outside. */
function tied(relation: Relation, wanted: Wanted, inner: Walk): Tracked {
  const tracked = inner.track(relation, wanted);
  const unit = tracked.relation.columns.find((column) => column.id === tracked.unit);
  const outside = inner.outer?.unit ?? null;
  invariant(unit !== undefined, 'a private subquery puts out its unit');
  if (outside === null) throw strangersInSubquery(relation.span, 'public');
  if (isTied(tracked.relation, unit, outside)) return tracked;
  const same = makeComparison('eq', columnExpr(unit, relation.span), outside, relation.span);
  return { ...tracked, relation: makeFilter(tracked.relation, same) };
}

/** Whether the topmost filter says it already. */
function isTied(relation: Relation, unit: Column, outside: Expr): boolean {
  if (relation.kind === 'project') {
    const item = relation.items.find(({ column }) => column.id === unit.id);
    return item?.expr.kind === 'column' && isTied(relation.input, { ...unit, id: item.expr.id }, outside);
  }
  if (relation.kind !== 'filter' || outside.kind !== 'column') return false;
  return (
    impliesEquality(relation.condition, (a, b) => a.id === unit.id && b.id === outside.id) ||
    isTied(relation.input, unit, outside)
  );
}

/** `x [NOT] IN (SELECT y …)` over units or link keys: y is never NULL, x may be. */
function semiJoin(expr: InRelation, nullable: boolean, asked: Tracked, member: Column): Expr {
  const { span, arg } = expr;
  const same = makeComparison('eq', columnExpr(member, span), arg, span);
  const exists: Exists = {
    kind: 'exists',
    relation: makeFilter(asked.relation, same),
    negated: expr.negated,
    type: 'boolean',
    nullable: false,
    span,
  };
  if (!nullable) return exists;
  const missing = makeCall('is-null', [arg], 'boolean', false, span);
  return makeCase(missing, makeLiteral('boolean', null, span), exists);
}

/**
 * `x IN (SELECT y …)` inside one unit: true where one y equals x; else NULL where x is NULL and there is any row, or
 * where one y is NULL; else false. NOT IN swaps true and false.
 */
function compared(expr: InRelation, asked: Tracked, member: Column, walk: Walk): Expr {
  const { span, arg, negated } = expr;
  const shown = asked.relation.columns.find((column) => column.id === member.id) as Column;
  const rows = (condition: ((member: Column) => Expr) | null): Exists => {
    const copy = renew(asked.relation, walk.context.fresh);
    const column = { ...shown, id: copy.ids.get(shown.id) ?? shown.id };
    const relation = condition === null ? copy.relation : makeFilter(copy.relation, condition(column));
    return { kind: 'exists', relation, negated: false, type: 'boolean', nullable: false, span };
  };
  const equal = rows((column) => makeComparison('eq', columnExpr(column, span), arg, span));
  const canMiss = asked.facts.columns.get(member.id)?.nullable ?? true;
  if (!canMiss && !arg.nullable) return { ...equal, negated };
  const unknown: Expr[] = [];
  if (arg.nullable) {
    const missing = makeCall('is-null', [arg], 'boolean', false, span);
    unknown.push(makeCall('and', [missing, rows(null)], 'boolean', false, span));
  }
  if (canMiss) {
    unknown.push(rows((column) => makeCall('is-null', [columnExpr(column, span)], 'boolean', false, span)));
  }
  const truth = (value: boolean | null): Expr => makeLiteral('boolean', value, span);
  return {
    kind: 'case',
    branches: [{ when: equal, result: truth(!negated) }, ...unknown.map((when) => ({ when, result: truth(null) }))],
    otherwise: truth(negated),
    type: 'boolean',
    nullable: true,
    span,
  };
}

/** Without what does not matter: order, and, for EXISTS, a LIMIT that leaves a first row. */
function withoutOrder(relation: Relation, onlyWhether: boolean): Relation {
  if (relation.kind === 'sort') return withoutOrder(relation.input, onlyWhether);
  const leavesOne = relation.kind === 'limit' && relation.offset === 0 && (relation.count ?? 1) > 0;
  return leavesOne && onlyWhether ? withoutOrder(relation.input, onlyWhether) : relation;
}

function refusal(expr: Exists | InRelation, tracked: Tracked, walk: Walk): Error {
  const { policy } = walk.context;
  const [inner, outer] = [firstTable(expr.relation, policy), firstTable(tracked.relation, policy)];
  const unit = unitNameIn(expr.relation, policy);
  const names = [inner, outer].map((table) => (table === null ? 'outer' : nameOf(table, walk.context)));
  const [a = 'inner', b = 'outer'] = names;
  return a === b ? uncorrelated(expr.span, unit, 'inner', 'outer') : uncorrelated(expr.span, unit, a, b);
}
