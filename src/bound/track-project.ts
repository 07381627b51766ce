/** Computed columns; the unit is carried beside them. */

import { columnExpr } from '../ask/column-expr.ts';
import { operandsOf } from '../ask/fold.ts';
import type { Column, ColumnId, Expr, Item, Project } from '../ask/ir.ts';
import { renamedExpressions } from './expression-facts.ts';
import { itemFacts, passedOn } from './item-facts.ts';
import { lineageOf } from './lineage.ts';
import { freeColumns, freeColumnsOf } from './make-expr.ts';
import { lowerWindows, windowDependsOnUnitAlone } from './track-window.ts';
import type { Facts, Link, Tracked } from './tracked.ts';
import type { Walk, Wanted } from './walk.ts';

/**
 * Lowers a projection: windows stay inside one unit and get orders without ties among all that this projection reads,
 * since nothing else of its input is seen above it.
 *
 * @throws SpannedError QUERY_UNSUPPORTED for a window over rows of several units
 */
export function trackProject(relation: Project, wanted: Wanted, walk: Walk): Tracked {
  const asked = relation.items.filter(({ column }) => wanted === null || wanted.has(column.id));
  const items = asked.length === 0 ? relation.items.slice(0, 1) : asked;
  const read = freeColumnsOf(items.map((item) => item.expr));
  const input = walk.track(relation.input, read);
  const used = input.relation.columns.filter((column) => read.has(column.id));
  const lineage = lineageOf(relation.input, walk);
  const lowered = items.map(({ column, expr }): Item => {
    const own = lowerWindows(expr, { input, used, lineage, source: relation.input }, walk);
    return { column, expr: walk.lower(own, input) };
  });
  if (input.unit === null) {
    return {
      relation: { ...relation, input: input.relation, items: lowered, columns: lowered.map((item) => item.column) },
      unit: null,
      keys: movedKeys(items, input, null),
      perUnit: new Set(),
      links: new Map(),
      determinesUnit: new Set(),
      facts: projected(items, input.facts),
    };
  }
  const { unit, hidden } = unitItem(lowered, input, input.unit, walk);
  const all = hidden === null ? lowered : [...lowered, hidden];
  const links = new Map<ColumnId, Link>();
  const shown = lineageOf(relation, walk).links;
  for (const { column } of items) {
    const link = shown.get(column.id);
    if (link !== undefined) links.set(column.id, link);
  }
  links.set(unit, input.links.get(input.unit) as Link);
  const perUnit = items.filter(({ expr }) => dependsOnUnitAlone(expr, input)).map(({ column }) => column.id);
  return {
    relation: { ...relation, input: input.relation, items: all, columns: all.map((item) => item.column) },
    unit,
    keys: [...movedKeys(items, input, unit), ...numberedKeys(lowered, input, unit)],
    perUnit: new Set([...perUnit, unit]),
    links,
    determinesUnit: new Set([...links].flatMap(([id, link]) => (link.nullable ? [] : [id]))),
    facts: projected(hidden === null ? items : [...items, hidden], input.facts),
  };
}

function projected(items: readonly Item[], facts: Facts): Facts {
  return { columns: itemFacts(items, facts), expressions: renamedExpressions(facts, passedOn(items)) };
}

/** The item that passes the unit on, or a new one. */
function unitItem(
  items: readonly Item[],
  input: Tracked,
  unit: ColumnId,
  walk: Walk,
): { readonly unit: ColumnId; readonly hidden: Item | null } {
  const shown = items.find(({ expr }) => expr.kind === 'column' && expr.id === unit);
  if (shown !== undefined) return { unit: shown.column.id, hidden: null };
  const of = input.relation.columns.find((column) => column.id === unit) as Column;
  const column: Column = { ...of, id: walk.context.fresh(), nullable: false };
  return { unit: column.id, hidden: { column, expr: columnExpr(of, input.relation.span) } };
}

/** row_number() tells the rows of a partition apart. */
function numberedKeys(items: readonly Item[], input: Tracked, unit: ColumnId): ColumnId[][] {
  const unitKey = input.links.get(input.unit ?? -1)?.key;
  const passedOn = (expr: Expr): ColumnId | undefined => {
    if (expr.kind !== 'column') return undefined;
    if (input.determinesUnit.has(expr.id) && input.links.get(expr.id)?.key === unitKey) return unit;
    return items.find((item) => item.expr.kind === 'column' && item.expr.id === expr.id)?.column.id;
  };
  return items.flatMap(({ column, expr }) => {
    if (expr.kind !== 'window' || expr.name !== 'row-number') return [];
    const partition = expr.partition.map(passedOn);
    return partition.every((id) => id !== undefined) ? [[...partition, column.id]] : [];
  });
}

/** Keys all of whose columns are passed on. */
function movedKeys(items: readonly Item[], input: Tracked, unit: ColumnId | null): Tracked['keys'] {
  const renamed = new Map<ColumnId, ColumnId>();
  if (unit !== null && input.unit !== null) renamed.set(input.unit, unit);
  for (const { column, expr } of items) {
    if (expr.kind === 'column' && !renamed.has(expr.id)) renamed.set(expr.id, column.id);
  }
  return input.keys.flatMap((key) => {
    const moved = key.map((id) => renamed.get(id));
    return moved.every((id) => id !== undefined) ? [moved] : [];
  });
}

/**
 * Whether an expression has one value in all rows of a unit. What a correlated subquery gives depends on the unit's rows
 * and the columns it takes from outside, so those alone count.
 */
export function dependsOnUnitAlone(expr: Expr, tracked: Tracked): boolean {
  if (expr.kind === 'window') return windowDependsOnUnitAlone(expr, tracked);
  return !holdsWindow(expr) && [...freeColumns(expr)].every((id) => tracked.perUnit.has(id));
}

function holdsWindow(expr: Expr): boolean {
  return expr.kind === 'window' || operandsOf(expr).some(holdsWindow);
}
