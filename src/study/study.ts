import type { ParameterValue } from '../ask/index.ts';
import type { Decimal } from '../options.ts';

/** What somebody wants to know, and what all of it may cost. */
export interface Study {
  readonly budget: { readonly epsilon: Decimal; readonly delta?: Decimal };
  readonly purpose?: string;
  /** At least one; names differ. */
  readonly questions: readonly StudyQuestion[];
}

/** A question of a study: with an accuracy, or with a weight (1 unless given). */
export interface StudyQuestion {
  readonly name: string;
  readonly sql: string;
  readonly params?: Readonly<Record<string, ParameterValue>> | readonly ParameterValue[];
  /** Wanted half-width of every interval, in the answer's units. */
  readonly accuracy?: Decimal;
  /** Its part of the ε that accuracies leave. */
  readonly weight?: Decimal;
  readonly level?: number;
  readonly delta?: Decimal;
  /** Supposed persons or rows in every group. */
  readonly size?: number;
  readonly groups?: number;
  readonly rows?: number;
}
