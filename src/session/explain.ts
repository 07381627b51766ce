/** What a question would cost, and why it is private. Reads nothing protected, charges nothing. */
import type { Question } from '../ask/index.ts';
import { explainInWords } from '../bound/explain.ts';
import type { Proof } from '../bound/proof.ts';
import { amountOf } from '../charge/account.ts';
import type { Verdict } from '../charge/ledger.ts';
import { toNumber } from '../dp/rational.ts';
import type { ExplainOptions } from '../options.ts';
import { meanNotes } from '../release/mean-notes.ts';
import { type ExpectedError, preview } from '../release/preview.ts';
import { type Notions, notionsAt } from './notions.ts';
import type { SessionParts } from './parts.ts';
import { prepare } from './prepare.ts';

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

/** Plans a question and says what follows. @throws GauzeError, SpannedError as `prepare` */
export async function explain(parts: SessionParts, question: Question, options: ExplainOptions): Promise<Explanation> {
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
