/** What aggregates over released rows are given. */
import type { SqlType, Value } from '../../ask/types.ts';
import type { Form } from '../interval/form.ts';
import type { KeyColumn } from './order.ts';

/** A value with its form; null form: exact. */
export interface Known {
  readonly value: Value;
  readonly form: Form | null;
}

/** Rows of one group as an aggregate sees them: its argument, and what `arg-min` and `arg-max` order by. */
export interface Entries {
  readonly type: SqlType;
  readonly args: readonly Known[];
  readonly by: readonly Known[];
  readonly byType: SqlType;
  /** Sort keys of `first`, by place among `args`. */
  readonly order: readonly KeyColumn[];
  readonly orderIsNoisy: boolean;
  /** Of a quantile. */
  readonly fraction: number | null;
  /** Which rows there are follows from noise. */
  readonly noisyRows: boolean;
}
