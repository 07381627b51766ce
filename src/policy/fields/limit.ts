/** Keys of a limit. */
import { type FieldsOf, type JsonSchema, mapSchema, NAME, NUMBER } from './field.ts';

export const LIMIT_FIELDS: FieldsOf<'epsilon' | 'rho' | 'delta' | 'renews'> = {
  epsilon: {
    required: false,
    description: 'Total privacy loss ε, greater than 0, at most 12 decimals. A limit states epsilon or rho.',
    example: 'epsilon: 1',
    schema: NUMBER,
  },
  rho: {
    required: false,
    description:
      'Instead of epsilon: total privacy loss ρ (zero-concentrated), greater than 0, at most 12 decimals; serves many questions with Gaussian noise best.',
    example: 'rho: 0.1',
    schema: NUMBER,
  },
  delta: {
    required: false,
    description:
      'Total δ, from 0 to below 1, at most 18 decimals; well below one over the number of units. Without it a budget in ε is pure ε, and privately selected keys and Gaussian noise are not available; one in ρ needs it for privately selected keys alone.',
    example: 'delta: 1e-6',
    schema: NUMBER,
  },
  renews: {
    required: false,
    description:
      'When the budget starts anew, in UTC; what was learnt before stays learnt. Without it the budget is for all time.',
    example: 'renews: quarter',
    schema: { enum: ['day', 'month', 'quarter'] },
  },
};

export const PRINCIPAL_BUDGET_FIELDS: FieldsOf<'dataset' | 'epsilon' | 'rho' | 'delta' | 'renews'> = {
  dataset: {
    required: true,
    description: 'A data set of this policy.',
    example: 'dataset: network',
    schema: NAME,
  },
  ...LIMIT_FIELDS,
};

/** Schema of a map that states a limit, in ε or in ρ. */
export function limitSchema(fields: typeof LIMIT_FIELDS | typeof PRINCIPAL_BUDGET_FIELDS): JsonSchema {
  const stated = (loss: 'epsilon' | 'rho', other: 'epsilon' | 'rho'): JsonSchema => {
    const kept = Object.entries(fields).filter(([name]) => name !== other);
    return mapSchema(
      Object.fromEntries(kept.map(([name, key]) => [name, { ...key, required: key.required || name === loss }])),
    );
  };
  return { anyOf: [stated('epsilon', 'rho'), stated('rho', 'epsilon')] };
}
