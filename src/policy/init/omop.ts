/**
 * The OMOP Common Data Model: which of its tables hold persons, which are public vocabulary, and what its specification
 * fixes (ohdsi.github.io/CommonDataModel, versions 5.3 and 5.4). All of it is public knowledge; none comes from data.
 */
import { foldName } from '../fold-name.ts';
import type { TableUnit } from '../policy.ts';
import type { DraftTable } from './catalog.ts';
import { isSameType } from './find-unit.ts';

const CLINICAL = new Set([
  'person',
  'observation_period',
  'visit_occurrence',
  'visit_detail',
  'condition_occurrence',
  'drug_exposure',
  'procedure_occurrence',
  'device_exposure',
  'measurement',
  'observation',
  'death',
  'note',
  'specimen',
  'payer_plan_period',
  'episode',
  'drug_era',
  'dose_era',
  'condition_era',
]);

const VOCABULARY = new Set([
  'concept',
  'vocabulary',
  'domain',
  'concept_class',
  'concept_relationship',
  'relationship',
  'concept_synonym',
  'concept_ancestor',
  'drug_strength',
  'cdm_source',
]);

/** Tables that reach the person otherwise than by person_id. */
const LINKS: Readonly<Record<string, TableUnit>> = {
  note_nlp: { kind: 'through', table: 'note', on: 'note_id' },
  episode_event: { kind: 'through', table: 'episode', on: 'episode_id' },
  cohort: { kind: 'column', column: 'subject_id' },
};

/** Why other tables are left out until a person decides. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  location: 'holds the places where persons live',
  care_site: 'belongs to no person; public only if the list of sites is',
  provider: 'is about staff, who are persons too',
  cost: 'refers to rows of several tables, so no single join reaches the person',
  fact_relationship: 'relates rows of any tables, so no single join reaches the person',
  source_to_concept_map: 'is local: public only if local codes are',
  metadata: 'is local, and says what the site wrote there',
  cohort_definition: 'is local: public only if the definitions are',
};

/** Public values and bounds that the specification gives. */
const KNOWN: Readonly<Record<string, KnownColumn>> = {
  gender_concept_id: { values: [8507, 8532], comment: 'male, female; add 0 for unknown' },
  race_concept_id: {
    values: [8515, 8516, 8527, 8557, 8657, 0],
    comment: 'the standard races, 0 unknown; add those in use',
  },
  ethnicity_concept_id: { values: [38003563, 38003564, 0], comment: 'Hispanic, not Hispanic, 0 unknown' },
  year_of_birth: { bounds: [1900, 2030], comment: 'narrow it to your patients' },
  month_of_birth: { bounds: [1, 12], comment: 'finer than the year: needed?' },
  day_of_birth: { leave: 'finer than the month of birth' },
};

/** What is known of a column: values or bounds to declare, a comment, or why it is left out. */
export interface KnownColumn {
  readonly values?: readonly number[];
  readonly bounds?: readonly [number, number];
  readonly comment?: string;
  readonly leave?: string;
}

/** Whether the tables are an OMOP database: `person` with its key, and another clinical table. */
export function isOmop(tables: readonly DraftTable[]): boolean {
  const person = tables.find(({ name }) => foldName(name) === 'person');
  const clinical = tables.filter(({ name, columns }) => CLINICAL.has(foldName(name)) && holdsPerson(columns));
  return person !== undefined && holdsPerson(person.columns) && clinical.length > 1;
}

function holdsPerson(columns: DraftTable['columns']): boolean {
  return columns.some(({ name }) => foldName(name) === 'person_id');
}

/** Primary keys of vocabulary tables. */
const VOCABULARY_KEYS: Readonly<Record<string, string>> = {
  concept: 'concept_id',
  vocabulary: 'vocabulary_id',
  domain: 'domain_id',
  concept_class: 'concept_class_id',
  relationship: 'relationship_id',
};

/** The column that an OMOP vocabulary table holds each value of once, as it is spelled there; null where there is none. */
export function vocabularyKey(table: DraftTable): string | null {
  const key = VOCABULARY_KEYS[foldName(table.name)];
  return table.columns.find(({ name }) => foldName(name) === key)?.name ?? null;
}

/** Whether an OMOP table is part of the public vocabulary. */
export function isVocabulary(table: string): boolean {
  return VOCABULARY.has(foldName(table));
}

/** Link of a table without person_id, where every table and column it needs is there. */
export function omopLink(table: DraftTable, tables: readonly DraftTable[]): TableUnit | null {
  const link = LINKS[foldName(table.name)];
  if (link === undefined) return null;
  const has = (from: DraftTable | undefined, wanted: string): string | undefined =>
    from?.columns.find(({ name }) => foldName(name) === wanted)?.name;
  if (link.kind === 'column') {
    const column = has(table, link.column);
    return column === undefined ? null : { kind: 'column', column };
  }
  const target = tables.find(({ name }) => foldName(name) === link.table);
  const on = has(target, link.on);
  if (target === undefined || on === undefined || has(target, 'person_id') === undefined) return null;
  return isSameType(table, target, on) ? { kind: 'through', table: target.name, on } : null;
}

/** Why a table is left out, in words that follow its name. */
export function whyLeftOut(table: string): string | null {
  return LEFT_OUT[foldName(table)] ?? null;
}

/** What the specification says of a column, beyond its type. */
export function knownColumn(table: string, column: string): KnownColumn | null {
  const name = foldName(column);
  if (name === 'value_as_number' && foldName(table) === 'measurement') {
    return { comment: 'bounds? by code: { by: measurement_concept_id, of: { 3004410: [3, 20] } }' };
  }
  if (Object.hasOwn(KNOWN, name)) return KNOWN[name]!;
  if (name.endsWith('_source_value') || name === 'value_as_string') {
    return { leave: 'source text, which may hold anything' };
  }
  return null;
}
