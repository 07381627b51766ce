/** What a batch takes: questions that must be read for, and stored answers with the accounts that have yet to pay for them. */
import { textOf } from '../ask/index.ts';
import type { Account } from '../charge/account-id.ts';
import type { Amount } from '../charge/amount.ts';
import type { Reservation } from '../charge/ledger.ts';
import type { Place } from '../charge/place.ts';
import type { NoisyAnswer } from '../release/noisy.ts';
import { fromStored } from '../release/stored.ts';
import { type Planned, readKey, storedName } from './batch-plan.ts';
import { inQuestion } from './in-question.ts';
import { reservationOf, versionRead } from './measured.ts';
import type { SessionParts } from './parts.ts';

/** An answer that is stored already. */
export interface StoredAnswer {
  readonly one: Planned;
  readonly noisy: NoisyAnswer;
  /** Accounts of the principal and of the purpose that have not paid for it: another principal or purpose has. */
  readonly unpaid: readonly Account[];
  /** The entry by which it is paid for; null where nobody of these has. */
  readonly entry: Place | null;
}

export interface BatchWork {
  /** Questions that must be read for, each plan once where answers are kept. */
  readonly fresh: readonly Planned[];
  /** By `readKey`. */
  readonly stored: ReadonlyMap<string, StoredAnswer>;
  /** Charges for stored answers, in the order of `unpaidOf`; all of one time. */
  readonly recharges: readonly Reservation[];
  /** What they add up to. */
  readonly recharged: Amount;
}

/** Reads the store of answers and the journal; charges nothing. @throws GauzeError CRYPTO_DECODE, LEDGER_* */
export async function workOf(parts: SessionParts, planned: readonly Planned[], time: string): Promise<BatchWork> {
  const fresh = new Map<string, Planned>();
  const stored = new Map<string, StoredAnswer>();
  for (const one of planned) {
    const key = readKey(parts, one);
    if (one.prepared.plan.dataset === null || fresh.has(key) || stored.has(key)) continue;
    const known = parts.policy.governance.consistentAnswers ? await storedAnswer(parts, one) : null;
    if (known === null) fresh.set(key, one);
    else stored.set(key, known);
  }
  const recharges = unpaidOf(stored).map(({ one: { prepared }, unpaid }) => ({
    ...reservationOf(parts, prepared, unpaid, versionRead(parts, prepared.plan, prepared.plan.dataset ?? '')),
    time,
  }));
  const recharged = recharges.reduce<Amount>((sum, { amount }) => sumOf(sum, amount), { epsilon: 0n, delta: 0n });
  return { fresh: [...fresh.values()], stored, recharges, recharged };
}

/** Stored answers that are charged for. */
export function unpaidOf(stored: BatchWork['stored']): readonly StoredAnswer[] {
  return [...stored.values()].filter(({ unpaid }) => unpaid.length > 0);
}

export function sumOf(a: Amount, b: Amount): Amount {
  return { epsilon: a.epsilon + b.epsilon, delta: a.delta + b.delta };
}

/** The data set has paid for what is stored; the principal, and his purpose, pay once each. */
async function storedAnswer(parts: SessionParts, one: Planned): Promise<StoredAnswer | null> {
  const { plan, accounts } = one.prepared;
  const body = await parts.answers.find(storedName(parts, one.prepared));
  if (body === null) return null;
  const version = versionRead(parts, plan, plan.dataset ?? '');
  const unpaid: Account[] = [];
  let entry: Place | null = null;
  for (const account of accounts) {
    if (account.id.principal === null && account.id.purpose === null) continue;
    const paid = await parts.ledger.paidBy(account.id, plan.digest, version);
    if (paid === null) unpaid.push(account);
    else entry = paid;
  }
  try {
    return { one, noisy: fromStored(body), unpaid, entry };
  } catch (error) {
    throw inQuestion(error, { name: one.name, index: null, text: textOf(one.asked.question) });
  }
}
