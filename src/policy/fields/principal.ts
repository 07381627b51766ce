/** Keys of a principal. */
import { DAY, type FieldsOf, LIST_OF_NAMES, NAME } from './field.ts';
import { limitSchema, PRINCIPAL_BUDGET_FIELDS } from './limit.ts';

export const PRINCIPAL_FIELDS: FieldsOf<'roles' | 'budgets' | 'purposes' | 'deny' | 'terms' | 'key' | 'until'> = {
  roles: {
    required: false,
    description:
      'What the principal may do. researcher: ask; officer: change policy and budgets, freeze, approve; steward: register, de-identify, withdraw; auditor: read the records. Without it researcher.',
    example: 'roles: [researcher]',
    schema: {
      type: 'array',
      items: { enum: ['researcher', 'officer', 'steward', 'auditor'] },
      minItems: 1,
      uniqueItems: true,
      default: ['researcher'],
    },
  },
  budgets: {
    required: false,
    description: 'One budget for each data set the principal may ask; without one a data set is closed to him.',
    example: 'budgets: [ { dataset: network, epsilon: 1, delta: 1e-6 } ]',
    schema: { type: 'array', items: limitSchema(PRINCIPAL_BUDGET_FIELDS) },
  },
  purposes: {
    required: false,
    description: 'Purposes the principal may ask for; without it all of the policy’s.',
    example: 'purposes: [research]',
    schema: LIST_OF_NAMES,
  },
  deny: {
    required: false,
    description:
      'Columns closed to the principal, each written dataset.table.column; dataset.table.* closes every column that the table lists.',
    example: 'deny: [network.person.zip]',
    schema: { type: 'array', items: { type: 'string', pattern: '.\\..+\\..' }, uniqueItems: true },
  },
  terms: {
    required: false,
    description: 'Terms of this policy that the principal accepts before the first question.',
    example: 'terms: [dua-2026]',
    schema: { type: 'array', items: NAME, uniqueItems: true },
  },
  key: {
    required: false,
    description: 'Ed25519 public key, 64 hex digits, that the signatures of the principal are checked with.',
    example: 'key: 6882404c0f3526ea22491521a052701b7f1a98babbf2f90825c2592c6fdfa048',
    schema: { type: 'string', pattern: '^[0-9a-fA-F]{64}$' },
  },
  until: {
    required: false,
    description: 'Last day, in UTC, on which the principal may act.',
    example: 'until: 2027-06-30',
    schema: DAY,
  },
};
