/** UNION, INTERSECT and EXCEPT inside units, and of public rows. */

import { columnExpr } from '../ask/column-expr.ts';
import type { Column, ColumnId, Item, SetOperation } from '../ask/ir.ts';
import type { TypedValue } from '../ask/types.ts';
import { unknownFacts } from './declared.ts';
import { hull } from './interval.ts';
import { lineageOf } from './lineage.ts';
import type { ColumnFacts, Link, Tracked } from './tracked.ts';
import type { Walk } from './walk.ts';

/**
 * Lowers a set operation: both sides put out the unit as one more compared column, so that rows of different units are
 * never compared with each other.
 */
export function trackSet(relation: SetOperation, walk: Walk): Tracked {
  const sides = [relation.left, relation.right].map((side) => ({
    columns: side.columns,
    tracked: walk.track(side, null),
  })) as [Side, Side];
  const units = sides.map(({ tracked }) => tracked.unit);
  const shared = relation.columns.find((_, index) =>
    sides.every(({ columns, tracked }) => tracked.unit !== null && columns[index]?.id === tracked.unit),
  );
  const first = sides[0].tracked.relation.columns.find((column) => column.id === units[0]);
  const hidden: Column | null =
    first === undefined || shared !== undefined ? null : { ...first, id: walk.context.fresh(), nullable: false };
  const columns = hidden === null ? relation.columns : [...relation.columns, hidden];
  const [left, right] = sides.map((side) => aligned(side, hidden !== null, walk)) as [
    Tracked['relation'],
    Tracked['relation'],
  ];
  const unit = first === undefined ? null : (shared?.id ?? hidden?.id ?? null);
  const facts = setFacts(relation, sides);
  const links = new Map<ColumnId, Link>();
  if (unit !== null) {
    for (const [id, link] of lineageOf(relation, walk).links) links.set(id, link);
    links.set(unit, { key: sides[0].tracked.links.get(units[0] ?? -1)?.key ?? '', nullable: false });
    const known = facts.get(unit) ?? unknownFacts(first?.name ?? '');
    facts.set(unit, { ...known, hidden: true, nullable: false });
  }
  return {
    relation: { ...relation, left, right, columns },
    unit,
    keys: keysOf(relation, sides[0], unit, columns),
    perUnit: new Set([...(unit === null ? [] : [unit]), ...keptPerUnit(relation, sides[0])]),
    links,
    determinesUnit: new Set([...links].flatMap(([id, link]) => (link.nullable ? [] : [id]))),
    facts: { columns: facts },
  };
}

interface Side {
  readonly columns: readonly Column[];
  readonly tracked: Tracked;
}

/** A side with its columns in order, and the unit last where it is added. */
function aligned({ columns, tracked }: Side, withUnit: boolean, walk: Walk): Tracked['relation'] {
  const { relation } = tracked;
  const order = [...columns.map((column) => column.id), ...(withUnit && tracked.unit !== null ? [tracked.unit] : [])];
  if (relation.columns.length === order.length && relation.columns.every(({ id }, index) => id === order[index])) {
    return relation;
  }
  const items = order.map((id): Item => {
    const of = relation.columns.find((column) => column.id === id) as Column;
    return { column: { ...of, id: walk.context.fresh() }, expr: columnExpr(of, relation.span) };
  });
  return { kind: 'project', input: relation, items, columns: items.map((item) => item.column), span: relation.span };
}

function keysOf(
  relation: SetOperation,
  left: Side,
  unit: ColumnId | null,
  columns: readonly Column[],
): Tracked['keys'] {
  if (relation.operation === 'union-all') return [];
  const all = columns.map((column) => column.id);
  if (relation.operation === 'union') return [all];
  const renamed = renaming(relation, left, unit);
  return [
    all,
    ...left.tracked.keys.flatMap((key) => {
      const moved = key.map((id) => renamed.get(id));
      return moved.every((id) => id !== undefined) ? [moved] : [];
    }),
  ];
}

/** Rows of INTERSECT and EXCEPT are rows of the left side. */
function keptPerUnit(relation: SetOperation, left: Side): readonly ColumnId[] {
  if (relation.operation === 'union-all' || relation.operation === 'union') return [];
  const renamed = renaming(relation, left, null);
  return [...left.tracked.perUnit].flatMap((id) => renamed.get(id) ?? []);
}

function renaming(relation: SetOperation, left: Side, unit: ColumnId | null): ReadonlyMap<ColumnId, ColumnId> {
  const renamed = new Map(left.columns.map((column, index) => [column.id, relation.columns[index]?.id ?? column.id]));
  if (unit !== null && left.tracked.unit !== null) renamed.set(left.tracked.unit, unit);
  return renamed;
}

/** What holds on both sides, or on the left where its rows alone remain. */
function setFacts(relation: SetOperation, [left, right]: [Side, Side]): Map<ColumnId, ColumnFacts> {
  const onlyLeft = relation.operation === 'except' || relation.operation === 'intersect';
  return new Map(
    relation.columns.map((column, index) => {
      const a = left.tracked.facts.columns.get(left.columns[index]?.id ?? -1) ?? unknownFacts(column.name);
      const b = right.tracked.facts.columns.get(right.columns[index]?.id ?? -1) ?? unknownFacts(column.name);
      const facts = onlyLeft ? { ...a, rangeBy: null } : bothFacts(a, b);
      return [column.id, { ...facts, name: column.name }];
    }),
  );
}

function bothFacts(a: ColumnFacts, b: ColumnFacts): ColumnFacts {
  const range = a.range === null || b.range === null ? null : hull(a.range, b.range);
  const sameStep = a.step?.numerator === b.step?.numerator && a.step?.denominator === b.step?.denominator;
  const [x, y] = [a.publicSource, b.publicSource];
  return {
    ...unknownFacts(a.name),
    range: range === 'never' ? null : range,
    values: a.values === null || b.values === null ? null : union(a.values, b.values),
    step: sameStep ? a.step : null,
    nullable: a.nullable || b.nullable,
    publicSource: x !== null && x.relation === y?.relation && x.column === y.column ? x : null,
    hidden: a.hidden || b.hidden,
  };
}

function union(a: readonly TypedValue[], b: readonly TypedValue[]): readonly TypedValue[] {
  return [...a, ...b.filter((one) => !a.some((other) => other.value === one.value))];
}
