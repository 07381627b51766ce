/** What the watch tells. */
import type { Place } from '../charge/place.ts';
import type { WatchRule } from '../policy/watch-rules.ts';

/** `notice`: to know; `warning`: somebody should look; `critical`: somebody should look now. */
export type Severity = 'notice' | 'warning' | 'critical';

/**
 * Something in the journal that an officer should look at. It holds names of the policy, numbers and shapes of questions;
 * no data, and no constant of a question.
 */
export interface Alert {
  /** That of the entry which gave rise to it; ISO 8601, UTC. */
  readonly time: string;
  readonly rule: WatchRule;
  readonly severity: Severity;
  readonly dataset: string | null;
  readonly principal: string | null;
  readonly purpose: string | null;
  /** In words. */
  readonly message: string;
  /** The numbers in the message, for programs. */
  readonly fields: Readonly<Record<string, string | number>>;
  /** The entry which gave rise to it; entries count from 0. */
  readonly entry: Place;
}
