/** What a privacy officer promised, parsed and frozen. The YAML form and its checks stand in `policy/parse.ts`. */

import type { Rational } from '../dp/rational.ts';
import type { SqlType, TypedValue, Value } from './value.ts';

/** A whole policy. `digest` is the SHA-256 (hex) of its canonical form; comments and key order do not change it. */
export interface Policy {
  readonly digest: string;
  /** SHA-256 (hex) of the data sets alone, without budgets and principals. */
  readonly dataDigest: string;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly principals: ReadonlyMap<string, Principal>;
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
  readonly tables: ReadonlyMap<string, Table>;
}

export interface Contribution {
  readonly groups: number;
  readonly rows: number;
}

/** (ε, δ); δ = 0 is a pure-ε budget. */
export interface BudgetLimit {
  readonly epsilon: Rational;
  readonly delta: Rational;
}

export interface Principal {
  readonly name: string;
  readonly budgets: ReadonlyMap<string, BudgetLimit>;
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
}

/** Both ends included; integer bigint, double number, date number (days), timestamp bigint (µs). */
export interface Bounds {
  readonly low: Value;
  readonly high: Value;
}
