/** Whether what an entry states, apart from charges, could be stated when it was. */
import type { AcceptEntry, PolicyEntry, Statement } from '../charge/entry.ts';
import type { Records } from '../charge/records.ts';
import type { Verify } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import { isApproval, SIGNATURES, signersOf } from '../govern/in-force.ts';
import { signedText } from '../policy/access.ts';
import { parsePolicy } from '../policy/index.ts';
import type { Policy } from '../policy/policy.ts';
import { widenings } from '../policy/widening.ts';

/**
 * Why a statement does not hold; null where it does.
 *
 * @param rules - the rules in force before it; null before any were recorded
 */
export function statementFault(
  entry: Statement,
  rules: Policy | null,
  records: Records,
  verify: Verify,
): string | null {
  switch (entry.kind) {
    case 'policy':
      return policyFault(entry, rules, records);
    case 'approve':
      return rules === null || isApproval(rules, entry)
        ? null
        : `the signature is not that of ${entry.officer} as an officer of the rules in force`;
    case 'accept':
      return acceptanceFault(entry, rules, verify);
    case 'freeze':
    case 'unfreeze':
    case 'refuse':
    case 'data':
    case 'key':
    case 'write-off':
    case 'export':
      return null;
  }
}

/** The policy that an entry brings into force; null where its text is none, or another one. */
export function policyIn({ text, digest }: PolicyEntry): Policy | null {
  try {
    const policy = parsePolicy(text);
    return policy.digest === digest ? policy : null;
  } catch (error) {
    if (error instanceof GauzeError) return null;
    throw error;
  }
}

/** Whatever the entry says it widens, the two texts say it themselves. */
function policyFault(entry: PolicyEntry, rules: Policy | null, records: Records): string | null {
  const policy = policyIn(entry);
  if (policy === null) return 'its text is not the policy whose digest it names';
  if (rules === null) return null;
  const opened = widenings(rules, policy);
  if (opened.length === 0 || !rules.governance.secondOfficer) return null;
  const officers = signersOf(rules, records.approvalsOf(entry.digest)).size;
  if (officers >= SIGNATURES) return null;
  return `it lets more be learnt, and ${officers === 0 ? 'no officer' : 'only one officer'} has signed it: ${opened[0]}`;
}

function acceptanceFault(
  { principal, digest, signature }: AcceptEntry,
  rules: Policy | null,
  verify: Verify,
): string | null {
  const key = rules?.principals.get(principal)?.key ?? null;
  if (key === null || (signature !== null && verify(signedText(digest), signature, key))) return null;
  return `the signature under the terms is not that of ${principal}`;
}
