/** Why leaving units out is private: see `track-table.ts`. */
import { walkRelation } from '../ask/fold.ts';
import type { Relation } from '../ask/ir.ts';
import { admittedWords } from './admitted-words.ts';
import type { Proof } from './proof.ts';

/** The leaf of a question about some units only; none where it is about all. All tables of a question admit the same. */
export function proveAdmitted(source: Relation): readonly Proof[] {
  const words = new Set<string>();
  walkRelation(source, (node) => {
    if (node.kind === 'table' && node.units !== undefined) words.add(admittedWords(node.units));
  });
  return [...words].map((units) => ({
    claim: `Only rows of units ${units} are read; whether a unit is one of them follows from its own rows alone.`,
    rule: 'selection of units',
    theorem: '[McSherry09] §2.3 (stable transformations)',
    facts: { units },
    premises: [],
  }));
}
