/** Whose rows each relation holds, and which of its columns tell the unit. Reads the tree; changes nothing. */
import { partsOf, walkExpr } from '../ask/fold.ts';
import type { Aggregate, ColumnId, Distinct, Expr, Join, Project, Relation, SetOperation } from '../ask/ir.ts';
import { impliesEquality, linksWhere, sameLink } from './equality.ts';
import { declarationOf, linkKeyOf, unitNameIn } from './links.ts';
import {
  mixedJoin,
  nullableUnitKey,
  personlessUnion,
  releasedInside,
  strangersInSubquery,
  unalignedSet,
} from './refusal.ts';
import type { Link } from './tracked.ts';
import type { Kind, Lineage, Walk } from './walk.ts';

const NOTHING: Omit<Lineage, 'kind'> = { links: new Map(), either: [], pinned: false };

/**
 * Lineage of a relation.
 *
 * A grouping that holds a column which tells the unit keeps every row with one unit ([McSherry 2009]: it is a
 * transformation inside one unit's rows); any other grouping of private rows ends the private part of the tree.
 *
 * @throws SpannedError BOUND_UNSTABLE_JOIN where rows of units meet noisy answers or strangers; BOUND_NO_PRIVACY_UNIT
 * where rows without a unit join them.
 */
export function lineageOf(relation: Relation, walk: Walk): Lineage {
  const known = walk.lineages.get(relation);
  if (known !== undefined) return known;
  const found = withSubqueries(relation, find(relation, walk), walk);
  walk.lineages.set(relation, found);
  return found;
}

function find(relation: Relation, walk: Walk): Lineage {
  switch (relation.kind) {
    case 'table':
      return ofTable(relation, walk);
    case 'one-row':
    case 'values':
      return { ...NOTHING, kind: 'public' };
    case 'released':
      return { ...NOTHING, kind: 'released' };
    case 'filter': {
      const input = lineageOf(relation.input, walk);
      return {
        ...input,
        links: linksWhere(input.links, relation.condition),
        pinned: input.pinned || pins(relation.condition, input, walk),
      };
    }
    case 'project':
      return ofProject(relation, lineageOf(relation.input, walk));
    case 'join':
      return ofJoin(relation, walk);
    case 'aggregate':
      return ofAggregate(relation, lineageOf(relation.input, walk), walk);
    case 'distinct':
      return ofDistinct(relation, lineageOf(relation.input, walk));
    case 'set':
      return ofSet(relation, walk);
    case 'sort':
    case 'limit':
      return lineageOf(relation.input, walk);
  }
}

function ofTable(relation: Extract<Relation, { kind: 'table' }>, walk: Walk): Lineage {
  const declared = declarationOf(relation, walk.context.policy);
  if (declared.table.public) return { ...NOTHING, kind: 'public' };
  const links = new Map<ColumnId, Link>();
  relation.columns.forEach((column, index) => {
    const key = linkKeyOf(declared, relation.source[index] ?? '');
    if (key !== null) links.set(column.id, { key, nullable: false });
  });
  return { ...NOTHING, kind: 'private', links };
}

/** Whether a condition ties rows to the unit of the row outside. */
function pins(condition: Expr | null, input: Lineage, walk: Walk): boolean {
  const { outer } = walk;
  if (outer === null || condition === null || input.kind !== 'private') return false;
  return impliesEquality(condition, (a, b) => sameLink(input.links.get(a.id), outer.links.get(b.id)));
}

function ofProject(relation: Project, input: Lineage): Lineage {
  const links = new Map<ColumnId, Link>();
  const renamed = new Map<ColumnId, ColumnId[]>();
  for (const { column, expr } of relation.items) {
    const link = linkOf(expr, input);
    if (link !== null) links.set(column.id, link);
    if (expr.kind === 'column') renamed.set(expr.id, [...(renamed.get(expr.id) ?? []), column.id]);
  }
  const moved = (ids: ReadonlySet<ColumnId>): ReadonlySet<ColumnId> =>
    new Set([...ids].flatMap((id) => renamed.get(id) ?? []));
  const either = input.either.map(([a, b]) => [moved(a), moved(b)] as const);
  return { kind: input.kind, links, either, pinned: input.pinned };
}

/** Link of an expression: a column's own, or that of the first of several equal ones that is not NULL. */
function linkOf(expr: Expr, input: Lineage): Link | null {
  if (expr.kind === 'column') return input.links.get(expr.id) ?? null;
  if (expr.kind !== 'call' || expr.fn !== 'coalesce') return null;
  const links = expr.args.map((arg) => (arg.kind === 'column' ? input.links.get(arg.id) : undefined));
  const [first] = links;
  if (first === undefined || !links.every((link) => sameLink(link, first))) return null;
  const ids = new Set(expr.args.flatMap((arg) => (arg.kind === 'column' ? [arg.id] : [])));
  const covered = input.either.some(([a, b]) => intersects(ids, a) && intersects(ids, b));
  return { key: first.key, nullable: !covered && links.every((link) => link?.nullable === true) };
}

function intersects(a: ReadonlySet<ColumnId>, b: ReadonlySet<ColumnId>): boolean {
  return [...a].some((id) => b.has(id));
}

function ofJoin(relation: Join, walk: Walk): Lineage {
  const [left, right] = [lineageOf(relation.left, walk), lineageOf(relation.right, walk)];
  if (left.kind !== right.kind && [left.kind, right.kind].every((kind) => kind !== 'public')) throw mixedJoin(relation);
  const kind = left.kind === 'public' ? right.kind : left.kind;
  // A public row that no unit matched belongs to nobody: such joins become inner joins.
  const inner =
    relation.type === 'inner' || relation.type === 'cross' || (relation.type === 'left' && left.kind === 'public');
  const far = (links: ReadonlyMap<ColumnId, Link>, isFar: boolean): (readonly [ColumnId, Link])[] =>
    [...links].map(([id, link]) => [id, isFar ? { ...link, nullable: true } : link] as const);
  const links: ReadonlyMap<ColumnId, Link> = new Map([
    ...far(left.links, relation.type === 'full'),
    ...far(right.links, !inner),
  ]);
  const full = relation.type === 'full' ? [[certain(left), certain(right)] as const] : [];
  const joined: Lineage = {
    kind,
    links: inner && relation.condition !== null ? linksWhere(links, relation.condition) : links,
    either: [...left.either, ...(inner ? right.either : []), ...full],
    pinned: relation.type === 'full' ? left.pinned && right.pinned : left.pinned || (inner && right.pinned),
  };
  return { ...joined, pinned: joined.pinned || (inner && pins(relation.condition, joined, walk)) };
}

function certain(lineage: Lineage): ReadonlySet<ColumnId> {
  return new Set([...lineage.links].flatMap(([id, link]) => (link.nullable ? [] : [id])));
}

function ofAggregate(relation: Aggregate, input: Lineage, walk: Walk): Lineage {
  if (input.kind !== 'private') return { ...NOTHING, kind: input.kind };
  const keys = relation.keys.map((key) => linkOf(key.expr, input));
  const tells = (set: readonly number[]): boolean =>
    set.some((index) => keys[index]?.nullable === false) || (input.pinned && set.length > 0);
  if (!relation.sets.every(tells)) {
    const uncertain = relation.keys.find((_, index) => keys[index]?.nullable === true);
    if (uncertain !== undefined && relation.sets.length === 1) {
      throw nullableUnitKey(uncertain.expr.span, unitNameIn(relation, walk.context.policy));
    }
    return { ...NOTHING, kind: 'released' };
  }
  const links = new Map<ColumnId, Link>();
  relation.keys.forEach((key, index) => {
    const link = keys[index] ?? null;
    const everywhere = relation.sets.every((set) => set.includes(index));
    if (link !== null) links.set(key.column.id, { ...link, nullable: link.nullable || !everywhere });
  });
  return { kind: 'private', links, either: [], pinned: input.pinned };
}

function ofDistinct(relation: Distinct, input: Lineage): Lineage {
  if (input.kind !== 'private' || input.pinned) return input;
  const tells = relation.columns.some((column) => input.links.get(column.id)?.nullable === false);
  return tells ? input : { ...NOTHING, kind: 'released' };
}

function ofSet(relation: SetOperation, walk: Walk): Lineage {
  const [left, right] = [lineageOf(relation.left, walk), lineageOf(relation.right, walk)];
  if (left.kind !== 'private' && right.kind !== 'private') {
    const kind: Kind = left.kind === 'released' || right.kind === 'released' ? 'released' : 'public';
    return { ...NOTHING, kind };
  }
  if (left.kind !== right.kind) throw personlessUnion(relation);
  const links = new Map<ColumnId, Link>();
  relation.columns.forEach((column, index) => {
    const a = left.links.get(relation.left.columns[index]?.id ?? -1);
    const b = right.links.get(relation.right.columns[index]?.id ?? -1);
    if (a !== undefined && b !== undefined && sameLink(a, b)) {
      links.set(column.id, { key: a.key, nullable: a.nullable || b.nullable });
    } else if (a !== undefined && relation.operation === 'except') {
      links.set(column.id, a);
    }
  });
  const pinned = left.pinned && right.pinned;
  const aligned = relation.columns.some((column, index) => {
    const b = right.links.get(relation.right.columns[index]?.id ?? -1);
    const link = links.get(column.id);
    return sameLink(link, b) && link?.nullable === false && b?.nullable === false;
  });
  if (relation.operation !== 'union-all' && !aligned && !pinned) {
    throw unalignedSet(relation, unitNameIn(relation, walk.context.policy));
  }
  return { kind: 'private', links, either: [], pinned };
}

/** What subqueries in a relation's expressions make of it, or refuse. */
function withSubqueries(relation: Relation, lineage: Lineage, walk: Walk): Lineage {
  const { inputs, exprs } = partsOf(relation);
  const rows = subqueriesOf(exprs).length === 0 ? null : inputLineage(inputs, walk);
  if (rows === null) return lineage;
  const links = new Map([...(walk.outer?.links ?? []), ...rows.links]);
  const inner = walk.inside({ links, unit: null });
  let released = false;
  for (const { span, relation: asked } of subqueriesOf(exprs)) {
    const { kind, pinned } = lineageOf(asked, inner);
    if (kind === 'released' && rows.kind === 'private') throw releasedInside(span);
    if (kind === 'private' && rows.kind !== 'private' && !(rows.kind === 'public' && pinned && walk.outer !== null)) {
      throw strangersInSubquery(span, rows.kind);
    }
    released ||= kind === 'released';
  }
  return released && lineage.kind === 'public' ? { ...lineage, kind: 'released' } : lineage;
}

function inputLineage(inputs: readonly Relation[], walk: Walk): Lineage {
  const all = inputs.map((input) => lineageOf(input, walk));
  const kind = all.find((one) => one.kind !== 'public')?.kind ?? 'public';
  return { ...NOTHING, kind, links: new Map(all.flatMap((one) => [...one.links])) };
}

function subqueriesOf(exprs: readonly Expr[]): readonly Extract<Expr, { kind: 'exists' | 'in-relation' }>[] {
  const found: Extract<Expr, { kind: 'exists' | 'in-relation' }>[] = [];
  for (const expr of exprs) {
    walkExpr(expr, (one) => {
      if (one.kind === 'exists' || one.kind === 'in-relation') found.push(one);
    });
  }
  return found;
}
