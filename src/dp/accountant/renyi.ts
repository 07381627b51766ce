/** Rényi accounting of a plan fixed in advance, at fixed public orders. */

import { add, multiply, type Rational, rational, toNumber } from '../rational.ts';
import { renyiOfDiscreteLaplace, renyiOfPure, renyiToEpsilon } from '../renyi.ts';
import { fraction } from './fraction.ts';
import { type PlannedEvent, type SingleEvent, singlesOf } from './planned.ts';
import { worstSplit } from './worst-split.ts';
import { zcdpOf } from './zcdp.ts';

/** Orders α > 1, the same for every plan: α − 1 runs from 2^-5 to 2^20, eight to an octave. */
const ORDERS: readonly number[] = Array.from({ length: 201 }, (_, i) => 1 + 2 ** (i / 8 - 5));

/** Rounding of a divergence, relatively, and of the logarithm in (α − 1)·D_α. */
const UP = 1 + 2 ** -40;
const LOGARITHM_ERROR = 2 ** -46;

/** D_α of everything a plan does, but for `delta`. */
export interface RenyiLoss {
  readonly delta: Rational;
  /** D_α at any α > 1, rounded up. */
  divergence(order: number): number;
  /** Least ε certified at δ over the fixed orders, rounded up; Infinity where `delta` is not below δ. */
  epsilonAt(delta: Rational): number;
}

/**
 * Divergences of the pairs that dominate the events, added up order by order [Mironov17, Prop 1]; the δ of selections and
 * thresholds is mass at +∞ beside them. With δ₀ the sum of those, H_x of the whole is at most δ₀ + (1−δ₀)·H_x of the rest
 * [ZDW22, Thm 10], and the rest at δ − δ₀ is converted by [CKS20, Prop 12].
 *
 * Vectors: the worst split of the movement has a pair that dominates all others (`worstSplit`), so its divergence is the
 * largest; discrete Gaussian noise has α·ℓ₂²/2σ² at most however its movement is split [CKS20, Thm 14]. No divergence is
 * above α·ρ.
 *
 * @throws RangeError when a count is not a whole number ≥ 0
 */
export function renyiOf(plan: readonly PlannedEvent[]): RenyiLoss {
  const singles = singlesOf(plan).map(({ event, count }) => ({ curve: curveOf(event), count, ...zcdpOf(event) }));
  const delta = singles.reduce(
    (sum, single) => add(sum, multiply(rational(BigInt(single.count)), single.delta)),
    rational(0n),
  );
  const divergence = (order: number): number =>
    singles.reduce((sum, { curve, count, rho }) => sum + count * Math.min(curve(order), order * rho), 0) * UP;
  return {
    delta,
    divergence,
    epsilonAt(allowed) {
      const left = toNumber(add(allowed, multiply(rational(-1n), delta))) * (1 - 2 ** -50);
      if (left >= 0 && singles.every(({ rho }) => rho === 0)) return 0;
      return left > 0 ? renyiToEpsilon(divergence, ORDERS, left) : Number.POSITIVE_INFINITY;
    },
  };
}

function curveOf(event: SingleEvent): (order: number) => number {
  switch (event.kind) {
    case 'discrete-laplace': {
      const { full, most, left } = worstSplit(event);
      const scale = toNumber(fraction(event.scale));
      const curve = (moved: bigint, order: number): number =>
        moved === 0n ? 0 : roundedUp(renyiOfDiscreteLaplace(scale, Number(moved), order), order);
      return (order) => (full === 0n ? 0 : Number(full) * curve(most, order)) + curve(left, order);
    }
    case 'discrete-gaussian': {
      const { rho } = zcdpOf(event);
      return (order) => order * rho;
    }
    case 'partition-selection': {
      const epsilon = toNumber(fraction(event.epsilon));
      return (order) => event.groups * roundedUp(renyiOfPure(epsilon, order), order);
    }
    case 'threshold':
      return () => 0;
  }
}

function roundedUp(divergence: number, order: number): number {
  return divergence * UP + (LOGARITHM_ERROR * (1 + divergence * (order - 1))) / (order - 1);
}
