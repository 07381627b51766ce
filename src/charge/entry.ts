/** What the journal says, entry by entry. A kind never changes its meaning; entries of earlier versions stay readable. */
import type { PrivacyEvent } from '../dp/event.ts';
import type { AccountId, Part } from './account-id.ts';
import type { Place } from './place.ts';

/** How a charged run ended. */
export interface Settlement {
  readonly outcome: 'released' | 'failed';
  readonly answer: string | null;
  readonly time: string;
}

/** Amounts as decimal strings of ledger units. */
export interface WrittenSpend {
  readonly epsilon: string;
  readonly delta: string;
  readonly rho: string;
  readonly rhoDelta: string;
}

/** An account as written; entries of earlier versions know no purposes. */
export type WrittenAccount = Pick<AccountId, 'dataset' | 'principal'> & Partial<Pick<AccountId, 'purpose'>>;

/** A charge: `reserve` opened the data, `recharge` paid for an answer that was already released. */
export interface ChargeEntry {
  readonly kind: 'reserve' | 'recharge';
  readonly accounts: readonly WrittenAccount[];
  readonly spend: WrittenSpend;
  readonly event: PrivacyEvent;
  readonly plan: string;
  /** Plans of a batch, which `plan` is the digest of. */
  readonly plans?: readonly string[];
  readonly principal: string;
  readonly dataset: string;
  readonly purpose?: string | null;
  readonly part?: Part | null;
  readonly columns?: readonly string[];
  readonly question?: string;
  readonly version: string;
  readonly policy: string;
  readonly time: string;
}

/** How a reservation ended; one that is never settled counts as spent all the same. */
export interface SettleEntry extends Settlement {
  readonly kind: 'settle';
  readonly reservation: string;
}

/** From here on these rules hold; `text` is the whole policy file. */
export interface PolicyEntry {
  readonly kind: 'policy';
  readonly digest: string;
  readonly text: string;
  /** Who made the change, where that is known. */
  readonly by: string | null;
  /** What it lets anybody learn that the rules before did not, in sentences. */
  readonly widened: readonly string[];
  readonly time: string;
}

/** An officer's signature under a policy that is to come into force. */
export interface ApproveEntry {
  readonly kind: 'approve';
  readonly digest: string;
  readonly officer: string;
  readonly signature: string;
  readonly time: string;
}

/** A question that was not answered, and why. */
export interface RefuseEntry {
  readonly kind: 'refuse';
  readonly code: string;
  readonly principal: string;
  readonly dataset: string | null;
  readonly purpose: string | null;
  readonly question: string;
  readonly policy: string;
  readonly time: string;
}

/** All answers of a data set stop, or go on. */
export interface FreezeEntry {
  readonly kind: 'freeze' | 'unfreeze';
  readonly dataset: string;
  readonly by: string | null;
  readonly reason: string;
  readonly time: string;
}

/** A principal's promise to keep data-use terms; signed with his own key where the policy names it. */
export interface AcceptEntry {
  readonly kind: 'accept';
  readonly principal: string;
  readonly terms: string;
  readonly digest: string;
  readonly signature: string | null;
  readonly time: string;
}

/** A data version came into use; its label says nothing about the data. */
export interface DataEntry {
  readonly kind: 'data';
  readonly dataset: string;
  readonly version: string;
  /** Whether units have withdrawn since the version before. */
  readonly withdrawal: boolean;
  readonly by: string | null;
  readonly time: string;
}

/** The key that signs from here on: the first, one that the key before vouches for, or one after a loss. */
export interface KeyEntry {
  readonly kind: 'key';
  readonly publicKey: string;
  readonly reason: 'first' | 'rotated' | 'lost';
  readonly by: string | null;
  readonly time: string;
}

/** Charges of entries that were lost, at their sum or more: nothing is ever lowered by a loss. */
export interface WriteOffEntry {
  readonly kind: 'write-off';
  readonly charges: readonly { readonly account: WrittenAccount; readonly spend: WrittenSpend }[];
  readonly reason: string;
  /** Hash of the entry that an anchor had seen and the journal lacked. */
  readonly anchor?: string | null;
  readonly by: string | null;
  readonly time: string;
}

/** Something was made of the records for somebody outside: its digest, so that it can be recognised. */
export interface ExportEntry {
  readonly kind: 'export';
  readonly what: 'incident' | 'evidence' | 'archive' | 'backup';
  readonly digest: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly by: string | null;
  readonly time: string;
}

/** An entry that charges nothing and settles nothing. */
export type Statement =
  | PolicyEntry
  | ApproveEntry
  | RefuseEntry
  | FreezeEntry
  | AcceptEntry
  | DataEntry
  | KeyEntry
  | WriteOffEntry
  | ExportEntry;

/** What charges to an account add up to: those to all units, and those to one part each. */
export interface WrittenSums {
  readonly whole: WrittenSpend;
  readonly parts: readonly (Part & { readonly spend: WrittenSpend })[];
}

/** What an account has lost since the first charge, and on each day that a window may still count. */
export interface WrittenLoss {
  readonly account: AccountId;
  readonly lifetime: WrittenSums;
  readonly days: readonly { readonly day: string; readonly sums: WrittenSums }[];
}

/** The entry by which accounts paid for a plan on a data version; accounts by their place in the list of losses. */
export interface WrittenPayment extends Place {
  readonly plan: string;
  readonly version: string;
  readonly accounts: readonly number[];
}

/** What entries say apart from charges, as far as it holds on. */
export interface WrittenRecords {
  readonly policy: (Place & { readonly version: number; readonly entry: PolicyEntry }) | null;
  readonly key: KeyEntry | null;
  readonly latest: string;
  /** Whether entries were lost once, and written off. */
  readonly lost: boolean;
  /** What anchors had seen of them. */
  readonly writtenOff: readonly string[];
  readonly approvals: readonly ApproveEntry[];
  readonly frozen: readonly FreezeEntry[];
  readonly accepted: readonly AcceptEntry[];
  readonly data: readonly DataEntry[];
}

/** All that a journal adds up to, in one order alone. */
export interface WrittenState {
  readonly losses: readonly WrittenLoss[];
  readonly payments: readonly WrittenPayment[];
  readonly unsettled: readonly (Place & { readonly entry: ChargeEntry })[];
  readonly records: WrittenRecords;
}

/** The first entry of a journal whose earlier entries lie in an archive: what they add up to. */
export interface CheckpointEntry {
  readonly kind: 'checkpoint';
  readonly state: WrittenState;
  readonly by: string | null;
  readonly time: string;
}

export type Content = ChargeEntry | SettleEntry | CheckpointEntry | Statement;

/** An entry with its place in the chain. */
export interface Entry {
  readonly sequence: number;
  readonly previous: string;
  readonly content: Content;
}
