/** The form of a policy given as an object; the same keys as in the file. */

import type { WatchRules } from './watch-rules.ts';

/** A number where digits matter may also be text: `'0.01'`, `'9007199254740993'`. */
export type NumberInput = number | bigint | string;

/** A value of a column: dates and timestamps as ISO text. */
export type ValueInput = string | number | bigint | boolean | null;

/** A policy as a plain object, as `open` and `policyFromObject` take it. */
export interface PolicyInput {
  readonly gauze: 1;
  /** Whom a refused researcher or a patient may write to. */
  readonly contact?: string;
  /** Cap over all data sets and principals together. */
  readonly budget?: LimitInput;
  readonly approval?: { readonly secondOfficer: boolean };
  readonly answers?: { readonly consistent: boolean };
  readonly retention?: { readonly years: number };
  readonly ledger?: { readonly anchor: string };
  readonly watch?: WatchInput;
  readonly purposes?: Readonly<Record<string, PurposeInput | null>>;
  readonly terms?: Readonly<Record<string, TermsInput>>;
  readonly datasets: Readonly<Record<string, DatasetInput>>;
  readonly principals?: Readonly<Record<string, PrincipalInput>>;
}

/** Numbers that are left out are as usual; `off`: the rule never raises an alert. */
export type WatchInput = {
  readonly [Rule in keyof WatchRules]?: 'off' | Partial<NonNullable<WatchRules[Rule]>>;
};

/** A topic that the law protects specially. */
export type TopicInput = 'substance-use' | 'mental-health' | 'hiv' | 'reproductive' | 'genetic';

export interface PurposeInput {
  readonly description?: string;
  readonly sensitive?: readonly TopicInput[];
}

export interface TermsInput {
  readonly recipient: string;
  readonly purposes?: readonly string[];
  /** Last day, `YYYY-MM-DD`. */
  readonly expires: string;
  readonly agreement?: string;
  readonly text?: string;
}

export interface DatasetInput {
  readonly source?: string;
  /** `table.column` of the privacy unit. */
  readonly unit: string;
  readonly contribution: { readonly groups: number; readonly rows: number };
  readonly budget?: LimitInput;
  readonly purposes?: readonly string[] | Readonly<Record<string, { readonly budget?: LimitInput } | null>>;
  readonly consent?: ConsentInput;
  /** `table.column` that splits the units into parts. */
  readonly disjoint?: string;
  readonly minimumUnits?: number;
  readonly defaultDelta?: NumberInput;
  readonly tables: Readonly<Record<string, TableInput>>;
}

export interface ConsentInput {
  readonly table: string;
  readonly column: string;
  readonly purposes: Readonly<Record<string, readonly ValueInput[]>>;
  readonly refusals?: readonly ValueInput[];
}

/** ε or ρ, and δ; without `delta` a budget in ε is pure ε. */
export type LimitInput = ({ readonly epsilon: NumberInput } | { readonly rho: NumberInput }) & {
  readonly delta?: NumberInput;
  /** Without it the limit is for all time. */
  readonly renews?: 'day' | 'month' | 'quarter';
};

export interface TableInput {
  readonly file?: string;
  readonly public?: boolean;
  readonly key?: string;
  readonly unit?: string | { readonly through: string; readonly on: string };
  readonly unique?: boolean;
  readonly columns?: Readonly<Record<string, ColumnInput>>;
}

export interface ColumnInput {
  readonly type: 'text' | 'integer' | 'double' | 'boolean' | 'date' | 'timestamp';
  readonly values?: readonly ValueInput[];
  readonly bounds?: BoundsInput | { readonly by: string; readonly of: Readonly<Record<string, BoundsInput>> };
  readonly step?: NumberInput;
  readonly nullable?: boolean;
  readonly use?: 'any' | 'join';
  readonly zone?: string;
  readonly purposes?: readonly string[];
  readonly sensitive?: TopicInput;
}

/** Low and high end, both included. */
export type BoundsInput = readonly [NumberInput, NumberInput];

export interface PrincipalInput {
  /** Without it researcher. */
  readonly roles?: readonly ('researcher' | 'officer' | 'steward' | 'auditor')[];
  readonly budgets?: readonly (LimitInput & { readonly dataset: string })[];
  readonly purposes?: readonly string[];
  /** `dataset.table.column`, or `dataset.table.*`. */
  readonly deny?: readonly string[];
  readonly terms?: readonly string[];
  /** Ed25519 public key, 64 hex digits. */
  readonly key?: string;
  /** Last day, `YYYY-MM-DD`. */
  readonly until?: string;
}
