/** What the lint says of purposes, consent, renewal, officers and terms, on a day that the test chooses. */
import { expect, test } from 'vitest';
import { type LintFinding, lintPolicy, parsePolicy } from '../../src/policy/index.ts';
import { GOVERNED, governed } from './governed.ts';
import { NETWORK } from './network.ts';

const TODAY = '2026-11-25';
const lint = (text: string, today: string = TODAY): readonly LintFinding[] => lintPolicy(parsePolicy(text), today);
const told = (text: string, code: string, today?: string): readonly LintFinding[] =>
  lint(text, today).filter((finding) => finding.code === code);

const NET = 'datasets.network';
const LEE = 'principals.dr-lee';

const CASES: readonly (readonly [code: LintFinding['code'], where: string, from: string, to: string, words: RegExp])[] =
  [
    ['SENSITIVE_CLOSED', `${NET}.tables.person.columns.hiv_status`, ', sensitive: [hiv]', '', /permits hiv/],
    [
      'SENSITIVE_CLOSED',
      `${NET}.tables.person.columns.zip`,
      'zip: { type: text',
      'zip: { type: text, sensitive: genetic',
      /genetic/,
    ],
    [
      'SENSITIVE_CLOSED',
      `${NET}.tables.person.columns.hiv_status`,
      'purposes: [research] }\n      consent',
      'purposes: [quality] }\n      consent',
      /hiv/,
    ],
    ['PURPOSE_NONE', `${LEE}.purposes`, 'purposes: [research]\n    deny', 'purposes: []\n    deny', /ask for none\./],
    [
      'PURPOSE_NONE',
      `${LEE}.purposes`,
      '      research: { budget: { epsilon: 10, delta: 1e-6 } }\n',
      '',
      /network may be asked for/,
    ],
    [
      'PURPOSE_NONE',
      `${NET}.tables.person.columns.hiv_status.purposes`,
      '      research: { budget: { epsilon: 10, delta: 1e-6 } }\n',
      '',
      /used for none/,
    ],
    ['PURPOSE_BUDGET_MISSING', `${NET}.purposes`, 'gauze: 1', 'gauze: 1', /quality has none/],
    ['BUDGET_CAP_MISSING', NET, '    budget: { epsilon: 20, delta: 1e-5 }\n', '', /Purposes have budgets/],
    [
      'BUDGET_RENEWS',
      `${LEE}.budgets.network`,
      'gauze: 1',
      'gauze: 1',
      /each month: up to epsilon 12 and delta 0\.000012 in a year/,
    ],
    [
      'BUDGET_RENEWS',
      'budget',
      '{ epsilon: 40, delta: 1e-5 }',
      '{ rho: 0.5, renews: quarter }',
      /up to rho 2 in a year/,
    ],
    ['BUDGET_RENEWS', 'budget', '{ epsilon: 40, delta: 1e-5 }', '{ rho: 0.5, renews: day }', /up to rho 183 in a year/],
    ['BUDGET_LARGE', 'principals.ms-park.budgets.network', 'rho: 0.05', 'rho: 1.6', /a rho of 1\.6/],
    ['BUDGET_LARGE', 'budget', '{ epsilon: 40, delta: 1e-5 }', '{ rho: 5.1 }', /a rho of 5\.1/],
    [
      'BUDGET_MIXED',
      `${NET}.budget`,
      'gauze: 1',
      'gauze: 1',
      /in epsilon for all time, and 2 of the budgets of the principals are/,
    ],
    [
      'BUDGET_OVER_CAP',
      `${NET}.budget`,
      'epsilon: 10, delta: 1e-6',
      'epsilon: 21, delta: 1e-6',
      /of the purposes add up/,
    ],
    [
      'BUDGET_OVER_CAP',
      'budget',
      '{ epsilon: 40, delta: 1e-5 }',
      '{ epsilon: 19, delta: 1e-5 }',
      /of the data sets add up.*epsilon 20 against 19/,
    ],
    [
      'CONSENT_VALUE_UNLISTED',
      `${NET}.consent`,
      'scope: { type: text }',
      'scope: { type: text, values: [research, all, care] }',
      /withdrawn/,
    ],
    ['CONSENT_MISSING', `${NET}.consent.purposes`, ', quality: [all, care]', '', /permits quality/],
    ['DISJOINT_PROMISED', `${NET}.disjoint`, 'gauze: 1', 'gauze: 1', /your own promise/],
    [
      'OFFICER_KEY_MISSING',
      'principals.dr-wu',
      'principals:\n',
      'principals:\n  dr-wu: { roles: [officer] }\n',
      /no key/,
    ],
    ['ANCHOR_MISSING', 'ledger', 'ledger: { anchor: ../safe/network.anchor }\n', '', /copied back/],
    ['RETENTION_SHORT', 'retention.years', 'years: 6', 'years: 5', /for 5 years/],
    ['TERMS_UNUSED', 'terms.dua-2026', '    terms: [dua-2026]\n', '', /bind nobody/],
    ['BUDGET_WITHOUT_ROLE', `${LEE}.budgets`, '  dr-lee:\n', '  dr-lee:\n    roles: [auditor]\n', /only researchers/],
  ];

test.each(CASES)('%s at %s', (code, where, from, to, words) => {
  const found = told(governed(from, to), code).filter((finding) => finding.where === where);
  expect(found).toHaveLength(1);
  expect(found[0]?.message).toMatch(words);
  expect(found[0]?.next).toMatch(/\.$/);
});

test('days: terms end soon, have ended, and so has access', () => {
  const codes = (today: string): readonly string[] =>
    ['TERMS_EXPIRING', 'TERMS_EXPIRED', 'PRINCIPAL_EXPIRED'].filter((code) => told(GOVERNED, code, today).length > 0);
  expect(codes('2027-06-30')).toEqual([]);
  expect(codes('2027-07-01')).toEqual(['PRINCIPAL_EXPIRED']);
  expect(codes('2027-10-31')).toEqual(['PRINCIPAL_EXPIRED']);
  expect(codes('2027-11-01')).toEqual(['TERMS_EXPIRING', 'PRINCIPAL_EXPIRED']);
  expect(codes('2027-12-31')).toEqual(['TERMS_EXPIRING', 'PRINCIPAL_EXPIRED']);
  expect(codes('2028-01-01')).toEqual(['TERMS_EXPIRED', 'PRINCIPAL_EXPIRED']);
});

test('officers are missed where there is something to govern, and only there', () => {
  const none = GOVERNED.replace(/^approval.*\n/m, '').replace(/^ {2}(?:dr-kim|mr-ito).*\n/gm, '');
  expect(told(none, 'OFFICER_MISSING')).toHaveLength(1);
  expect(told(GOVERNED, 'OFFICER_MISSING')).toEqual([]);
  expect(lint(NETWORK)).toEqual([]);
});

test('who only watches or keeps needs no budget', () => {
  expect(told(GOVERNED, 'PRINCIPAL_WITHOUT_BUDGET')).toEqual([]);
});

test('budgets of one notion and span are compared, whatever others there are', () => {
  const text = governed('rho: 0.05', 'epsilon: 21');
  expect(told(text, 'BUDGET_OVER_CAP').map(({ message }) => message)).toEqual([
    expect.stringMatching(/of the principals add up to more than the cap \(epsilon 21 against 20\)/),
  ]);
  expect(told(text, 'BUDGET_MIXED').map(({ message }) => message)).toEqual([
    expect.stringMatching(/and 1 of the budgets of the principals is stated otherwise/),
  ]);
});

test('a budget in rho that is too small for averages is told as one in epsilon is', () => {
  const plain = governed('epsilon: 1, delta: 1e-6, renews: month', 'epsilon: 0.001, delta: 1e-6');
  const drowned = (rho: string): boolean => told(plain.replace('rho: 0.05', `rho: ${rho}`), 'NOISE_DROWNS').length > 0;
  expect(drowned('1e-6')).toBe(true);
  expect(drowned('1')).toBe(false);
});
