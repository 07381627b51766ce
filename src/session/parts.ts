/** What a session stands on, and what it knows of a question before anything is read. */
import type { Plan } from '../bound/plan.ts';
import type { Account, Part } from '../charge/account-id.ts';
import type { Ledger } from '../charge/ledger.ts';
import type { SigningKey } from '../crypto/sign.ts';
import type { Engine } from '../engine/engine.ts';
import type { Dataset, Policy } from '../policy/policy.ts';
import type { AnswerStore } from '../release/recall.ts';

/** Everything a session stands on; `open` puts it together. */
export interface SessionParts {
  readonly policy: Policy;
  readonly principal: string;
  /** What questions are for that do not say it themselves. */
  readonly purpose: string | null;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly answers: AnswerStore;
  readonly key: SigningKey;
  /** What names of plans are keyed with. */
  readonly secret: Uint8Array;
  /** Data version label by data set. */
  readonly versions: ReadonlyMap<string, string>;
  readonly clock: () => Date;
  /** Milliseconds per read where a question names none; null: `TIMEOUT_MS`. */
  readonly timeout: number | null;
  close(): Promise<void>;
}

/** A planned question, and the accounts it is charged to. */
export interface Prepared {
  readonly plan: Plan;
  readonly notes: readonly string[];
  readonly dataset: Dataset | null;
  readonly purpose: string | null;
  readonly part: Part | null;
  /** Columns used, `table.column`. */
  readonly columns: readonly string[];
  /** The question without its constants. */
  readonly shape: string;
  readonly accounts: readonly Account[];
}
