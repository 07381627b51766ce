/** Keys at the top of a policy. */
import { SENSITIVE_TOPICS } from '../sensitive-topics.ts';
import { DATASET_FIELDS } from './dataset.ts';
import { DAY, type FieldsOf, LIST_OF_NAMES, mapSchema, namedSchema, WHOLE, WORDS } from './field.ts';
import { LIMIT_FIELDS, limitSchema } from './limit.ts';
import { PRINCIPAL_FIELDS } from './principal.ts';
import { WATCH_FIELDS } from './watch.ts';

export const APPROVAL_FIELDS: FieldsOf<'secondOfficer'> = {
  secondOfficer: {
    required: true,
    description:
      'true: a change that lets somebody learn more needs the signatures of two officers; the policy then names two with a key each.',
    example: 'secondOfficer: true',
    schema: { type: 'boolean', default: false },
  },
};

export const ANSWERS_FIELDS: FieldsOf<'consistent'> = {
  consistent: {
    required: true,
    description:
      'true: the same question gets its stored answer, free of charge. false: each asking is charged and measured anew, and whoever asks often enough averages the noise away, until his budget ends.',
    example: 'consistent: true',
    schema: { type: 'boolean', default: true },
  },
};

/** Records of six years are what 45 CFR 164.316(b)(2)(i) asks for; a century outlasts every rule. */
export const RETENTION_YEARS: { readonly usual: number; readonly most: number } = { usual: 6, most: 100 };

export const RETENTION_FIELDS: FieldsOf<'years'> = {
  years: {
    required: true,
    description: 'Years that records are kept before they may be archived.',
    example: 'years: 6',
    schema: { ...WHOLE, maximum: RETENTION_YEARS.most, default: RETENTION_YEARS.usual },
  },
};

export const LEDGER_FIELDS: FieldsOf<'anchor'> = {
  anchor: {
    required: true,
    description:
      'File, relative to the policy, that every charge is noted in beside the journal: a journal copied back from a backup is noticed by it. Keep it on another disk.',
    example: 'anchor: ../safe/network.anchor',
    schema: { type: 'string', minLength: 1 },
  },
};

export const PURPOSE_FIELDS: FieldsOf<'description' | 'sensitive'> = {
  description: {
    required: false,
    description: 'What the purpose is, in words that researchers and patients read.',
    example: 'description: Ethics-approved studies',
    schema: WORDS,
  },
  sensitive: {
    required: false,
    description: 'Sensitive topics it may touch; columns of other topics are closed to it.',
    example: 'sensitive: [hiv]',
    schema: { type: 'array', items: { enum: SENSITIVE_TOPICS }, uniqueItems: true },
  },
};

export const TERMS_FIELDS: FieldsOf<'recipient' | 'purposes' | 'expires' | 'agreement' | 'text'> = {
  recipient: {
    required: true,
    description: 'Who receives the answers.',
    example: 'recipient: University X',
    schema: WORDS,
  },
  purposes: {
    required: false,
    description: 'Purposes the terms cover; without it all of the policy’s.',
    example: 'purposes: [research]',
    schema: LIST_OF_NAMES,
  },
  expires: {
    required: true,
    description: 'Last day, in UTC, on which the terms hold.',
    example: 'expires: 2027-12-31',
    schema: DAY,
  },
  agreement: {
    required: false,
    description: 'Number of the written agreement.',
    example: 'agreement: DUA-2026-04',
    schema: WORDS,
  },
  text: {
    required: false,
    description:
      'What the recipient promises, in full. Re-identification is always forbidden, whatever is written here.',
    example: 'text: Results are published in aggregate only.',
    schema: WORDS,
  },
};

export const POLICY_FIELDS: FieldsOf<
  | 'gauze'
  | 'contact'
  | 'budget'
  | 'approval'
  | 'answers'
  | 'retention'
  | 'ledger'
  | 'watch'
  | 'purposes'
  | 'terms'
  | 'datasets'
  | 'principals'
> = {
  gauze: {
    required: true,
    description: 'Version of the policy format.',
    example: 'gauze: 1',
    schema: { const: 1 },
  },
  contact: {
    required: false,
    description: 'Whom a refused researcher or a patient may write to.',
    example: 'contact: privacy@hospital.example',
    schema: WORDS,
  },
  budget: {
    required: false,
    description: 'Cap over all data sets and principals together.',
    example: 'budget: { epsilon: 40, delta: 1e-5 }',
    schema: limitSchema(LIMIT_FIELDS),
  },
  approval: {
    required: false,
    description: 'Who must agree to a change of the policy.',
    example: 'approval: { secondOfficer: true }',
    schema: mapSchema(APPROVAL_FIELDS),
  },
  answers: {
    required: false,
    description: 'What happens when a question is asked again.',
    example: 'answers: { consistent: true }',
    schema: mapSchema(ANSWERS_FIELDS),
  },
  retention: {
    required: false,
    description: 'How long records are kept.',
    example: 'retention: { years: 6 }',
    schema: mapSchema(RETENTION_FIELDS),
  },
  ledger: {
    required: false,
    description: 'How the record of charges is guarded.',
    example: 'ledger: { anchor: ../safe/network.anchor }',
    schema: mapSchema(LEDGER_FIELDS),
  },
  watch: {
    required: false,
    description: 'What raises an alert.',
    example: 'watch: { nearDuplicates: { questions: 30 }, narrowing: off }',
    schema: mapSchema(WATCH_FIELDS),
  },
  purposes: {
    required: false,
    description: 'What data may be asked for. Where any is declared, every question names one.',
    example: 'purposes: { research: { description: Ethics-approved studies }, quality: {} }',
    schema: namedSchema('Purposes by name.', { ...mapSchema(PURPOSE_FIELDS), type: ['object', 'null'] }, true),
  },
  terms: {
    required: false,
    description: 'Data-use terms that recipients accept before their first question.',
    example: 'terms: { dua-2026: { recipient: University X, expires: 2027-12-31 } }',
    schema: namedSchema('Terms by name.', mapSchema(TERMS_FIELDS), true),
  },
  datasets: {
    required: true,
    description: 'Tables that share one privacy unit, one contribution bound and one budget.',
    example: 'datasets: { network: … }',
    schema: namedSchema('Data sets by name.', mapSchema(DATASET_FIELDS), true),
  },
  principals: {
    required: false,
    description: 'Who may act, and how much each may learn.',
    example: 'principals: { dr-lee: { budgets: [ { dataset: network, epsilon: 1, delta: 1e-6 } ] } }',
    schema: namedSchema('Principals by name.', mapSchema(PRINCIPAL_FIELDS), true),
  },
};
