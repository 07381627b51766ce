/** Whose rows a relation holds, and the relation rewritten so that no row of one unit depends on another's. */
import type { ColumnId, Expr, Limit, Relation, Sort } from '../ask/ir.ts';
import { invariant } from '../errors.ts';
import { lineageOf } from './lineage.ts';
import { unitNameIn } from './links.ts';
import { orderAcross } from './refusal.ts';
import { completeOrder } from './total-order.ts';
import { trackAggregate, trackDistinct } from './track-aggregate.ts';
import { trackFilter } from './track-filter.ts';
import { trackJoin } from './track-join.ts';
import { trackProject } from './track-project.ts';
import { trackSet } from './track-set.ts';
import { lowerSubqueries } from './track-subquery.ts';
import { trackTable } from './track-table.ts';
import { trackValues } from './track-values.ts';
import type { BoundContext, Tracked } from './tracked.ts';
import type { Kind, Outer, Walk, Wanted } from './walk.ts';

export { dependsOnUnitAlone } from './track-project.ts';

/**
 * Whose rows a relation holds: `public`: nobody's; `private`: each row one unit's, shown or not; `released`: a grouping
 * over units stands in it, so that all above is post-processing ([DR14] Prop 2.1).
 *
 * @throws SpannedError BOUND_UNSTABLE_JOIN, BOUND_NO_PRIVACY_UNIT, QUERY_UNSUPPORTED where rows of units meet strangers'
 */
export function classify(relation: Relation, context: BoundContext): Kind {
  return lineageOf(relation, walkOf(context, null)).kind;
}

/**
 * Lowers a public or private relation (see `Tracked`).
 *
 * @param read - columns that are read of it, all where not given; fewer columns make cheaper orders inside units
 * @guarantee Rows of the lowered relation that belong to one unit are a function of that unit's rows and of public
 * tables: adding or removing a unit adds or removes its rows and changes no other (1-stability per unit, [McSherry 2009]),
 * given that declared link keys and unique tables were verified at registration.
 * @throws SpannedError BOUND_UNSTABLE_JOIN, BOUND_NO_PRIVACY_UNIT, BOUND_MISSING, QUERY_UNSUPPORTED
 */
export function track(relation: Relation, context: BoundContext, read?: ReadonlySet<ColumnId>): Tracked {
  const walk = walkOf(context, null);
  invariant(lineageOf(relation, walk).kind !== 'released', 'noisy answers are not lowered');
  return walk.track(relation, read ?? null);
}

/**
 * Lowers the subqueries of an expression over a tracked relation.
 *
 * @throws SpannedError BOUND_UNSTABLE_JOIN where a subquery reads rows of other units
 */
export function lowerExpr(expr: Expr, tracked: Tracked, context: BoundContext): Expr {
  return walkOf(context, null).lower(expr, tracked);
}

function walkOf(context: BoundContext, outer: Outer | null): Walk {
  const walk: Walk = {
    context,
    outer,
    lineages: new WeakMap(),
    track: (relation, wanted) => trackNode(relation, wanted, walk),
    lower: (expr, tracked) => lowerSubqueries(expr, tracked, walk),
    inside: (inner) => walkOf(context, inner),
  };
  return walk;
}

function trackNode(relation: Relation, wanted: Wanted, walk: Walk): Tracked {
  switch (relation.kind) {
    case 'table':
      return trackTable(relation, wanted, walk);
    case 'one-row':
      return { ...NOBODY, relation, keys: [[]] };
    case 'values':
      return trackValues(relation);
    case 'filter':
      return trackFilter(relation, wanted, walk);
    case 'project':
      return trackProject(relation, wanted, walk);
    case 'join':
      return trackJoin(relation, wanted, walk);
    case 'aggregate':
      return trackAggregate(relation, wanted, walk);
    case 'distinct':
      return trackDistinct(relation, walk);
    case 'set':
      return trackSet(relation, walk);
    case 'sort':
      return walk.track(relation.input, wanted);
    case 'limit':
      return trackLimit(relation, walk);
    case 'released':
      invariant(false, 'noisy answers are not lowered');
  }
}

const NOBODY: Omit<Tracked, 'relation'> = {
  unit: null,
  keys: [],
  perUnit: new Set(),
  links: new Map(),
  determinesUnit: new Set(),
  facts: { columns: new Map() },
};

/** First rows of a public relation, in a total order; of rows of units never. */
function trackLimit(relation: Limit, walk: Walk): Tracked {
  if (lineageOf(relation, walk).kind !== 'public') {
    throw orderAcross(relation.span, unitNameIn(relation, walk.context.policy));
  }
  const { input } = relation;
  const sorted: Sort = input.kind === 'sort' ? input : { ...relation, kind: 'sort', input, by: [] };
  const tracked = walk.track(sorted.input, null);
  const asked = sorted.by.map((key) => ({ ...key, expr: walk.lower(key.expr, tracked) }));
  const by = completeOrder(asked, tracked.relation.columns, [], sorted.span);
  const ordered: Relation = {
    kind: 'sort',
    input: tracked.relation,
    by,
    columns: tracked.relation.columns,
    span: sorted.span,
  };
  return { ...tracked, relation: { ...relation, input: ordered, columns: ordered.columns } };
}
