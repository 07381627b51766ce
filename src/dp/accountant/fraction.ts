import type { ExactFraction } from '../event.ts';
import { type Rational, rational } from '../rational.ts';

/** A fraction as events write it. */
export function fraction([numerator, denominator]: ExactFraction): Rational {
  return rational(BigInt(numerator), BigInt(denominator));
}
