import { GauzeError } from '../errors.ts';
import type { Place } from './place.ts';

const issued = new WeakSet<Warrant>();

/**
 * Permission to read for one plan, once. Made only by the ledger after the charge is durable.
 * It stops mistakes, not hostile code in the same process.
 */
export class Warrant {
  readonly #plan: string;
  readonly #place: Place;
  #spent = false;

  private constructor(plan: string, place: Place) {
    this.#plan = plan;
    this.#place = place;
  }

  /** For `charge/open-ledger.ts` alone (a test reads the imports). */
  static issue(plan: string, place: Place): Warrant {
    const warrant = new Warrant(plan, place);
    issued.add(warrant);
    return warrant;
  }

  /** The journal entry that paid for it. */
  get place(): Place {
    return this.#place;
  }

  /** Spends the warrant. @throws GauzeError WARRANT_INVALID when it is forged, used, or for another plan. */
  static open(warrant: Warrant, plan: string): void {
    if (!issued.has(warrant) || warrant.#spent || warrant.#plan !== plan) {
      throw new GauzeError('WARRANT_INVALID', {
        message: 'No data is read without a fresh charge for exactly this plan.',
        next: 'Ask the question again; each charge opens the data once.',
      });
    }
    warrant.#spent = true;
  }
}
