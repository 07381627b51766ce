/** INC: what was exported of the records, for whom it may be recognised by its digest. */
import { toldOf } from '../chronicle.ts';
import { type Artefact, type Facts, makeArtefact } from './artefact.ts';

export function incidentIndex(facts: Facts): Artefact {
  const exported = toldOf(facts.chronicle, 'export', facts.period).map(({ entry, content }) => ({
    entry,
    what: content.what,
    digest: content.digest,
    from: content.from,
    to: content.to,
    by: content.by,
    time: content.time,
  }));
  return makeArtefact(facts, {
    id: 'INC',
    title: 'Incident exports',
    status: 'recorded',
    note: exported.some(({ what }) => what === 'incident') ? null : 'No incident was exported in this period.',
    content: { exported },
  });
}
