/** The corridor: one question's walk from text to released answer. No mathematics here. */
import { type Question, textOf } from './ask/index.ts';
import { accountsOf, type Budget, budgetOf } from './charge/account.ts';
import type { Account } from './charge/account-id.ts';
import type { Records } from './charge/records.ts';
import type { SigningKey } from './crypto/sign.ts';
import { aborted } from './engine/failures.ts';
import { GauzeError, locate } from './errors.ts';
import { accept } from './govern/acts.ts';
import { type TermsStanding, termsOf } from './govern/terms.ts';
import { checkRun, type ExplainOptions, type QueryOptions, report } from './options.ts';
import type { Policy } from './policy/policy.ts';
import type { Release } from './release/release.ts';
import { askBatch, type BatchRelease } from './session/batch.ts';
import type { BatchOptions, BatchQuestion } from './session/batch-plan.ts';
import { checkChain, noteRefusal } from './session/chain-rules.ts';
import { type Explanation, explain } from './session/explain.ts';
import { type BatchExplanation, explainBatch } from './session/explain-batch.ts';
import { finish } from './session/finish.ts';
import { obtain } from './session/measured.ts';
import type { SessionParts } from './session/parts.ts';
import { prepare } from './session/prepare.ts';
import { type Preview, type PreviewOptions, previewQuestion } from './session/preview/preview.ts';

export type { Explanation } from './session/explain.ts';
export type { SessionParts } from './session/parts.ts';

/** One principal's door to the data. */
export interface Session {
  /** Asks and pays. @throws GauzeError with code, position and next step */
  query(question: Question, options?: QueryOptions): Promise<Release>;
  explain(question: Question, options?: ExplainOptions): Promise<Explanation>;
  /**
   * Asks several questions fixed in advance, charged as one at the least certified loss of all of them together. Refused
   * whole, or answered one by one.
   */
  batch(questions: readonly BatchQuestion[], options?: BatchOptions): Promise<BatchRelease>;
  /** What a batch would cost, by every notion of loss. */
  explainBatch(questions: readonly BatchQuestion[], options?: BatchOptions): Promise<BatchExplanation>;
  /** Expected widths, and the chance that groups are shown, from the plan alone: no data, no journal. */
  preview(question: Question, options?: PreviewOptions): Promise<Preview>;
  /** The principal's budgets and the data sets' caps over him. */
  budget(): Promise<readonly Budget[]>;
  /** Data-use terms of the principal, and when he accepted them. */
  terms(): Promise<readonly TermsStanding[]>;
  /**
   * Accepts terms in the principal's name; signed with `key` where the policy names its public half.
   *
   * @throws GauzeError POLICY_TERMS
   */
  accept(terms: string, key?: SigningKey): Promise<void>;
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
    batch: (questions, options = {}) => whileOpen(() => batch(parts, questions, options)),
    explainBatch: (questions, options = {}) => whileOpen(() => explainBatch(parts, questions, options)),
    preview: (question, options = {}) =>
      whileOpen(() => located(questionOf(question), async () => previewed(parts, question, options))),
    budget: () =>
      whileOpen(async () => {
        const standings = await Promise.all(
          allAccounts(parts).map((account) => parts.ledger.standing(account, parts.clock().toISOString())),
        );
        return standings.map(budgetOf);
      }),
    terms: () => whileOpen(async () => termsOf(await parts.ledger.records(), parts.policy, parts.principal)),
    accept: (terms, key) =>
      whileOpen(async () => {
        const { ledger, policy, principal, clock } = parts;
        await accept({ ledger, policy, by: principal, now: clock() }, terms, key ?? null);
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

async function query(parts: SessionParts, question: Question, options: QueryOptions): Promise<Release> {
  checkRun(options);
  let dataset: string | null = null;
  try {
    const records = await parts.ledger.records();
    const prepared = prepare(atChainTime(parts, records), question, options);
    dataset = prepared.plan.dataset;
    report(options, 'planned');
    if (options.signal?.aborted) throw aborted();
    checkChain(records, parts, prepared);
    const measured = await obtain(parts, prepared, options);
    return await finish(parts, prepared, options, measured, question);
  } catch (error) {
    await noteRefusal(parts, [question], { purpose: options.purpose ?? parts.purpose, dataset }, error);
    throw error;
  }
}

/** The session at the later of its clock and the chain: nobody's time to act begins again for a clock that is moved back. */
function atChainTime(parts: SessionParts, { latest }: Records): SessionParts {
  const now = parts.clock();
  const isBehind = latest > now.toISOString();
  return isBehind ? { ...parts, clock: () => new Date(latest) } : parts;
}

async function batch(
  parts: SessionParts,
  questions: readonly BatchQuestion[],
  options: BatchOptions,
): Promise<BatchRelease> {
  try {
    return await askBatch(atChainTime(parts, await parts.ledger.records()), questions, options, (...answer) =>
      finish(parts, ...answer),
    );
  } catch (error) {
    const asked = questions.map(({ question }) => question);
    await noteRefusal(parts, asked, { purpose: options.purpose ?? parts.purpose, dataset: null }, error);
    throw error;
  }
}

function previewed(parts: SessionParts, question: Question, options: PreviewOptions): Preview {
  const { policy, principal, purpose, clock } = parts;
  return previewQuestion(policy, { as: principal, clock, ...(purpose === null ? {} : { purpose }) }, question, options);
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
