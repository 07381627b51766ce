/** The receipt of an answer: what was asked, promised, spent and released, and where the chain says so. */
import type { Question } from '../ask/index.ts';
import type { Glance } from '../charge/ledger.ts';
import type { ExplainOptions } from '../options.ts';
import type { Answer } from '../release/answer.ts';
import { makeReceipt, receiptBody } from '../release/receipt.ts';
import type { Receipt } from '../release/release.ts';
import type { Measured } from './measured.ts';
import type { Prepared, SessionParts } from './parts.ts';

/** Signs the receipt of an answer; null for public tables alone, which cost nothing. */
export function receiptOf(
  parts: SessionParts,
  prepared: Prepared,
  options: ExplainOptions,
  { entry, recalled }: Measured,
  { question, answer, now }: { readonly question: Question; readonly answer: Answer; readonly now: Glance },
): Receipt | null {
  const { plan, purpose, part } = prepared;
  const { dataset } = plan;
  const { policy, principal, versions, key, clock } = parts;
  const { head, records } = now;
  if (dataset === null || entry === null || head === null) return null;
  const body = receiptBody({
    question,
    parameters: options.params,
    principal,
    purpose,
    part,
    plan: { ...plan, dataset },
    version: versions.get(dataset) ?? '',
    policy: policy.digest,
    inForce: records.policy,
    charge: { recalled, entry },
    head,
    time: clock().toISOString(),
    answer,
    shown: { level: options.level ?? 0.95, intervals: options.intervals ?? 'each' },
  });
  return makeReceipt(body, key);
}
