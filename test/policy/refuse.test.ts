/** Every rule of the policy, broken one at a time: what is refused, where, and what to write instead. */
import { describe, expect, test } from 'vitest';
import { GauzeError } from '../../src/errors.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK, refusal, rewritten } from './network.ts';

/** What is replaced in the documented policy; by what, « before the place the error must point at; what both must say. */
type Case = readonly [from: string, to: string, message: string, next: string];

const COST = 'cost: { type: double, bounds: [0, 50000], step: 0.01 }';

const CASES: readonly Case[] = [
  // Keys.
  ['gauze: 1', 'gauze: «2', 'version', 'gauze: 1'],
  ['gauze: 1\ndatasets', '«datasets', 'gauze is missing', 'gauze: 1'],
  ['contribution:', '«contributions:', 'no key contributions', 'Write contribution.'],
  [COST, 'cost: { type: double, «bonds: [0, 1] }', 'no key bonds', 'Write bounds.'],
  [COST, '«cost: { bounds: [0, 1] }', 'type is missing', 'type: text'],
  [COST, '«cost: double', 'map of keys', 'cost: { type: double }'],
  ['contribution: { groups: 4, ', '«contribution: { ', 'groups is missing', 'groups: 4'],
  ['groups: 4', 'groups: «0', '0 is no whole number', 'groups: 4'],
  ['rows: 20', 'rows: «2.5', 'no whole number', 'rows: 20'],
  ['minimumUnits: 11', 'minimumUnits: «0', '0 is no whole number', 'minimumUnits: 11'],
  ['minimumUnits: 11', 'minimumUnits: «-1', 'no whole number', 'minimumUnits: 11'],
  ['unique: true', 'unique: «yes', 'true or false', 'Write true or false.'],
  ['public: true', 'public: «"true"', 'true or false', 'Write true or false.'],
  [
    'network:\n    source: network.duckdb              # or per table `file: visits/*.parquet` (Parquet, CSV)\n    unit: person.person_id',
    '«network:\n    source: x.duckdb',
    'unit is missing',
    'unit: person.person_id',
  ],
  // Types, values and bounds.
  [COST, 'cost: { type: «varchar }', 'no type varchar', 'Write text.'],
  [COST, 'cost: { type: «dubble }', 'no type dubble', 'Write double.'],
  ['values: [F, M]', 'values: [F, «01]', '01 without quotes is read as a number', '"01"'],
  ['values: [F, M]', 'values: [F, «1e3]', '1e3 without quotes is read as a number', '"1e3"'],
  ['values: [F, M]', 'values: [«0x1F, M]', 'read as a number', '"0x1F"'],
  ['values: [F, M]', 'values: [F, «true]', 'read as a boolean', '"true"'],
  ['values: [F, M]', 'values: [F, «.nan]', 'read as a number', '".nan"'],
  ['values: [F, M]', 'values: [F, «"F"]', 'F is listed twice', 'Remove'],
  ['values: [F, M]', '«values: []', 'at least one', '[F, M]'],
  ['values: [F, M]', '«values: F', 'list', '[F, M]'],
  ['values: [F, M]', 'values: [F, «null], nullable: false', 'nullable: false', 'Remove'],
  ['values: [F, M]', 'values: [F, «[M]]', 'One text value', 'Write text'],
  ['values: [F, M]', '«bounds: [A, Z]', 'text column has no bounds', 'values:'],
  ['[1900, 2025]', '«[2025, 1900]', 'low end 2025 lies above the high end 1900', 'Write [1900, 2025].'],
  ['bounds: [1900, 2025]', '«bounds: [1900]', 'two values', '[low, high]'],
  ['[1900, 2025]', '[1900, «1e3]', 'no plain whole number', 'Write 1000.'],
  ['[1900, 2025]', '[1900, «02025]', 'no plain whole number', 'Write 2025.'],
  ['[1900, 2025]', '[1900, «20.5]', 'no plain whole number', 'whole number'],
  ['[1900, 2025]', '[1900, «9223372036854775808]', '64-bit', 'from'],
  ['bounds: [1900, 2025]', '«bounds: [1900, ]', 'two values', '[low, high]'],
  ['[1900, 2025]', '[1900, 2025], «values: [1899, 2000]', 'outside the bounds', 'Remove the bounds'],
  ['2025-12-31]', '«2025-02-29]', '2025-02-29 is no date', 'YYYY-MM-DD'],
  ['2025-12-31]', '«2025-12-31T00:00:00]', 'is no date', 'Write 2025-12-31.'],
  ['2025-12-31]', '«31.12.2025]', 'is no date', 'YYYY-MM-DD'],
  [COST, 'cost: { type: timestamp, bounds: [«2020-01-01T00:00:00Z, 2021-01-01] }', 'without a zone', 'local time'],
  [COST, 'cost: { type: double, bounds: [0, «.inf] }', 'no finite decimal', 'a number'],
  [COST, 'cost: { type: double, bounds: [0, «1e999] }', 'no finite decimal', 'a number'],
  ['step: 0.01', 'step: «0', '0 is not in range', 'greater than 0'],
  ['step: 0.01', 'step: «-0.01', 'not in range', 'greater than 0'],
  ['step: 0.01', 'step: «fine', 'not a number', '0.01'],
  ['step: 0.01', 'step: «1e-19', 'not in range', '0.01'],
  ['bounds: [0, 50000], step: 0.01', 'bounds: «[1, 2], step: 5', 'No multiple of the step', 'finer step'],
  ['birth_year: { type: integer,', 'birth_year: { type: integer, step: «0.5,', 'not in range', 'whole number'],
  ['city: { type: text }', 'city: { type: text, «step: 1 }', 'text column has no step', 'Remove'],
  ['city: { type: text }', 'city: { type: text, «zone: UTC }', 'no time zone', 'timestamp'],
  [COST, 'cost: { type: timestamp, zone: «Mars/Base }', 'no time zone', 'Europe/Vienna'],
  [COST, 'cost: { type: timestamp, zone: «"+02:00" }', 'no time zone', 'Europe/Vienna'],
  ['use: join', 'use: «joins', 'join or as any', 'use: join'],
  // Bounds by code.
  ['by: code', 'by: «cod', 'no other column cod', 'Write by: code.'],
  ['by: code', 'by: «value', 'no other column value', 'same table'],
  ['a1c: [3, 20]', '«01: [3, 20]', '01 without quotes', '"01"'],
  ['a1c: [3, 20]', '«1e3: [3, 20]', '1e3 without quotes', '"1e3"'],
  ['a1c: [3, 20]', 'a1c: «[20, 3]', 'above the high end', '[3, 20]'],
  ['of: { a1c: [3, 20], sbp: [50, 250] }', '«of: {}', 'at least one code', 'a1c'],
  ['bounds: { by: code, of', '«bounds: { of', 'by is missing', 'by: code'],
  [
    'ward: { type: text, values: [surgery, medicine, icu] }',
    'ward: { type: boolean, «bounds: { by: cost, of: { 1: [0, 1] } } }',
    'boolean column has no bounds',
    'Remove',
  ],
  // Tables and units.
  ['code_name:\n        public: true\n', '«code_name:\n', 'whose its rows are', 'public: true'],
  ['        public: true\n', '        public: true\n        «unit: code\n', 'public table has no unit', 'Remove'],
  [
    '        public: true\n',
    '        public: true\n        «unique: true\n',
    'public table has no unit',
    'Remove unique',
  ],
  ['unit: person.person_id', '«unit: person_id', 'a table and its column', 'person.person_id'],
  ['unit: person.person_id', 'unit: «persons.person_id', 'no table persons', 'person.person_id'],
  ['unit: person.person_id', 'unit: «person.patient_id', 'says person_id', 'person.person_id'],
  ['unit: person.person_id', 'unit: «code_name.code', 'public', 'protected'],
  ['unit: person.person_id', 'unit: «lab.visit_id', 'through another table', 'column of its own'],
  ['through: visit', 'through: «visits', 'no table visits', 'through: visit'],
  ['through: visit', 'through: «code_name', 'is public', 'protected table'],
  ['through: visit', 'through: «lab', 'circle', 'unit: person_id'],
  ['on: visit_id', 'on: «visit_no', 'lists no column visit_no', 'visit_id'],
  ['on: visit_id', 'on: «person_id', 'is the unit itself', 'unit: person_id'],
  ['unit: { through: visit, on: visit_id }', '«unit: { through: visit }', 'on is missing', 'on: visit_id'],
  [
    'on: visit_id }           # the unit is reached by a join\n        columns:',
    'on: «visit_id }\n        columns:\n          visit_id: { type: text, use: join }',
    'text here and integer in visit',
    'integer',
  ],
  ['        unique: true', '        file: «person.xlsx\n        unique: true', 'neither Parquet nor CSV', '.parquet'],
  ['        unique: true', '        file: «person.duckdb\n        unique: true', 'neither Parquet nor CSV', 'source'],
  // Names.
  ['          city:', '          «SEX:', 'SEX and sex are one name', 'rename'],
  ['          city:', '          «01:', 'read as a number', '"01"'],
  ['          city:', '          «null:', 'read as nothing', '"null"'],
  ['          city:', '          «"a\\nb":', 'control characters', 'Rename'],
  ['      code_name:', '      «Visit:', 'Visit and visit are one name', 'rename'],
  // Budgets and principals.
  ['epsilon: 20', 'epsilon: «0', '0 is not in range', 'greater than 0'],
  ['epsilon: 20', 'epsilon: «-1', 'not in range', 'greater than 0'],
  ['epsilon: 20', 'epsilon: «lots', 'not a number', 'greater than 0'],
  ['epsilon: 20', 'epsilon: «1e-13', 'not in range', '12 decimals'],
  ['epsilon: 20', 'epsilon: «1e99999999', 'not a number', 'at most 10000'],
  ['delta: 1e-5', 'delta: «1', '1 is not in range', 'below 1'],
  ['delta: 1e-5', 'delta: «1e-19', 'not in range', '18 decimals'],
  ['dataset: network', 'dataset: «netwrok', 'no data set netwrok', 'Write network.'],
  [
    '{ dataset: network, epsilon: 10, delta: 1e-6 }',
    '{ dataset: network, epsilon: 10 }, { dataset: «network, epsilon: 1 }',
    'already',
    'one budget',
  ],
  [
    'budgets: [ { dataset: network, epsilon: 10, delta: 1e-6 } ]',
    '«budgets: { network: 10 }',
    'are a list',
    'budgets: [',
  ],
  ['  dr-lee:\n    budgets:', '  dr-lee:\n    «budget:', 'no key budget', 'Write budgets.'],
  // YAML itself.
  ['    minimumUnits: 11', '    «contribution: { groups: 1, rows: 1 }', 'second time', 'Keep one'],
  ['    minimumUnits: 11', '«\tminimumUnits: 11', 'tab', 'spaces'],
  ['principals:', '«---\nprincipals:', 'second document', '---'],
  ['values: [F, M]', 'values: [F, !secret «M]', 'Tags', 'Remove the tag'],
  ['values: [F, M] }', 'values: &x [F, M] }\n          twin: { type: text, values: «*x }', 'Aliases', 'Write out'],
  ['budgets: [ { dataset: network, epsilon: 10, delta: 1e-6 } ]', '«budgets:', 'are a list', 'budgets: ['],
  ['datasets:\n  network:', 'datasets:\n  «network: 7\n  other:', 'must be a map', 'unit: person.person_id'],
];

describe('a wrong policy is refused at the place, with what to write', () => {
  for (const [from, to, message, next] of CASES) {
    test(`${JSON.stringify(from.trim().slice(0, 40))} → ${JSON.stringify(to.trim().slice(0, 60))}`, () => {
      const marked = rewritten(from, to);
      const before = marked.slice(0, marked.indexOf('«')).split('\n');
      const at = { line: before.length, column: [...before.at(-1)!].length + 1 };
      const error = refusal(marked.replace('«', ''));
      expect(error.code).toBe('POLICY_INVALID');
      expect(error.exitCode).toBe(2);
      expect(error.fields.problems).toBe(1);
      expect(error.at).toMatchObject(at);
      expect(error.message).toContain(`network.yaml:${at.line}:${at.column}: `);
      expect(error.message).toContain(message);
      expect(error.next).toContain(next);
    });
  }
});

describe('several problems', () => {
  const text = rewritten('values: [F, M]', 'values: [F, 01]')
    .replace('[1900, 2025]', '[2025, 1900]')
    .replace('dataset: network', 'dataset: netwrok');

  test('are all told, the first one in `at` and `next`', () => {
    const error = refusal(text);
    expect(error.fields).toMatchObject({ file: 'network.yaml', problems: 3, line: 14, column: 42 });
    expect(error.at).toEqual({ line: 14, column: 42, length: 2 });
    expect(error.next).toBe('Write "01" in quotes.');
    expect(error.message.split('\n')).toHaveLength(4);
    expect(error.message).toContain('network.yaml:15:');
    expect(error.message).toContain('Write network.');
  });

  test('are cut off after twenty', () => {
    const columns = Array.from({ length: 30 }, (_, index) => `          c${index}: { type: nothing }\n`).join('');
    const error = refusal(rewritten('          city:', `${columns}          city:`));
    expect(error.fields.problems).toBe(30);
    expect(error.message).toContain('… and 10 more.');
  });

  test('quote no more of a long scalar than a person reads', () => {
    const error = refusal(rewritten('city: { type: text }', `city: { type: ${'x'.repeat(100_000)} }`));
    expect(error.message.length).toBeLessThan(1000);
  });

  test('are found in time that grows with the text', () => {
    const values = Array.from({ length: 20_000 }, (_, index) => index).join(', ');
    const started = performance.now();
    expect(refusal(rewritten('values: [F, M]', `values: [${values}]`)).fields.problems).toBe(20_000);
    // Locating every problem took a minute here; ten seconds is far from both.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('do not follow from one another', () => {
    const error = refusal(rewritten('code: { type: text }\n          value', 'code: { type: txt }\n          value'));
    expect(error.fields.problems).toBe(1);
  });
});

describe('positions', () => {
  test('count code points, and a length stays on its line', () => {
    const error = refusal(rewritten('values: [F, M]', 'values: ["👩‍⚕️é", 1e3]'));
    const line = NETWORK.split('\n')[13]!;
    // Four code points and a letter in quotes, a comma and a blank behind the bracket.
    expect(error.at).toEqual({ line: 14, column: line.indexOf('[F') + 2 + 9, length: 3 });
  });

  test('a problem of a whole block points at its first line', () => {
    expect(refusal('- 1\n- 2\n').at).toEqual({ line: 1, column: 1, length: 3 });
  });
});

describe('texts that are no policy', () => {
  for (const text of [
    '',
    '# nothing\n',
    'null',
    '42',
    '[]',
    'gauze',
    '{',
    '"',
    'a: b: c',
    '\u0000',
    '%YAML 9.9\n---\n',
  ]) {
    test(JSON.stringify(text), () => {
      expect(() => parsePolicy(text)).toThrow(GauzeError);
      expect(refusal(text).next).not.toBe('');
    });
  }

  test('deep nesting and great length are refused, not run out of', () => {
    expect(refusal('['.repeat(100_000)).code).toBe('POLICY_INVALID');
    expect(refusal(`a: ${'{a: '.repeat(200)}1${'}'.repeat(200)}`).message).toContain('too deeply');
    expect(refusal(`# ${'x'.repeat(2 ** 21)}`).message).toContain('longer than');
  });
});
