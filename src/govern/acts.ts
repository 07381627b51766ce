/** What officers, recipients and stewards state in the chain. Each is one entry, durable when it resolves. */
import type { Statement } from '../charge/entry.ts';
import type { Ledger } from '../charge/ledger.ts';
import type { Place } from '../charge/place.ts';
import type { SigningKey } from '../crypto/sign.ts';
import { GauzeError } from '../errors.ts';
import { signedText, termsDigest } from '../policy/access.ts';
import { nearest } from '../policy/nearest.ts';
import type { Policy, Terms } from '../policy/policy.ts';
import { approvalText, isApproval, isInForce, policyInForce } from './in-force.ts';

/** An act: on which rules, who acts, and when. */
export interface Act {
  readonly ledger: Ledger;
  readonly policy: Policy;
  readonly by: string | null;
  readonly now: Date;
}

/**
 * Stops all answers of a data set at once, stored ones too, or lets them go on; null where that is so already.
 *
 * @throws GauzeError POLICY_DATASET
 */
export function freeze(act: Act, dataset: string, reason: string, kind: 'freeze' | 'unfreeze'): Promise<Place | null> {
  checkDataset(act.policy, dataset);
  return act.ledger.state((records) => {
    const isFrozen = records.freezeOf(dataset) !== null;
    return isFrozen === (kind === 'freeze') ? null : { kind, dataset, reason, by: act.by, time: timeOf(act) };
  });
}

/**
 * Signs a policy that is to come into force.
 *
 * @throws GauzeError POLICY_ROLE unless the rules in force know the officer with this key, USAGE where it is in force
 */
export function approve({ ledger, policy, by, now }: Act, key: SigningKey): Promise<Place | null> {
  return ledger.state((records) => {
    if (isInForce(records, policy)) throw usage('This policy is in force already.', 'Sign the changed file.');
    const rules = policyInForce(records) ?? policy;
    const { digest } = policy;
    const approval = {
      kind: 'approve',
      digest,
      officer: by ?? '',
      signature: key.sign(approvalText(digest)),
      time: now.toISOString(),
    } as const;
    if (!isApproval(rules, approval)) {
      throw new GauzeError('POLICY_ROLE', {
        message: `${by ?? 'Nobody'} is no officer with this key in the policy that is in force.`,
        next: 'Sign as an officer whose public key stands in the policy, with his own key file.',
      });
    }
    const signed = records.approvalsOf(digest).some(({ officer }) => officer === by);
    return signed ? null : approval;
  });
}

/**
 * Accepts data-use terms for the actor; signed where the policy names his key. Null where he has accepted them before.
 *
 * @throws GauzeError POLICY_TERMS for terms that are none of his, or a missing or foreign key
 */
export function accept({ ledger, policy, by, now }: Act, name: string, key: SigningKey | null): Promise<Place | null> {
  const principal = by === null ? undefined : policy.principals.get(by);
  const terms = policy.terms.get(name);
  if (principal === undefined || terms === undefined || !principal.terms.includes(name)) throw notHis(policy, by, name);
  if (now.toISOString().slice(0, 10) > terms.expires) throw ended(terms);
  const signer = signerOf(principal.key, key, terms);
  const digest = termsDigest(terms);
  return ledger.state((records) => {
    if (records.acceptanceOf(principal.name, digest) !== null) return null;
    const signature = signer?.sign(signedText(digest)) ?? null;
    return { kind: 'accept', principal: principal.name, terms: name, digest, signature, time: now.toISOString() };
  });
}

/** Notes that something was made of the records for somebody outside. */
export function noteExport(
  act: Act,
  what: Extract<Statement, { kind: 'export' }>['what'],
  digest: string,
  span: { readonly from: string | null; readonly to: string | null },
): Promise<Place | null> {
  return act.ledger.state(() => ({ kind: 'export', what, digest, ...span, by: act.by, time: timeOf(act) }));
}

/** @throws GauzeError POLICY_DATASET */
export function checkDataset(policy: Policy, dataset: string): void {
  if (policy.datasets.has(dataset)) return;
  const meant = nearest(dataset, policy.datasets.keys());
  throw new GauzeError('POLICY_DATASET', {
    message: `The policy has no data set ${dataset}.`,
    next: meant === null ? `Take one of: ${[...policy.datasets.keys()].join(', ')}.` : `Write ${meant}.`,
  });
}

function signerOf(publicKey: string | null, key: SigningKey | null, terms: Terms): SigningKey | null {
  if (publicKey === null && key === null) return null;
  if (key?.publicKey === publicKey) return key;
  throw new GauzeError('POLICY_TERMS', {
    message: `The terms ${terms.name} are accepted with the signature of the key that the policy names.`,
    next: publicKey === null ? 'It names none for this principal: leave --key out.' : 'Give that key: --key FILE',
  });
}

function ended({ name, expires }: Terms): GauzeError {
  return new GauzeError('POLICY_TERMS', {
    message: `The terms ${name} ended on ${expires}.`,
    next: 'Ask the privacy officer for new ones.',
  });
}

function notHis(policy: Policy, by: string | null, name: string): GauzeError {
  const his = by === null ? [] : (policy.principals.get(by)?.terms ?? []);
  return new GauzeError('POLICY_TERMS', {
    message: `${name} are no terms of ${by ?? 'anybody'}.`,
    next: his.length === 0 ? 'The policy asks him to accept nothing.' : `Accept one of: ${his.join(', ')}.`,
  });
}

function timeOf({ now }: Act): string {
  return now.toISOString();
}

function usage(message: string, next: string): GauzeError {
  return new GauzeError('USAGE', { message, next });
}
