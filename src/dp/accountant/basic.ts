/** Basic composition: (Σε, Σδ), exact. [DR14] Thm 3.16. */
import type { PrivacyEvent } from '../event.ts';
import { add, divide, multiply, type Rational, rational } from '../rational.ts';
import { fraction } from './zcdp.ts';

/** (ε, δ) of an event, exact; null where it has no ε of its own (Gaussian noise is priced through zCDP). */
export function basicOf(event: PrivacyEvent): { readonly epsilon: Rational; readonly delta: Rational } | null {
  const groups = 'groups' in event ? rational(BigInt(event.groups)) : rational(1n);
  switch (event.kind) {
    case 'discrete-laplace':
      return { epsilon: divide(rational(BigInt(event.l1)), fraction(event.scale)), delta: rational(0n) };
    case 'discrete-gaussian':
      return null;
    case 'partition-selection':
      return { epsilon: multiply(groups, fraction(event.epsilon)), delta: multiply(groups, fraction(event.delta)) };
    case 'threshold':
      return { epsilon: rational(0n), delta: fraction(event.delta) };
    case 'composed': {
      let total = { epsilon: rational(0n), delta: rational(0n) };
      for (const part of event.events) {
        const one = basicOf(part);
        if (one === null) return null;
        total = { epsilon: add(total.epsilon, one.epsilon), delta: add(total.delta, one.delta) };
      }
      return total;
    }
  }
}
