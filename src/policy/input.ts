/** The form of a policy given as an object; the same keys as in the file. */

/** A number where digits matter may also be text: `'0.01'`, `'9007199254740993'`. */
export type NumberInput = number | bigint | string;

/** A value of a column: dates and timestamps as ISO text. */
export type ValueInput = string | number | bigint | boolean | null;

/** A policy as a plain object, as `open` and `policyFromObject` take it. */
export interface PolicyInput {
  readonly gauze: 1;
  readonly datasets: Readonly<Record<string, DatasetInput>>;
  readonly principals?: Readonly<Record<string, PrincipalInput>>;
}

export interface DatasetInput {
  readonly source?: string;
  /** `table.column` of the privacy unit. */
  readonly unit: string;
  readonly contribution: { readonly groups: number; readonly rows: number };
  readonly budget?: LimitInput;
  readonly minimumUnits?: number;
  readonly defaultDelta?: NumberInput;
  readonly tables: Readonly<Record<string, TableInput>>;
}

/** ε and δ; without `delta` a pure-ε budget. */
export interface LimitInput {
  readonly epsilon: NumberInput;
  readonly delta?: NumberInput;
}

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
}

/** Low and high end, both included. */
export type BoundsInput = readonly [NumberInput, NumberInput];

export interface PrincipalInput {
  readonly budgets?: readonly (LimitInput & { readonly dataset: string })[];
}
