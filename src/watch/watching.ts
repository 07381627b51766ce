/** A watch whose alerts somebody hears. */
import type { Policy } from '../policy/policy.ts';
import type { Alert } from './alert.ts';
import { makeWatch, type Seen } from './watch.ts';

/** Is called with an alert; what it throws or rejects with is passed over, and nobody waits for it. */
export type OnAlert = (alert: Alert) => unknown;

/** A watch over a journal that is about to be opened. */
export interface Watching {
  readonly seen: Seen;
  /** The journal is open: what it held before is the past. */
  begin(): void;
}

/**
 * Watches from `begin` on. Alerts that the past gives rise to are not told: whoever wants those, too, reads the journal
 * again.
 */
export function watchFromNow(policy: Policy, onAlert: OnAlert | undefined): Watching {
  let isPast = true;
  const seen = makeWatch(policy, (alert) => {
    if (!isPast) tell(onAlert, alert);
  });
  return {
    seen,
    begin: () => {
      isPast = false;
    },
  };
}

/** Tells an alert later, after the entry that gave rise to it is done with. */
export function tell(onAlert: OnAlert | undefined, alert: Alert): void {
  if (onAlert === undefined) return;
  Promise.resolve(alert)
    .then(onAlert)
    .catch(() => undefined);
}
