/** Plans fixed in advance: which events will happen, and how often each. */
import type { PrivacyEvent } from '../event.ts';

/** An event, and how often it will happen. */
export interface PlannedEvent {
  readonly event: PrivacyEvent;
  /** A whole number ≥ 0. */
  readonly count: number;
}

/** An event that is not composed of others. */
export type SingleEvent = Exclude<PrivacyEvent, { readonly kind: 'composed' }>;

/** A single event, and how often it will happen in all. */
export interface Repeated {
  readonly event: SingleEvent;
  readonly count: number;
}

/**
 * The single events of a plan, equal ones together, in order of first mention.
 *
 * @throws RangeError when a count is not a whole number ≥ 0
 */
export function singlesOf(plan: readonly PlannedEvent[]): Repeated[] {
  const found = new Map<string, Repeated>();
  const visit = (event: PrivacyEvent, count: number): void => {
    if (event.kind === 'composed') {
      for (const part of event.events) visit(part, count);
      return;
    }
    const key = JSON.stringify(event, Object.keys(event).sort());
    found.set(key, { event, count: (found.get(key)?.count ?? 0) + count });
  };
  for (const { event, count } of plan) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('An event happens a whole number of times.');
    if (count > 0) visit(event, count);
  }
  return [...found.values()];
}
