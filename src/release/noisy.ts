import type { Value } from '../ask/types.ts';

/**
 * Noisy statistics of a plan: all that ever leaves the sealed box. Everything a release shows is computed from this and
 * from public tables, and it is what answer stores keep.
 */
export interface NoisyAnswer {
  readonly questions: readonly NoisyQuestion[];
}

/** One block per grouping set, in the question's order. */
export interface NoisyQuestion {
  readonly sets: readonly NoisySet[];
}

/** The groups of one grouping set, in key order. */
export interface NoisySet {
  readonly groups: number;
  /** One column per key of the question; keys absent from the set hold null. */
  readonly keys: readonly (readonly Value[])[];
  /** One column per statistic, in lattice units; null where the statistic only served the selection of groups. */
  readonly statistics: readonly (NoisyColumn | null)[];
}

/** Integers: doubles where every one is below 2^53, else big. */
export type NoisyColumn = Float64Array | readonly bigint[];
