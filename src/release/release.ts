import type { Table } from 'apache-arrow';
import type { SqlType, Value } from '../ask/types.ts';
import type { PrivacyEvent } from '../dp/event.ts';

/** A researcher's answer. */
export interface Release {
  /** Released values only, Arrow; schema metadata holds cost, policy digest and receipt id. */
  readonly table: Table;
  /** Same values as plain rows, for display: column-major. */
  readonly columns: readonly ReleasedColumn[];
  /** Confidence intervals by output column name; noisy columns only. */
  readonly intervals: Readonly<Record<string, Intervals>>;
  readonly cost: { readonly epsilon: number; readonly delta: number; readonly event: PrivacyEvent };
  /** The largest ε, and the largest δ, that every account it was charged to would still admit. */
  readonly remaining: { readonly epsilon: number; readonly delta: number } | null;
  readonly receipt: Receipt | null;
  /** Sentences for the researcher: rows dropped by rule, ways to ask better. No data. */
  readonly notes: readonly string[];
  /** True when this is the stored answer to a question asked before. */
  readonly recalled: boolean;
}

export interface ReleasedColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly noisy: boolean;
  readonly values: readonly Value[];
}

/** `low[i]`, `high[i]` for row i; null is an open end. Covers the noise, not clamping or sampling. */
export interface Intervals {
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly level: number;
}

/** What was asked, promised, spent and released, signed with the data holder's Ed25519 key over canonical JSON. */
export interface Receipt {
  readonly body: Readonly<Record<string, unknown>>;
  /** Hex. */
  readonly publicKey: string;
  readonly signature: string;
}
