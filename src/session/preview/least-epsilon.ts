/** The smallest ε that does what is wanted. */
import { type Rational, rational } from '../../dp/rational.ts';

const UNITS = 1_000_000n;
/** Beyond it no guarantee is left. */
const MOST = 10_000n * UNITS;
/** Searched to a part in `NEAR`, and no finer than 10⁻⁶. */
const NEAR = 4096n;

/**
 * The smallest ε, on a grid of 10⁻⁶ and to a part in 4096, that `holds`, which more ε never undoes; it does hold. Null
 * where none up to 10,000 does.
 *
 * @param start - where to begin: an ε that may hold
 */
export function leastEpsilon(holds: (epsilon: Rational) => boolean, start: Rational = rational(1n)): Rational | null {
  const at = (units: bigint): boolean => holds(rational(units, UNITS));
  let high = (start.numerator * UNITS + start.denominator - 1n) / start.denominator;
  let low = 0n;
  if (high < 1n) high = 1n;
  if (at(high)) {
    for (let below = high / 2n; below > 0n && low === 0n; below /= 2n) {
      if (at(below)) high = below;
      else low = below;
    }
  } else {
    for (low = high, high *= 2n; !at(high); low = high, high *= 2n) {
      if (high > MOST) return null;
    }
  }
  while (high - low > 1n && (high - low) * NEAR > high) {
    const middle = (low + high) / 2n;
    if (at(middle)) high = middle;
    else low = middle;
  }
  return rational(high, UNITS);
}
