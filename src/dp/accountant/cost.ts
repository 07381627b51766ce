/** What an event costs, in every currency a ledger may count in: pure ε, (ε, δ), ρ. */
import type { PrivacyEvent } from '../event.ts';
import type { Rational } from '../rational.ts';
import { type ApproximateLoss, basicOf } from './basic.ts';
import { notionsOf } from './notions.ts';
import { type ApproximateZcdp, zcdpOf } from './zcdp.ts';

/** Certified losses of one event. */
export interface EventCost {
  /** ε where the event is purely ε-DP; null where it has a δ or Gaussian noise. */
  readonly pureEpsilon: Rational | null;
  /** (Σε, Σδ); null with Gaussian noise. */
  readonly basic: ApproximateLoss | null;
  readonly zcdp: ApproximateZcdp;
  /** Smallest ε any notion certifies at a total δ, rounded up on a grid of 10⁻¹²; null where the event needs more δ. */
  approximate(delta: Rational): Rational | null;
}

/** Prices an event. Valid for a plan fixed in advance; a running ledger adds up `basic` and `zcdp` instead. */
export function costOf(event: PrivacyEvent): EventCost {
  const basic = basicOf(event);
  return {
    pureEpsilon: basic !== null && basic.delta.numerator === 0n ? basic.epsilon : null,
    basic,
    zcdp: zcdpOf(event),
    approximate: (delta) => notionsOf([{ event, count: 1 }], delta).best?.epsilon ?? null,
  };
}
