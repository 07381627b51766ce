/** Basic composition: (Σε, Σδ), exact, valid for parameters chosen adaptively. [DR14] Thm 3.16; [RRUV16]. */
import type { PrivacyEvent } from '../event.ts';
import { add, divide, multiply, type Rational, rational } from '../rational.ts';
import { fraction } from './fraction.ts';

/** An (ε, δ) pair, exact. */
export interface ApproximateLoss {
  readonly epsilon: Rational;
  readonly delta: Rational;
}

const ZERO = rational(0n);

/** (ε, δ) of an event, exact; null where it has no ε of its own (Gaussian noise is priced through zCDP). */
export function basicOf(event: PrivacyEvent): ApproximateLoss | null {
  switch (event.kind) {
    case 'discrete-laplace':
      return { epsilon: divide(rational(BigInt(event.l1)), fraction(event.scale)), delta: ZERO };
    case 'discrete-gaussian':
      return null;
    case 'partition-selection': {
      const groups = rational(BigInt(event.groups));
      return { epsilon: multiply(groups, fraction(event.epsilon)), delta: multiply(groups, fraction(event.delta)) };
    }
    case 'threshold':
      return { epsilon: ZERO, delta: fraction(event.delta) };
    case 'composed': {
      let total: ApproximateLoss = { epsilon: ZERO, delta: ZERO };
      for (const part of event.events) {
        const one = basicOf(part);
        if (one === null) return null;
        total = { epsilon: add(total.epsilon, one.epsilon), delta: add(total.delta, one.delta) };
      }
      return total;
    }
  }
}
