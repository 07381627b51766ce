/** The corridor: one question's walk from text to released answer. No mathematics here. */
import { ask, type Question, textOf } from './ask/index.ts';
import type { Relation } from './ask/ir.ts';
import { protectedDataset } from './bound/dataset.ts';
import { explainInWords } from './bound/explain.ts';
import type { Proof } from './bound/proof.ts';
import { accountsFor, amountOf, type Budget, budgetOf, numberOf } from './charge/account.ts';
import { sha256Hex } from './crypto/canonical.ts';
import { toNumber } from './dp/rational.ts';
import { aborted } from './engine/failures.ts';
import { GauzeError, locate } from './errors.ts';
import { checkRun, type ExplainOptions, parametersOf, type QueryOptions, report } from './options.ts';
import type { BudgetLimit, Dataset, Policy } from './policy/policy.ts';
import { answerOf } from './release/answer.ts';
import { meanNotes } from './release/mean-notes.ts';
import { type ExpectedError, preview } from './release/preview.ts';
import { makeReceipt } from './release/receipt.ts';
import type { Release } from './release/release.ts';
import { limitsOf, type Measured, obtain } from './session/measured.ts';
import type { Prepared, SessionParts } from './session/parts.ts';
import { planQuestion } from './session/plan-question.ts';

export type { SessionParts } from './session/parts.ts';

/** What `explain` returns: nothing protected is read, nothing is charged. */
export interface Explanation {
  readonly accepted: true;
  readonly cost: { readonly epsilon: number; readonly delta: number };
  readonly proof: Proof;
  /** The proof in words, a line each. */
  readonly words: readonly string[];
  /** Expected half-width of every noisy output. */
  readonly expected: readonly ExpectedError[];
  /** What the answer leaves out or takes for granted, and from how many rows on its means are told. */
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
  budget(): Promise<readonly Budget[]>;
  close(): Promise<void>;
}

/** @throws GauzeError POLICY_PRINCIPAL when the policy does not know the principal, BUDGET_INVALID for an unusable timeout */
export function makeSession(parts: SessionParts): Session {
  checkPrincipal(parts.policy, parts.principal);
  checkRun(parts.timeout === null ? {} : { timeout: parts.timeout });
  let isOpen = true;
  const whileOpen = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!isOpen) throw usage('This session is closed.', 'Open another one.');
    return work();
  };
  return {
    query: (question, options = {}) =>
      whileOpen(() => located(questionOf(question), () => query(parts, question, options))),
    explain: (question, options = {}) =>
      whileOpen(() => located(questionOf(question), () => explain(parts, question, options))),
    budget: () =>
      whileOpen(async () => {
        const standings = await Promise.all(allAccounts(parts).map((account) => parts.ledger.standing(account)));
        return standings.map(budgetOf);
      }),
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await parts.close();
    },
  };
}

/** @throws GauzeError POLICY_PRINCIPAL for somebody the policy does not know */
export function checkPrincipal(policy: Policy, principal: string): void {
  if (policy.principals.has(principal)) return;
  throw new GauzeError('POLICY_PRINCIPAL', {
    message: 'The policy names no such principal.',
    next: 'Ask as one of the principals of the policy, or have yourself added to it.',
  });
}

function questionOf(question: unknown): Question {
  const isQuery = typeof question === 'object' && question !== null && 'sql' in question;
  if (typeof (isQuery ? question.sql : question) === 'string') return question as Question;
  throw usage(
    'A question is SQL as text, or a query of the builder.',
    'Give it as query("SELECT …", { epsilon: 0.5 }).',
  );
}

function usage(message: string, next: string): GauzeError {
  return new GauzeError('USAGE', { message, next });
}

function prepare(parts: SessionParts, question: Question, options: ExplainOptions): Prepared {
  const { policy, principal } = parts;
  const relation: Relation = ask(question, policy, {
    ...(options.params === undefined ? {} : { parameters: options.params }),
  });
  const dataset = protectedDataset(relation, policy);
  const limit = dataset === null ? null : limitOf(policy, principal, dataset);
  const parameters = parametersOf(options, dataset, limit);
  const { plan, notes } = planQuestion(relation, policy, parameters, textOf(question), options.intervals);
  const accounts = plan.dataset === null || dataset === null ? [] : accountsFor(policy, dataset.name, principal);
  return { plan, notes, dataset, accounts };
}

async function explain(parts: SessionParts, question: Question, options: ExplainOptions): Promise<Explanation> {
  const { plan, notes, accounts } = prepare(parts, question, options);
  const affordable = await parts.ledger.admits({ accounts, event: plan.event, amount: amountOf(plan.cost) });
  const level = options.level ?? 0.95;
  return {
    accepted: true,
    cost: { epsilon: toNumber(plan.cost.epsilon), delta: toNumber(plan.cost.delta) },
    proof: plan.proof,
    words: explainInWords(plan),
    expected: preview(plan, level),
    notes: [...notes, ...meanNotes(plan, level)],
    affordable,
  };
}

async function query(parts: SessionParts, question: Question, options: QueryOptions): Promise<Release> {
  checkRun(options);
  const prepared = prepare(parts, question, options);
  report(options, 'planned');
  if (options.signal?.aborted) throw aborted();
  return finish(parts, prepared, options, await obtain(parts, prepared, options), question);
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
  const standings = await Promise.all(accounts.map((account) => parts.ledger.standing(account)));
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
  report(options, 'released');
  return {
    table: answer.table({ cost, policy: parts.policy.digest, plan: plan.digest }),
    columns: answer.columns,
    intervals: answer.intervals,
    cost: { ...cost, event: plan.event },
    remaining: leastOf(standings.map(({ remaining }) => numberOf(remaining))),
    receipt,
    notes: [...prepared.notes, ...answer.notes],
    recalled: measured.recalled,
  };
}

/** What every account admits; null where nothing is charged. */
function leastOf(amounts: readonly { readonly epsilon: number; readonly delta: number }[]): Release['remaining'] {
  if (amounts.length === 0) return null;
  return {
    epsilon: Math.min(...amounts.map(({ epsilon }) => epsilon)),
    delta: Math.min(...amounts.map(({ delta }) => delta)),
  };
}

function allAccounts(parts: SessionParts): ReturnType<typeof accountsFor> {
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

async function located<T>(question: Question, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw locate(error, textOf(question));
  }
}
