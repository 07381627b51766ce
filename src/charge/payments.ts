/** Which accounts paid for which plan, on which data version, and by which entry first. */
import type { AccountId } from './account-id.ts';
import { accountKey } from './book.ts';
import type { WrittenPayment } from './entry.ts';
import { inOrder } from './in-order.ts';
import type { Place } from './place.ts';

export class Payments {
  /** By data version and plan, then by account. */
  readonly #paid: Map<string, Map<string, Place>> = new Map();

  note(account: AccountId, plan: string, version: string, place: Place): void {
    const what = JSON.stringify([version, plan]);
    const payers = this.#paid.get(what) ?? new Map<string, Place>();
    this.#paid.set(what, payers);
    const who = accountKey(account);
    if (!payers.has(who)) payers.set(who, place);
  }

  /**
   * A plan is read anew: whoever paid for an earlier draw has not paid for this one, but for those whose reading is still under
   * way, who will be given the same answer.
   */
  beginAnew(plan: string, version: string, isUnderWay: (hash: string) => boolean): void {
    const payers = this.#paid.get(JSON.stringify([version, plan]));
    for (const [who, { hash }] of payers ?? []) if (!isUnderWay(hash)) payers?.delete(who);
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
    const written: WrittenPayment[] = [];
    for (const [what, payers] of this.#paid) {
      const [version = '', plan = ''] = JSON.parse(what) as string[];
      const together = new Map<string, { readonly place: Place; readonly accounts: number[] }>();
      for (const [who, place] of payers) {
        const one = together.get(place.hash) ?? { place, accounts: [] };
        one.accounts.push(numbers.get(who) as number);
        together.set(place.hash, one);
      }
      for (const { place, accounts: paid } of together.values()) {
        written.push({ ...place, plan, version, accounts: paid.sort((x, y) => x - y) });
      }
    }
    return written.sort((a, b) => a.sequence - b.sequence || inOrder(a.plan, b.plan) || inOrder(a.version, b.version));
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
