/** What a pack may claim of each row: never more than the rules, the journal and the pieces of this very pack carry. */
import type { Artefact, ArtefactId, Facts, Status } from './artefact/artefact.ts';
import { type Need, REQUIREMENTS, type Requirement } from './regulations.ts';

/** A row as a pack answers it. */
export interface MappedRequirement {
  readonly framework: string;
  readonly section: string;
  readonly asks: string;
  readonly status: Exclude<Status, 'absent'>;
  /** Pieces of the pack that speak to it. */
  readonly evidence: readonly ArtefactId[];
  /** Pieces that would, and are absent from this pack. */
  readonly absent: readonly ArtefactId[];
  /** What people must still do or show, and why the status is no better. */
  readonly notProvided: string;
}

/** Every row, with the status that these facts carry. */
export function requirementsOf(facts: Facts, pieces: readonly Artefact[]): readonly MappedRequirement[] {
  const present = new Set(pieces.filter(({ status }) => status !== 'absent').map(({ id }) => id));
  return REQUIREMENTS.map((row) => mapped(row, facts, present));
}

function mapped(row: Requirement, facts: Facts, present: ReadonlySet<ArtefactId>): MappedRequirement {
  const { framework, section, asks, needs } = row;
  const evidence = row.evidence.filter((id) => present.has(id));
  const absent = row.evidence.filter((id) => !present.has(id));
  const limits: Limit[] = [
    ...(evidence.length === 0 ? [{ lower: toOutside, why: 'every piece that would speak to it is absent' }] : []),
    ...(needs === null || NEEDS[needs].met(facts) ? [] : [NEEDS[needs]]),
    ...(facts.chronicle.verdict.valid ? [] : [{ lower: toRecorded, why: 'the journal does not verify' }]),
    ...(facts.where === 'page' ? [{ lower: toRecorded, why: 'a page is in the hands of its user' }] : []),
  ];
  const holding = limits.filter(({ lower }) => lower(row.status) !== row.status);
  const status = holding.reduce((now, { lower }) => lower(now), row.status);
  const notProvided = [row.notProvided, ...holding.map(({ why }) => why)].join('; ');
  return { framework, section, asks, status, evidence, absent, notProvided };
}

type Lower = (status: Requirement['status']) => Requirement['status'];

/** What holds a row down, and how far. */
interface Limit {
  readonly lower: Lower;
  readonly why: string;
}

const toRecorded: Lower = (status) => (status === 'enforced' ? 'recorded' : status);
const toOutside: Lower = () => 'out-of-scope';

const NEEDS: Readonly<Record<Need, Limit & { readonly met: (facts: Facts) => boolean }>> = {
  purposes: {
    met: ({ policy: { purposes } }) => purposes.size > 0,
    lower: toOutside,
    why: 'the policy declares no purposes: questions need not say what they are for',
  },
  roles: {
    met: ({ policy: { principals } }) => [...principals.values()].some(({ roles }) => roles.has('officer')),
    // Who asks what is recorded whether or not anybody has an office; that people oversee it is not.
    lower: (status) => (status === 'enforced' ? 'recorded' : 'out-of-scope'),
    why: 'the policy gives nobody the role of an officer',
  },
  terms: {
    met: ({ policy: { terms } }) => terms.size > 0,
    lower: toOutside,
    why: 'the policy holds no data-use terms',
  },
  consent: {
    met: ({ policy: { datasets } }) => [...datasets.values()].every(({ consent }) => consent !== null),
    lower: toRecorded,
    why: 'not every data set asks for consent',
  },
  contact: {
    met: ({ policy: { governance } }) => governance.contact !== null,
    lower: toOutside,
    why: 'the policy names nobody to write to',
  },
  anchor: {
    met: ({ anchor }) => anchor !== null,
    lower: toRecorded,
    why: 'no anchor is kept, so that lost newest entries go unnoticed',
  },
};
