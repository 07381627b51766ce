import type { Column, Relation } from '../ask/ir.ts';
import type { Value } from '../ask/types.ts';
import type { BoundedQuestion } from '../bound/bounded.ts';
import type { Warrant } from '../charge/warrant.ts';
import type { Declaration } from '../policy/declaration.ts';
import type { Dataset, Policy } from '../policy/policy.ts';
import type { ReadLimits } from './deadline.ts';
import type { Sealed } from './sealed.ts';
import type { Withdrawals } from './withdrawals.ts';

/** What an engine needs of a plan. */
export interface Readable {
  readonly digest: string;
  readonly dataset: string | null;
  readonly questions: readonly { readonly bounded: BoundedQuestion }[];
}

/** A plan that the engine can run: nothing is read yet, and nothing has to be printed any more. */
export interface PreparedRead {
  /**
   * Reads, once. Over the timeout the read stops with ENGINE_TIMEOUT and stays charged.
   *
   * @throws GauzeError WARRANT_INVALID, ENGINE_TIMEOUT, ENGINE_ABORTED, ENGINE_FAILED
   */
  run(warrant: Warrant, limits: ReadLimits): Promise<Sealed>;
}

/** Exact rows of a relation over public tables. */
export interface ExactRows {
  readonly columns: readonly Column[];
  /** One array per column, equal lengths. */
  readonly values: readonly (readonly Value[])[];
}

/**
 * One database behind gauze. Every method that reads protected rows wants a warrant; errors are typed and carry no
 * text of the engine. Engines accept trees only, never text.
 */
export interface Engine {
  /** `duckdb-native`, `duckdb-wasm`. */
  readonly name: string;
  /**
   * Makes the tables of a data set readable, without the rows of units that have withdrawn, and locks everything else.
   * Called once per data set before any question.
   */
  attach(policy: Policy, dataset: Dataset, withdrawn?: Withdrawals): Promise<void>;
  /**
   * Hex HMAC-SHA-256 of the data set's content, and of who has withdrawn from it, under a secret key: changes when either
   * changes, says nothing else.
   */
  fingerprint(dataset: Dataset, key: Uint8Array): Promise<string>;
  /**
   * Checks what the policy declares (`unique`, `through` keys, `nullable: false`), once per data version, outside any
   * question. Returns what does not hold.
   */
  verify(dataset: Dataset): Promise<readonly Declaration[]>;
  /**
   * How many of these units any table of an attached data set holds, whether or not they are left out, each listed as
   * `Withdrawals` are. It reads without a charge, so it is for the data holder who registers a withdrawal, and for nobody
   * else: outside any session, before any question.
   *
   * @throws GauzeError ENGINE_UNAVAILABLE after the first question, or when the data cannot be read
   */
  withdrawnFound(dataset: Dataset, units: Withdrawals): Promise<number>;
  /**
   * Prints every question of a plan, before anything is charged: what cannot be printed must cost nothing.
   *
   * @param salt - decides which pairs of an over-limit unit are kept: 64 secret random bits per release
   * @throws GauzeError INTERNAL_INVARIANT
   */
  prepare(plan: Readable, salt: bigint): PreparedRead;
  /** Rows of a relation over public tables alone; refuses any other. */
  readPublic(relation: Relation, limits: ReadLimits): Promise<ExactRows>;
  close(): Promise<void>;
}
