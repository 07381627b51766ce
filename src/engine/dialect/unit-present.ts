/** Whether a relation has dropped rows without a unit already: engines evaluate a condition twice that stands twice. */
import { conjuncts } from '../../ask/fold.ts';
import type { ColumnId, Relation } from '../../ask/ir.ts';

/** True only when a filter in the relation says `unit IS NOT NULL` and nothing above it can bring NULL back. */
export function unitPresent(relation: Relation, unit: ColumnId): boolean {
  switch (relation.kind) {
    case 'filter':
      return (
        conjuncts(relation.condition).some((one) => {
          if (one.kind !== 'call' || one.fn !== 'is-not-null') return false;
          const [of] = one.args;
          return of?.kind === 'column' && of.id === unit;
        }) || unitPresent(relation.input, unit)
      );
    case 'project': {
      const expr = relation.items.find(({ column }) => column.id === unit)?.expr;
      return expr?.kind === 'column' && unitPresent(relation.input, expr.id);
    }
    case 'join':
      return relation.type === 'inner' && [relation.left, relation.right].some((side) => unitPresent(side, unit));
    default:
      return false;
  }
}
