/** Copies of relations whose columns have ids of their own. */
import { mapExpr, mapParts } from '../ask/fold.ts';
import type { Column, ColumnId, Expr, Item, Relation } from '../ask/ir.ts';

/** A copy with fresh ids for every column it makes; columns it takes from outside keep theirs. */
export interface Renewed {
  readonly relation: Relation;
  /** New id of each old one. */
  readonly ids: ReadonlyMap<ColumnId, ColumnId>;
}

export function renew(relation: Relation, fresh: () => ColumnId): Renewed {
  const ids = new Map<ColumnId, ColumnId>();
  collect(relation, ids, fresh);
  return { relation: renamed(relation, ids, fresh), ids };
}

function collect(relation: Relation, ids: Map<ColumnId, ColumnId>, fresh: () => ColumnId): void {
  const add = (columns: readonly Column[]): void => {
    for (const { id } of columns) if (!ids.has(id)) ids.set(id, fresh());
  };
  add(relation.columns);
  if (relation.kind === 'join' || relation.kind === 'set') {
    collect(relation.left, ids, fresh);
    collect(relation.right, ids, fresh);
  } else if ('input' in relation) {
    collect(relation.input, ids, fresh);
  }
}

function renamed(relation: Relation, ids: ReadonlyMap<ColumnId, ColumnId>, fresh: () => ColumnId): Relation {
  const column = (one: Column): Column => ({ ...one, id: ids.get(one.id) ?? one.id });
  const expr = (one: Expr): Expr =>
    mapExpr(
      one,
      (inner) => (inner.kind === 'column' ? { ...inner, id: ids.get(inner.id) ?? inner.id } : inner),
      (inner) => {
        const own = new Map(ids);
        collect(inner, own, fresh);
        return renamed(inner, own, fresh);
      },
    );
  const parts = mapParts(relation, (input) => renamed(input, ids, fresh), expr);
  const item = (one: Item): Item => ({ ...one, column: column(one.column) });
  const columns = parts.columns.map(column);
  switch (parts.kind) {
    case 'one-row':
      return parts;
    case 'project':
      return { ...parts, items: parts.items.map(item), columns };
    case 'aggregate':
      return {
        ...parts,
        keys: parts.keys.map(item),
        aggregates: parts.aggregates.map((one) => ({ ...one, column: column(one.column) })),
        columns,
      };
    default:
      return { ...parts, columns };
  }
}
