/** Where a principal stands with his data-use terms. */
import type { Records } from '../charge/records.ts';
import { GauzeError } from '../errors.ts';
import { termsDigest } from '../policy/access.ts';
import type { Policy, Terms } from '../policy/policy.ts';

/** Terms, and when they were accepted; null: not yet. */
export interface TermsStanding extends Terms {
  readonly accepted: string | null;
}

/** All terms of a principal, in the policy's order. @throws GauzeError POLICY_PRINCIPAL */
export function termsOf(records: Records, policy: Policy, principal: string): readonly TermsStanding[] {
  const names = policy.principals.get(principal)?.terms;
  if (names === undefined) {
    throw new GauzeError('POLICY_PRINCIPAL', {
      message: `The policy names no principal ${principal}.`,
      next: 'Give one of its principals: --as NAME',
    });
  }
  return names.flatMap((name) => {
    const terms = policy.terms.get(name);
    if (terms === undefined) return [];
    return [{ ...terms, accepted: records.acceptanceOf(principal, termsDigest(terms))?.time ?? null }];
  });
}
