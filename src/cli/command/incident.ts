/** `gauze incident`: the records around a span of time, sealed, for an investigation. */
import { readFirst } from '../../charge/journal.ts';
import { exportIncident, type SealedIncident } from '../../evidence/incident.ts';
import { noteExport } from '../../govern/acts.ts';
import { inOffice, type Office } from '../../index/office.node.ts';
import { type Format, fail, print } from '../output.ts';
import { checkKept, checkNew, periodOf, writeNew } from '../records.ts';

/** Options as commander hands them over. */
export interface IncidentFlags {
  readonly policy: string;
  readonly as?: string;
  readonly from: string;
  readonly to: string;
  /** A new file; without it the export goes to stdout. */
  readonly output?: string;
  readonly format: Format;
}

/** Exports and seals the entries of a span, and notes it in the journal; exit code. */
export async function incident(flags: IncidentFlags): Promise<number> {
  try {
    const sealed = await inOffice(flags, ['officer', 'auditor'], (office) => sealedOf(office, flags));
    const { digest, publicKey, body } = sealed;
    const { datasets, entries, from, to } = body;
    if (flags.output === undefined) print([JSON.stringify(sealed)]);
    else if (flags.format === 'json') {
      print([JSON.stringify({ output: flags.output, digest, publicKey, from, to, datasets, entries: entries.length })]);
    } else {
      print([
        `${flags.output} holds ${entries.length} entries of ${from} to ${to}, about ${datasets.join(', ') || 'no data set'}.`,
        `Digest ${digest}, sealed with ${publicKey}`,
        `Check it: gauze verify ${flags.output} --public-key ${publicKey}`,
      ]);
    }
    return 0;
  } catch (thrown) {
    return fail(thrown, null, flags.format);
  }
}

async function sealedOf(office: Office, { from, to, output }: IncidentFlags): Promise<SealedIncident> {
  if (output !== undefined) checkNew(output);
  const { store, now, by, keys } = office;
  const period = periodOf(from, to, null, now);
  const lines = await store.exclusively(() => store.read(0));
  if (lines[0] !== undefined) checkKept(period, readFirst(lines[0]).entry.content);
  const sealed = exportIncident(lines, { ...period, by, time: now.toISOString() }, keys.signing);
  if (output !== undefined) writeNew(output, `${JSON.stringify(sealed)}\n`);
  await noteExport(office, 'incident', sealed.digest, period);
  return sealed;
}
