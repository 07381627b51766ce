/** What the journal says, entry by entry. A kind never changes its meaning; entries of earlier versions stay readable. */
import type { PrivacyEvent } from '../dp/event.ts';
import type { AccountId, Part } from './account-id.ts';

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

export type Content = ChargeEntry | SettleEntry | Statement;

/** An entry with its place in the chain. */
export interface Entry {
  readonly sequence: number;
  readonly previous: string;
  readonly content: Content;
}

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const textOrNull: Check = (value) => value === null || text(value);
const amount: Check = (value) => typeof value === 'string' && /^\d+$/.test(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const shaped =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const ACCOUNT = shaped({ dataset: textOrNull, principal: textOrNull, purpose: optional(textOrNull) });
/** An amount is never negative, so no entry can give back. */
const SPEND = shaped({ epsilon: amount, delta: amount, rho: amount, rhoDelta: amount });
const PART = shaped({ table: text, column: text, value: text });
const CHARGE = shaped({
  accounts: listOf(ACCOUNT),
  spend: SPEND,
  event: isRecord,
  plan: text,
  plans: optional(listOf(text)),
  version: text,
  part: optional((value) => value === null || PART(value)),
  time: text,
});

/** Shape of all that a replay reads. */
const SHAPES: Readonly<Record<Content['kind'], Check>> = {
  reserve: CHARGE,
  recharge: CHARGE,
  settle: shaped({ reservation: text }),
  policy: shaped({ digest: text, text, by: textOrNull, widened: listOf(text), time: text }),
  approve: shaped({ digest: text, officer: text, signature: text, time: text }),
  refuse: shaped({ code: text, principal: text, dataset: textOrNull, question: text, time: text }),
  freeze: shaped({ dataset: text, reason: text, time: text }),
  unfreeze: shaped({ dataset: text, reason: text, time: text }),
  accept: shaped({ principal: text, terms: text, digest: text, signature: textOrNull, time: text }),
  data: shaped({ dataset: text, version: text, time: text }),
  key: shaped({ publicKey: text, reason: (value) => value === 'first' || value === 'rotated' || value === 'lost' }),
  'write-off': shaped({ charges: listOf(shaped({ account: ACCOUNT, spend: SPEND })), reason: text, time: text }),
  export: shaped({ what: text, digest: text, time: text }),
};

/** Whether a value is an entry that can be replayed. */
export function isEntry(value: unknown): value is Entry {
  if (!isRecord(value) || !isRecord(value.content)) return false;
  const { kind } = value.content;
  return typeof kind === 'string' && Object.hasOwn(SHAPES, kind) && SHAPES[kind as Content['kind']](value.content);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
