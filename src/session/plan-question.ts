/** A question's plan; where an accuracy is wanted, the plan whose widest interval is as narrow as that. */
import type { Relation } from '../ask/ir.ts';
import type { PrivacyParameters } from '../bound/plan.ts';
import { makePlan, type Planned } from '../bound/planner.ts';
import { multiply, type Rational, rational, toNumber } from '../dp/rational.ts';
import { SpannedError } from '../errors.ts';
import type { ExplainOptions } from '../options.ts';
import type { Policy } from '../policy/policy.ts';
import { preview } from '../release/preview.ts';

/** Half-widths are whole lattice steps: this near to the wanted one is as near as they come. */
const NEAR = 0.95;
const ROUNDS = 12;

/**
 * Plans a question. An accuracy is the half-width of every output's own interval, so that sums and multiples of noisy
 * values count as wide as they are.
 *
 * @throws SpannedError those of `makePlan`; BOUND_NO_MECHANISM where a width depends on private counts
 */
export function planQuestion(
  relation: Relation,
  policy: Policy,
  parameters: PrivacyParameters,
  text: string,
  intervals: ExplainOptions['intervals'],
): Planned {
  const { accuracy } = parameters;
  const planned = makePlan(relation, policy, parameters, text);
  if (accuracy === null || planned.plan.dataset === null) return planned;
  if (intervals === 'joint') throw jointly();
  const wanted = toNumber(accuracy);
  let best: Planned | null = null;
  let tried = planned;
  let inner = accuracy;
  for (let round = 0; round < ROUNDS; round++) {
    const width = widest(tried, parameters.level);
    if (width === null) return tried;
    if (width <= wanted) best = tried;
    if (width <= wanted && width >= wanted * NEAR) return tried;
    inner = multiply(inner, factor(wanted / width, round));
    tried = makePlan(relation, policy, { ...parameters, accuracy: inner }, text);
  }
  if (best !== null) return best;
  throw new SpannedError('BUDGET_INVALID', null, {
    message: 'No epsilon was found that gives this accuracy.',
    next: 'Ask for a wider half-width, or state an epsilon.',
  });
}

/** Half-width of the widest output; null where none is noisy. */
function widest({ plan }: Planned, level: number): number | null {
  const expected = preview(plan, level);
  const unknown = expected.find(({ halfWidth }) => halfWidth === null);
  if (unknown !== undefined) {
    throw new SpannedError('BOUND_NO_MECHANISM', null, {
      message: `How accurate ${unknown.name} is depends on private counts.`,
      next: 'State an epsilon, or ask for its counts and sums with an accuracy and compute it from the answer.',
    });
  }
  return expected.length === 0 ? null : Math.max(...expected.map(({ halfWidth }) => halfWidth ?? 0));
}

/** The change of scale that would be right if widths were proportional; a little less each time, since they are rounded. */
function factor(ratio: number, round: number): Rational {
  const million = 1_000_000;
  return rational(BigInt(Math.max(1, Math.floor(ratio * (1 - 0.005 * round) * million))), BigInt(million));
}

function jointly(): SpannedError {
  return new SpannedError('BUDGET_INVALID', null, {
    message: 'An accuracy is wanted of each interval by itself; joint intervals are wider, by how many there are.',
    next: 'Ask with intervals: each, or state an epsilon.',
  });
}
