/**
 * Keys a policy may hold, level by level: what each means, whether it must be there, an example to copy, and its JSON
 * Schema. The reader and the published schema are made from these tables, so that neither knows a key the other lacks.
 */

/** A fragment of JSON Schema (draft 7). */
export type JsonSchema = { readonly [key: string]: unknown };

/** One key. `example` is the line to write. */
export interface Field {
  readonly required: boolean;
  readonly description: string;
  readonly example: string;
  readonly schema: JsonSchema;
}

export type FieldsOf<Key extends string> = Readonly<Record<Key, Field>>;

export type Fields = FieldsOf<string>;

const NAME: JsonSchema = { type: 'string', minLength: 1, maxLength: 255 };
const SCALAR: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };
/** Text keeps every digit of a number. */
const NUMBER: JsonSchema = { type: ['number', 'string'] };
const BOUNDS: JsonSchema = { type: 'array', items: NUMBER, minItems: 2, maxItems: 2 };
const WHOLE: JsonSchema = { type: 'integer', minimum: 1, maximum: 1_000_000_000 };
/** Engines keep so many hashes of a unit; from 10^6 on they fail, and only on data that reach it. */
export const GROUPS_MOST = 100_000;

/** Schema of a map with exactly these keys. */
export function mapSchema(fields: Fields): JsonSchema {
  const named = Object.entries(fields);
  const required = named.filter(([, field]) => field.required).map(([name]) => name);
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(
      named.map(([name, field]) => [name, { description: field.description, ...field.schema }]),
    ),
  };
}

/** Schema of a map from names to equal things. An empty value is read as an empty map where `optional` is set. */
function namedSchema(description: string, value: JsonSchema, optional = false): JsonSchema {
  return {
    type: optional ? ['object', 'null'] : 'object',
    additionalProperties: value,
    propertyNames: NAME,
    description,
  };
}

export const LIMIT_FIELDS: FieldsOf<'epsilon' | 'delta'> = {
  epsilon: {
    required: true,
    description: 'Total privacy loss ε, greater than 0, at most 12 decimals.',
    example: 'epsilon: 1',
    schema: NUMBER,
  },
  delta: {
    required: false,
    description:
      'Total δ, from 0 to below 1, at most 18 decimals; well below one over the number of units. Without it the budget is pure ε, and privately selected keys and Gaussian noise are not available.',
    example: 'delta: 1e-6',
    schema: NUMBER,
  },
};

export const PRINCIPAL_BUDGET_FIELDS: FieldsOf<'dataset' | 'epsilon' | 'delta'> = {
  dataset: {
    required: true,
    description: 'A data set of this policy.',
    example: 'dataset: network',
    schema: NAME,
  },
  ...LIMIT_FIELDS,
};

export const PRINCIPAL_FIELDS: FieldsOf<'budgets'> = {
  budgets: {
    required: false,
    description: 'One budget for each data set the principal may ask; without one a data set is closed to him.',
    example: 'budgets: [ { dataset: network, epsilon: 1, delta: 1e-6 } ]',
    schema: { type: 'array', items: mapSchema(PRINCIPAL_BUDGET_FIELDS) },
  },
};

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

export const COLUMN_FIELDS: FieldsOf<'type' | 'values' | 'bounds' | 'step' | 'nullable' | 'use' | 'zone'> = {
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
};

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

export const DATASET_FIELDS: FieldsOf<
  'source' | 'unit' | 'contribution' | 'budget' | 'minimumUnits' | 'defaultDelta' | 'tables'
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
    schema: mapSchema(LIMIT_FIELDS),
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

export const POLICY_FIELDS: FieldsOf<'gauze' | 'datasets' | 'principals'> = {
  gauze: {
    required: true,
    description: 'Version of the policy format.',
    example: 'gauze: 1',
    schema: { const: 1 },
  },
  datasets: {
    required: true,
    description: 'Tables that share one privacy unit, one contribution bound and one budget.',
    example: 'datasets: { network: … }',
    schema: namedSchema('Data sets by name.', mapSchema(DATASET_FIELDS), true),
  },
  principals: {
    required: false,
    description: 'Who may ask, and how much each may learn.',
    example: 'principals: { dr-lee: { budgets: [ { dataset: network, epsilon: 1, delta: 1e-6 } ] } }',
    schema: namedSchema('Principals by name.', mapSchema(PRINCIPAL_FIELDS), true),
  },
};

/** What does not go together in a column, for editors; the reader says the same with better words. */
function columnSchema(): JsonSchema {
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
