/** What the chain says against a question that the policy would allow; and a note in it of every refusal. */
import type { Question } from '../ask/index.ts';
import { textOf } from '../ask/index.ts';
import { shapeOf } from '../ask/shape.ts';
import { checkFreeze, checkInForce } from '../charge/freeze.ts';
import type { Records } from '../charge/records.ts';
import { type ErrorCode, GauzeError, SpannedError } from '../errors.ts';
import { termsDigest, termsOf } from '../policy/access.ts';
import type { Prepared, SessionParts } from './parts.ts';

/**
 * Checks that the session's rules are in force, that the data set answers, that the data are still those it attached, and
 * that the principal has accepted his terms.
 *
 * @throws GauzeError POLICY_CHANGED, DATASET_FROZEN, POLICY_DATASET, POLICY_TERMS
 */
export function checkChain(records: Records, parts: SessionParts, { plan, purpose }: Prepared): void {
  const { policy, principal } = parts;
  checkInForce(records, policy.digest);
  if (plan.dataset === null) return;
  checkFreeze(records, plan.dataset);
  checkVersion(records, parts, plan.dataset);
  for (const terms of termsOf(policy, principal, purpose)) {
    if (records.acceptanceOf(principal, termsDigest(terms)) !== null) continue;
    throw new GauzeError('POLICY_TERMS', {
      message: `${principal} has not accepted the terms ${terms.name}.`,
      next: `Read and accept them: gauze terms accept ${terms.name} --policy FILE --as ${principal}`,
      fields: { principal, terms: terms.name },
    });
  }
}

/** A new version may leave out who has withdrawn: no session goes on reading the old one. */
function checkVersion(records: Records, { versions }: SessionParts, dataset: string): void {
  const newest = records.dataOf(dataset);
  if (newest === null || newest.version === versions.get(dataset)) return;
  throw new GauzeError('POLICY_DATASET', {
    message: `A new version of ${dataset} was registered since this session was opened.`,
    next: 'Open a new session; it reads the new version.',
    fields: { dataset },
  });
}

/** Refusals that say something about what was wanted; a slip of the pen does not. */
const NOTED: ReadonlySet<ErrorCode> = new Set([
  'QUERY_NOT_AGGREGATE',
  'POLICY_PRINCIPAL',
  'POLICY_DATASET',
  'POLICY_COLUMN',
  'POLICY_PURPOSE',
  'POLICY_ROLE',
  'POLICY_SENSITIVE',
  'POLICY_TERMS',
  'BOUND_MISSING',
  'BOUND_NO_PRIVACY_UNIT',
  'BOUND_UNSTABLE_JOIN',
  'BOUND_NO_MECHANISM',
  'BUDGET_EXHAUSTED',
  'DATASET_FROZEN',
]);

/** Notes a refusal in the chain. It is no answer: where the chain cannot be written, the refusal itself is what is told. */
export async function noteRefusal(
  parts: SessionParts,
  questions: readonly Question[],
  asked: { readonly purpose: string | null; readonly dataset: string | null },
  error: unknown,
): Promise<void> {
  if (!(error instanceof GauzeError || error instanceof SpannedError) || !NOTED.has(error.code)) return;
  const { policy, principal, ledger, clock } = parts;
  const { code } = error;
  await ledger
    .state(() => ({
      kind: 'refuse',
      code,
      principal,
      // What is no purpose of the policy could say anything.
      purpose: asked.purpose !== null && policy.purposes.has(asked.purpose) ? asked.purpose : null,
      dataset: asked.dataset,
      question: questions.map((question) => shapeOf(textOf(question), policy)).join(';\n'),
      policy: policy.digest,
      time: clock().toISOString(),
    }))
    .catch(() => null);
}
