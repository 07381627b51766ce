/** Facts of computed columns. */
import { operandsOf } from '../ask/fold.ts';
import type { Column, ColumnId, Expr, Item } from '../ask/ir.ts';
import { unknownFacts } from './declared.ts';
import { smallDomain } from './domain.ts';
import { canBeNull } from './facts.ts';
import { factsExtent } from './interval.ts';
import { freeColumns, isScalar } from './make-expr.ts';
import { rangeOf } from './range.ts';
import { rangeBy } from './range-by.ts';
import type { ColumnFacts, Facts } from './tracked.ts';

/** Facts of computed columns over the facts of what they are computed from. Bounds by code follow the code. */
export function itemFacts(items: readonly Item[], facts: Facts): ReadonlyMap<ColumnId, ColumnFacts> {
  const renamed = passedOn(items);
  return new Map(
    items.map(({ column, expr }) => [
      column.id,
      expr.kind === 'column' ? passed(expr.id, column, facts, renamed) : computed(expr, column, facts, renamed),
    ]),
  );
}

/** Columns that items pass on, under the id of the first that does. */
export function passedOn(items: readonly Item[]): ReadonlyMap<ColumnId, ColumnId> {
  const renamed = new Map<ColumnId, ColumnId>();
  for (const { column, expr } of items) {
    if (expr.kind === 'column' && !renamed.has(expr.id)) renamed.set(expr.id, column.id);
  }
  return renamed;
}

function passed(id: ColumnId, column: Column, facts: Facts, renamed: ReadonlyMap<ColumnId, ColumnId>): ColumnFacts {
  const known = facts.columns.get(id);
  if (known === undefined) return { ...unknownFacts(column.name), nullable: column.nullable };
  const extent = factsExtent(known, column.type, facts);
  const by = known.rangeBy === null ? undefined : renamed.get(known.rangeBy.column);
  return {
    ...known,
    range: extent === 'never' ? known.range : extent,
    rangeBy: known.rangeBy === null || by === undefined ? null : { column: by, of: known.rangeBy.of },
    name: column.name,
  };
}

function computed(expr: Expr, column: Column, facts: Facts, renamed: ReadonlyMap<ColumnId, ColumnId>): ColumnFacts {
  const domain = smallDomain(expr, facts);
  return {
    ...unknownFacts(column.name),
    range: rangeOf(expr, facts),
    // A window's value may come from a row with another code.
    rangeBy: isScalar(expr) ? rangeBy(freeColumns(expr), renamed, facts, (known) => rangeOf(expr, known)) : null,
    values: domain?.kind === 'list' ? domain.values.map((value) => ({ type: expr.type, value })) : null,
    publicSource:
      domain?.kind === 'relation' && domain.relation.columns[0] !== undefined
        ? { relation: domain.relation, column: domain.relation.columns[0].id, most: domain.most }
        : null,
    nullable: canBeNull(expr, facts),
    hidden: readsHidden(expr, facts),
  };
}

/**
 * Whether an expression's value carries that of a hidden column (unit or join-only). Comparisons and tests of such
 * columns give booleans about one person's own rows and do not.
 */
export function readsHidden(expr: Expr, facts: Facts): boolean {
  if (expr.kind === 'column') return expr.type === 'key' || facts.columns.get(expr.id)?.hidden === true;
  if (expr.kind === 'case') {
    const results = expr.branches.map((branch) => branch.result);
    return [...results, ...(expr.otherwise === null ? [] : [expr.otherwise])].some((one) => readsHidden(one, facts));
  }
  if (expr.kind === 'window') return expr.args.some((arg) => expr.name !== 'count' && readsHidden(arg, facts));
  return expr.type !== 'boolean' && operandsOf(expr).some((operand) => readsHidden(operand, facts));
}
