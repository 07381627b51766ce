/** Keys of a column, and of bounds that another column decides. */
import { SENSITIVE_TOPICS } from '../sensitive-topics.ts';
import { BOUNDS, type FieldsOf, type JsonSchema, LIST_OF_NAMES, mapSchema, NAME, NUMBER, SCALAR } from './field.ts';

export const BY_FIELDS: FieldsOf<'by' | 'of'> = {
  by: {
    required: true,
    description: 'Column of the same table whose value decides the bounds.',
    example: 'by: code',
    schema: NAME,
  },
  of: {
    required: true,
    description: 'Bounds for each value of that column.',
    example: 'of: { a1c: [3, 20] }',
    schema: { type: 'object', minProperties: 1, additionalProperties: BOUNDS },
  },
};

export const COLUMN_FIELDS: FieldsOf<
  'type' | 'values' | 'bounds' | 'step' | 'nullable' | 'use' | 'zone' | 'purposes' | 'sensitive'
> = {
  type: {
    required: true,
    description: 'Type the column is read as.',
    example: 'type: text',
    schema: { enum: ['text', 'integer', 'double', 'boolean', 'date', 'timestamp'] },
  },
  values: {
    required: false,
    description:
      'Public values, in the order they are shown: as group keys each appears, even empty, and rows with others are dropped. null stands for NULL.',
    example: 'values: [F, M]',
    schema: { type: 'array', items: SCALAR, minItems: 1, uniqueItems: true },
  },
  bounds: {
    required: false,
    description:
      'Lowest and highest value that counts, both included; others are moved to the nearer end. Choose them from public knowledge, never by looking at the data.',
    example: 'bounds: [0, 100]',
    schema: { anyOf: [BOUNDS, mapSchema(BY_FIELDS)] },
  },
  step: {
    required: false,
    description: 'Grid that values are rounded to before they are added up; an exact decimal, such as 0.01.',
    example: 'step: 0.01',
    schema: NUMBER,
  },
  nullable: {
    required: false,
    description: 'false promises that no value is missing; verified at registration.',
    example: 'nullable: false',
    schema: { type: 'boolean', default: true },
  },
  use: {
    required: false,
    description: 'join: may be joined and compared, never shown, grouped by or added up.',
    example: 'use: join',
    schema: { enum: ['any', 'join'], default: 'any' },
  },
  zone: {
    required: false,
    description: 'Time zone whose local time a zoned timestamp column is turned into at registration.',
    example: 'zone: Europe/Vienna',
    schema: { type: 'string', minLength: 1 },
  },
  purposes: {
    required: false,
    description: 'Purposes the column may be used for; without it all of the data set’s.',
    example: 'purposes: [research]',
    schema: LIST_OF_NAMES,
  },
  sensitive: {
    required: false,
    description: 'Specially protected topic of the column; only purposes that name the topic may use it.',
    example: 'sensitive: hiv',
    schema: { enum: SENSITIVE_TOPICS },
  },
};

/** What does not go together in a column, for editors; the reader says the same with better words. */
export function columnSchema(): JsonSchema {
  const only = (types: readonly string[], forbidden: readonly string[]): JsonSchema => ({
    if: { properties: { type: { enum: types } }, required: ['type'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: { properties: Object.fromEntries(forbidden.map((name) => [name, false])) },
  });
  return {
    ...mapSchema(COLUMN_FIELDS),
    allOf: [
      only(['text', 'boolean'], ['bounds', 'step', 'zone']),
      only(['integer', 'double'], ['zone']),
      only(['date'], ['step', 'zone']),
      only(['timestamp'], ['step']),
    ],
  };
}
