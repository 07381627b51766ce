/** From a policy file to rules in force: every version stands in the chain, and widening may need two officers. */
import type { ApproveEntry, PolicyEntry } from '../charge/entry.ts';
import type { Ledger } from '../charge/ledger.ts';
import type { Place } from '../charge/place.ts';
import type { Records } from '../charge/records.ts';
import { verify } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import { parsePolicy } from '../policy/index.ts';
import type { Policy } from '../policy/policy.ts';
import { policyText } from '../policy/source.ts';
import { widenings } from '../policy/widening.ts';

/** Officers who sign what widens, where the rules ask for a second one. */
export const SIGNATURES: number = 2;

/**
 * Records a policy as the rules in force, unless it is that already; where the entry stands, null where nothing changed.
 *
 * @param by - the officer who does it; null: whoever opened a session
 * @throws GauzeError POLICY_UNAPPROVED when it widens what may be learnt, the rules before name officers, and none of them
 * does it, or two have not signed where they ask for two
 */
export function bringIntoForce(ledger: Ledger, policy: Policy, by: string | null, now: Date): Promise<Place | null> {
  return ledger.state((records) => (isInForce(records, policy) ? null : nextPolicy(records, policy, by, now)));
}

/** Whether these are the rules in force. */
export function isInForce({ policy: inForce }: Records, policy: Policy): boolean {
  return inForce?.entry.digest === policy.digest;
}

/** The rules that hold now: the file's, or those in force while the file waits for officers. @throws GauzeError POLICY_INVALID */
export function rulesOf(
  records: Records,
  policy: Policy,
  now: Date,
): { readonly rules: Policy; readonly waits: boolean } {
  try {
    if (!isInForce(records, policy)) nextPolicy(records, policy, null, now);
    return { rules: policy, waits: false };
  } catch (error) {
    const inForce = policyInForce(records);
    const waits = error instanceof GauzeError && error.code === 'POLICY_UNAPPROVED' && inForce !== null;
    if (waits) return { rules: inForce, waits };
    throw error;
  }
}

/** The rules that the chain has in force; null before any. @throws GauzeError POLICY_INVALID when they cannot be read */
export function policyInForce({ policy: inForce }: Records): Policy | null {
  return inForce === null
    ? null
    : parsePolicy(inForce.entry.text, { file: `policy ${inForce.version} of the journal` });
}

/** Bytes that an officer signs (Ed25519) to let a policy come into force. */
export function approvalText(digest: string): Uint8Array {
  return new TextEncoder().encode(`gauze policy v1\n${digest}`);
}

/** Whether somebody is an officer with a key of these rules, and the signature is his. */
export function isApproval(rules: Policy, { officer, digest, signature, time }: ApproveEntry): boolean {
  const principal = rules.principals.get(officer);
  if (principal === undefined || principal.key === null || !principal.roles.has('officer')) return false;
  if (principal.until !== null && time.slice(0, 10) > principal.until) return false;
  return verify(approvalText(digest), signature, principal.key);
}

/** Officers of these rules whose signatures stand under a policy, each once. */
export function signersOf(rules: Policy, approvals: readonly ApproveEntry[]): ReadonlySet<string> {
  return new Set(approvals.filter((one) => isApproval(rules, one)).map(({ officer }) => officer));
}

function nextPolicy(records: Records, policy: Policy, by: string | null, now: Date): PolicyEntry {
  const before = policyInForce(records);
  const widened = before === null ? [] : widenings(before, policy);
  if (before !== null && widened.length > 0) {
    if (before.governance.secondOfficer) checkApprovals(before, records.approvalsOf(policy.digest), widened);
    else checkOfficer(before, by, widened);
  }
  const { digest } = policy;
  return { kind: 'policy', digest, text: policyText(policy), by, widened, time: now.toISOString() };
}

/** Rules that name officers are widened by one of them, and by nobody who merely edits the file. */
function checkOfficer(before: Policy, by: string | null, widened: readonly string[]): void {
  const officers = [...before.principals.values()].filter(({ roles }) => roles.has('officer'));
  if (officers.length === 0 || officers.some(({ name }) => name === by)) return;
  throw new GauzeError('POLICY_UNAPPROVED', {
    message: [
      'The policy lets more be learnt than the one in force, and no officer has brought it into force:',
      ...widened.map((line) => `  ${line}`),
    ].join('\n'),
    next: `An officer does: gauze policy adopt FILE --as ${officers[0]?.name}`,
    fields: { signatures: 0, wanted: 1 },
  });
}

function checkApprovals(before: Policy, approvals: readonly ApproveEntry[], widened: readonly string[]): void {
  const officers = signersOf(before, approvals);
  if (officers.size >= SIGNATURES) return;
  const signed = officers.size === 0 ? 'nobody has signed' : `only ${[...officers].join(', ')} has signed`;
  throw new GauzeError('POLICY_UNAPPROVED', {
    message: [
      `The policy lets more be learnt than the one in force, and ${signed}:`,
      ...widened.map((line) => `  ${line}`),
    ].join('\n'),
    next: 'Two officers sign it: gauze policy approve FILE --as NAME --key FILE',
    fields: { signatures: officers.size, wanted: SIGNATURES },
  });
}
