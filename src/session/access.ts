/** The first door of a question: may this principal ask it, for this purpose, today? */
import type { Relation } from '../ask/ir.ts';
import { usedColumns } from '../ask/used-columns.ts';
import { type Access, checkMayAsk } from '../policy/access.ts';
import type { Dataset } from '../policy/policy.ts';

/**
 * Checks a resolved question against the policy's rules of access, before it is planned.
 *
 * @param dataset - whose protected tables the question reads; null where it reads public tables alone
 * @returns the columns used, public ones included, as `table.column`, sorted: what a journal may keep
 * @throws GauzeError, SpannedError as `checkMayAsk`
 */
export function checkAccess(
  access: Access,
  relation: Relation,
  dataset: Dataset | null,
): { readonly columns: readonly string[] } {
  const used = usedColumns(relation);
  checkMayAsk(access, dataset, used);
  return { columns: [...new Set(used.map(({ table, column }) => `${table}.${column}`))].sort() };
}
