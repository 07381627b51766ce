import { GauzeError } from '../errors.ts';

const issued = new WeakSet<Warrant>();

/**
 * Permission to read for one plan, once. Made only by the ledger after the charge is durable.
 * It stops mistakes, not hostile code in the same process.
 */
export class Warrant {
  readonly #plan: string;
  readonly #entry: string;
  #spent = false;

  private constructor(plan: string, entry: string) {
    this.#plan = plan;
    this.#entry = entry;
  }

  /** For `charge/open-ledger.ts` alone (a test reads the imports). */
  static issue(plan: string, entry: string): Warrant {
    const warrant = new Warrant(plan, entry);
    issued.add(warrant);
    return warrant;
  }

  /** Digest of the journal entry that paid for it. */
  get entry(): string {
    return this.#entry;
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
