/** δ-approximate zCDP of events: (ρ, δ), added up. [BS16] Lemma 1.7, §8; conversions as in dp/conversion.ts. */
import { zcdpOfDiscreteLaplace, zcdpOfPure } from '../conversion.ts';
import type { ExactFraction, PrivacyEvent } from '../event.ts';
import { add, multiply, type Rational, rational, toNumber } from '../rational.ts';

/** ρ is rounded up; δ is exact. */
export interface ApproximateZcdp {
  readonly rho: number;
  readonly delta: Rational;
}

const UP = 1 + 2 ** -40;

/** Loss of an event under approximate zCDP. */
export function zcdpOf(event: PrivacyEvent): ApproximateZcdp {
  switch (event.kind) {
    case 'discrete-laplace':
      return { rho: zcdpOfDiscreteLaplace(toNumber(fraction(event.scale)), Number(event.l1)), delta: rational(0n) };
    case 'discrete-gaussian':
      return { rho: (Number(event.l2Squared) / (2 * toNumber(fraction(event.variance)))) * UP, delta: rational(0n) };
    case 'partition-selection':
      return {
        rho: event.groups * zcdpOfPure(toNumber(fraction(event.epsilon))) * UP,
        delta: multiply(rational(BigInt(event.groups)), fraction(event.delta)),
      };
    case 'threshold':
      return { rho: 0, delta: fraction(event.delta) };
    case 'composed':
      return event.events
        .map(zcdpOf)
        .reduce(
          (total, part) => ({ rho: (total.rho + part.rho) * (1 + 2 ** -52), delta: add(total.delta, part.delta) }),
          { rho: 0, delta: rational(0n) },
        );
  }
}

/** A fraction as events write it. */
export function fraction([numerator, denominator]: ExactFraction): Rational {
  return rational(BigInt(numerator), BigInt(denominator));
}
