/** Whether those who must sign can, and can be told apart. */
import type { POLICY_FIELDS } from './fields/policy.ts';
import type { Governance, Principal } from './policy.ts';
import type { Problems } from './problems.ts';
import { type Found, printName } from './read-fields.ts';

/** Refuses keys that two principals share, and two signatures where fewer than two officers can sign. */
export function checkOfficers(
  { secondOfficer }: Governance,
  principals: readonly Principal[],
  nodes: Found<typeof POLICY_FIELDS>,
  problems: Problems,
): void {
  const holders = new Map<string, string>();
  for (const { name, key } of principals) {
    const other = key === null ? undefined : holders.get(key);
    if (key !== null) holders.set(key, name);
    if (other === undefined || nodes.principals === undefined) continue;
    problems.atKey(
      nodes.principals,
      `principals.${printName(name)}.key`,
      `${printName(name)} and ${printName(other)} have the same key: nobody can tell who signed.`,
      'Give each a key of his own.',
    );
  }
  const signing = principals.filter(({ roles, key }) => roles.has('officer') && key !== null).length;
  if (!secondOfficer || signing >= 2 || nodes.approval === undefined) return;
  problems.atKey(
    nodes.approval,
    'approval.secondOfficer',
    `Two officers must sign, and the policy names ${signing === 0 ? 'none' : 'one'} with a key.`,
    'Give two principals roles: [officer] and a key: each, or remove secondOfficer.',
  );
}
