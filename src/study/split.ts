/** How a study's ε is shared out among its questions. */
import {
  compare,
  divide,
  floor,
  multiply,
  type Rational,
  rational,
  subtract,
  sumOf,
  toNumber,
} from '../dp/rational.ts';

/** What a question of a study wants. */
export type Wish =
  /** `cost(h)`: what an interval of half-width h costs; it falls as h grows. */
  | { readonly kind: 'accuracy'; readonly halfWidth: Rational; cost(halfWidth: Rational): Rational }
  | { readonly kind: 'weight'; readonly weight: Rational };

/** What every question gets: a half-width, or an ε. */
export interface Shares {
  /** By which all wanted half-widths give way together; 1 where they fit. */
  readonly factor: number;
  readonly shares: readonly (
    | { readonly kind: 'accuracy'; readonly halfWidth: Rational; readonly epsilon: Rational }
    | { readonly kind: 'weight'; readonly epsilon: Rational }
  )[];
}

const MILLION = 1_000_000n;
/** The common factor is the smallest that fits, to a part in `NEAR`. */
const NEAR = 0.001;
const FACTOR_MAX = 1e9;

/**
 * Shares `epsilon` out. Accuracies come first, each at its own cost; weights share what is left, in proportion, so that of
 * two like questions the one of twice the weight errs half as much. Where the accuracies leave nothing for the weights, or
 * exceed the budget, each question with a weight keeps an even part of the whole, and all accuracies give way by one
 * factor, the smallest that fits.
 *
 * @returns shares that add up to at most `epsilon`; null where no factor up to 10⁹ fits
 */
export function shareOut(wishes: readonly Wish[], epsilon: Rational): Shares | null {
  const weights = wishes.flatMap((wish) => (wish.kind === 'weight' ? [wish.weight] : []));
  const needs = needsAt(wishes, 1);
  const needed = sumOf(needs.map(({ epsilon: need }) => need));
  const left = compare(needed, epsilon);
  if (left < 0 || (left === 0 && weights.length === 0)) return shared(wishes, needs, 1, subtract(epsilon, needed));
  const kept = divide(multiply(epsilon, rational(BigInt(weights.length))), rational(BigInt(wishes.length)));
  const room = subtract(epsilon, kept);
  const factor = smallestFactor(wishes, room, toNumber(divide(needed, room)));
  return factor === null ? null : shared(wishes, needsAt(wishes, factor), factor, kept);
}

interface Need {
  readonly halfWidth: Rational;
  readonly epsilon: Rational;
}

function needsAt(wishes: readonly Wish[], factor: number): readonly Need[] {
  return wishes.flatMap((wish) => {
    if (wish.kind === 'weight') return [];
    const halfWidth = factor === 1 ? wish.halfWidth : widened(wish.halfWidth, factor);
    return [{ halfWidth, epsilon: wish.cost(halfWidth) }];
  });
}

/** A half-width that gives way, in six digits, rounded up. */
function widened(halfWidth: Rational, factor: number): Rational {
  const value = toNumber(halfWidth) * factor;
  const grid = 10 ** Math.min(12, Math.max(0, 5 - Math.floor(Math.log10(value))));
  return rational(BigInt(Math.ceil(value * grid * (1 - 2 ** -40))), BigInt(grid));
}

function smallestFactor(wishes: readonly Wish[], room: Rational, guess: number): number | null {
  const fits = (factor: number): boolean =>
    compare(sumOf(needsAt(wishes, factor).map(({ epsilon }) => epsilon)), room) <= 0;
  let [low, high] = [1, Math.max(1 + NEAR, guess)];
  while (!fits(high)) {
    low = high;
    high *= 1.1;
    if (high > FACTOR_MAX) return null;
  }
  for (let below = Math.max(1, high / 1.02); low === 1 && below > 1; below = Math.max(1, below / 1.1)) {
    if (fits(below)) high = below;
    else low = below;
  }
  while (high - low > NEAR * low) {
    const middle = (low + high) / 2;
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function shared(wishes: readonly Wish[], needs: readonly Need[], factor: number, left: Rational): Shares {
  const total = sumOf(wishes.map((wish) => (wish.kind === 'weight' ? wish.weight : rational(0n))));
  let next = 0;
  const shares = wishes.map((wish): Shares['shares'][number] => {
    if (wish.kind === 'accuracy') {
      const need = needs[next++] as Need;
      return { kind: 'accuracy', ...need };
    }
    const part = divide(multiply(left, wish.weight), total);
    return { kind: 'weight', epsilon: rational(floor(multiply(part, rational(MILLION))), MILLION) };
  });
  return { factor, shares };
}
