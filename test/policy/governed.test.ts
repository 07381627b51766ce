/** Purposes, terms, consent, roles and the rules about the rules: what is read, and what is refused with which advice. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rational } from '../../src/dp/rational.ts';
import { type PolicyInput, parsePolicy, policyFromObject } from '../../src/policy/index.ts';
import { policyText } from '../../src/policy/source.ts';
import { USUAL_WATCH } from '../../src/policy/watch-rules.ts';
import { GOVERNED, governed } from './governed.ts';
import { NETWORK, refusal } from './network.ts';

const policy = parsePolicy(GOVERNED);
const network = policy.datasets.get('network')!;

describe('the governed policy', () => {
  test('rules about the rules', () => {
    expect(policy.governance).toEqual({
      secondOfficer: true,
      consistentAnswers: true,
      retentionYears: 6,
      anchor: '../safe/network.anchor',
      contact: 'privacy@hospital.example',
      watch: USUAL_WATCH,
    });
  });

  test('limits: over all, of a purpose, of principals', () => {
    const millionth = rational(1n, 1_000_000n);
    expect(policy.budget).toEqual({ epsilon: rational(40n), rho: null, delta: rational(1n, 100_000n), renews: null });
    expect(network.purposes?.get('research')).toEqual({
      epsilon: rational(10n),
      rho: null,
      delta: millionth,
      renews: null,
    });
    expect(network.purposes?.get('quality')).toBe(null);
    const of = (name: string) => policy.principals.get(name)?.budgets.get('network');
    expect(of('dr-lee')).toEqual({ epsilon: rational(1n), rho: null, delta: millionth, renews: 'month' });
    expect(of('ms-park')).toEqual({ epsilon: null, rho: rational(1n, 20n), delta: millionth, renews: null });
  });

  test('purposes and terms', () => {
    expect([...policy.purposes.values()]).toEqual([
      { name: 'research', description: 'Ethics-approved studies', sensitive: new Set(['hiv']) },
      { name: 'quality', description: 'Quality of care in our own hospitals', sensitive: new Set() },
    ]);
    expect(policy.terms.get('dua-2026')).toEqual({
      name: 'dua-2026',
      recipient: 'University X',
      purposes: new Set(['research']),
      expires: '2027-12-31',
      agreement: 'DUA-2026-04',
      text: 'Results are published in aggregate only.',
    });
  });

  test('consent, parts and columns', () => {
    expect(network.consent).toEqual({
      table: 'consent',
      column: 'scope',
      purposes: new Map([
        ['research', ['research', 'all']],
        ['quality', ['all', 'care']],
      ]),
      refusals: ['withdrawn'],
    });
    expect(network.disjoint).toEqual({ table: 'person', column: 'site' });
    expect(network.tables.get('person')!.columns.get('hiv_status')).toMatchObject({
      sensitive: 'hiv',
      purposes: new Set(['research']),
    });
  });

  test('principals', () => {
    expect(policy.principals.get('dr-lee')).toMatchObject({
      roles: new Set(['researcher']),
      purposes: new Set(['research']),
      deny: [{ dataset: 'network', table: 'person', column: 'zip' }],
      terms: ['dua-2026'],
      until: '2027-06-30',
      key: null,
    });
    expect(policy.principals.get('mr-ito')).toMatchObject({ roles: new Set(['officer', 'steward']), purposes: null });
  });

  test('an earlier policy is governed as it always was', () => {
    const early = parsePolicy(NETWORK);
    expect(early).toMatchObject({ budget: null, purposes: new Map(), terms: new Map() });
    expect(early.governance).toMatchObject({ secondOfficer: false, consistentAnswers: true, retentionYears: 6 });
    expect(early.datasets.get('network')).toMatchObject({ purposes: null, consent: null, disjoint: null });
    expect(early.principals.get('dr-lee')).toMatchObject({ roles: new Set(['researcher']), deny: [], terms: [] });
  });
});

describe('other ways to write it', () => {
  test('purposes of a data set as a list', () => {
    const text = governed('research: { budget: { epsilon: 10, delta: 1e-6 } }\n      quality: {}', '').replace(
      /purposes:\s*\n\s*consent:/,
      'purposes: [quality, RESEARCH]\n    consent:',
    );
    expect(parsePolicy(text).datasets.get('network')!.purposes).toEqual(
      new Map([
        ['quality', null],
        ['research', null],
      ]),
    );
  });

  test('names are found whatever their case, and kept as declared', () => {
    const text = governed('deny: [network.person.zip]', 'deny: [NETWORK.Person.ZIP, network.person.*]');
    const { deny } = parsePolicy(text).principals.get('dr-lee')!;
    expect(deny.map(({ column }) => column)).toEqual(['zip', 'site', 'birth_year', 'hiv_status']);
  });

  test('names with dots, in data sets, tables and columns', () => {
    const text = `gauze: 1
datasets:
  a.b:
    source: x
    unit: c.d.id
    contribution: { groups: 1, rows: 1 }
    tables: { c.d: { unit: id, columns: { e.f: { type: text } } } }
principals: { p: { deny: [a.b.c.d.e.f] } }
`;
    expect(parsePolicy(text).principals.get('p')!.deny).toEqual([{ dataset: 'a.b', table: 'c.d', column: 'e.f' }]);
  });

  test('the order of denials, terms, roles and purposes means nothing; a denial more does', () => {
    const digest = (deny: string): string => parsePolicy(governed('[network.person.zip]', deny)).digest;
    expect(digest('[network.person.site, network.person.zip]')).toBe(
      digest('[network.person.zip, network.person.site]'),
    );
    expect(digest('[network.person.site]')).not.toBe(digest('[network.person.zip]'));
    const swapped = governed('roles: [officer, steward]', 'roles: [steward, officer]');
    expect(parsePolicy(swapped).digest).toBe(policy.digest);
  });

  test('consent changes what answers depend on; purposes and denials do not', () => {
    const data = (from: string, to: string): string => parsePolicy(governed(from, to)).dataDigest;
    expect(data('[withdrawn]', '[gone]')).not.toBe(policy.dataDigest);
    expect(data('deny: [network.person.zip]', 'deny: []')).toBe(policy.dataDigest);
    expect(data('sensitive: hiv, ', '')).toBe(policy.dataDigest);
  });
});

const CASES: readonly (readonly [from: string, to: string, message: RegExp, next: RegExp])[] = [
  [
    '{ epsilon: 40, delta',
    '{ epsilon: 40, rho: 1, delta',
    /budget\.rho: A budget is stated in epsilon or in rho/,
    /Remove one/,
  ],
  ['{ epsilon: 40, delta', '{ delta', /budget: epsilon is missing/, /epsilon: 1, or rho: 0\.1/],
  ['{ epsilon: 40, delta', '{ epsilonn: 40, delta', /no key epsilonn/, /Write epsilon/],
  ['rho: 0.05', 'rho: 0', /budgets\[0\]\.rho: 0 is not in range/, /greater than 0/],
  ['renews: month', 'renews: monthly', /no span of time monthly/, /Write month/],
  ['renews: month', 'renews: year', /no span of time year/, /The spans are day, month, quarter/],
  ['purposes: [research]\n    deny', 'purposes: [reserch]\n    deny', /no purpose reserch/, /Write research/],
  [
    'purposes: [research]\n    deny',
    'purposes: [sales]\n    deny',
    /no purpose sales/,
    /research, quality.*declare it/s,
  ],
  [
    'purposes: [research]\n    deny',
    'purposes: research\n    deny',
    /The purposes are a list/,
    /purposes: \[research\]/,
  ],
  ['purposes: [research]\n    deny', 'purposes:\n    deny', /Nothing is written here/, /purposes: \[research\]/],
  ['purposes: [quality]', 'purposes: [quality, Quality]', /quality is listed twice/, /Remove one/],
  ['      quality: {}', '      qualty: {}', /no purpose qualty/, /Write quality/],
  ['sensitive: [hiv]', 'sensitive: [aids]', /no sensitive topic aids/, /substance-use, mental-health/],
  ['sensitive: hiv,', 'sensitive: HIV2,', /no sensitive topic HIV2/, /Write hiv/],
  ['terms: [dua-2026]', 'terms: [dua-2025]', /no terms dua-2025/, /Write dua-2026/],
  ['expires: 2027-12-31', 'expires: 2027-02-30', /2027-02-30 is no day/, /YYYY-MM-DD/],
  ['expires: 2027-12-31\n', '\n', /terms\.dua-2026: expires is missing/, /expires: 2027-12-31/],
  ['recipient: University X', 'recipient:', /recipient: Text is missing/, /University X/],
  ['until: 2027-06-30', 'until: soon', /until: soon is no day/, /2027-06-30/],
  ['roles: [auditor]', 'roles: [auditer]', /no role auditer/, /Write auditor/],
  ['roles: [auditor]', 'roles: []', /at least one role/, /remove the principal/],
  ['key: 3d4017c3', 'key: 3d4017c', /key: A public key is 64 hex digits/, /never the secret one/],
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '3D4017C3E843895A92B70AA74D1B7EBC9C982CCF2EC4968CC0CD55F12AF4660C',
    /mr-ito and dr-kim have the same key/,
    /a key of his own/,
  ],
  [
    ', key: 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '',
    /Two officers must sign, and the policy names one/,
    /key: each/,
  ],
  ['network.person.zip', 'network.person.zap', /person lists no column zap/, /Write zip for it/],
  ['network.person.zip', 'network.persn.zip', /network lists no table persn/, /Write person for it/],
  ['network.person.zip', 'net.person.zip', /no data set net\b/, /There are network/],
  ['network.person.zip', 'network.person', /by its data set, its table and its name/, /network\.person\.\*/],
  ['network.person.zip', 'network.person.person_id', /person_id is the privacy unit/, /need not be denied/],
  ['table: consent', 'table: consnt', /lists no table consnt/, /Write consent/],
  ['column: scope', 'column: scop', /consent lists no column scop/, /Write scope/],
  [
    'purposes: { research: [research, all], quality: [all, care] }',
    'purposes: {}',
    /map from purposes to values/,
    /research, all/,
  ],
  ['quality: [all, care]', 'sales: [all, care]', /no purpose sales/, /research, quality/],
  ['quality: [all, care]', 'quality: [1]', /read as a number, and the column is text/, /in quotes/],
  ['quality: [all, care]', 'quality: all', /at least one entry/, /quality: \[/],
  ['refusals: [withdrawn]', 'refusals: [all]', /all stands here and among the refusals/, /takes every consent back/],
  ['disjoint: person.site', 'disjoint: site', /a table and its column/, /person\.site/],
  ['disjoint: person.site', 'disjoint: persons.site', /lists no table persons/, /Write person\.site/],
  ['disjoint: person.site', 'disjoint: person.sit', /lists no column sit/, /person\.site/],
  ['disjoint: person.site', 'disjoint: person.zip', /has no public values/, /values: \[/],
  ['disjoint: person.site', 'disjoint: consent.scope', /in one row/, /unique: true in consent/],
  ['secondOfficer: true', 'secondOfficer: yes', /true or false/, /Write true or false/],
  ['consistent: true', 'consistant: true', /no key consistant/, /Write consistent/],
  ['years: 6', 'years: 0', /no whole number from 1 to 100/, /6/],
  ['anchor: ../safe/network.anchor', 'anchor:', /A file name must stand here/, /\.\.\/safe\/network\.anchor/],
  ['contact: privacy@hospital.example', 'contact: ""', /contact: Text is missing/, /privacy@hospital/],
];

describe('is refused, with its place and what to write', () => {
  test.each(CASES)('%s → %s', (from, to, message, next) => {
    const error = refusal(governed(from, to));
    expect(error.code).toBe('POLICY_INVALID');
    expect(error.message).toMatch(message);
    expect(`${error.message} ${error.next}`).toMatch(next);
    expect(error.at?.line).toBeGreaterThan(1);
  });

  test('consent in a public table, and in one that reaches its unit through another', () => {
    const text = governed('      consent:\n        unit: person_id\n', '      consent:\n        public: true\n');
    expect(refusal(text).message).toMatch(/consent is public, so it says nothing about any unit/);
    const through = governed(
      '      consent:\n        unit: person_id\n',
      '      visit: { unit: person_id, columns: { visit_id: { type: integer, use: join } } }\n      consent:\n        unit: { through: visit, on: visit_id }\n',
    );
    expect(refusal(through).message).toMatch(/consent reaches its unit through another table/);
  });

  test('purposes where none are declared', () => {
    const text = NETWORK.replace('dr-lee:\n', 'dr-lee:\n    purposes: [research]\n');
    const error = refusal(text);
    expect(error.message).toMatch(/no purpose research/);
    expect(error.next).toMatch(/The purposes are none\. Or declare it: at the top, under purposes/);
  });
});

describe('the text of a policy', () => {
  test('is what it was read from', () => {
    expect(policyText(policy)).toBe(GOVERNED);
  });

  test('of an object is JSON that reads as the same policy', () => {
    const object = policyFromObject(parse(GOVERNED) as PolicyInput);
    expect(object.digest).toBe(policy.digest);
    expect(JSON.parse(policyText(object))).toMatchObject({ gauze: 1, retention: { years: 6 } });
    expect(parsePolicy(policyText(object)).digest).toBe(policy.digest);
  });

  test('keeps every digit, delicate characters, and names that look like something else', () => {
    const object = policyFromObject({
      gauze: 1,
      contact: 'ab\u2028"c"\\\td\ufeff\u{1f600}',
      datasets: {
        null: {
          source: 'true',
          unit: 'x: y.{id}',
          contribution: { groups: 1, rows: 1 },
          defaultDelta: 1e-7,
          budget: { epsilon: '0.000000000001', delta: '1e-18' },
          tables: {
            'x: y': {
              unit: '{id}',
              columns: {
                '#1': { type: 'integer', bounds: [-9223372036854775808n, '9223372036854775807'] },
                n: { type: 'double', bounds: ['-1e300', 5e-324] },
                t: { type: 'text', values: ['01', '1e3', 'null', null, 'a\u0007b\u009f'] },
              },
            },
          },
        },
      },
    });
    const again = parsePolicy(policyText(object));
    expect(again.digest).toBe(object.digest);
    expect(again).toEqual({ ...object });
  });

  test('of something that no reader made is refused', () => {
    expect(() => policyText({ ...policy })).toThrow(/put together by hand/);
  });

  test('is never longer than what is read again', () => {
    const values = Array.from({ length: 150_000 }, (_, index) => `code-${index}`);
    const tables = { t: { unit: 'id', columns: { c: { type: 'text' as const, values } } } };
    const object: PolicyInput = {
      gauze: 1,
      datasets: { d: { source: 's', unit: 't.id', contribution: { groups: 1, rows: 1 }, tables } },
    };
    expect(() => policyFromObject(object)).toThrow(/longer than two million characters/);
  });
});
