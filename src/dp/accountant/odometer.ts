/**
 * What may be said at any time the analyst chooses to look: so far ε, at a δ that was fixed beforehand.
 *
 * A filter guarantees its budget at the end, and not what the sums stand at when somebody, having seen answers, decides to
 * stop. An odometer does [RRUV16]: ε_N at the time N of looking satisfies P(E) ≤ E_Q[e^(ε_N)·1_E] + δ for every event E.
 */
import { groupPrivacy, groupRho, zcdpToEpsilon } from '../conversion.ts';

/** Integers: ε and ρ in 10⁻¹², δ in 10⁻¹⁸; sums of charges, each rounded up. */
export interface OdometerSpend {
  readonly epsilon: bigint;
  readonly delta: bigint;
  readonly rho: bigint;
  /** δ that stays beside ρ. */
  readonly rhoDelta: bigint;
}

/** What the filters stop at, in the same units; null where one does not run. Fixed before the first charge. */
export interface OdometerLimits {
  readonly basic: { readonly epsilon: bigint; readonly delta: bigint } | null;
  /** `conversion` is the δ that pays for saying ε instead of ρ. */
  readonly zcdp: { readonly rho: bigint; readonly delta: bigint; readonly conversion: bigint } | null;
}

/** So far (ε, δ), in the same units, rounded up. */
export interface Statement {
  readonly epsilon: bigint;
  /** The same whatever was spent: all δ the limits allow. */
  readonly delta: bigint;
  /** The running sum Σε, or a level of ρ. */
  readonly by: 'sum' | 'level';
  /** i, where `by` is a level: Σρ has not passed the 2^i-th part of the limit. */
  readonly level: number | null;
}

const MICRO = 1e12;
const ATTO = 1e18;
const LEVELS_MAX = 64;

/**
 * The statement of the moment; null where what was spent is beyond every filter.
 *
 * The running sum: with Σδ within its limit, Σε itself is valid at any time, at the limit's δ; at 0 where that is 0.
 * [RRUV16; WRRW23, Lemma 3.5]
 *
 * Levels: exponentially spaced filters make an odometer [Lecuyer21]. zCDP filters at ρ_i = ρ_B·2^(−i), i ≥ 0, run side by
 * side. Stopped before it is passed, filter i is (ε_i, δ_i), δ_i = δ·6/(π²(i+1)²), beside the charges' own δ [WRRW23, Thm 1;
 * CKS20, Cor 13]. At the time N of looking let i be the smallest level not passed: N is before T_i, where filter i stops.
 * With L the privacy loss outside what the charges' δ covers, E[(1 − e^(ε_i−L_N))⁺] ≤ Σ_i E[(1 − e^(ε_i−L_{N∧T_i}))⁺] ≤
 * Σδ_i ≤ δ; what is covered happens with that δ at most, and counts once.
 *
 * Both hold side by side at the sum of their δ, and the smaller ε is said.
 */
export function odometerAt(spent: OdometerSpend, limits: OdometerLimits): Statement | null {
  return smallest(spent, limits, 1);
}

/**
 * The statement about a group of `size` units (a household): ε times the size, and δ(e^(kε)−1)/(e^ε−1) with the largest ε
 * that the limits let a statement reach, as the chain over the group's units takes its δ along at e^(ε_N) each time.
 * [Vadhan17, Lemma 2.2] Where ρ is all that is counted, and no charge may have a δ beside it, the levels are read at k²ρ_i
 * instead, and δ stays. [BS16, Prop 1.9]
 *
 * @param size - k ≥ 1, a whole number
 * @throws RangeError when the size is not a whole number ≥ 1
 */
export function groupOdometerAt(spent: OdometerSpend, limits: OdometerLimits, size: number): Statement | null {
  if (!Number.isSafeInteger(size) || size < 1)
    throw new RangeError('A group has a whole number of units, one at least.');
  const own = smallest(spent, limits, 1);
  if (own === null || size === 1) return own;
  if (limits.basic === null && limits.zcdp?.delta === 0n) return smallest(spent, limits, size);
  const [, delta] = groupPrivacy(largestEpsilon(limits), Number(own.delta) / ATTO, size);
  return { ...own, epsilon: own.epsilon * BigInt(size), delta: units(delta, ATTO) };
}

function smallest(spent: OdometerSpend, limits: OdometerLimits, size: number): Statement | null {
  const { basic, zcdp } = limits;
  const delta = (basic?.delta ?? 0n) + (zcdp === null ? 0n : zcdp.delta + zcdp.conversion);
  const level = levelOf(spent, limits);
  const byLevel: Statement | null =
    level === null || zcdp === null
      ? null
      : { epsilon: units(epsilonOf(zcdp, level, size), MICRO), delta, by: 'level', level };
  if (basic === null || spent.epsilon > basic.epsilon || spent.delta > basic.delta) return byLevel;
  const bySum: Statement = { epsilon: spent.epsilon, delta, by: 'sum', level: null };
  return byLevel !== null && byLevel.epsilon < bySum.epsilon ? byLevel : bySum;
}

/** The largest i with Σρ ≤ ρ_B·2^(−i); null where ρ_B itself is passed. */
function levelOf({ rho, rhoDelta }: OdometerSpend, { zcdp }: OdometerLimits): number | null {
  if (zcdp === null || rho > zcdp.rho || rhoDelta > zcdp.delta) return null;
  let level = 0;
  while (level < LEVELS_MAX && rho << BigInt(level + 1) <= zcdp.rho) level++;
  return level;
}

/** ε_i for groups of `size`. */
function epsilonOf(zcdp: NonNullable<OdometerLimits['zcdp']>, level: number, size: number): number {
  const rho = groupRho(Number(zcdp.rho) / MICRO, size) * 2 ** -level;
  const share = (6 / (Math.PI * (level + 1)) ** 2) * (1 - 2 ** -40);
  return zcdpToEpsilon(rho, (Number(zcdp.conversion) / ATTO) * share);
}

/** What no statement within the limits is above. */
function largestEpsilon(limits: OdometerLimits): number {
  const sum = limits.basic === null ? 0 : Number(limits.basic.epsilon) / MICRO;
  return Math.max(sum, limits.zcdp === null ? 0 : epsilonOf(limits.zcdp, 0, 1));
}

function units(value: number, scale: number): bigint {
  return BigInt(Math.ceil(value * scale * (1 + 2 ** -50)));
}
