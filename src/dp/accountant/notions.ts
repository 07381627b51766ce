/** What each notion of privacy loss says of a plan fixed in advance. */
import { zcdpToEpsilon } from '../conversion.ts';
import { add, ceil, compare, multiply, type Rational, rational, subtract, toNumber } from '../rational.ts';
import { basicOf } from './basic.ts';
import { type PlannedEvent, type Repeated, singlesOf } from './planned.ts';
import { privacyLossOf } from './pld.ts';
import { renyiOf } from './renyi.ts';
import { zcdpOf } from './zcdp.ts';

export type Notion = 'basic' | 'zcdp' | 'renyi' | 'pld';

/** ε by each notion at one δ, rounded up on a grid of 10⁻¹²; null where a notion cannot say. */
export interface Notions extends Readonly<Record<Notion, Rational | null>> {
  /** The least of them; of equal ones the first. Null where none can say, as the plan alone needs more δ. */
  readonly best: { readonly notion: Notion; readonly epsilon: Rational } | null;
}

/**
 * ε of a plan at a total δ, by every notion. Each is an upper bound of the same loss, so their least is one, too.
 *
 * Valid for plans fixed in advance: a batch may be charged at `best`, or at the least sum it fits. A running ledger adds up
 * its filters instead, as stopping by the figures of `renyi` (the least of many orders) or `pld` is not valid.
 *
 * - `basic`: Σε at Σδ [DR14, Thm 3.16]; Gaussian noise, which has no ε of its own, enters as one event, converted from
 *   zCDP at the δ that is left.
 * - `zcdp`: Σρ at what is left of δ [BS16, Lemma 1.7, §8; CKS20, Cor 13].
 * - `renyi`: see `renyiOf`. `pld`: see `privacyLossOf`.
 *
 * @param delta - δ of everything together, in [0, 1)
 * @throws RangeError when a count is not a whole number ≥ 0
 */
export function notionsOf(plan: readonly PlannedEvent[], delta: Rational): Notions {
  const singles = singlesOf(plan);
  const basic = basicAt(singles, delta);
  const said: Record<Notion, Rational | null> = {
    basic,
    zcdp: zcdpAt(singles, delta),
    renyi: onGrid(renyiOf(singles).epsilonAt(delta)),
    pld: pldAt(singles, delta, basic),
  };
  const order: readonly Notion[] = ['basic', 'zcdp', 'renyi', 'pld'];
  const best = order.reduce<Notions['best']>((least, notion) => {
    const epsilon = said[notion];
    return epsilon === null || (least !== null && compare(least.epsilon, epsilon) <= 0) ? least : { notion, epsilon };
  }, null);
  return { ...said, best };
}

function basicAt(singles: readonly Repeated[], delta: Rational): Rational | null {
  const gaussian = singles.filter(({ event }) => event.kind === 'discrete-gaussian');
  let [epsilon, left] = [rational(0n), delta];
  for (const { event, count } of singles) {
    const loss = basicOf(event);
    if (loss === null) continue;
    epsilon = add(epsilon, multiply(rational(BigInt(count)), loss.epsilon));
    left = subtract(left, multiply(rational(BigInt(count)), loss.delta));
  }
  if (left.numerator < 0n) return null;
  if (gaussian.length === 0) return epsilon;
  const converted = zcdpAt(gaussian, left);
  return converted === null ? null : add(epsilon, converted);
}

/** δ of the events first, what is left pays the conversion. [BS16] §8 */
function zcdpAt(singles: readonly Repeated[], delta: Rational): Rational | null {
  let [rho, left] = [0, delta];
  for (const { event, count } of singles) {
    const loss = zcdpOf(event);
    rho += count * loss.rho;
    left = subtract(left, multiply(rational(BigInt(count)), loss.delta));
  }
  if (left.numerator < 0n) return null;
  return onGrid(zcdpToEpsilon(rho * (1 + singles.length * 2 ** -51), toNumber(left) * (1 - 2 ** -50)));
}

/** The distribution's ε; never above Σε, as a loss that is bounded by it has no mass beyond. */
function pldAt(singles: readonly Repeated[], delta: Rational, basic: Rational | null): Rational | null {
  const epsilon = onGrid(privacyLossOf(singles)?.epsilonAt(toNumber(delta) * (1 - 2 ** -50)) ?? Infinity);
  if (epsilon === null || basic === null) return epsilon;
  const pure = singles.every(({ event }) => event.kind !== 'discrete-gaussian');
  return pure && compare(basic, epsilon) < 0 ? basic : epsilon;
}

const GRID = 10n ** 12n;

function onGrid(epsilon: number): Rational | null {
  if (!Number.isFinite(epsilon)) return null;
  return rational(ceil({ numerator: BigInt(Math.ceil(epsilon * 2 ** 52)) * GRID, denominator: 1n << 52n }), GRID);
}
