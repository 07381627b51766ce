import type { Store } from '../charge/ledger.ts';
import type { RegistrationStore } from '../registration.ts';
import type { AnswerStore } from '../release/recall.ts';

/** State that several servers share: the same budgets, data versions and stored answers for all of them. */
export interface SharedState {
  /** Closing a session does not end what it stands on. */
  readonly ledger: Store;
  readonly registrations: RegistrationStore;
  /** Stored answers, sealed with the data holder's secret. */
  answers(secret: Uint8Array): AnswerStore;
  close(): Promise<void>;
}
