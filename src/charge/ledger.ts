import type { PrivacyEvent } from '../dp/event.ts';
import type { Account, AccountId, Part } from './account-id.ts';
import type { Amount, Limit, Spent } from './amount.ts';
import type { Settlement, Statement } from './entry.ts';
import type { Place } from './place.ts';
import type { Records } from './records.ts';
import type { Warrant } from './warrant.ts';

/** What is to be charged: every account must admit it, or none is charged. */
export interface Reservation {
  readonly accounts: readonly Account[];
  readonly event: PrivacyEvent;
  /** Certified (ε, δ) of the event. */
  readonly amount: Amount;
  /** Digest of the plan the warrant will open; of a batch, of all its plans. */
  readonly plan: string;
  readonly principal: string;
  readonly dataset: string;
  readonly purpose: string | null;
  /** The part of the data set's units that is read; null: all. */
  readonly part: Part | null;
  /** Columns used, `table.column`, and the question's shape without its constants: for the audit. */
  readonly columns: readonly string[];
  readonly question: string;
  /** Data version label and policy digest, for the audit. */
  readonly version: string;
  readonly policy: string;
  readonly time: string;
}

/** Limit, spent and remaining of one account. */
export interface Standing {
  readonly id: AccountId;
  readonly limit: Limit;
  /** Since the budget last started anew. */
  readonly spent: Spent;
  /** Since the first charge: what renewing never takes back. */
  readonly lifetime: Spent;
  /** The largest single pure-ε charge, and the largest single δ, still admitted. */
  readonly remaining: Amount;
  /**
   * What may be said now, whenever the moment was chosen: since the budget last started anew the loss is (ε, δ). Null for
   * budgets stated in ρ, and where more was spent than the limit of today.
   */
  readonly soFar: Amount | null;
}

/** The chain at one moment. */
export interface Glance {
  readonly standings: readonly Standing[];
  readonly records: Records;
  readonly head: Place | null;
}

/** A reservation without an outcome: it is still running, or a crash cut it off. */
export interface Unfinished extends Place {
  readonly principal: string;
  readonly dataset: string;
  readonly time: string;
}

/** Which filter of an account admits a charge; null: none does. */
export interface Verdict {
  readonly id: AccountId;
  readonly carriedBy: 'basic' | 'zcdp' | null;
}

/** A charge as filters see it. */
export type Charge = Pick<Reservation, 'accounts' | 'event' | 'amount' | 'part' | 'time'>;

/** What charges that were made together entitle to. */
export interface ChargedTogether {
  /** One for each plan that is read for, in their order. */
  readonly warrants: readonly Warrant[];
  /** The entries of recharges, in their order. */
  readonly recharged: readonly Place[];
}

/** Append-only, hash-chained, durable before it answers. */
export interface Ledger {
  /**
   * Charges every account or none; the warrant exists only once the entry is durable.
   *
   * @throws GauzeError BUDGET_EXHAUSTED, DATASET_FROZEN, LEDGER_*
   */
  reserve(reservation: Reservation): Promise<Warrant>;
  /**
   * As `reserve`, for plans fixed in advance that are charged as one, and as `recharge` for answers that are asked for
   * with them. Every account admits all that falls in it, or nothing at all is charged; where another append comes in
   * between, or a later one fails, what was appended stays charged. All are of one part and one time.
   *
   * @param reservation - of the plans together; null: nothing is read
   * @throws GauzeError BUDGET_EXHAUSTED, DATASET_FROZEN, LEDGER_*
   */
  reserveBatch(
    reservation: Reservation | null,
    plans: readonly string[],
    recharges?: readonly Reservation[],
  ): Promise<ChargedTogether>;
  /**
   * Charges for an answer that is already released, to accounts new to it (recall by another principal): same rules,
   * no warrant, because nothing is read.
   */
  recharge(reservation: Reservation): Promise<Place>;
  /** Records the outcome of a warrant's run, once; never refunds. @throws GauzeError WARRANT_INVALID, LEDGER_* */
  settle(warrant: Warrant, settlement: Settlement): Promise<void>;
  /**
   * Whether every account would admit these charges now, all of them together, and by which filter; charges nothing. They
   * are of one part and one time.
   */
  verdicts(...charges: readonly Charge[]): Promise<readonly Verdict[]>;
  /** The entry by which this account has paid for the newest draw of this plan on this data version; null: it has not. */
  paidBy(account: AccountId, plan: string, version: string): Promise<Place | null>;
  /**
   * @param time - now, for budgets that renew; the latest entry's unless given
   * @param group - how many units `soFar` speaks of together, such as a household; one unless given
   */
  standing(account: Account, time?: string, group?: number): Promise<Standing>;
  /** Standings, records and the newest entry of one moment. */
  glance(accounts: readonly Account[], time: string): Promise<Glance>;
  /** Reservations whose outcome is not recorded; they count as spent. */
  unfinished(): Promise<readonly Unfinished[]>;
  /** What the chain says now, apart from charges. */
  records(): Promise<Records>;
  /**
   * Appends what `decide` makes of the records, which nobody changes meanwhile; null appends nothing. What it throws is
   * thrown on.
   */
  state(decide: (records: Records) => Statement | null): Promise<Place | null>;
  /** The newest entry; null before the first. */
  head(): Promise<Place | null>;
}

/** Where entries live, in order. Whoever reads or appends does so inside `exclusively`. */
export interface Store {
  /** Entries after the first `known`, as appended. A torn last one (a crash while appending) is not. @throws GauzeError LEDGER_* */
  read(known: number): Promise<readonly Uint8Array[]>;
  /** Durable when it resolves; `known` entries precede it. @throws GauzeError LEDGER_CONFLICT, LEDGER_UNAVAILABLE */
  append(entry: Uint8Array, known: number): Promise<void>;
  /**
   * Whether another journal took this one's place that goes on where this one ends, after its `known` entries: it was
   * archived. From then on entries are those of the other one, and none of them is known. Stores without it are never
   * archived.
   *
   * @throws GauzeError LEDGER_CORRUPT when it was replaced by anything else
   */
  moveOn?(known: number): Promise<boolean>;
  /** Runs `work` while no other process or tab appends. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
