/** What a privacy officer promised, parsed and frozen. The YAML form and its checks stand in `policy/parse.ts`. */

import type { Rational } from '../dp/rational.ts';
import type { SqlType, TypedValue, Value } from './value.ts';
import type { WatchRules } from './watch-rules.ts';

/** A whole policy. `digest` is the SHA-256 (hex) of its canonical form; comments and key order do not change it. */
export interface Policy {
  readonly digest: string;
  /** SHA-256 (hex) of the data sets alone, without budgets and principals. */
  readonly dataDigest: string;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly principals: ReadonlyMap<string, Principal>;
  /** Cap over all data sets and principals together; null means none is set. */
  readonly budget: BudgetLimit | null;
  /** What data may be asked for, by name. Where any is declared, every question names one. */
  readonly purposes: ReadonlyMap<string, Purpose>;
  /** Data-use terms, by name. */
  readonly terms: ReadonlyMap<string, Terms>;
  readonly governance: Governance;
}

/** Rules about the rules. */
export interface Governance {
  /** Whether a change that widens what may be learnt needs the signatures of two officers. */
  readonly secondOfficer: boolean;
  /** Whether the same question gets its stored answer; without it each asking is charged and measured anew. */
  readonly consistentAnswers: boolean;
  /** Years that records are kept before they may be archived. */
  readonly retentionYears: number;
  /** File, relative to the policy, that every charge is noted in beside the journal, so that an older journal is noticed. */
  readonly anchor: string | null;
  /** Whom a refused researcher or a patient may write to. */
  readonly contact: string | null;
  /** What raises an alert. */
  readonly watch: WatchRules;
}

/** Topics that the law protects specially. */
export type SensitiveTopic = 'substance-use' | 'mental-health' | 'hiv' | 'reproductive' | 'genetic';

/** One purpose, and the sensitive topics it may touch. */
export interface Purpose {
  readonly name: string;
  readonly description: string | null;
  readonly sensitive: ReadonlySet<SensitiveTopic>;
}

/** An agreement that its recipients accept before their first question. Re-identification is always forbidden by it. */
export interface Terms {
  readonly name: string;
  readonly recipient: string;
  /** Purposes it covers; null: all of the policy's. */
  readonly purposes: ReadonlySet<string> | null;
  /** Last day it holds, ISO, UTC. */
  readonly expires: string;
  /** Number of the written agreement. */
  readonly agreement: string | null;
  /** What the recipient promises, in full. */
  readonly text: string | null;
}

/** Tables that share one privacy unit, one contribution bound and one budget. */
export interface Dataset {
  readonly name: string;
  /** A DuckDB file, relative to the policy, for tables that name no file of their own. */
  readonly source: string | null;
  /** The table and column that hold the privacy unit. */
  readonly unit: { readonly table: string; readonly column: string };
  /** Groups per unit (L0) and rows per (unit, group), after the last join. */
  readonly contribution: Contribution;
  /** Cap over all principals; null means none is set. */
  readonly budget: BudgetLimit | null;
  /** Hard minimum of distinct units in a privately selected group, ≥ 1. */
  readonly minimumUnits: number;
  /** δ charged for a privately selected key when a question names none; null: a hundredth of the principal's δ. */
  readonly defaultDelta: Rational | null;
  /** Purposes it may be asked for, each with its budget; null: all of the policy's. */
  readonly purposes: ReadonlyMap<string, BudgetLimit | null> | null;
  readonly consent: Consent | null;
  /**
   * A public-valued column of a table with one row per unit whose value never changes for a unit, in no data version:
   * questions about the units of different values touch different units.
   */
  readonly disjoint: { readonly table: string; readonly column: string } | null;
  readonly tables: ReadonlyMap<string, Table>;
}

export interface Contribution {
  readonly groups: number;
  readonly rows: number;
}

/** Who counts, for a purpose, as having consented: one row of his says so, and none refuses. */
export interface Consent {
  /** A table of the data set that holds the unit itself. */
  readonly table: string;
  readonly column: string;
  /** Values that permit a purpose; a purpose that is not named here nobody has consented to. */
  readonly purposes: ReadonlyMap<string, readonly Value[]>;
  /** Values that take every consent back. */
  readonly refusals: readonly Value[];
}

/** When a budget starts anew, UTC; what was lost before stays lost. */
export type Renewal = 'day' | 'month' | 'quarter';

/** (ε, δ), δ = 0 being a pure-ε budget; or ρ, with δ for privately chosen keys. Exactly one of `epsilon` and `rho` is null. */
export interface BudgetLimit {
  readonly epsilon: Rational | null;
  readonly rho: Rational | null;
  readonly delta: Rational;
  readonly renews: Renewal | null;
}

/**
 * What somebody may do: ask (researcher); change policy and budgets, freeze, approve (officer); register, de-identify and
 * withdraw (steward); read the records (auditor).
 */
export type Role = 'researcher' | 'officer' | 'steward' | 'auditor';

export interface Principal {
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  readonly budgets: ReadonlyMap<string, BudgetLimit>;
  /** Purposes he may ask for; null: all of the policy's. */
  readonly purposes: ReadonlySet<string> | null;
  /** Columns closed to him. */
  readonly deny: readonly ColumnName[];
  /** Terms he must have accepted. */
  readonly terms: readonly string[];
  /** Ed25519 public key, hex, that his signatures are checked with. */
  readonly key: string | null;
  /** Last day he may act, ISO, UTC. */
  readonly until: string | null;
}

/** A column of a policy. */
export interface ColumnName {
  readonly dataset: string;
  readonly table: string;
  readonly column: string;
}

export interface Table {
  readonly name: string;
  readonly dataset: string;
  /** Parquet or CSV glob, relative to the policy; null: a table of the data set's source. */
  readonly file: string | null;
  /** Public tables have no unit and cost nothing. */
  readonly public: boolean;
  /** Public tables: a column that holds each value once and is never missing, verified at registration. */
  readonly key: string | null;
  /** How a row reaches its unit; null only for public tables. */
  readonly unit: TableUnit | null;
  /** At most one row per unit, verified at registration. */
  readonly unique: boolean;
  readonly columns: ReadonlyMap<string, PolicyColumn>;
}

/** The unit is a column of the table itself, or is reached by `on` = the equally named, unique column of `table`. */
export type TableUnit =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'through'; readonly table: string; readonly on: string };

export interface PolicyColumn {
  readonly name: string;
  readonly type: Exclude<SqlType, 'key' | 'null'>;
  /** Public keys, in declared order; null may be among them. */
  readonly values: readonly Value[] | null;
  /** Clamp for numbers, dates and timestamps. */
  readonly bounds: Bounds | null;
  /** Bounds that depend on another column's value. */
  readonly boundsBy: {
    readonly column: string;
    readonly of: readonly { readonly key: TypedValue; readonly bounds: Bounds }[];
  } | null;
  /** Grid step of numbers, exact; null: chosen from the bounds. */
  readonly step: Rational | null;
  /** False only where declared and verified. */
  readonly nullable: boolean;
  /** `join`: may be joined and compared, never put out, grouped by or summed. */
  readonly use: 'any' | 'join';
  /** Zone a zoned timestamp is read in. */
  readonly zone: string | null;
  /** Purposes it may be used for; null: all of the data set's. */
  readonly purposes: ReadonlySet<string> | null;
  readonly sensitive: SensitiveTopic | null;
}

/** Both ends included; integer bigint, double number, date number (days), timestamp bigint (µs). */
export interface Bounds {
  readonly low: Value;
  readonly high: Value;
}
