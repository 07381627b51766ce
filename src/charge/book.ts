/**
 * What every account has added up to, day by day and part by part.
 *
 * Charges to parts of a data set compose in parallel: a unit has one value of a column that is fixed for life, so the
 * charges that touch it are those to its own part and those to all units, and the others are 0-DP for it [McSherry09,
 * Thm 4]. What counts is the worst part; for charges along several such columns, the sum of their worst parts.
 */

import type { AccountId, Part } from './account-id.ts';
import type { WrittenLoss, WrittenSums } from './entry.ts';
import { most, NOTHING, plus, type Spend } from './filter.ts';
import { inOrder } from './in-order.ts';
import { readAccount, readSpend, writeSpend } from './written.ts';

/** Sums by part: the key of a column, and within it by value. */
interface Sums {
  whole: Spend;
  readonly parts: Map<string, Map<string, Spend>>;
}

interface AccountSums {
  readonly lifetime: Sums;
  /** In order of days; a day is there once. */
  readonly days: { readonly day: string; readonly sums: Sums }[];
}

export class Book {
  readonly #accounts: Map<string, AccountSums> = new Map();

  add(id: AccountId, spend: Spend, part: Part | null, day: string): void {
    const key = accountKey(id);
    let sums = this.#accounts.get(key);
    if (sums === undefined) {
      sums = { lifetime: empty(), days: [] };
      this.#accounts.set(key, sums);
    }
    let last = sums.days.at(-1);
    if (last?.day !== day) {
      last = { day, sums: empty() };
      sums.days.push(last);
    }
    // Parts are parts of one data set's units; over all data sets a part is as good as all.
    const of = id.dataset === null ? null : part;
    addTo(sums.lifetime, spend, of);
    addTo(last.sums, spend, of);
  }

  /**
   * The most that any unit that a charge to `part` touches has lost.
   *
   * @param since - first day that counts; null: all
   */
  spentOf(id: AccountId, part: Part | null, since: string | null): Spend {
    const sums = this.#accounts.get(accountKey(id));
    if (sums === undefined) return NOTHING;
    if (since === null) return worst(sums.lifetime, part);
    const window = empty();
    for (let at = sums.days.length - 1; at >= 0; at--) {
      const { day, sums: one } = sums.days[at] as { day: string; sums: Sums };
      if (day < since) break;
      merge(window, one);
    }
    return worst(window, part);
  }

  /**
   * All of it, accounts in order of their keys.
   *
   * @param since - first day that is kept by itself; earlier ones are in the sums since the first charge alone
   */
  written(since: string): readonly WrittenLoss[] {
    return [...this.#accounts]
      .sort(([a], [b]) => inOrder(a, b))
      .map(([key, { lifetime, days }]) => ({
        account: accountOf(key),
        lifetime: writtenSums(lifetime),
        days: days.filter(({ day }) => day >= since).map(({ day, sums }) => ({ day, sums: writtenSums(sums) })),
      }));
  }

  /** Begins with sums that were written. */
  load(losses: readonly WrittenLoss[]): void {
    for (const { account, lifetime, days } of losses) {
      this.#accounts.set(accountKey(readAccount(account)), {
        lifetime: readSums(lifetime),
        days: days.map(({ day, sums }) => ({ day, sums: readSums(sums) })),
      });
    }
  }

  /** What was charged to all units of an account since the first charge, whatever their parts. */
  wholeOf(id: AccountId): Spend {
    return this.#accounts.get(accountKey(id))?.lifetime.whole ?? NOTHING;
  }

  /** Every account with what it lost since the first charge, units of all parts taken together. */
  lifetimes(): readonly { readonly id: AccountId; readonly spent: Spend }[] {
    return [...this.#accounts].map(([key, { lifetime }]) => ({ id: accountOf(key), spent: worst(lifetime, null) }));
  }
}

/** One text for one account. */
export function accountKey({ dataset, principal, purpose }: AccountId): string {
  return JSON.stringify([dataset, principal, purpose]);
}

function writtenSums({ whole, parts }: Sums): WrittenSums {
  const all = [...parts].sort(([a], [b]) => inOrder(a, b));
  return {
    whole: writeSpend(whole),
    parts: all.flatMap(([key, values]) => {
      const [table = '', column = ''] = JSON.parse(key) as string[];
      const sorted = [...values].sort(([a], [b]) => inOrder(a, b));
      return sorted.map(([value, spend]) => ({ table, column, value, spend: writeSpend(spend) }));
    }),
  };
}

function readSums({ whole, parts }: WrittenSums): Sums {
  const sums: Sums = { whole: readSpend(whole), parts: new Map() };
  for (const { spend, ...part } of parts) addTo(sums, readSpend(spend), part);
  return sums;
}

function accountOf(key: string): AccountId {
  const [dataset, principal, purpose] = JSON.parse(key) as (string | null)[];
  return { dataset: dataset ?? null, principal: principal ?? null, purpose: purpose ?? null };
}

function empty(): Sums {
  return { whole: NOTHING, parts: new Map() };
}

function addTo(sums: Sums, spend: Spend, part: Part | null): void {
  if (part === null) sums.whole = plus(sums.whole, spend);
  else addPart(sums, columnKey(part), part.value, spend);
}

function addPart({ parts }: Sums, column: string, value: string, spend: Spend): void {
  const values = parts.get(column) ?? new Map<string, Spend>();
  values.set(value, plus(values.get(value) ?? NOTHING, spend));
  parts.set(column, values);
}

function merge(into: Sums, other: Sums): void {
  into.whole = plus(into.whole, other.whole);
  for (const [column, values] of other.parts) {
    for (const [value, spend] of values) addPart(into, column, value, spend);
  }
}

function worst({ whole, parts }: Sums, part: Part | null): Spend {
  let total = whole;
  for (const [column, values] of parts) {
    const own = part !== null && columnKey(part) === column;
    total = plus(total, own ? (values.get(part.value) ?? NOTHING) : [...values.values()].reduce(most, NOTHING));
  }
  return total;
}

function columnKey({ table, column }: Part): string {
  return JSON.stringify([table, column]);
}
