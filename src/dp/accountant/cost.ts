/** What an event costs, in every currency a ledger may count in: pure ε, (ε, δ), ρ. */
import { zcdpToEpsilon } from '../conversion.ts';
import type { PrivacyEvent } from '../event.ts';
import { add, ceil, compare, type Rational, rational, subtract, toNumber } from '../rational.ts';
import { type ApproximateLoss, basicOf } from './basic.ts';
import { type ApproximateZcdp, zcdpOf } from './zcdp.ts';

/** Certified losses of one event. */
export interface EventCost {
  /** ε where the event is purely ε-DP; null where it has a δ or Gaussian noise. */
  readonly pureEpsilon: Rational | null;
  /** (Σε, Σδ); null with Gaussian noise. */
  readonly basic: ApproximateLoss | null;
  readonly zcdp: ApproximateZcdp;
  /** Smallest ε certified at a total δ, rounded up on a grid of 10⁻¹²; null where the event alone needs more δ. */
  approximate(delta: Rational): Rational | null;
}

/** Prices an event. Valid for a plan fixed in advance; a running ledger adds up `basic` and `zcdp` instead. */
export function costOf(event: PrivacyEvent): EventCost {
  const basic = basicOf(event);
  const zcdp = zcdpOf(event);
  const parts = gaussianApart(event);
  return {
    pureEpsilon: basic !== null && basic.delta.numerator === 0n ? basic.epsilon : null,
    basic,
    zcdp,
    approximate(delta) {
      const offers = [basic === null ? null : within(basic, delta), converted(zcdp, delta), mixed(parts, delta)];
      return offers.reduce((best, offer) =>
        best === null || (offer !== null && compare(offer, best) < 0) ? offer : best,
      );
    },
  };
}

interface Parts {
  /** Everything but Gaussian noise. */
  readonly basic: ApproximateLoss | null;
  readonly gaussian: ApproximateZcdp;
}

function gaussianApart(event: PrivacyEvent): Parts {
  const leaves = leavesOf(event);
  const composed = (events: readonly PrivacyEvent[]): PrivacyEvent => ({ kind: 'composed', events });
  return {
    basic: basicOf(composed(leaves.filter((leaf) => leaf.kind !== 'discrete-gaussian'))),
    gaussian: zcdpOf(composed(leaves.filter((leaf) => leaf.kind === 'discrete-gaussian'))),
  };
}

function leavesOf(event: PrivacyEvent): PrivacyEvent[] {
  return event.kind === 'composed' ? event.events.flatMap(leavesOf) : [event];
}

function within({ epsilon, delta }: ApproximateLoss, allowed: Rational): Rational | null {
  return compare(delta, allowed) <= 0 ? epsilon : null;
}

/** δ of the event first, what is left pays the conversion. [BS16] §8 */
function converted({ rho, delta }: ApproximateZcdp, allowed: Rational): Rational | null {
  const left = subtract(allowed, delta);
  if (left.numerator < 0n) return null;
  const epsilon = zcdpToEpsilon(rho, toNumber(left) * (1 - 2 ** -50));
  return Number.isFinite(epsilon) ? onGrid(epsilon) : null;
}

/** Gaussian noise converted, the rest added to it by basic composition. */
function mixed({ basic, gaussian }: Parts, allowed: Rational): Rational | null {
  if (basic === null) return null;
  const offer = converted(gaussian, subtract(allowed, basic.delta));
  return offer === null ? null : add(basic.epsilon, offer);
}

const GRID = 10n ** 12n;

function onGrid(epsilon: number): Rational {
  return rational(ceil({ numerator: BigInt(Math.ceil(epsilon * 2 ** 52)) * GRID, denominator: 1n << 52n }), GRID);
}
