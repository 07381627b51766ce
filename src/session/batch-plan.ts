/** Questions of a batch, planned together; and the price at which its budgets admit them. */
import { type Question, textOf } from '../ask/index.ts';
import type { Charge, Verdict } from '../charge/ledger.ts';
import { parseDecimal, type Rational } from '../dp/rational.ts';
import { GauzeError } from '../errors.ts';
import type { Decimal, ExplainOptions, QueryOptions } from '../options.ts';
import type { BatchPrice, BatchPrices } from './batch-price.ts';
import { inQuestion } from './in-question.ts';
import { answerKey, versionRead } from './measured.ts';
import type { Prepared, SessionParts } from './parts.ts';
import { prepare } from './prepare.ts';

/** One question of a batch. */
export interface BatchQuestion {
  /** How results and errors call it; its number unless given. */
  readonly name?: string;
  readonly question: Question;
  readonly options?: ExplainOptions & Pick<QueryOptions, 'clip'>;
}

export interface BatchOptions extends Pick<QueryOptions, 'signal' | 'timeout' | 'onProgress' | 'purpose'> {
  /** δ of the whole batch. Unless given: that of its questions, and a hundredth of the smallest δ among its budgets. */
  readonly delta?: Decimal;
}

/** A planned question of the batch. */
export interface Planned {
  readonly name: string;
  readonly asked: BatchQuestion;
  readonly options: QueryOptions;
  readonly prepared: Prepared;
}

/** δ of the batch as typed; null where none is stated. @throws GauzeError BUDGET_INVALID */
export function deltaOf({ delta }: BatchOptions): Rational | null {
  if (delta === undefined) return null;
  const read = parseDecimal(String(delta));
  if (read !== null && read.numerator >= 0n && read.numerator < read.denominator) return read;
  throw new GauzeError('BUDGET_INVALID', {
    message: 'The delta of the batch is not usable.',
    next: 'Give delta as a number from 0 to below 1, for example 1e-7.',
  });
}

/** @throws GauzeError as a question would be refused, with its name and number; USAGE for questions that cannot be one batch */
export function plansOf(
  parts: SessionParts,
  questions: readonly BatchQuestion[],
  batch: BatchOptions,
): readonly Planned[] {
  if (!Array.isArray(questions) || questions.length === 0) throw usage('A batch has at least one question.');
  const names = questions.map(({ name }, index) => name ?? String(index + 1));
  if (new Set(names).size < names.length) throw usage('Two questions of the batch have one name.');
  const { delta: _, ...shared } = batch;
  const planned = questions.map((asked, index): Planned => {
    const name = names[index] as string;
    const options = { ...shared, ...asked.options };
    try {
      return { name, asked, options, prepared: prepare(parts, asked.question, options) };
    } catch (error) {
      throw inQuestion(error, { name, index, text: textOf(asked.question) });
    }
  });
  checkTogether(parts, planned);
  return planned;
}

/** One entry pays for all, so they must ask the same units of the same data, for the same purpose. */
function checkTogether(parts: SessionParts, planned: readonly Planned[]): void {
  const places = planned.flatMap(({ prepared: { plan, purpose, part } }) =>
    plan.dataset === null
      ? []
      : [JSON.stringify([plan.dataset, versionRead(parts, plan, plan.dataset), purpose, part?.value ?? null])],
  );
  if (new Set(places).size <= 1) return;
  throw usage('The questions of a batch ask one data set, for one purpose and of one part of it; these do not.');
}

function usage(message: string): GauzeError {
  return new GauzeError('USAGE', {
    message,
    next: "Write batch([{ name: 'visits', question: 'SELECT …', options: { epsilon: 0.5 } }, …]).",
  });
}

/** The accounts of all: they ask the same data for the same purpose. */
export function accountsOf(planned: readonly Planned[]): Prepared['accounts'] {
  return planned[0]?.prepared.accounts ?? [];
}

/** Under which name the answer to a question is kept. */
export function storedName(parts: SessionParts, { plan }: Prepared): string {
  return answerKey(plan, versionRead(parts, plan, plan.dataset ?? ''));
}

/** Which reading answers a question: one for equal plans, unless the policy wants every asking measured anew. */
export function readKey(parts: SessionParts, { name, prepared }: Planned): string {
  return parts.policy.governance.consistentAnswers ? prepared.plan.digest : `${prepared.plan.digest}:${name}`;
}

/** How far a filter that carries a charge is from the end: the zCDP one carries where the basic one no longer does. */
const RANKS = { basic: 2, zcdp: 1, none: 0 } as const;

/**
 * The best price of what is read for, unless the sum, which takes less δ, is carried by the basic filter of some budget
 * where the best price is not. What both would be is known before anything is read: spends depend on declared parameters
 * alone.
 *
 * @param recharges - what stored answers cost besides: budgets have to admit all of it together
 */
export async function admitted(
  parts: SessionParts,
  { fresh, recharges }: { readonly fresh: readonly Planned[]; readonly recharges: readonly Charge[] },
  { event, best, sum }: BatchPrices,
  time: string,
): Promise<{ readonly price: BatchPrice; readonly verdicts: readonly Verdict[] }> {
  const part = fresh[0]?.prepared.part ?? null;
  const at = ({ amount }: BatchPrice): Promise<readonly Verdict[]> => {
    const own = fresh.length === 0 ? [] : [{ accounts: accountsOf(fresh), event, amount, part, time }];
    return parts.ledger.verdicts(...own, ...recharges);
  };
  const verdicts = await at(best);
  if (best === sum) return { price: best, verdicts };
  const plain = await at(sum);
  const rank = (verdict: Verdict | undefined): number => RANKS[verdict?.carriedBy ?? 'none'];
  const isAsGood = verdicts.every((verdict, index) => rank(verdict) >= rank(plain[index]));
  const isAdmitted = plain.every(({ carriedBy }) => carriedBy !== null);
  return isAsGood || !isAdmitted ? { price: best, verdicts } : { price: sum, verdicts: plain };
}
