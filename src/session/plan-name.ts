/** Under which name a plan stands in the chain, in receipts and among stored answers. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Plan } from '../bound/plan.ts';

/**
 * The plan, its digest keyed with the data holder's secret: equal plans have one name in one house, and whoever holds the
 * journal, which blanks the constants of questions, cannot find them by trying out digests.
 */
export function named(plan: Plan, secret: Uint8Array): Plan {
  const text = new TextEncoder().encode(`gauze plans v1\n${plan.digest}`);
  return { ...plan, digest: bytesToHex(hmac(sha256, secret, text)) };
}
