/** The corridor: one question's walk from text to released answer. No mathematics here. */
import { type Question, textOf } from './ask/index.ts';
import { explainInWords } from './bound/explain.ts';
import type { Proof } from './bound/proof.ts';
import { accountsOf, amountOf, type Budget, budgetOf, numberOf } from './charge/account.ts';
import type { Account } from './charge/account-id.ts';
import type { Verdict } from './charge/ledger.ts';
import { toNumber } from './dp/rational.ts';
import { aborted } from './engine/failures.ts';
import { GauzeError, locate } from './errors.ts';
import { checkRun, type ExplainOptions, type QueryOptions, report } from './options.ts';
import type { Policy } from './policy/policy.ts';
import { answerOf } from './release/answer.ts';
import { meanNotes } from './release/mean-notes.ts';
import { type ExpectedError, preview } from './release/preview.ts';
import type { Release } from './release/release.ts';
import { checkChain, noteRefusal } from './session/chain-rules.ts';
import { limitsOf, type Measured, obtain } from './session/measured.ts';
import { type Notions, notionsAt } from './session/notions.ts';
import type { Prepared, SessionParts } from './session/parts.ts';
import { prepare } from './session/prepare.ts';
import { receiptOf } from './session/receipt.ts';

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
  /** ε of this question by every notion of loss, at one δ: what it would cost by itself, fixed in advance. */
  readonly notions: Notions;
  /** Every budget it falls in, and the filter by which it fits there; null: it does not. */
  readonly verdicts: readonly Verdict[];
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
        const standings = await Promise.all(
          allAccounts(parts).map((account) => parts.ledger.standing(account, parts.clock().toISOString())),
        );
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

async function explain(parts: SessionParts, question: Question, options: ExplainOptions): Promise<Explanation> {
  const { plan, notes, accounts, part } = prepare(parts, question, options);
  const verdicts = await parts.ledger.verdicts({
    accounts,
    event: plan.event,
    amount: amountOf(plan.cost),
    part,
    time: parts.clock().toISOString(),
  });
  const level = options.level ?? 0.95;
  return {
    accepted: true,
    cost: { epsilon: toNumber(plan.cost.epsilon), delta: toNumber(plan.cost.delta) },
    proof: plan.proof,
    words: explainInWords(plan),
    expected: preview(plan, level),
    notes: [...notes, ...meanNotes(plan, level)],
    affordable: verdicts.every(({ carriedBy }) => carriedBy !== null),
    verdicts,
    notions: notionsAt(plan, accounts),
  };
}

async function query(parts: SessionParts, question: Question, options: QueryOptions): Promise<Release> {
  checkRun(options);
  let dataset: string | null = null;
  try {
    const prepared = prepare(parts, question, options);
    dataset = prepared.plan.dataset;
    report(options, 'planned');
    if (options.signal?.aborted) throw aborted();
    checkChain(await parts.ledger.records(), parts, prepared);
    return await finish(parts, prepared, options, await obtain(parts, prepared, options), question);
  } catch (error) {
    await noteRefusal(parts, question, { purpose: options.purpose ?? parts.purpose, dataset }, error);
    throw error;
  }
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
  const standings = await Promise.all(
    accounts.map((account) => parts.ledger.standing(account, parts.clock().toISOString())),
  );
  const cost = measured.recalled
    ? { epsilon: 0, delta: 0 }
    : { epsilon: toNumber(plan.cost.epsilon), delta: toNumber(plan.cost.delta) };
  const receipt = await receiptOf(parts, prepared, options, measured, { question, answer });
  report(options, 'released');
  return {
    table: answer.table({ cost, policy: parts.policy.digest, plan: plan.digest, receipt }),
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

/** The principal's own budgets, and all that others share with him. */
function allAccounts({ policy, principal }: SessionParts): Account[] {
  const mine = policy.principals.get(principal)?.budgets;
  return accountsOf(policy).filter(
    ({ id }) =>
      (id.dataset === null || mine?.has(id.dataset) === true) && (id.principal === null || id.principal === principal),
  );
}

async function located<T>(question: Question, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw locate(error, textOf(question));
  }
}
