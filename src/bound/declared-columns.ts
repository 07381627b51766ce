/** Which columns of a tree are columns of the policy, and which are made of such. */
import { columnsRead, walkRelation } from '../ask/fold.ts';
import type { AggregateItem, ColumnId, Expr, Relation } from '../ask/ir.ts';
import type { Policy, PolicyColumn } from '../policy/policy.ts';

/** What the policy declares of expressions over a tree. */
export interface DeclaredColumns {
  /** The column that an expression is, also where subqueries pass it on; null where it is computed. */
  of(expr: Expr): PolicyColumn | null;
  /** Whether a column is made of one with listed values or bounds, and so keeps to them. */
  isConfined(id: ColumnId): boolean;
}

/** Declarations of the columns of a tree. */
export function declaredColumns(relation: Relation, policy: Policy): DeclaredColumns {
  const declared = new Map<ColumnId, PolicyColumn>();
  const madeOf = new Map<ColumnId, readonly Expr[]>();
  walkRelation(relation, (node) => {
    if (node.kind === 'table') {
      const columns = policy.datasets.get(node.dataset)?.tables.get(node.table)?.columns;
      node.columns.forEach(({ id }, index) => {
        const column = columns?.get(node.source[index] ?? '');
        if (column !== undefined) declared.set(id, column);
      });
    }
    for (const { column, exprs } of outputsOf(node)) madeOf.set(column, exprs);
  });
  const origin = (expr: Expr, seen: Set<ColumnId>): PolicyColumn | null => {
    if (expr.kind !== 'column' || seen.has(expr.id)) return null;
    seen.add(expr.id);
    const [only, second] = madeOf.get(expr.id) ?? [];
    return declared.get(expr.id) ?? (only === undefined || second !== undefined ? null : origin(only, seen));
  };
  const isConfined = (id: ColumnId, seen: Set<ColumnId>): boolean => {
    if (seen.has(id)) return false;
    seen.add(id);
    const column = declared.get(id);
    if (column !== undefined) return column.values !== null || column.bounds !== null || column.boundsBy !== null;
    return (madeOf.get(id) ?? []).some((expr) => [...columnsRead(expr)].some((one) => isConfined(one, seen)));
  };
  return {
    of: (expr) => origin(expr, new Set()),
    isConfined: (id) => isConfined(id, new Set()),
  };
}

/** Output columns of one relation that are not its inputs', with the expressions they are made of. */
function outputsOf(node: Relation): readonly { readonly column: ColumnId; readonly exprs: readonly Expr[] }[] {
  if (node.kind === 'project') return node.items.map(({ column, expr }) => ({ column: column.id, exprs: [expr] }));
  if (node.kind !== 'aggregate') return [];
  return [
    ...node.keys.map(({ column, expr }) => ({ column: column.id, exprs: [expr] })),
    ...node.aggregates.map(({ column, call }) => ({ column: column.id, exprs: isCount(call) ? [] : call.args })),
  ];
}

/** How many there are says nothing of what they are. */
function isCount({ name }: AggregateItem['call']): boolean {
  return name === 'count-rows' || name === 'count' || name === 'count-distinct';
}
