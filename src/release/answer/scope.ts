/** Which public relations have to be read. */
import { isClosed, partsOf, walkExpr, walkRelation } from '../../ask/fold.ts';
import type { Relation } from '../../ask/ir.ts';

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
