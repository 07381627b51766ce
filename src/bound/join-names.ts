/** Names for the equality that a refused join lacks, as the researcher wrote them. */
import type { Join, TableRelation } from '../ask/ir.ts';
import { declarationOf, firstTable, ownUnitName } from './links.ts';
import type { BoundContext } from './tracked.ts';

/** `a.person_id = b.person_id` for the leftmost protected tables of both sides. */
export function joinCondition(relation: Join, context: BoundContext): string {
  const [left, right] = [firstTable(relation.left, context.policy), firstTable(relation.right, context.policy)];
  if (left === null || right === null) return 'the units of both sides equal';
  const [a, b] = [nameOf(left, context), nameOf(right, context)];
  const distinct = a === b ? (['a', 'b'] as const) : ([a, b] as const);
  const unit = (table: TableRelation): string => ownUnitName(declarationOf(table, context.policy));
  return `${distinct[0]}.${unit(left)} = ${distinct[1]}.${unit(right)}`;
}

/** Alias where the text shows one, else the table's name. */
export function nameOf(table: TableRelation, context: BoundContext): string {
  const written = context.text?.slice(table.span.start, table.span.end) ?? '';
  return /(?:^|[\s."])([A-Za-z_]\w*)$/.exec(written)?.[1] ?? table.table;
}
