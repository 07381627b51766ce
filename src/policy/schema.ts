/** The JSON Schema of policy files, for editors; published as `gauze/policy.schema.json`. */
import { type JsonSchema, mapSchema } from './fields/field.ts';
import { POLICY_FIELDS } from './fields/policy.ts';

/**
 * Schema (draft 7, which editors know best) made from the same tables that the reader checks keys against. It accepts
 * every valid policy; what only the whole policy tells (names that must exist, ends in order) `parsePolicy` checks.
 */
export function policySchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'gauze policy',
    description: 'What may be learnt from which tables, by whom, and whom the guarantee protects.',
    ...mapSchema(POLICY_FIELDS),
  };
}
