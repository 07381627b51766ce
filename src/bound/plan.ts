/** A question's plan: everything that follows from the text, the policy and the parameters, before anything is read. */
import type { Column, Relation } from '../ask/ir.ts';
import type { Value } from '../ask/types.ts';
import type { PrivacyEvent } from '../dp/event.ts';
import type { NoiseMechanism } from '../dp/mechanism/noise.ts';
import type { Rational } from '../dp/rational.ts';
import type { BoundedQuestion } from './bounded.ts';
import type { Proof } from './proof.ts';
import type { Vector } from './vector.ts';

/** Parameters of a question, exact. */
export interface PrivacyParameters {
  /** ε for the whole question; null when `accuracy` is given or every aggregate names its own. */
  readonly epsilon: Rational | null;
  readonly delta: Rational | null;
  /** Wanted half-width at `level`, in the answer's own units. */
  readonly accuracy: Rational | null;
  /** ε per output aggregate, by output name. */
  readonly epsilonByAggregate: ReadonlyMap<string, Rational> | null;
  /** Lowers the policy's contribution, never raises it. */
  readonly contribution: { readonly groups: number | null; readonly rows: number | null };
  readonly level: number;
  /** δ to charge for privately selected keys when `delta` is null. */
  readonly defaultDelta: Rational;
}

/** Frozen outcome of planning. Questions over public tables alone have no `questions` and cost nothing. */
export interface Plan {
  /** The data set charged; null when the question is over public tables alone. */
  readonly dataset: string | null;
  /** SHA-256 (hex) of the canonical tree, the privacy parameters and the data sets’ declarations: two texts that resolve alike are one plan. */
  readonly digest: string;
  /** What is read from protected tables, one scan each. */
  readonly questions: readonly PlannedQuestion[];
  /** What is done with the noisy answers: leaves are `released` and public tables only. */
  readonly answer: Relation;
  readonly event: PrivacyEvent;
  readonly cost: Cost;
  readonly proof: Proof;
}

/** (ε, δ) of a plan, exact. */
export interface Cost {
  readonly epsilon: Rational;
  readonly delta: Rational;
}

/** One bounded question with its mechanisms and the columns it releases. */
export interface PlannedQuestion {
  readonly bounded: BoundedQuestion;
  /** For every grouping set s and statistic i: `measurements[s][i]`; null where a statistic serves selection alone. */
  readonly measurements: readonly (readonly (Measurement | null)[])[];
  /** Per grouping set; null where all keys of the set are public. */
  readonly selection: readonly (Selection | null)[];
  /** Statistics that share their noise; every other one is noised by itself. */
  readonly vectors: readonly Vector[];
  /** Columns of the `released` leaf: keys in order, then one per derived value. */
  readonly columns: readonly Column[];
  readonly derived: readonly Derivation[];
}

/** Noise added to one integer statistic in every group of one grouping set. */
export interface Measurement {
  readonly mechanism: NoiseMechanism;
  readonly sensitivity: Sensitivity;
}

/** Sensitivity over all groups of one set, integer lattice units: groups moved, Σ|·|, Σ(·)², max|·|. */
export interface Sensitivity {
  readonly l0: number;
  readonly l1: bigint;
  readonly l2Squared: bigint;
  readonly lInf: bigint;
}

/**
 * How groups with private keys are chosen. n is the exact number of distinct units (statistic `units`), n ≥ k already
 * enforced by the engine; k = minimumUnits.
 * `optimal`: keep with probability π(n−k+1) at (ε, δ) per group [DVGM20, Thm 1].
 * `threshold`: keep iff the released noisy unit count ≥ threshold (threshold already includes k−1); costs δ only.
 */
export type Selection =
  | {
      readonly kind: 'optimal';
      readonly units: number;
      /** (ε, δ) per group; a unit is in at most `groups` groups of the set. */
      readonly epsilon: Rational;
      readonly delta: Rational;
      readonly groups: number;
      readonly minimumUnits: number;
    }
  | {
      readonly kind: 'threshold';
      readonly units: number;
      readonly threshold: bigint;
      /** δ over all groups of the set. */
      readonly delta: Rational;
      readonly groups: number;
      readonly minimumUnits: number;
    };

/** How a released value follows from noisy statistics S (per group). */
export type Formula =
  /** value = step · Σ S[statistics]; integer type: to the nearest whole number. */
  | {
      readonly kind: 'scaled';
      readonly statistics: readonly number[];
      readonly step: Rational;
      readonly type: 'integer' | 'double';
    }
  /** value = step · (centre + S[sum] / max(1, Σ S[count])), clamped to [low, high]·step; undetermined when the count is too small. */
  | {
      readonly kind: 'mean';
      readonly count: readonly number[];
      readonly sum: number;
      readonly step: Rational;
      readonly centre: bigint;
      readonly low: bigint;
      readonly high: bigint;
    };

/**
 * A formula for all groups, or one for every public value of key number `key` where groups have bounds of their own: the
 * statistics are the same, what a whole step is worth differs.
 */
export type Derivation =
  | Formula
  | {
      readonly kind: 'by-key';
      readonly key: number;
      readonly of: readonly { readonly value: Value; readonly formula: Formula }[];
    };
