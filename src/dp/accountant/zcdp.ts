/** δ-approximate zCDP of events: (ρ, δ), added up; valid for parameters chosen adaptively. [BS16] Lemma 1.7, §8; [WRRW23] Thm 1. */
import type { DiscreteLaplaceEvent, PrivacyEvent } from '../event.ts';
import { expBounds } from '../exp-bounds.ts';
import { add, ceil, divide, multiply, type Rational, rational, toNumber } from '../rational.ts';
import { fraction } from './fraction.ts';
import { worstSplit } from './worst-split.ts';

/** Loss under approximate zCDP; ρ is rounded up, δ exact. */
export interface ApproximateZcdp {
  readonly rho: number;
  /** ρ in units of 10⁻¹², rounded up once for the whole event. */
  readonly rhoUnits: bigint;
  readonly delta: Rational;
}

const UNITS = rational(10n ** 12n);
/** Upper bounds of ρ lie on this grid. */
const GRID = 10n ** 40n;
const DIGITS = 512;
const ONE = 1n << BigInt(DIGITS);

/** Loss of an event. */
export function zcdpOf(event: PrivacyEvent): ApproximateZcdp {
  const { rho, delta } = lossOf(event);
  return { rho: toNumber(rho) * (1 + 2 ** -50), rhoUnits: ceil(multiply(rho, UNITS)), delta };
}

interface Loss {
  readonly rho: Rational;
  readonly delta: Rational;
}

function lossOf(event: PrivacyEvent): Loss {
  switch (event.kind) {
    case 'discrete-laplace':
      return { rho: zcdpOfLaplaceVector(event), delta: rational(0n) };
    case 'discrete-gaussian': {
      const twice = multiply(rational(2n), fraction(event.variance));
      return { rho: divide(rational(BigInt(event.l2Squared)), twice), delta: rational(0n) };
    }
    case 'partition-selection': {
      const groups = rational(BigInt(event.groups));
      return {
        rho: multiply(groups, zcdpOfPureExactly(fraction(event.epsilon))),
        delta: multiply(groups, fraction(event.delta)),
      };
    }
    case 'threshold':
      return { rho: rational(0n), delta: fraction(event.delta) };
    case 'composed':
      return event.events
        .map(lossOf)
        .reduce((total, part) => ({ rho: add(total.rho, part.rho), delta: add(total.delta, part.delta) }), {
          rho: rational(0n),
          delta: rational(0n),
        });
  }
}

/**
 * ρ of a vector with independent noise: Σ ρ(Δᵢ) over what its coordinates move ([BS16] Lemma 1.7, order by order), at the
 * worst Δ. ρ is 0 at 0, rises, and is convex: its second derivative in Δ is 2q(ln q)²q^Δ/((1−q²)t) > 0. So the sum, over
 * Δᵢ ≤ ℓ∞ that add up to ℓ₁ at most, of which ℓ₀ at most are not 0, is largest at an extreme point of them: as many
 * coordinates at ℓ∞ as ℓ₁ and ℓ₀ allow, and what is left in one more.
 */
function zcdpOfLaplaceVector(event: DiscreteLaplaceEvent): Rational {
  const scale = fraction(event.scale);
  const { full, most, left } = worstSplit(event);
  const whole = full === 0n ? rational(0n) : multiply(rational(full), zcdpOfDiscreteLaplace(scale, most));
  return left === 0n ? whole : add(whole, zcdpOfDiscreteLaplace(scale, left));
}

/**
 * ρ of discrete Laplace of scale t at an integer that moves by Δ: (Δ − 2q(1−q^Δ)/(1−q²))/t, q = e^(−1/t), its KL divergence,
 * rounded up by less than 10⁻⁴⁰. [HM26]
 */
export function zcdpOfDiscreteLaplace(scale: Rational, sensitivity: bigint): Rational {
  const { numerator: t, denominator: s } = scale;
  const q = expBounds(s, t, DIGITS);
  const power = expBounds(sensitivity * s, t, DIGITS);
  // Each factor moved to the side that makes what is subtracted too small.
  const below = ONE * ONE - q.low * q.low;
  return upward((sensitivity * below - 2n * q.low * (ONE - power.high)) * s, below * t);
}

/** ε·tanh(ε/2), rounded up: any ε-DP mechanism. The proof stands at `zcdpOfPure`. */
function zcdpOfPureExactly(epsilon: Rational): Rational {
  const { low } = expBounds(epsilon.numerator, epsilon.denominator, DIGITS);
  return upward(epsilon.numerator * (ONE - low), epsilon.denominator * (ONE + low));
}

/** A fraction of long numbers, rounded up to the grid; reducing it first would take most of a question's time. */
function upward(numerator: bigint, denominator: bigint): Rational {
  return rational(ceil({ numerator: numerator * GRID, denominator }), GRID);
}
