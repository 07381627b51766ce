/** Each rule of the lint speaks where it should, and the documented policy is clean. */
import { describe, expect, test } from 'vitest';
import { type LintFinding, lintPolicy, parsePolicy } from '../../src/policy/index.ts';
import { NETWORK, rewritten } from './network.ts';

function lint(text: string): readonly LintFinding[] {
  return lintPolicy(parsePolicy(text));
}

test('the documented policy is clean', () => {
  expect(lint(NETWORK)).toEqual([]);
});

const NET = 'datasets.network';
const COST = 'cost: { type: double, bounds: [0, 50000], step: 0.01 }';
const CAP = '    budget: { epsilon: 20, delta: 1e-5 }  # optional cap over all principals; without it the lint warns\n';
const LEE = 'budgets: [ { dataset: network, epsilon: 10, delta: 1e-6 } ]';

const CASES: readonly (readonly [code: LintFinding['code'], where: string, from: string, to: string])[] = [
  ['BUDGET_CAP_MISSING', NET, CAP, ''],
  ['BUDGET_OVER_CAP', `${NET}.budget`, 'epsilon: 20', 'epsilon: 9'],
  ['BUDGET_OVER_CAP', `${NET}.budget`, 'delta: 1e-5', 'delta: 1e-7'],
  ['BUDGET_LARGE', `${NET}.budget`, 'epsilon: 20', 'epsilon: 20.1'],
  ['BUDGET_LARGE', 'principals.dr-lee.budgets.network', 'epsilon: 10', 'epsilon: 11'],
  ['DELTA_WEAK', `${NET}.budget`, 'delta: 1e-5', 'delta: 1.1e-5'],
  ['DELTA_DEFAULT_LARGE', `${NET}.defaultDelta`, 'minimumUnits: 11', 'defaultDelta: 1.1e-6'],
  ['DELTA_MISSING', 'principals.dr-lee.budgets.network', LEE, 'budgets: [ { dataset: network, epsilon: 10 } ]'],
  ['MINIMUM_UNITS_LOW', `${NET}.minimumUnits`, 'minimumUnits: 11', 'minimumUnits: 4'],
  ['PRINCIPAL_WITHOUT_BUDGET', 'principals.dr-wu', 'principals:', 'principals:\n  dr-wu: { budgets: [] }'],
  ['DATASET_WITHOUT_PRINCIPAL', NET, LEE, 'budgets: []'],
  ['BOUNDS_MISSING', `${NET}.tables.visit.columns.cost`, COST, 'cost: { type: double }'],
  ['BOUNDS_MISSING', `${NET}.tables.visit.columns.start_date`, 'bounds: [2015-01-01, 2025-12-31]', ''],
  ['BOUNDS_WIDE', `${NET}.tables.visit.columns.cost.bounds`, COST, 'cost: { type: double, bounds: [0, 1e9] }'],
  ['BOUNDS_WIDE', `${NET}.tables.visit.columns.cost.bounds`, '[0, 50000]', '[0, 10000000]'],
  ['BOUNDS_WIDE', `${NET}.tables.visit.columns.start_date.bounds`, '2025-12-31', '9999-12-31'],
  ['BOUNDS_POINT', `${NET}.tables.visit.columns.cost.bounds`, '[0, 50000]', '[5, 5]'],
  [
    'BOUNDS_UNREACHABLE',
    `${NET}.tables.lab.columns.value.bounds.of.sbp`,
    'code: { type: text }\n          value',
    'code: { type: text, values: [a1c] }\n          value',
  ],
  ['STEP_COARSE', `${NET}.tables.visit.columns.cost.bounds`, 'step: 0.01', 'step: 30000'],
  ['STEP_FINE', `${NET}.tables.visit.columns.cost.bounds`, 'step: 0.01', 'step: 1e-12'],
  ['NOISE_DROWNS', `${NET}.contribution`, 'rows: 20', 'rows: 2000'],
  ['TABLE_UNUSED', `${NET}.tables.death`, '      code_name:', '      death: { unit: person_id }\n      code_name:'],
  ['TABLE_UNUSED', `${NET}.tables.code_name`, 'columns: { code: { type: text }, name: { type: text } }', ''],
  ['TABLE_PUBLIC_WITH_UNIT', `${NET}.tables.code_name`, 'name: { type: text } }', 'Person_ID: { type: integer } }'],
  ['UNIQUE_MISSING', `${NET}.tables.person`, '        unique: true', '        unique: false'],
  [
    'UNIT_LISTED',
    `${NET}.tables.person.columns.person_id`,
    '          sex:',
    '          person_id: { type: integer }\n          sex:',
  ],
  ['JOIN_DECLARATION_IDLE', `${NET}.tables.visit.columns.visit_id`, 'use: join', 'use: join, bounds: [1, 9]'],
  [
    'IDENTIFIER_LISTED',
    `${NET}.tables.person.columns.last_name`,
    '          city:',
    '          last_name: { type: text }\n          city:',
  ],
  [
    'IDENTIFIER_LISTED',
    `${NET}.tables.visit.columns.note`,
    'ward: { type: text, values: [surgery, medicine, icu] }',
    'note: { type: text }',
  ],
];

describe('each rule', () => {
  for (const [code, where, from, to] of CASES) {
    test(`${code}: ${to.trim().slice(0, 60) || 'left out'}`, () => {
      const findings = lint(withoutNotes(from, to));
      const found = findings.find((finding) => finding.code === code);
      expect(found?.where).toBe(where);
      expect(found?.message).not.toBe('');
      expect(found?.next).not.toBe('');
    });
  }

  /** Comments of the documented policy stand aligned; the cap's line is matched without its blanks. */
  function withoutNotes(from: string, to: string): string {
    return rewritten(from.replace(/ +#.*/, ''), to.replace(/ +#.*/, ''), NETWORK.replace(/ +#.*/g, ''));
  }
});

test('an empty policy says so', () => {
  expect(lint('gauze: 1\ndatasets: {}').map(({ code }) => code)).toEqual(['POLICY_EMPTY']);
});

test('two data sets over one file add up', () => {
  const text = NETWORK.replace(
    'principals:',
    '  other:\n    source: network.duckdb\n    unit: person.person_id\n    contribution: { groups: 1, rows: 1 }\n    budget: { epsilon: 1 }\n    tables: { person: { unit: person_id, unique: true, columns: { sex: { type: text, values: [F] } } } }\nprincipals:',
  );
  const found = lint(text).filter(({ code }) => code === 'SOURCE_SHARED');
  expect(found.map(({ where }) => where)).toEqual(['datasets.other']);
});

test('warnings come before notes', () => {
  const severities = lint(
    NETWORK.replace('unique: true', 'unique: false')
      .replace('minimumUnits: 11', 'minimumUnits: 1')
      .replace(COST, 'cost: { type: double }'),
  ).map(({ severity }) => severity);
  expect(severities).toEqual(['warning', 'warning', 'note']);
});

test('keys and codes need no bounds', () => {
  const text = rewritten(COST, 'drug_concept_id: { type: integer }\n          unit_code: { type: integer }');
  expect(lint(text)).toEqual([]);
});
