/** Whether a charge took at least what its recorded event costs. */
import { DELTA_UNITS, LOSS_UNITS } from '../charge/amount.ts';
import type { Spend } from '../charge/filter.ts';
import { costOf } from '../dp/accountant/cost.ts';
import { notionsOf } from '../dp/accountant/notions.ts';
import { privacyLossOf } from '../dp/accountant/pld.ts';
import { zcdpOf } from '../dp/accountant/zcdp.ts';
import type { PrivacyEvent } from '../dp/event.ts';
import { ceil, compare, multiply, type Rational, rational, toNumber } from '../dp/rational.ts';
import { isEvent } from './event-shape.ts';

/** Losses already worked out; events of a journal repeat. */
const CACHED_MOST = 10_000;

/** What prices the events of one journal. */
export interface Pricer {
  /**
   * Why the amounts are less than the event costs; null where they are enough. (ε, δ) is enough where any certified notion
   * gives it: basic composition, zCDP and both mixed (`costOf`), or what prices batches fixed in advance (`notionsOf`). ρ and its δ are those of zCDP at least.
   */
  fault(spend: Spend, event: unknown): string | null;
}

/** A pricer with a memory of its own. */
export function makePricer(): Pricer {
  const zcdp = new Map<string, { readonly rho: bigint; readonly delta: bigint }>();
  const enough = new Set<string>();
  return {
    fault(spend, event) {
      if (!isEvent(event)) return 'it does not say what was run in a way that can be priced';
      const key = JSON.stringify(event);
      const known = zcdp.get(key) ?? zcdpUnits(event);
      if (zcdp.size < CACHED_MOST) zcdp.set(key, known);
      if (spend.rho < known.rho || spend.rhoDelta < known.delta) {
        return 'its rho is less than what was run costs';
      }
      const priced = `${spend.epsilon} ${spend.delta} ${key}`;
      if (enough.has(priced)) return null;
      if (!isEnough(spend, event)) return 'its epsilon and delta are less than what was run costs';
      if (enough.size < CACHED_MOST) enough.add(priced);
      return null;
    },
  };
}

function zcdpUnits(event: PrivacyEvent): { readonly rho: bigint; readonly delta: bigint } {
  const { rhoUnits, delta } = zcdpOf(event);
  return { rho: rhoUnits, delta: ceil(multiply(delta, rational(DELTA_UNITS))) };
}

function isEnough(spend: Spend, event: PrivacyEvent): boolean {
  const epsilon = rational(spend.epsilon, LOSS_UNITS);
  const delta = rational(spend.delta, DELTA_UNITS);
  const certified = costOf(event).approximate(delta);
  if (certified !== null && compare(certified, epsilon) <= 0) return true;
  const plan = [{ event, count: 1 }];
  const { best } = notionsOf(plan, delta);
  if (best !== null && compare(best.epsilon, epsilon) <= 0) return true;
  const loss = privacyLossOf(plan);
  return loss !== null && loss.deltaAt(below(epsilon)) <= below(delta);
}

/** A double that is not above the fraction. */
function below(value: Rational): number {
  return toNumber(value) * (1 - 2 ** -48);
}
