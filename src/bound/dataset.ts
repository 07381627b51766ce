import { walkRelation } from '../ask/fold.ts';
import type { Relation } from '../ask/ir.ts';
import { invariant } from '../errors.ts';
import type { Dataset, Policy } from '../policy/policy.ts';

/** The data set whose protected tables a question reads; null when it reads public tables alone. The resolver allows one. */
export function protectedDataset(relation: Relation, policy: Policy): Dataset | null {
  const names = new Set<string>();
  walkRelation(relation, (node) => {
    if (node.kind === 'table' && policy.datasets.get(node.dataset)?.tables.get(node.table)?.public === false)
      names.add(node.dataset);
  });
  invariant(names.size <= 1, 'a question stays in one data set');
  const [name] = names;
  return name === undefined ? null : (policy.datasets.get(name) ?? null);
}
