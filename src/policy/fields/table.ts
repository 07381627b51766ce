/** Keys of a table, and of the way to its unit. */
import { columnSchema } from './column.ts';
import { type FieldsOf, mapSchema, NAME, namedSchema } from './field.ts';

export const THROUGH_FIELDS: FieldsOf<'through' | 'on'> = {
  through: {
    required: true,
    description: 'Table whose rows hold the unit.',
    example: 'through: visit',
    schema: NAME,
  },
  on: {
    required: true,
    description: 'Column of both tables, unique in that one; verified at registration.',
    example: 'on: visit_id',
    schema: NAME,
  },
};

export const TABLE_FIELDS: FieldsOf<'file' | 'public' | 'key' | 'unit' | 'unique' | 'columns'> = {
  file: {
    required: false,
    description: 'Parquet or CSV file or glob, relative to the policy; without it the table is one of the source.',
    example: 'file: visits/*.parquet',
    schema: { type: 'string', minLength: 1 },
  },
  public: {
    required: false,
    description: 'true for tables that say nothing about any unit: they are read exactly and cost nothing.',
    example: 'public: true',
    schema: { type: 'boolean', default: false },
  },
  key: {
    required: false,
    description:
      'Public tables: the column that tells their rows apart, with each value once and none missing; verified at registration. A join on it meets one row at most, so that one row of a person stays one; without a key it counts as several, and answers are noisier.',
    example: 'key: concept_id',
    schema: NAME,
  },
  unit: {
    required: false,
    description:
      'Column that holds the privacy unit, or the table through which it is reached. Required unless public.',
    example: 'unit: person_id',
    schema: { anyOf: [NAME, mapSchema(THROUGH_FIELDS)] },
  },
  unique: {
    required: false,
    description: 'true promises at most one row for each unit; verified at registration.',
    example: 'unique: true',
    schema: { type: 'boolean', default: false },
  },
  columns: {
    required: false,
    description: 'Columns that may be used; one that is not listed cannot be.',
    example: 'columns: { sex: { type: text } }',
    schema: namedSchema('Columns by name.', columnSchema(), true),
  },
};
