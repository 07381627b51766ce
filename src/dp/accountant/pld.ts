/** The privacy loss distribution of a plan fixed in advance. It prices plans; it never decides when to stop. */
import type { DiscreteGaussianEvent } from '../event.ts';
import { composeLoss, type Part, type PrivacyLoss } from '../pld/composition.ts';
import { discreteGaussianPair, nearlyGaussian } from '../pld/discrete-gaussian.ts';
import { gaussianPair } from '../pld/gaussian.ts';
import { discreteLaplacePair } from '../pld/laplace.ts';
import type { Pair } from '../pld/pair.ts';
import { randomisedResponse } from '../pld/randomised-response.ts';
import { compare, rational, toNumber } from '../rational.ts';
import { fraction } from './fraction.ts';
import { type PlannedEvent, type SingleEvent, singlesOf } from './planned.ts';
import { worstSplit } from './worst-split.ts';

const UP = 1 + 2 ** -50;
/** Up to this σ² vectors of few units keep their own lattice; beyond, the Gaussian costs less than 2·10⁻⁴ of the variance. */
const LATTICE_VARIANCE_MAX = rational(1n << 14n);

/**
 * The privacy loss of everything a plan does, an upper bound of the true one; null where an event has no pair that is proven
 * to dominate it (discrete Gaussian noise with σ² of a few units on a vector that moves by 2 and more).
 *
 * - Discrete Laplace: the worst split of the movement, exactly (`worstSplit`).
 * - Discrete Gaussian, ℓ₂² ≤ 3: as many coordinates as that, each moved by 1; there is no other way to move that is not
 *   a part of it. Else by the Gaussian it is nearly rounded from (`nearlyGaussian`); all of those make one Gaussian pair,
 *   as their μ² add.
 * - Partition selection: (ε, δ) for each of the groups, which are decided independently [KOV15, Thm 3.3].
 * - Thresholds: δ at +∞, and no loss else. Let p ≤ δ be the chance that a group the unit alone brings is shown; its noise is
 *   independent of the others', so M(D) = (1−p)·P̃ + p·R with P̃ as without those groups. Then H_x(M(D) ‖ M(D′)) ≤
 *   (1−p)·H_x(P̃ ‖ M(D′)) + p, and the other way sup Q − x(1−p)P̃ ≤ (1−p)·H_x(M(D′) ‖ P̃) + p.
 *
 * @throws RangeError when a count is not a whole number ≥ 0
 * @guarantee δ(ε) for plans fixed in advance [ZDW22, Thm 10]; deciding by it when to stop would void it
 */
export function privacyLossOf(plan: readonly PlannedEvent[]): PrivacyLoss | null {
  const gathered = new Gathered();
  for (const { event, count } of singlesOf(plan)) if (!gather(event, count, gathered)) return null;
  return gathered.compose();
}

/** Adds the pairs of an event; false where it has none. */
function gather(event: SingleEvent, count: number, into: Gathered): boolean {
  switch (event.kind) {
    case 'discrete-laplace': {
      const { full, most, left } = worstSplit(event);
      const { numerator, denominator } = fraction(event.scale);
      const rate = toNumber({ numerator: denominator, denominator: numerator }) * UP;
      if (full > 0n) into.add(discreteLaplacePair(rate, notBelow(most)), count * notBelow(full));
      if (left > 0n) into.add(discreteLaplacePair(rate, notBelow(left)), count);
      return true;
    }
    case 'discrete-gaussian':
      return gatherGaussian(event, count, into);
    case 'partition-selection':
      into.add(randomisedResponse(toNumber(fraction(event.epsilon)) * UP), count * event.groups);
      into.lose(toNumber(fraction(event.delta)), count * event.groups);
      return true;
    case 'threshold':
      into.lose(toNumber(fraction(event.delta)), count);
      return true;
  }
}

function gatherGaussian(event: DiscreteGaussianEvent, count: number, into: Gathered): boolean {
  const l2Squared = notBelow(BigInt(event.l2Squared));
  const variance = fraction(event.variance);
  if (l2Squared <= 3 && compare(variance, LATTICE_VARIANCE_MAX) <= 0) {
    into.add(discreteGaussianPair(variance), count * l2Squared);
    return true;
  }
  const gaussian = nearlyGaussian(toNumber(variance) / UP, l2Squared);
  if (gaussian === null) return false;
  into.muSquared += count * gaussian.muSquared;
  into.lose(gaussian.delta, count);
  return true;
}

/** What is composed: pairs by key, Gaussian pairs as one, δ by what survives it. */
class Gathered {
  readonly #parts = new Map<string, Part>();
  #logSurvival = 0;
  muSquared = 0;

  add(pair: Pair, count: number): void {
    this.#parts.set(pair.key, { pair, count: count + (this.#parts.get(pair.key)?.count ?? 0) });
  }

  lose(delta: number, count: number): void {
    this.#logSurvival += count * Math.log1p(-Math.min(1, delta * UP));
  }

  compose(): PrivacyLoss {
    if (this.muSquared > 0) this.add(gaussianPair(Math.sqrt(this.muSquared) * (1 + 2 ** -40)), 1);
    return composeLoss([...this.#parts.values()], -Math.expm1(this.#logSurvival * (1 + 2 ** -40)));
  }
}

/** The nearest double that is not below. */
function notBelow(value: bigint): number {
  const nearest = Number(value);
  return BigInt(nearest) >= value ? nearest : nearest * (1 + 2 ** -52);
}
