/** Keys of a data set. */
import { type FieldsOf, LIST_OF_NAMES, mapSchema, NAME, NUMBER, namedSchema, SCALAR, WHOLE } from './field.ts';
import { LIMIT_FIELDS, limitSchema } from './limit.ts';
import { TABLE_FIELDS } from './table.ts';

/** Engines keep so many hashes of a unit; from 10^6 on they fail, and only on data that reach it. */
export const GROUPS_MOST = 100_000;

export const CONTRIBUTION_FIELDS: FieldsOf<'groups' | 'rows'> = {
  groups: {
    required: true,
    description: 'Most groups of an answer that one unit may count in.',
    example: 'groups: 4',
    schema: { ...WHOLE, maximum: GROUPS_MOST },
  },
  rows: {
    required: true,
    description: 'Most rows of one unit that count in one group, after the last join.',
    example: 'rows: 20',
    schema: WHOLE,
  },
};

export const DATASET_PURPOSE_FIELDS: FieldsOf<'budget'> = {
  budget: {
    required: false,
    description: 'Cap over all questions for this purpose.',
    example: 'budget: { epsilon: 5, delta: 1e-6 }',
    schema: limitSchema(LIMIT_FIELDS),
  },
};

const VALUES = { type: 'array', items: SCALAR, minItems: 1, uniqueItems: true };

export const CONSENT_FIELDS: FieldsOf<'table' | 'column' | 'purposes' | 'refusals'> = {
  table: {
    required: true,
    description: 'Protected table of this data set that holds the unit in a column of its own.',
    example: 'table: consent',
    schema: NAME,
  },
  column: {
    required: true,
    description: 'Column of that table that says what a unit consented to.',
    example: 'column: scope',
    schema: NAME,
  },
  purposes: {
    required: true,
    description:
      'For each purpose the values that permit it: one row of a unit with such a value is consent. For a purpose that is not named nobody has consented.',
    example: 'purposes: { research: [research, all] }',
    schema: { ...namedSchema('Values by purpose.', VALUES), minProperties: 1 },
  },
  refusals: {
    required: false,
    description: 'Values that take every consent of a unit back, whatever its other rows say.',
    example: 'refusals: [withdrawn]',
    schema: VALUES,
  },
};

export const DATASET_FIELDS: FieldsOf<
  | 'source'
  | 'unit'
  | 'contribution'
  | 'budget'
  | 'purposes'
  | 'consent'
  | 'disjoint'
  | 'minimumUnits'
  | 'defaultDelta'
  | 'tables'
> = {
  source: {
    required: false,
    description: 'DuckDB file, relative to the policy, that holds the tables without a file of their own.',
    example: 'source: network.duckdb',
    schema: { type: 'string', minLength: 1 },
  },
  unit: {
    required: true,
    description: 'Whom the guarantee protects: the table and column that hold the privacy unit.',
    example: 'unit: person.person_id',
    schema: { type: 'string', pattern: '.\\..' },
  },
  contribution: {
    required: true,
    description: 'How much of one unit may enter an answer; a question may lower it, never raise it.',
    example: 'contribution: { groups: 4, rows: 20 }',
    schema: mapSchema(CONTRIBUTION_FIELDS),
  },
  budget: {
    required: false,
    description: 'Cap over all principals together.',
    example: 'budget: { epsilon: 20, delta: 1e-5 }',
    schema: limitSchema(LIMIT_FIELDS),
  },
  purposes: {
    required: false,
    description:
      'Purposes the data set may be asked for, as a list, or as a map with a budget for each; without it all of the policy’s.',
    example: 'purposes: { research: { budget: { epsilon: 5, delta: 1e-6 } }, quality: {} }',
    schema: {
      anyOf: [
        LIST_OF_NAMES,
        namedSchema('Purposes by name.', { ...mapSchema(DATASET_PURPOSE_FIELDS), type: ['object', 'null'] }),
      ],
    },
  },
  consent: {
    required: false,
    description:
      'Where consent stands; units without it for the purpose of a question are left out before anything else.',
    example:
      'consent: { table: consent, column: scope, purposes: { research: [research, all] }, refusals: [withdrawn] }',
    schema: mapSchema(CONSENT_FIELDS),
  },
  disjoint: {
    required: false,
    description:
      'Column that splits the units into parts: with public values, in a table with one row for each unit, and never changing for a unit in any version of the data. Questions about different parts then touch different units.',
    example: 'disjoint: person.site',
    schema: { type: 'string', pattern: '.\\..' },
  },
  minimumUnits: {
    required: false,
    description: 'Fewest distinct units in a group whose key is selected privately.',
    example: 'minimumUnits: 11',
    schema: { ...WHOLE, default: 11 },
  },
  defaultDelta: {
    required: false,
    description:
      'δ charged for privately selected keys when a question names none; without it a hundredth of the δ of the principal.',
    example: 'defaultDelta: 1e-8',
    schema: NUMBER,
  },
  tables: {
    required: true,
    description: 'Tables that may be used; one that is not listed does not exist.',
    example: 'tables: { person: { unit: person_id, columns: { sex: { type: text } } } }',
    schema: { ...namedSchema('Tables by name.', mapSchema(TABLE_FIELDS)), minProperties: 1 },
  },
};
