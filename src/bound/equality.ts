/** Equalities that a condition implies. */
import { conjuncts } from '../ask/fold.ts';
import type { ColumnExpr, ColumnId, Expr } from '../ask/ir.ts';
import { SCALARS } from '../ask/scalar.ts';
import type { Link } from './tracked.ts';

/** Whether every row that satisfies the condition has two equal columns as described, whichever branch of an OR it took. */
export function impliesEquality(
  condition: Expr | null,
  matches: (left: ColumnExpr, right: ColumnExpr) => boolean,
): boolean {
  if (condition === null) return false;
  return conjuncts(condition).some((one) => {
    if (one.kind !== 'call') return false;
    if (one.fn === 'or') return one.args.every((branch) => impliesEquality(branch, matches));
    const [left, right] = one.args;
    if (one.fn !== 'eq' || left?.kind !== 'column' || right?.kind !== 'column') return false;
    return matches(left, right) || matches(right, left);
  });
}

/** Pairs of columns that all rows satisfying the condition have equal. */
export function equalColumns(condition: Expr | null): readonly (readonly [ColumnId, ColumnId])[] {
  if (condition === null) return [];
  return conjuncts(condition).flatMap((one) => {
    if (one.kind !== 'call' || one.fn !== 'eq') return [];
    const [left, right] = one.args;
    return left?.kind === 'column' && right?.kind === 'column' ? [[left.id, right.id] as const] : [];
  });
}

/** Links of rows that satisfy a condition: columns compared or tested in a conjunct are not NULL there. */
export function linksWhere(links: ReadonlyMap<ColumnId, Link>, condition: Expr): ReadonlyMap<ColumnId, Link> {
  const known = new Map(links);
  for (const one of conjuncts(condition)) {
    if (one.kind !== 'call') continue;
    const rejects = one.fn === 'is-not-null' || (one.fn !== 'not' && SCALARS[one.fn].nulls === 'strict');
    if (!rejects) continue;
    for (const arg of one.args) {
      const link = arg.kind === 'column' ? known.get(arg.id) : undefined;
      if (arg.kind === 'column' && link !== undefined) known.set(arg.id, { ...link, nullable: false });
    }
  }
  return known;
}

/** Whether two links are known and the same. */
export function sameLink(a: Link | undefined, b: Link | undefined): boolean {
  return a !== undefined && b !== undefined && a.key === b.key;
}
