/** Which accounts paid for which plan, on which data version, and by which entry first. */
import type { AccountId } from './account-id.ts';
import { accountKey, inOrder } from './book.ts';
import type { WrittenPayment } from './entry.ts';
import type { Place } from './place.ts';

export class Payments {
  /** By data version and plan, then by account. */
  readonly #paid: Map<string, Map<string, Place>> = new Map();

  note(account: AccountId, plan: string, version: string, place: Place): void {
    const what = JSON.stringify([version, plan]);
    let payers = this.#paid.get(what);
    if (payers === undefined) this.#paid.set(what, (payers = new Map()));
    const who = accountKey(account);
    if (!payers.has(who)) payers.set(who, place);
  }

  /** The first entry by which an account paid; null: it has not. */
  placeOf(account: AccountId, plan: string, version: string): Place | null {
    return this.#paid.get(JSON.stringify([version, plan]))?.get(accountKey(account)) ?? null;
  }

  /**
   * All of it, in one order alone.
   *
   * @param accounts - every account that paid; payments name them by their places in this list
   */
  written(accounts: readonly AccountId[]): readonly WrittenPayment[] {
    const numbers = new Map(accounts.map((account, index) => [accountKey(account), index]));
    const written = [...this.#paid].flatMap(([what, payers]) => {
      const [version = '', plan = ''] = JSON.parse(what) as string[];
      const byPlace = Map.groupBy(payers, ([, { sequence }]) => sequence);
      return [...byPlace.values()].map((paid): WrittenPayment => {
        const { sequence, hash } = (paid[0] as [string, Place])[1];
        const indices = paid.map(([who]) => numbers.get(who) as number).sort((a, b) => a - b);
        return { sequence, hash, plan, version, accounts: indices };
      });
    });
    return written.sort(
      (a, b) => a.sequence - b.sequence || inOrder(a.plan, b.plan) || inOrder(a.version, b.version),
    );
  }

  /** Begins with payments that were written; false where one names an account that is not in the list. */
  load(payments: readonly WrittenPayment[], all: readonly AccountId[]): boolean {
    for (const { sequence, hash, plan, version, accounts } of payments) {
      for (const index of accounts) {
        const account = all[index];
        if (account === undefined) return false;
        this.note(account, plan, version, { sequence, hash });
      }
    }
    return true;
  }
}
