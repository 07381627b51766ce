/** Which relations stand on their own, and which public ones have to be read. */
import { columnsRead, partsOf, walkExpr, walkRelation } from '../../ask/fold.ts';
import type { ColumnId, Relation } from '../../ask/ir.ts';

/** True where no expression refers to a row outside the relation. */
export function isClosed(relation: Relation): boolean {
  const inside = new Set<ColumnId>();
  const read = new Set<ColumnId>();
  walkRelation(relation, (node) => {
    for (const column of node.columns) inside.add(column.id);
    if (node.kind === 'project') for (const item of node.items) inside.add(item.column.id);
    if (node.kind === 'aggregate') for (const item of [...node.keys, ...node.aggregates]) inside.add(item.column.id);
    for (const expr of partsOf(node).exprs) for (const id of columnsRead(expr)) read.add(id);
  });
  for (const id of read) if (!inside.has(id)) return false;
  return true;
}

/**
 * The largest public relations below a relation that stand on their own and read a table: each is read once, by the
 * engine. Everything above them is worked out here.
 */
export function publicRelations(relation: Relation): readonly Relation[] {
  const found: Relation[] = [];
  collect(relation, found);
  return found;
}

function collect(relation: Relation, found: Relation[]): void {
  const kinds = new Set<Relation['kind']>();
  walkRelation(relation, (node) => kinds.add(node.kind));
  if (!kinds.has('table')) return;
  if (!kinds.has('released') && isClosed(relation)) {
    found.push(relation);
    return;
  }
  const { inputs, exprs } = partsOf(relation);
  for (const input of inputs) collect(input, found);
  for (const root of exprs) {
    walkExpr(root, (expr) => {
      if (expr.kind === 'exists' || expr.kind === 'in-relation') collect(expr.relation, found);
    });
  }
}
