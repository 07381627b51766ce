/** Data versions in the chain: from when on which one was answered from. */
import type { Ledger } from '../charge/ledger.ts';
import { GauzeError } from '../errors.ts';

/**
 * Records versions that the chain does not know yet.
 *
 * @throws GauzeError LEDGER_*; POLICY_DATASET for a version that another one has taken the place of: the record of data
 * versions is an older copy, and the units that have withdrawn since may be in it again
 */
export async function recordVersions(
  ledger: Ledger,
  versions: ReadonlyMap<string, string>,
  why: { readonly withdrawal: boolean; readonly by: string | null },
  now: Date,
): Promise<void> {
  for (const [dataset, version] of versions) {
    await ledger.state((records) => {
      if (records.isSuperseded(dataset, version)) throw superseded(dataset);
      const isNewest = records.dataOf(dataset)?.version === version;
      return isNewest ? null : { kind: 'data', dataset, version, ...why, time: now.toISOString() };
    });
  }
}

function superseded(dataset: string): GauzeError {
  return new GauzeError('POLICY_DATASET', {
    message: `The record of data versions is older than the journal: ${dataset} had a newer version.`,
    next: 'Bring back the newest list of who has withdrawn, then register the data anew: gauze register',
    fields: { dataset },
  });
}
