/** The corridor: one question's walk from text to released answer. No mathematics here. */
import { ask, type Question, textOf } from './ask/index.ts';
import type { Relation } from './ask/ir.ts';
import { protectedDataset } from './bound/dataset.ts';
import { explainInWords } from './bound/explain.ts';
import type { Plan } from './bound/plan.ts';
import { makePlan } from './bound/planner.ts';
import type { Proof } from './bound/proof.ts';
import { accountsFor, amountOf, numberOf } from './charge/account.ts';
import type { Account, Ledger, Reservation, Standing } from './charge/ledger.ts';
import { sha256Hex } from './crypto/canonical.ts';
import { randomBytes, systemBits } from './crypto/entropy.ts';
import type { SigningKey } from './crypto/sign.ts';
import { toNumber } from './dp/rational.ts';
import type { Engine } from './engine/engine.ts';
import { aborted, failed } from './engine/failures.ts';
import { GauzeError, locate } from './errors.ts';
import { checkTimeout, type ExplainOptions, parametersOf, type QueryOptions } from './options.ts';
import type { BudgetLimit, Dataset, Policy } from './policy/policy.ts';
import { answerOf } from './release/answer.ts';
import { measure, type NoisyAnswer } from './release/measure.ts';
import { type ExpectedError, preview } from './release/preview.ts';
import type { AnswerStore } from './release/recall.ts';
import { makeReceipt } from './release/receipt.ts';
import type { Release } from './release/release.ts';
import { fromStored, toStored } from './release/stored.ts';

/** What `explain` returns: nothing protected is read, nothing is charged. */
export interface Explanation {
  readonly accepted: true;
  readonly cost: { readonly epsilon: number; readonly delta: number };
  readonly proof: Proof;
  /** The proof in words, a line each. */
  readonly words: readonly string[];
  /** Expected half-width of every noisy output. */
  readonly expected: readonly ExpectedError[];
  readonly notes: readonly string[];
  /** False when a budget would refuse the charge now. */
  readonly affordable: boolean;
}

/** One principal's door to the data. */
export interface Session {
  /** Asks and pays. @throws GauzeError with code, position and next step */
  query(question: Question, options?: QueryOptions): Promise<Release>;
  explain(question: Question, options?: ExplainOptions): Promise<Explanation>;
  /** The principal's budgets and the data sets' caps over him. */
  budget(): Promise<readonly Standing[]>;
  close(): Promise<void>;
}

/** Everything a session stands on; `open` puts it together. */
export interface SessionParts {
  readonly policy: Policy;
  readonly principal: string;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly answers: AnswerStore;
  readonly key: SigningKey;
  /** Data version label by data set. */
  readonly versions: ReadonlyMap<string, string>;
  readonly clock: () => Date;
  /** Milliseconds per read where a question names none. */
  readonly timeout: number | null;
  close(): Promise<void>;
}

/** @throws GauzeError POLICY_PRINCIPAL when the policy does not know the principal */
export function makeSession(parts: SessionParts): Session {
  if (!parts.policy.principals.has(parts.principal)) {
    throw new GauzeError('POLICY_PRINCIPAL', {
      message: 'The policy names no such principal.',
      next: 'Ask as one of the principals of the policy, or have yourself added to it.',
    });
  }
  return {
    query: (question, options = {}) => located(question, () => query(parts, question, options)),
    explain: (question, options = {}) => located(question, () => explain(parts, question, options)),
    budget: () => Promise.all(allAccounts(parts).map((account) => parts.ledger.standing(account))),
    close: () => parts.close(),
  };
}

interface Prepared {
  readonly plan: Plan;
  readonly notes: readonly string[];
  readonly dataset: Dataset | null;
  readonly accounts: readonly Account[];
}

function prepare(parts: SessionParts, question: Question, options: ExplainOptions): Prepared {
  const { policy, principal } = parts;
  const relation: Relation = ask(question, policy, {
    ...(options.params === undefined ? {} : { parameters: options.params }),
  });
  const dataset = protectedDataset(relation, policy);
  const limit = dataset === null ? null : limitOf(policy, principal, dataset);
  const { plan, notes } = makePlan(relation, policy, parametersOf(options, dataset, limit), textOf(question));
  const accounts = plan.dataset === null || dataset === null ? [] : accountsFor(policy, dataset.name, principal);
  return { plan, notes, dataset, accounts };
}

async function explain(parts: SessionParts, question: Question, options: ExplainOptions): Promise<Explanation> {
  const { plan, notes, accounts } = prepare(parts, question, options);
  const affordable = await parts.ledger.admits({ accounts, event: plan.event, amount: amountOf(plan.cost) });
  return {
    accepted: true,
    cost: { epsilon: toNumber(plan.cost.epsilon), delta: toNumber(plan.cost.delta) },
    proof: plan.proof,
    words: explainInWords(plan),
    expected: preview(plan, options.level ?? 0.95),
    notes,
    affordable,
  };
}

async function query(parts: SessionParts, question: Question, options: QueryOptions): Promise<Release> {
  checkTimeout(options);
  const prepared = prepare(parts, question, options);
  const { plan } = prepared;
  options.onProgress?.('planned');
  if (options.signal?.aborted) throw aborted();
  if (plan.dataset === null)
    return finish(parts, prepared, options, { noisy: { questions: [] }, recalled: false, entry: null }, question);
  const version = parts.versions.get(plan.dataset);
  if (version === undefined) throw unregistered(plan.dataset);
  const measured = (await recall(parts, prepared, version)) ?? (await measureNow(parts, prepared, version, options));
  return finish(parts, prepared, options, measured, question);
}

/** Noisy statistics, already paid for by this principal. */
interface Measured {
  readonly noisy: NoisyAnswer;
  readonly recalled: boolean;
  readonly entry: string | null;
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

async function finish(
  parts: SessionParts,
  prepared: Prepared,
  options: QueryOptions,
  measured: Measured,
  question: Question,
): Promise<Release> {
  const { plan, accounts } = prepared;
  const answer = await answerOf(plan, measured.noisy, {
    level: options.level ?? 0.95,
    intervals: options.intervals ?? 'each',
    clip: options.clip ?? false,
    readPublic: (relation) => parts.engine.readPublic(relation, limitsOf(parts, options)),
  });
  const own = accounts.find((account) => account.id.principal !== null);
  const standing = own === undefined ? null : await parts.ledger.standing(own);
  const cost = measured.recalled
    ? { epsilon: 0, delta: 0 }
    : { epsilon: toNumber(plan.cost.epsilon), delta: toNumber(plan.cost.delta) };
  const receipt =
    plan.dataset === null
      ? null
      : makeReceipt(
          {
            format: 'gauze-receipt-1',
            time: parts.clock().toISOString(),
            principal: parts.principal,
            dataset: plan.dataset,
            version: parts.versions.get(plan.dataset) ?? '',
            policy: parts.policy.digest,
            plan: plan.digest,
            question: sha256Hex(new TextEncoder().encode(textOf(question))),
            cost: { epsilon: String(cost.epsilon), delta: String(cost.delta) },
            event: plan.event,
            entry: measured.entry ?? (await parts.ledger.head()),
            answer: answer.digest,
          },
          parts.key,
        );
  options.onProgress?.('released');
  return {
    table: answer.table({ cost, policy: parts.policy.digest, plan: plan.digest }),
    columns: answer.columns,
    intervals: answer.intervals,
    cost: { ...cost, event: plan.event },
    remaining:
      standing === null
        ? null
        : { epsilon: numberOf(standing.remaining).epsilon, delta: numberOf(standing.remaining).delta },
    receipt,
    notes: [...prepared.notes, ...answer.notes],
    recalled: measured.recalled,
  };
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

function allAccounts(parts: SessionParts): Account[] {
  return [...parts.policy.datasets.keys()].flatMap((dataset) =>
    parts.policy.principals.get(parts.principal)?.budgets.has(dataset)
      ? accountsFor(parts.policy, dataset, parts.principal)
      : [],
  );
}

function limitOf(policy: Policy, principal: string, dataset: Dataset): BudgetLimit {
  const limit = policy.principals.get(principal)?.budgets.get(dataset.name);
  if (limit !== undefined) return limit;
  throw new GauzeError('POLICY_PRINCIPAL', {
    message: `${principal} has no budget for the data set ${dataset.name}.`,
    next: 'Ask the privacy officer for a budget on this data set.',
    fields: { principal, dataset: dataset.name },
  });
}

/** How long a read may take: what the question says, else what the session says. */
function limitsOf(parts: SessionParts, options: QueryOptions): { signal?: AbortSignal; timeout?: number } {
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

async function located<T>(question: Question, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw locate(error, textOf(question));
  }
}
