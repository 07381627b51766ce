/** Noisy statistics that are paid for: the stored ones, or new ones that are charged before anything is read. */
import type { Plan } from '../bound/plan.ts';
import { amountOf } from '../charge/account.ts';
import type { Account, Reservation } from '../charge/ledger.ts';
import { sha256Hex } from '../crypto/canonical.ts';
import { randomBytes, systemBits } from '../crypto/entropy.ts';
import { failed } from '../engine/failures.ts';
import { GauzeError } from '../errors.ts';
import type { QueryOptions } from '../options.ts';
import { measure } from '../release/measure.ts';
import type { NoisyAnswer } from '../release/noisy.ts';
import { fromStored, toStored } from '../release/stored.ts';
import type { Prepared, SessionParts } from './parts.ts';

/** Noisy statistics, already paid for by this principal. */
export interface Measured {
  readonly noisy: NoisyAnswer;
  readonly recalled: boolean;
  readonly entry: string | null;
}

/**
 * The statistics of a plan: recalled where they are stored, else charged, read and noised.
 *
 * @throws GauzeError BUDGET_EXHAUSTED, POLICY_DATASET, ENGINE_*, LEDGER_*
 */
export async function obtain(parts: SessionParts, prepared: Prepared, options: QueryOptions): Promise<Measured> {
  const { plan } = prepared;
  if (plan.dataset === null) return { noisy: { questions: [] }, recalled: false, entry: null };
  const version = parts.versions.get(plan.dataset);
  if (version === undefined) throw unregistered(plan.dataset);
  return (await recall(parts, prepared, version)) ?? measureNow(parts, prepared, version, options);
}

function answerKey(plan: Plan, version: string): string {
  return sha256Hex(new TextEncoder().encode(`${plan.digest}:${version}`));
}

/** The stored answer: free for the data set, and for a principal who has paid it; another principal pays on his own account. */
async function recall(parts: SessionParts, { plan, accounts }: Prepared, version: string): Promise<Measured | null> {
  const stored = await parts.answers.find(answerKey(plan, version));
  if (stored === null) return null;
  const own = accounts.filter((account) => account.id.principal !== null);
  const unpaid: Account[] = [];
  for (const account of own) if (!(await parts.ledger.hasPaid(account.id, plan.digest, version))) unpaid.push(account);
  if (unpaid.length > 0) await parts.ledger.recharge(reservationOf(parts, plan, unpaid, version));
  return { noisy: fromStored(stored), recalled: unpaid.length === 0, entry: null };
}

async function measureNow(
  parts: SessionParts,
  { plan, accounts }: Prepared,
  version: string,
  options: QueryOptions,
): Promise<Measured> {
  const warrant = await parts.ledger.reserve(reservationOf(parts, plan, accounts, version));
  options.onProgress?.('charged');
  let noisy: NoisyAnswer;
  try {
    const sealed = await parts.engine.run(plan, warrant, {
      salt: secretSalt(),
      ...limitsOf(parts, options),
    });
    options.onProgress?.('read');
    noisy = measure(plan, sealed, systemBits());
    await parts.answers.keep(answerKey(plan, version), toStored(noisy));
  } catch (error) {
    const outcome = { outcome: 'failed', answer: null, time: parts.clock().toISOString() } as const;
    // The charge stands whether or not its outcome can be recorded; what went wrong first is what the caller hears.
    await parts.ledger.settle(warrant, outcome).catch(() => undefined);
    throw error instanceof GauzeError ? error : failed();
  }
  await parts.ledger.settle(warrant, {
    outcome: 'released',
    answer: answerKey(plan, version),
    time: parts.clock().toISOString(),
  });
  return { noisy, recalled: false, entry: warrant.entry };
}

function reservationOf(parts: SessionParts, plan: Plan, accounts: readonly Account[], version: string): Reservation {
  return {
    accounts,
    event: plan.event,
    amount: amountOf(plan.cost),
    plan: plan.digest,
    principal: parts.principal,
    dataset: plan.dataset ?? '',
    version,
    policy: parts.policy.digest,
    time: parts.clock().toISOString(),
  };
}

/** How long a read may take: what the question says, else what the session says. */
export function limitsOf(parts: SessionParts, options: QueryOptions): { signal?: AbortSignal; timeout?: number } {
  const timeout = options.timeout ?? parts.timeout;
  return {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(timeout === null ? {} : { timeout }),
  };
}

function secretSalt(): bigint {
  return randomBytes(8).reduce((salt, byte) => (salt << 8n) | BigInt(byte), 0n);
}

function unregistered(dataset: string): GauzeError {
  return new GauzeError('POLICY_DATASET', {
    message: `The data set ${dataset} is not registered.`,
    next: 'Register it: gauze register --policy FILE',
    fields: { dataset },
  });
}
