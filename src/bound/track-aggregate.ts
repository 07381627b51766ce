/** Groupings that hold the unit, and groupings of public rows. */

import { columnExpr } from '../ask/column-expr.ts';
import type {
  Aggregate,
  AggregateItem,
  AggregateName,
  Column,
  ColumnId,
  Distinct,
  Expr,
  Item,
  Relation,
} from '../ask/ir.ts';
import { invariant } from '../errors.ts';
import { usualTotal } from './bounds-advice.ts';
import { protectedDataset } from './dataset.ts';
import { unknownFacts } from './declared.ts';
import { sameLink } from './equality.ts';
import { assume, canBeNull } from './facts.ts';
import { gridOf, keptInRange, offGrid, onGrid } from './grid-sum.ts';
import { type Extent, exact } from './interval.ts';
import { itemFacts, passedOn, readsHidden } from './item-facts.ts';
import { lineageOf } from './lineage.ts';
import { freeColumnsOf, makeCall, makeCast } from './make-expr.ts';
import { aggregateExtent } from './range.ts';
import { rangeBy } from './range-by.ts';
import { dependsOnUnitAlone } from './track-project.ts';
import type { ColumnFacts, Facts, Link, Tracked } from './tracked.ts';
import { boundedVariance } from './unit-variance.ts';
import type { Walk, Wanted } from './walk.ts';

/**
 * Lowers a grouping inside units: the unit is a key of every grouping set, sums run over integers, picks are total
 * (see `Tracked`). Every aggregate is then a function of one unit's rows alone.
 */
export function trackAggregate(relation: Aggregate, wanted: Wanted, walk: Walk): Tracked {
  const kept = relation.aggregates.filter(({ column }) => wanted === null || wanted.has(column.id));
  const read = freeColumnsOf([
    ...relation.keys.map((key) => key.expr),
    ...kept.flatMap(({ call }) => [
      ...call.args,
      ...call.order.map((key) => key.expr),
      ...(call.filter === null ? [] : [call.filter]),
    ]),
  ]);
  const input = walk.track(relation.input, read);
  const keys = relation.keys.map(
    ({ column, expr }): Item => ({ column, expr: asUnit(walk.lower(expr, input), input) }),
  );
  const always = (index: number): boolean => relation.sets.every((set) => set.includes(index));
  const unit =
    input.unit === null
      ? null
      : unitKey(
          keys.filter((_, index) => always(index)),
          input,
          input.unit,
          walk,
        );
  const allKeys = unit?.added == null ? keys : [...keys, unit.added];
  const sets = unit?.added == null ? relation.sets : relation.sets.map((set) => [...set, allKeys.length - 1]);
  const { aggregates, items } = lowerAggregates(kept, input, walk);
  const keyColumns = allKeys.map((key) => key.column);
  const grouped: Aggregate = {
    ...relation,
    input: input.relation,
    keys: allKeys,
    sets,
    aggregates,
    columns: [...keyColumns, ...aggregates.map((item) => item.column)],
  };
  const { span } = relation;
  const passed = keyColumns.map((column): Item => ({ column, expr: columnExpr(column, span) }));
  const columns = [...keyColumns, ...kept.map((item) => item.column)];
  const needsProject = items.some(({ column, expr }) => expr.kind !== 'column' || expr.id !== column.id);
  return {
    relation: needsProject ? { kind: 'project', input: grouped, items: [...passed, ...items], columns, span } : grouped,
    ...described(relation, input, unit?.column ?? null, kept, walk),
  };
}

/**
 * The unit in place of a column that stands for it: where neither is NULL they are equal, since all links of a row tell
 * its one unit. Grouped by both, a grouping would have two keys that say the same.
 */
function asUnit(expr: Expr, input: Tracked): Expr {
  if (expr.kind !== 'column' || input.unit === null || expr.id === input.unit) return expr;
  const link = input.links.get(expr.id);
  const unit = input.relation.columns.find((column) => column.id === input.unit);
  if (unit === undefined || link?.nullable !== false || !sameLink(link, input.links.get(input.unit))) return expr;
  return columnExpr(unit, expr.span);
}

/** The key that is the unit itself, among those of every set; added where only a column that tells it is there. */
function unitKey(
  keys: readonly Item[],
  input: Tracked,
  unit: ColumnId,
  walk: Walk,
): { readonly column: Column; readonly added: Item | null } {
  const shown = keys.find(({ expr }) => expr.kind === 'column' && expr.id === unit);
  if (shown !== undefined) return { column: shown.column, added: null };
  const of = input.relation.columns.find((column) => column.id === unit);
  invariant(of !== undefined, 'a tracked relation puts out its unit');
  const column: Column = { ...of, id: walk.context.fresh(), nullable: false };
  return { column, added: { column, expr: columnExpr(of, input.relation.span) } };
}

/** What is known of the groups. */
function described(
  relation: Aggregate,
  input: Tracked,
  unit: Column | null,
  kept: readonly AggregateItem[],
  walk: Walk,
): Omit<Tracked, 'relation'> {
  const single = relation.sets.length === 1;
  const always = (index: number): boolean => relation.sets.every((set) => set.includes(index));
  const facts = new Map(itemFacts(relation.keys, input.facts));
  relation.keys.forEach(({ column }, index) => {
    const known = facts.get(column.id);
    if (known !== undefined && !always(index)) facts.set(column.id, { ...known, nullable: true, values: null });
  });
  const passed = passedOn(relation.keys.filter((_, index) => always(index)));
  const counted = unit === null ? undefined : protectedDataset(relation, walk.context.policy)?.contribution;
  for (const item of kept) {
    const { column, call } = item;
    const extent = (known: Facts): Extent => aggregateExtent(call, column.type, known);
    facts.set(column.id, {
      ...aggregateFacts(item, input.facts, relation.keys.length > 0),
      usual: counted === undefined ? undefined : usualTotal(call, input.facts, counted.rows),
      rangeBy: rangeBy(freeColumnsOf(call.args), passed, input.facts, extent),
    });
  }
  const keyIds = relation.keys.map((key) => key.column.id);
  if (unit === null) {
    const keys = single ? [(relation.sets[0] ?? []).map((index) => keyIds[index] as ColumnId)] : [];
    return {
      unit: null,
      keys,
      perUnit: new Set(),
      links: new Map(),
      determinesUnit: new Set(),
      facts: { columns: facts },
    };
  }
  facts.set(unit.id, unitFacts(unit, input));
  const fixed = relation.keys.filter(({ expr }, index) => always(index) && dependsOnUnitAlone(expr, input));
  const separating = relation.keys.filter((key) => !fixed.includes(key) && key.column.id !== unit.id);
  const oneRow = single && separating.length === 0;
  const links = new Map<ColumnId, Link>();
  for (const [id, link] of lineageOf(relation, walk).links) links.set(id, link);
  links.set(unit.id, input.links.get(input.unit ?? -1) as Link);
  return {
    unit: unit.id,
    keys: single ? [[unit.id, ...separating.map((key) => key.column.id)]] : [],
    perUnit: new Set([
      unit.id,
      ...fixed.map((key) => key.column.id),
      ...(oneRow ? kept.map((item) => item.column.id) : []),
    ]),
    links,
    determinesUnit: new Set([...links].flatMap(([id, link]) => (link.nullable ? [] : [id]))),
    facts: { columns: facts },
  };
}

function unitFacts(unit: Column, input: Tracked): ColumnFacts {
  const known = input.facts.columns.get(input.unit ?? -1) ?? unknownFacts(unit.name);
  return { ...known, hidden: true, nullable: false };
}

function aggregateFacts({ column, call }: AggregateItem, facts: Facts, grouped: boolean): ColumnFacts {
  const counts = call.name === 'count-rows' || call.name === 'count' || call.name === 'count-distinct';
  const inside = call.filter === null ? facts : assume(facts, { condition: call.filter, holds: true });
  const [x] = call.args;
  const extent = atLeastOne(call, grouped, facts) ? exact(1n, null) : aggregateExtent(call, column.type, facts);
  const derives = call.name === 'avg' || call.name === 'quantile-cont' || isVariance(call.name);
  const picked = !derives && !counts && x?.kind === 'column' ? inside.columns.get(x.id) : undefined;
  const empty = !grouped || call.filter !== null || call.args.some((arg) => canBeNull(arg, facts));
  // Infinite values have no mean between them, and a variance needs finite ones, a sample's two of them.
  const undefinedSome = call.name === 'quantile-cont' || isVariance(call.name);
  return {
    ...unknownFacts(column.name),
    range: extent === 'never' ? null : extent,
    values: PICKS.has(call.name) ? (picked?.values ?? null) : null,
    step: picked?.step ?? null,
    nullable: undefinedSome || (!counts && empty),
    hidden: !counts && call.args[0] !== undefined && readsHidden(call.args[0], facts),
  };
}

/** Aggregates whose value is one of the values. */
const PICKS: ReadonlySet<AggregateName> = new Set([
  'min',
  'max',
  'arg-min',
  'arg-max',
  'first',
  'mode',
  'quantile-disc',
]);

function isVariance(name: AggregateName): boolean {
  return name === 'var-pop' || name === 'var-samp';
}

/** A group exists because of a row: where every row counts, the count is not zero. */
function atLeastOne(call: AggregateItem['call'], grouped: boolean, facts: Facts): boolean {
  if (!grouped || call.filter !== null) return false;
  if (call.name === 'count-rows') return true;
  return (call.name === 'count' || call.name === 'count-distinct') && !call.args.some((arg) => canBeNull(arg, facts));
}

/** Aggregates the engine computes, and the items that make the asked ones of them. */
function lowerAggregates(
  kept: readonly AggregateItem[],
  input: Tracked,
  walk: Walk,
): { readonly aggregates: readonly AggregateItem[]; readonly items: readonly Item[] } {
  const aggregates: AggregateItem[] = [];
  const items = kept.map(({ column, call: asked }): Item => {
    const call = {
      ...asked,
      args: asked.args.map((arg) => walk.lower(arg, input)),
      order: asked.order.map((key) => ({ ...key, expr: walk.lower(key.expr, input) })),
      filter: asked.filter === null ? null : walk.lower(asked.filter, input),
    };
    const compute = (name: typeof call.name, args: readonly Expr[], id: Column): Expr => {
      aggregates.push({ column: id, call: { ...call, name, args } });
      return columnExpr(id, call.span);
    };
    const hidden = (name: string, type: Column['type'] = 'integer'): Column => {
      return { id: walk.context.fresh(), name, type, nullable: true };
    };
    const [x] = call.args;
    const facts = asked.filter === null ? input.facts : assume(input.facts, { condition: asked.filter, holds: true });
    if (isVariance(call.name)) {
      const variance = (of: Expr): Expr => compute(call.name, [of], hidden('variance', 'double'));
      return { column, expr: boundedVariance(call, input.facts, facts, variance) };
    }
    if (x === undefined || (call.name !== 'sum' && call.name !== 'avg')) {
      return { column, expr: compute(call.name, call.args, column) };
    }
    const grid = x.type === 'double' ? gridOf(x, facts, walk.context.text) : null;
    const steps = grid === null ? keptInRange(x, facts) : onGrid(x, grid);
    if (call.name === 'sum') {
      if (grid === null) return { column, expr: compute('sum', [steps], column) };
      return { column, expr: offGrid(compute('sum', [steps], hidden('steps')), grid.step) };
    }
    const total = makeCast(compute('sum', [steps], hidden('steps')), 'double');
    const count = makeCast(compute('count', [x], hidden('present')), 'double');
    const mean = makeCall('divide', [total, count], 'double', true, call.span);
    return { column, expr: grid === null ? mean : offGrid(mean, grid.step) };
  });
  return { aggregates, items };
}

/** Duplicates removed inside units; the unit is one of the compared columns, shown or not. */
export function trackDistinct(relation: Distinct, walk: Walk): Tracked {
  const ids = new Set(relation.columns.map((column) => column.id));
  const input = walk.track(relation.input, ids);
  const columns = input.relation.columns.filter((column) => ids.has(column.id) || column.id === input.unit);
  const { span } = relation;
  const compared: Relation =
    columns.length === input.relation.columns.length
      ? input.relation
      : {
          kind: 'project',
          input: input.relation,
          items: columns.map((column) => ({ column, expr: columnExpr(column, span) })),
          columns,
          span,
        };
  const separating = columns.filter((column) => column.id !== input.unit && !input.perUnit.has(column.id));
  const key = [...(input.unit === null ? [] : [input.unit]), ...separating.map((column) => column.id)];
  const kept = input.keys.filter((known) => known.every((id) => columns.some((column) => column.id === id)));
  return { ...input, relation: { kind: 'distinct', input: compared, columns, span }, keys: [key, ...kept] };
}
