/** Noisy statistics that are paid for: the stored ones, or new ones that are charged before anything is read. */
import { walkRelation } from '../ask/fold.ts';
import type { Plan } from '../bound/plan.ts';
import { amountOf } from '../charge/account.ts';
import type { Account } from '../charge/account-id.ts';
import type { Reservation } from '../charge/ledger.ts';
import type { Place } from '../charge/place.ts';
import type { Warrant } from '../charge/warrant.ts';
import { sha256Hex } from '../crypto/canonical.ts';
import { randomBytes, systemBits } from '../crypto/entropy.ts';
import type { ReadLimits } from '../engine/deadline.ts';
import type { PreparedRead } from '../engine/engine.ts';
import { failed, unprepared } from '../engine/failures.ts';
import { GauzeError, SpannedError } from '../errors.ts';
import { type QueryOptions, report, TIMEOUT_MS } from '../options.ts';
import { measure } from '../release/measure.ts';
import type { NoisyAnswer } from '../release/noisy.ts';
import type { AnswerStore } from '../release/recall.ts';
import { fromStored, toStored } from '../release/stored.ts';
import type { Prepared, SessionParts } from './parts.ts';

/** Noisy statistics, already paid for by this principal. */
export interface Measured {
  readonly noisy: NoisyAnswer;
  readonly recalled: boolean;
  /** The entry that paid for it; null for public tables alone. */
  readonly entry: Place | null;
}

/**
 * The statistics of a plan: recalled where they are stored, else charged, read and noised.
 *
 * @throws GauzeError BUDGET_EXHAUSTED, POLICY_DATASET, ENGINE_*, LEDGER_*
 */
export async function obtain(parts: SessionParts, prepared: Prepared, options: QueryOptions): Promise<Measured> {
  const { plan } = prepared;
  if (plan.dataset === null) return { noisy: { questions: [] }, recalled: false, entry: null };
  const version = versionRead(parts, plan, plan.dataset);
  const name = answerKey(plan, version);
  const waiting = underWay.get(parts.answers) ?? new Map<string, Promise<unknown>>();
  underWay.set(parts.answers, waiting);
  // A question that is being answered is waited for, and then recalled.
  while (waiting.has(name)) await waiting.get(name)?.catch(() => undefined);
  const answering = recallOrMeasure(parts, prepared, { name, version }, options);
  waiting.set(name, answering);
  try {
    return await answering;
  } finally {
    waiting.delete(name);
  }
}

/** Questions that are being answered in this process, by the names their answers will have. */
const underWay = new WeakMap<AnswerStore, Map<string, Promise<unknown>>>();

/** Under which name an answer is kept, and the data version it was made from. */
interface Kept {
  readonly name: string;
  readonly version: string;
}

async function recallOrMeasure(
  parts: SessionParts,
  prepared: Prepared,
  kept: Kept,
  options: QueryOptions,
): Promise<Measured> {
  const known = parts.policy.governance.consistentAnswers ? await recall(parts, prepared, kept) : null;
  return known ?? measureNow(parts, prepared, kept, options);
}

/** Version labels of the data set and of others whose public tables are read: what an answer was made from. */
export function versionRead(parts: SessionParts, plan: Plan, dataset: string): string {
  const read = new Set([dataset]);
  for (const { bounded } of plan.questions) {
    walkRelation(bounded.source, (node) => {
      if (node.kind === 'table') read.add(node.dataset);
    });
  }
  const labels = [...read].map((name) => {
    const label = parts.versions.get(name);
    if (label === undefined) throw unregistered(name);
    return label;
  });
  return labels.join('+');
}

/** Under which name the answer to a plan on a data version is kept. */
export function answerKey(plan: Plan, version: string): string {
  return sha256Hex(new TextEncoder().encode(`${plan.digest}:${version}`));
}

/** The stored answer: free for the data set, and for a principal who has paid it; another principal pays on his own account. */
async function recall(parts: SessionParts, prepared: Prepared, { name, version }: Kept): Promise<Measured | null> {
  const { plan, accounts } = prepared;
  const stored = await parts.answers.find(name);
  if (stored === null) return null;
  const own = accounts.filter(({ id }) => id.principal !== null || id.purpose !== null);
  const unpaid: Account[] = [];
  let entry: Place | null = null;
  for (const account of own) {
    const paid = await parts.ledger.paidBy(account.id, plan.digest, version);
    if (paid === null) unpaid.push(account);
    else entry = paid;
  }
  if (unpaid.length > 0) entry = await parts.ledger.recharge(reservationOf(parts, prepared, unpaid, version));
  return { noisy: fromStored(stored), recalled: unpaid.length === 0, entry };
}

async function measureNow(
  parts: SessionParts,
  prepared: Prepared,
  { name, version }: Kept,
  options: QueryOptions,
): Promise<Measured> {
  const { plan, accounts } = prepared;
  const read = preparedRead(parts, plan);
  const warrant = await parts.ledger.reserve(reservationOf(parts, prepared, accounts, version));
  report(options, 'charged');
  let noisy: NoisyAnswer;
  try {
    noisy = await readNoisy(parts, { plan, read, warrant, name }, options);
  } catch (error) {
    const outcome = { outcome: 'failed', answer: null, time: parts.clock().toISOString() } as const;
    // The charge stands whether or not its outcome can be recorded; what went wrong first is what the caller hears.
    await parts.ledger.settle(warrant, outcome).catch(() => undefined);
    throw error;
  }
  await parts.ledger.settle(warrant, {
    outcome: 'released',
    answer: name,
    time: parts.clock().toISOString(),
  });
  return { noisy, recalled: false, entry: warrant.place };
}

/** A plan whose charge is durable, and what it takes to read for it. */
export interface Permitted {
  readonly plan: Plan;
  readonly read: PreparedRead;
  readonly warrant: Warrant;
  /** Under which the answer is kept. */
  readonly name: string;
}

/** Spends a warrant: reads, adds noise, and keeps the answer. @throws GauzeError ENGINE_*, and what stores throw */
export async function readNoisy(
  parts: SessionParts,
  { plan, read, warrant, name }: Permitted,
  options: QueryOptions,
): Promise<NoisyAnswer> {
  try {
    const sealed = await read.run(warrant, limitsOf(parts, options));
    report(options, 'read');
    const noisy = measure(plan, sealed, systemBits());
    return parts.policy.governance.consistentAnswers ? await kept(parts.answers, name, noisy) : noisy;
  } catch (error) {
    throw error instanceof GauzeError ? error : failed();
  }
}

/** What is stored: of two who ask at once the first answer stays, and both get it, for two draws would say more than one. */
async function kept(answers: AnswerStore, name: string, noisy: NoisyAnswer): Promise<NoisyAnswer> {
  await answers.keep(name, toStored(noisy));
  const stored = await answers.find(name);
  return stored === null ? noisy : fromStored(stored);
}

/** The read of a plan, before it is charged: a plan that cannot be printed costs nothing. */
export function preparedRead(parts: SessionParts, plan: Plan): PreparedRead {
  try {
    return parts.engine.prepare(plan, secretSalt());
  } catch (error) {
    throw error instanceof GauzeError || error instanceof SpannedError ? error : unprepared();
  }
}

/** What is written of a plan when it is charged. */
export function reservationOf(
  parts: SessionParts,
  { plan, purpose, part, columns, shape }: Prepared,
  accounts: readonly Account[],
  version: string,
): Reservation {
  return {
    accounts,
    purpose,
    part,
    columns,
    question: shape,
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

/** How long a read may take: what the question says, else the session, else `TIMEOUT_MS`. */
export function limitsOf(parts: SessionParts, options: QueryOptions): ReadLimits {
  return {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    timeout: options.timeout ?? parts.timeout ?? TIMEOUT_MS,
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
