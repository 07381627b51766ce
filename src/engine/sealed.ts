import type { Value } from '../ask/types.ts';

/** Exact statistics of one question, in key order of the engine's choosing; never leaves `release/measure.ts`. */
export interface ExactStatistics {
  /** One block per grouping set of the question, in its order. */
  readonly sets: readonly ExactSet[];
}

/** Groups found in one grouping set. */
export interface ExactSet {
  readonly groups: number;
  /** One column per key of the question; keys absent from the set hold null. */
  readonly keys: readonly (readonly Value[])[];
  /** One column per statistic, exact. */
  readonly statistics: readonly (BigInt64Array | readonly bigint[])[];
}

/** What the engine hands over: exact statistics per question, and the public key values it was asked to enumerate. */
export interface EngineResult {
  readonly questions: readonly ExactStatistics[];
  /** `domains[q][k]`: enumerated values for keys with a `relation` domain, else null. */
  readonly domains: readonly (readonly (readonly Value[] | null)[])[];
}

const contents = new WeakMap<Sealed, EngineResult>();

/** A box around raw statistics: no fields, no JSON, no iterator, nothing to print. */
export class Sealed {
  private constructor() {
    Object.freeze(this);
  }

  /** For engines. */
  static seal(result: EngineResult): Sealed {
    const sealed = new Sealed();
    contents.set(sealed, result);
    return sealed;
  }

  /** For `release/measure.ts` alone (a test reads the imports). Opens once: the raw figures are dropped with the box. */
  static unseal(sealed: Sealed): EngineResult {
    const result = contents.get(sealed);
    if (result === undefined) throw new Error('Nothing is sealed here.');
    contents.delete(sealed);
    return result;
  }
}
