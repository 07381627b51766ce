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

export const NAME: JsonSchema = { type: 'string', minLength: 1, maxLength: 255 };
export const SCALAR: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };
/** Text keeps every digit of a number. */
export const NUMBER: JsonSchema = { type: ['number', 'string'] };
export const BOUNDS: JsonSchema = { type: 'array', items: NUMBER, minItems: 2, maxItems: 2 };
export const WHOLE: JsonSchema = { type: 'integer', minimum: 1, maximum: 1_000_000_000 };
/** Free text, which may look like a number. */
export const WORDS: JsonSchema = { type: ['string', 'number'] };
/** A day as YYYY-MM-DD. */
export const DAY: JsonSchema = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
/** Names in any order, each once; the empty list is none of them. */
export const LIST_OF_NAMES: JsonSchema = { type: 'array', items: NAME, uniqueItems: true };

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
export function namedSchema(description: string, value: JsonSchema, optional = false): JsonSchema {
  return {
    type: optional ? ['object', 'null'] : 'object',
    additionalProperties: value,
    propertyNames: NAME,
    description,
  };
}
