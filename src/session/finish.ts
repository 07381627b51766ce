/** From noisy statistics to the answer that is handed out. */
import type { Question } from '../ask/index.ts';
import { numberOf } from '../charge/account.ts';
import { toNumber } from '../dp/rational.ts';
import { type QueryOptions, report } from '../options.ts';
import { answerOf } from '../release/answer.ts';
import type { Release } from '../release/release.ts';
import { checkChain } from './chain-rules.ts';
import { limitsOf, type Measured } from './measured.ts';
import type { Prepared, SessionParts } from './parts.ts';
import { receiptOf } from './receipt.ts';

/**
 * Derives, post-processes, signs.
 *
 * @throws GauzeError ENGINE_* from public tables; POLICY_CHANGED, DATASET_FROZEN, POLICY_DATASET where answers were stopped while
 * the data were read
 */
export async function finish(
  parts: SessionParts,
  prepared: Prepared,
  options: QueryOptions,
  measured: Measured,
  question: Question,
): Promise<Release> {
  const { plan, accounts } = prepared;
  const now = await parts.ledger.glance(accounts, parts.clock().toISOString());
  checkChain(now.records, parts, prepared);
  const answer = await answerOf(plan, measured.noisy, {
    level: options.level ?? 0.95,
    intervals: options.intervals ?? 'each',
    clip: options.clip ?? false,
    readPublic: (relation) => parts.engine.readPublic(relation, limitsOf(parts, options)),
  });
  const cost = measured.recalled
    ? { epsilon: 0, delta: 0 }
    : { epsilon: toNumber(plan.cost.epsilon), delta: toNumber(plan.cost.delta) };
  const receipt = receiptOf(parts, prepared, options, measured, { question, answer, now });
  report(options, 'released');
  return {
    table: answer.table({ cost, policy: parts.policy.digest, plan: plan.digest, receipt }),
    columns: answer.columns,
    intervals: answer.intervals,
    cost: { ...cost, event: plan.event },
    remaining: leastOf(now.standings.map(({ remaining }) => numberOf(remaining))),
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
