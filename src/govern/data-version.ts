/** Data versions in the chain: from when on which one was answered from. */
import type { Ledger } from '../charge/ledger.ts';

/** Records versions that the chain does not know yet. @throws GauzeError LEDGER_* */
export async function recordVersions(
  ledger: Ledger,
  versions: ReadonlyMap<string, string>,
  why: { readonly withdrawal: boolean; readonly by: string | null },
  now: Date,
): Promise<void> {
  for (const [dataset, version] of versions) {
    await ledger.state((records) =>
      records.dataOf(dataset)?.version === version
        ? null
        : { kind: 'data', dataset, version, ...why, time: now.toISOString() },
    );
  }
}
