/** The policy of the documentation as a constant object, and what a question means under it. */
import { ask, canonical, type Parameters, type Question } from '../../src/ask/index.ts';
import { policyFromObject } from '../../src/policy/index.ts';
import type { Policy } from '../../src/policy/policy.ts';

export const NETWORK_INPUT = {
  gauze: 1,
  datasets: {
    network: {
      source: 'network.duckdb',
      unit: 'person.person_id',
      contribution: { groups: 4, rows: 20 },
      budget: { epsilon: 20, delta: '1e-5' },
      minimumUnits: 11,
      tables: {
        person: {
          unit: 'person_id',
          unique: true,
          columns: {
            sex: { type: 'text', values: ['F', 'M'] },
            birth_year: { type: 'integer', bounds: [1900, 2025] },
            city: { type: 'text' },
          },
        },
        visit: {
          unit: 'person_id',
          columns: {
            visit_id: { type: 'integer', use: 'join' },
            start_date: { type: 'date', bounds: ['2015-01-01', '2025-12-31'] },
            ward: { type: 'text', values: ['surgery', 'medicine', 'icu'] },
            cost: { type: 'double', bounds: [0, 50000], step: '0.01' },
          },
        },
        lab: {
          unit: { through: 'visit', on: 'visit_id' },
          columns: {
            code: { type: 'text' },
            value: { type: 'double', bounds: { by: 'code', of: { a1c: [3, 20], sbp: [50, 250] } }, step: '0.1' },
          },
        },
        code_name: { public: true, columns: { code: { type: 'text' }, name: { type: 'text' } } },
      },
    },
  },
  principals: { 'dr-lee': { budgets: [{ dataset: 'network', epsilon: 10, delta: '1e-6' }] } },
} as const;

export const NETWORK_POLICY: Policy = policyFromObject(NETWORK_INPUT);

/** The tree of a question, in one text. */
export function meaning(question: Question, parameters?: Parameters, policy: Policy = NETWORK_POLICY): string {
  return canonical(ask(question, policy, parameters === undefined ? {} : { parameters }));
}
