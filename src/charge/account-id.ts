/** Which budget is meant, and which units of a data set. */
import type { Limit } from './amount.ts';

/**
 * One budget. A principal's account (of a data set) bounds what he learns, a purpose's what is learnt for it, the data
 * set's (both null) what everybody learns, the one without a data set what everybody learns from everything.
 */
export interface AccountId {
  readonly dataset: string | null;
  readonly principal: string | null;
  readonly purpose: string | null;
}

/** An account and its limit, fixed by the policy. */
export interface Account {
  readonly id: AccountId;
  readonly limit: Limit;
}

/** Units with one value of a column that is fixed for life: charges to different parts touch different units. */
export interface Part {
  readonly table: string;
  readonly column: string;
  readonly value: string;
}
