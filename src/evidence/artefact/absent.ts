/** Pieces that the journal cannot give: they are named, never left out. */
import { type Artefact, type ArtefactId, type Facts, makeArtefact } from './artefact.ts';

const ABSENT: readonly { readonly id: ArtefactId; readonly title: string; readonly note: string }[] = [
  {
    id: 'VAL',
    title: 'Validation report',
    note: 'absent: accuracy against declared error is measured by the test suite of this software, not by a running journal; attach its report and the list of packages.',
  },
  {
    id: 'DID',
    title: 'De-identification report',
    note: 'absent: no record was de-identified under this journal; answers are aggregates with noise.',
  },
  {
    id: 'RSK',
    title: 'Re-identification risk report',
    note: 'absent: it belongs to released records, and none were released under this journal.',
  },
  {
    id: 'SDC',
    title: 'Table disclosure report',
    note: 'absent: it belongs to tables that are protected by suppression; these are protected by noise.',
  },
];

export function absent(facts: Facts): Artefact[] {
  return ABSENT.map((piece) => makeArtefact(facts, { ...piece, status: 'absent', content: null }));
}
