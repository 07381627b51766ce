/** TRN: what patients are told. */
import { transparencyOf } from '../transparency.ts';
import { type Artefact, type Facts, type Json, makeArtefact } from './artefact.ts';

export function transparencyRecord(facts: Facts): Artefact {
  const { period: _, ...page } = transparencyOf(facts.chronicle, facts.policy, facts.period);
  return makeArtefact(facts, {
    id: 'TRN',
    title: 'Transparency',
    status: 'recorded',
    note: 'The page for patients: gauze transparency. Publishing it, and answering those who write, is for people.',
    content: JSON.parse(JSON.stringify(page)) as { readonly [name: string]: Json },
  });
}
