/** A rule of the watch: is shown entry after entry, and says what it finds. */
import type { ChargeEntry, Content } from '../../charge/entry.ts';
import type { Place } from '../../charge/place.ts';
import type { Policy } from '../../policy/policy.ts';
import type { Alert } from '../alert.ts';

/** An entry, as rules are shown it. */
export interface Entered {
  readonly content: Content;
  readonly place: Place;
  /** Milliseconds since 1970; never goes back, as time in the journal does not. */
  readonly at: number;
  /** Rules in force from this entry on, and those before it. */
  readonly policy: Policy;
  readonly before: Policy;
  /** Whether it is the first: a checkpoint there stands for entries that nobody shows any more. */
  readonly opens: boolean;
}

/** What a rule found at an entry. */
export type Finding = Omit<Alert, 'time' | 'rule' | 'entry'>;

/** Sees each entry once, in order, and keeps what it needs of the past; the same entries give the same findings. */
export type Rule = (entered: Entered) => readonly Finding[];

/** Whether an entry charges for a question. */
export function isCharge(content: Content): content is ChargeEntry {
  return content.kind === 'reserve' || content.kind === 'recharge';
}
