/** WHERE: conditions over both sides of a join belong to the join, where the bound looks for the unit's equality. */
import { columnsRead, conjuncts, walkExpr } from '../fold.ts';
import type { Expr, Join, Relation } from '../ir.ts';
import { applyScalar } from './coerce.ts';

/** Keeps the rows for which the condition holds. */
export function filtered(input: Relation, condition: Expr): Relation {
  let relation = input;
  const rest: Expr[] = [];
  for (const conjunct of conjuncts(condition)) {
    const absorbed = holdsSubquery(conjunct) ? null : absorb(relation, conjunct);
    if (absorbed === null) rest.push(conjunct);
    else relation = absorbed;
  }
  const kept = rest.filter((conjunct) => conjunct.kind !== 'literal' || conjunct.value !== true);
  if (kept.length === 0) return relation;
  const all = allOf(kept);
  return { kind: 'filter', input: relation, condition: all, columns: relation.columns, span: all.span };
}

function allOf(conditions: readonly Expr[]): Expr {
  const [first, second] = [conditions[0]!, conditions[conditions.length - 1]!];
  if (conditions.length === 1) return first;
  return applyScalar(
    'and',
    conditions,
    { start: first.span.start, end: Math.max(first.span.end, second.span.end) },
    'AND',
  );
}

function holdsSubquery(expr: Expr): boolean {
  let found = false;
  walkExpr(expr, (inner) => {
    if (inner.kind === 'exists' || inner.kind === 'in-relation') found = true;
  });
  return found;
}

/** The relation with the condition inside the join whose two sides it compares; null where there is none. */
function absorb(relation: Relation, condition: Expr): Relation | null {
  if (relation.kind !== 'join') return null;
  const read = [...columnsRead(condition)];
  const reads = (side: Relation): number => read.filter((id) => side.columns.some((column) => column.id === id)).length;
  const [left, right] = [reads(relation.left), reads(relation.right)];
  if (left + right !== read.length || read.length === 0) return null;
  if (left > 0 && right > 0) return intoJoin(relation, condition);
  if (left > 0 && relation.type !== 'full') {
    const inner = absorb(relation.left, condition);
    return inner === null ? null : { ...relation, left: inner };
  }
  if (right > 0 && (relation.type === 'inner' || relation.type === 'cross')) {
    const inner = absorb(relation.right, condition);
    return inner === null ? null : { ...relation, right: inner };
  }
  return null;
}

function intoJoin(join: Join, condition: Expr): Relation | null {
  if (join.type !== 'inner' && join.type !== 'cross') return null;
  const before = join.condition === null ? [] : conjuncts(join.condition);
  return { ...join, type: 'inner', condition: allOf([...before, condition]) };
}
