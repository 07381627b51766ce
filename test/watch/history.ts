/** Journals to watch, written by the ledger itself. */
import { shapeOf } from '../../src/ask/shape.ts';
import { accountsFor } from '../../src/charge/account.ts';
import type { Content } from '../../src/charge/entry.ts';
import type { Ledger, Reservation, Store } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import type { Place } from '../../src/charge/place.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { sha256Hex } from '../../src/crypto/canonical.ts';
import { nativeKey } from '../../src/crypto/sign.node.ts';
import type { SigningKey } from '../../src/crypto/sign.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Alert } from '../../src/watch/alert.ts';
import { makeWatch, type Seen } from '../../src/watch/watch.ts';

export const KEY: SigningKey = nativeKey(new Uint8Array(32).fill(1));

export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;

/** The rules of the tests; more lines may follow. */
export const rules = (more = ''): string => `gauze: 1
budget: { epsilon: 100, delta: 1e-5 }
datasets:
  network:
    source: network.duckdb
    unit: person.person_id
    contribution: { groups: 4, rows: 20 }
    budget: { epsilon: 40, delta: 1e-5 }
    tables:
      person:
        unit: person_id
        unique: true
        columns:
          sex: { type: text, values: [F, M] }
          site: { type: text, values: [north, south] }
          birth_year: { type: integer, bounds: [1900, 2025] }
          arrived: { type: date, bounds: [2020-01-01, 2026-12-31] }
principals:
  dr-lee: { budgets: [ { dataset: network, epsilon: 20 } ] }
  ms-park: { budgets: [ { dataset: network, epsilon: 20, delta: 1e-6, renews: month } ] }
${more}`;

/** What was asked, by whom, how long after the beginning. */
export interface Asked {
  readonly at: number;
  readonly sql: string;
  readonly who?: string;
  readonly epsilon?: number;
  /** Whether the answer came; a crash leaves it out. */
  readonly settled?: boolean;
}

/** A journal that grows, and is watched as it does. */
export class History {
  readonly alerts: Alert[] = [];
  /** Every entry, as the watch was told it. */
  readonly entries: (readonly [Content, Place])[] = [];
  readonly policy: Policy;
  readonly ledger: Ledger;
  readonly store: Store;

  private constructor(policy: Policy, ledger: Ledger, store: Store) {
    this.policy = policy;
    this.ledger = ledger;
    this.store = store;
  }

  static async begin(text: string = rules(), more: Seen = () => undefined): Promise<History> {
    const policy = parsePolicy(text);
    const entries: [Content, Place][] = [];
    const alerts: Alert[] = [];
    const watch = makeWatch(policy, (alert) => alerts.push(alert));
    const store = memoryStore();
    const ledger = await openLedger(store, {
      key: KEY,
      seen: (content, place) => {
        entries.push([content, place]);
        watch(content, place);
        more(content, place);
      },
    });
    const history = new History(policy, ledger, store);
    Object.assign(history, { alerts, entries });
    await history.rule(policy, 0, text);
    return history;
  }

  /** Brings rules into force. */
  async rule(policy: Policy, at: number, text: string, widened: readonly string[] = []): Promise<void> {
    await this.ledger.state(() => ({
      kind: 'policy',
      digest: policy.digest,
      text,
      by: null,
      widened,
      time: timeOf(at),
    }));
  }

  async ask({ at, sql, who = 'dr-lee', epsilon = 0.1, settled = true }: Asked): Promise<void> {
    const warrant = await this.ledger.reserve(this.#reservation(at, sql, who, epsilon));
    if (settled) await this.ledger.settle(warrant, { outcome: 'released', answer: 'x', time: timeOf(at) });
  }

  /** As `ask`, for questions that are charged as one. */
  async batch(at: number, questions: readonly string[]): Promise<void> {
    const question = questions.map((sql) => shapeOf(sql, this.policy)).join(';\n');
    await this.ledger.reserveBatch({ ...this.#reservation(at, 'batch', 'dr-lee', 0.5), question }, questions);
  }

  async refuse(at: number, code = 'BUDGET_EXHAUSTED', principal = 'dr-lee'): Promise<void> {
    const asked = { dataset: 'network', purpose: null, question: 'SELECT ?', policy: this.policy.digest };
    await this.ledger.state(() => ({ kind: 'refuse', code, principal, ...asked, time: timeOf(at) }));
  }

  /** Rules that found something, in order. */
  get found(): readonly string[] {
    return this.alerts.map(({ rule }) => rule);
  }

  #reservation(at: number, sql: string, principal: string, epsilon: number): Reservation {
    const milli = Math.round(epsilon * 1000);
    return {
      accounts: accountsFor(this.policy, 'network', principal, null),
      event: { kind: 'discrete-laplace', scale: ['1000', String(milli)], l1: '1' },
      amount: { epsilon: BigInt(milli) * 10n ** 9n, delta: 0n },
      plan: sha256Hex(new TextEncoder().encode(sql)),
      principal,
      dataset: 'network',
      purpose: null,
      part: null,
      columns: [],
      question: shapeOf(sql, this.policy),
      version: 'v1',
      policy: this.policy.digest,
      time: timeOf(at),
    };
  }
}

/** ISO time so many milliseconds after the beginning of a month. */
export function timeOf(at: number): string {
  return new Date(Date.UTC(2026, 5, 1) + at).toISOString();
}
