import type { PrivacyEvent } from '../dp/event.ts';
import type { Warrant } from './warrant.ts';

/** Integer amounts: epsilon and rho in 10⁻¹², delta in 10⁻¹⁸; rounded up when spent, down when granted. */
export interface Amount {
  readonly epsilon: bigint;
  readonly delta: bigint;
}

/** One budget. A principal's account bounds what he learns; the data set's (`principal` null) bounds what everybody does. */
export interface AccountId {
  readonly dataset: string;
  readonly principal: string | null;
}

/** An account and its limit, fixed by the policy. */
export interface Account {
  readonly id: AccountId;
  readonly limit: Amount;
}

/** What is to be charged: every account must admit it, or none is charged. */
export interface Reservation {
  readonly accounts: readonly Account[];
  readonly event: PrivacyEvent;
  /** Certified (ε, δ) of the event. */
  readonly amount: Amount;
  /** Digest of the plan the warrant will open. */
  readonly plan: string;
  readonly principal: string;
  readonly dataset: string;
  /** Data version label and policy digest, for the audit. */
  readonly version: string;
  readonly policy: string;
  readonly time: string;
}

/** How a charged run ended. */
export interface Settlement {
  readonly outcome: 'released' | 'failed';
  readonly answer: string | null;
  readonly time: string;
}

/** Limit, spent and remaining of one account. */
export interface Standing {
  readonly id: AccountId;
  readonly limit: Amount;
  readonly spent: Amount;
  readonly remaining: Amount;
}

/** Append-only, hash-chained, durable before it answers. */
export interface Ledger {
  /** Charges every account or none; the warrant exists only once the entry is durable. @throws GauzeError BUDGET_EXHAUSTED, LEDGER_* */
  reserve(reservation: Reservation): Promise<Warrant>;
  /**
   * Charges for an answer that is already released, to accounts new to it (recall by another principal): same rules,
   * no warrant, because nothing is read.
   */
  recharge(reservation: Reservation): Promise<void>;
  /** Records the outcome of a warrant's run, once; never refunds. @throws GauzeError WARRANT_INVALID, LEDGER_* */
  settle(warrant: Warrant, settlement: Settlement): Promise<void>;
  /** Whether every account would admit this charge now; charges nothing. */
  admits(charge: Pick<Reservation, 'accounts' | 'event' | 'amount'>): Promise<boolean>;
  /** Whether this account has already paid for this plan on this data version. */
  hasPaid(account: AccountId, plan: string, version: string): Promise<boolean>;
  standing(account: Account): Promise<Standing>;
  /** Hash of the newest entry. */
  head(): Promise<string>;
}

/** Where entries live, in order. Whoever reads or appends does so inside `exclusively`. */
export interface Store {
  /** Entries after the first `known`, as appended. A torn last one (a crash while appending) is not. @throws GauzeError LEDGER_* */
  read(known: number): Promise<readonly Uint8Array[]>;
  /** Durable when it resolves; `known` entries precede it. @throws GauzeError LEDGER_CONFLICT, LEDGER_UNAVAILABLE */
  append(entry: Uint8Array, known: number): Promise<void>;
  /** Runs `work` while no other process or tab appends. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
