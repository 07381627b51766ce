/** Who may act on policy, budgets and records. */
import { GauzeError } from '../errors.ts';
import type { Policy, Role } from '../policy/policy.ts';

const WORDS: Readonly<Record<Role, string>> = {
  researcher: 'a researcher',
  officer: 'a privacy officer',
  steward: 'a data steward',
  auditor: 'an auditor',
};

/**
 * Checks that somebody has one of these roles, and may act today. A policy that gives nobody any of them leaves the act to
 * whoever holds its files, as earlier policies did.
 *
 * @returns his name as the policy writes it; null where nobody is named and nobody need be
 * @throws GauzeError POLICY_ROLE
 */
export function actingAs(policy: Policy, as: string | null, roles: readonly Role[], day: string): string | null {
  const holders = [...policy.principals.values()].filter((one) => roles.some((role) => one.roles.has(role)));
  if (holders.length === 0) return as;
  const actor = holders.find(({ name }) => name === as);
  const wanted = roles.map((role) => WORDS[role]).join(' or ');
  if (actor === undefined) {
    throw new GauzeError('POLICY_ROLE', {
      message: as === null ? `This is done as ${wanted}.` : `${as} is not ${wanted} of this policy.`,
      next: as === null ? 'Say who acts: --as NAME' : `Ask ${wanted} to do it.`,
    });
  }
  if (actor.until !== null && day > actor.until) {
    throw new GauzeError('POLICY_ROLE', {
      message: `${actor.name} could act until ${actor.until}.`,
      next: 'Have the day moved in the policy, or let another act.',
    });
  }
  return actor.name;
}
