import type { AggregateCall, ColumnId, Expr } from '../../ask/ir.ts';
import type { Statistic } from '../bounded.ts';
import type { Key, Limits } from '../contribution.ts';
import type { Derivation } from '../plan.ts';
import type { Source } from '../source.ts';
import type { Facts } from '../tracked.ts';

/** What an aggregate may ask of the question it stands in. */
export interface AggregateScope {
  readonly source: Source;
  readonly limits: Limits;
  /** Group keys that are in every grouping set; null in place of others. */
  readonly keys: readonly (Key | null)[];
  /** Facts of rows that satisfy the call's FILTER. */
  readonly facts: Facts;
  /** The question's text, for rewrites. */
  readonly text: string;
  /** The call's FILTER as a column of the source, or null. */
  readonly where: ColumnId | null;
  /** Column of the source that is true where the FILTER holds and `arg` is not NULL; `where` itself if it never is. */
  present(arg: Expr): ColumnId | null;
}

/** Integer statistics an aggregate needs, and how its value follows from them. */
export interface AggregateNeed {
  readonly statistics: readonly Statistic[];
  /** Share of the call's budget per statistic, positive integers. */
  readonly weights: readonly bigint[];
  /** `at[i]`: the statistics of the question whose sum statistic i is; one, unless counts were split into cells. */
  derive(at: readonly (readonly number[])[]): Derivation;
}

/** One aggregate function over units. */
export interface AggregateRule {
  needs(call: AggregateCall, scope: AggregateScope): AggregateNeed;
}
