/** The stop of a data set, and of rules that are no longer in force. */
import { GauzeError } from '../errors.ts';
import type { Records } from './records.ts';

/** @throws GauzeError DATASET_FROZEN while answers about a data set are stopped */
export function checkFreeze(records: Records, dataset: string): void {
  if (records.freezeOf(dataset) === null) return;
  throw new GauzeError('DATASET_FROZEN', {
    message: `All answers about ${dataset} are stopped.`,
    next: 'Ask the privacy officer; he lets them go on with: gauze unfreeze',
    fields: { dataset },
  });
}

/**
 * @param digest - of the policy that a session was opened with
 * @throws GauzeError POLICY_CHANGED when others are in force by now
 */
export function checkInForce({ policy }: Records, digest: string): void {
  if (policy === null || policy.entry.digest === digest) return;
  throw new GauzeError('POLICY_CHANGED', {
    message: 'The policy changed since this session was opened.',
    next: 'Open a new session; it reads the policy that is in force.',
  });
}
