import { describe, expect, test } from 'vitest';
import { rational } from '../../src/dp/rational.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import type { PolicyColumn, Table } from '../../src/policy/policy.ts';
import { NETWORK, rewritten } from './network.ts';

function table(name: string, text: string = NETWORK): Table {
  return parsePolicy(text).datasets.get('network')!.tables.get(name)!;
}

function column(path: string, text: string = NETWORK): PolicyColumn {
  const [tableName, name] = path.split('.');
  return table(tableName!, text).columns.get(name!)!;
}

/** A limit in ε that never renews. */
const forAllTime = { rho: null, renews: null };

/** The policy with `cost` declared otherwise. */
function withCost(declaration: string): PolicyColumn {
  return column('visit.cost', rewritten('{ type: double, bounds: [0, 50000], step: 0.01 }', declaration));
}

describe('the documented policy', () => {
  test('is accepted as it is', () => {
    const policy = parsePolicy(NETWORK);
    const network = policy.datasets.get('network')!;
    expect(network).toMatchObject({
      source: 'network.duckdb',
      unit: { table: 'person', column: 'person_id' },
      contribution: { groups: 4, rows: 20 },
      minimumUnits: 11,
      defaultDelta: null,
    });
    expect([...network.tables.keys()]).toEqual(['person', 'visit', 'lab', 'code_name']);
    expect([...policy.principals.keys()]).toEqual(['dr-lee']);
  });

  test('keeps epsilon, delta and step exact', () => {
    const policy = parsePolicy(NETWORK);
    expect(policy.datasets.get('network')!.budget).toEqual({
      ...forAllTime,
      epsilon: rational(20n),
      delta: rational(1n, 100_000n),
    });
    expect(policy.principals.get('dr-lee')!.budgets.get('network')).toEqual({
      ...forAllTime,
      epsilon: rational(10n),
      delta: rational(1n, 1_000_000n),
    });
    expect(column('visit.cost').step).toEqual(rational(1n, 100n));
  });

  test('reads values, bounds and links by type', () => {
    expect(column('person.sex').values).toEqual(['F', 'M']);
    expect(column('person.birth_year').bounds).toEqual({ low: 1900n, high: 2025n });
    // 16436 = Date.UTC(2015, 0, 1) / 86 400 000.
    expect(column('visit.start_date').bounds).toEqual({ low: 16436, high: 20453 });
    expect(column('visit.visit_id').use).toBe('join');
    expect(table('person')).toMatchObject({ unique: true, unit: { kind: 'column', column: 'person_id' } });
    expect(table('lab').unit).toEqual({ kind: 'through', table: 'visit', on: 'visit_id' });
    expect(table('code_name')).toMatchObject({ public: true, unit: null });
    expect(column('lab.value').boundsBy).toEqual({
      column: 'code',
      of: [
        { key: { type: 'text', value: 'a1c' }, bounds: { low: 3, high: 20 } },
        { key: { type: 'text', value: 'sbp' }, bounds: { low: 50, high: 250 } },
      ],
    });
  });

  test('is frozen', () => {
    const policy = parsePolicy(NETWORK);
    expect(() => {
      (policy.datasets.get('network')!.contribution as { groups: number }).groups = 99;
    }).toThrow(TypeError);
    expect(Object.isFrozen(column('visit.cost').bounds)).toBe(true);
  });

  test('may be written as JSON, with tabs', () => {
    const text = JSON.stringify(
      {
        gauze: 1,
        datasets: {
          d: {
            unit: 't.p',
            contribution: { groups: 1, rows: 1 },
            tables: { t: { unit: 'p', file: 't.csv', columns: { x: { type: 'text', values: ['01', '1e3'] } } } },
          },
        },
      },
      null,
      '\t',
    );
    expect(parsePolicy(text).datasets.get('d')!.tables.get('t')!.columns.get('x')!.values).toEqual(['01', '1e3']);
  });

  test('may begin with a byte order mark and end lines as Windows does', () => {
    expect(parsePolicy(`\ufeff${NETWORK.replaceAll('\n', '\r\n')}`).digest).toBe(parsePolicy(NETWORK).digest);
  });
});

describe('columns', () => {
  test('integers keep 64 bits', () => {
    const cost = withCost('{ type: integer, bounds: [-9223372036854775808, 9223372036854775807] }');
    expect(cost.bounds).toEqual({ low: -(2n ** 63n), high: 2n ** 63n - 1n });
  });

  test('null may be among the values, and "null" is text', () => {
    expect(withCost('{ type: text, values: [null, "null", ~] }'.replace(', ~', '')).values).toEqual([null, 'null']);
  });

  test('words that YAML 1.1 took for booleans, and dates, stay text', () => {
    expect(withCost('{ type: text, values: [no, Y, off, 2015-01-01, 1_000] }').values).toEqual([
      'no',
      'Y',
      'off',
      '2015-01-01',
      '1_000',
    ]);
  });

  test('keys of bounds by code are read by the type of the deciding column', () => {
    const text = rewritten('code: { type: text }\n          value', 'code: { type: integer }\n          value').replace(
      '{ a1c: [3, 20], sbp: [50, 250] }',
      '{ 7: [3, 20], "8": [50, 250] }',
    );
    const { of } = column('lab.value', text).boundsBy!;
    expect(of.map(({ key }) => key)).toEqual([
      { type: 'integer', value: 7n },
      { type: 'integer', value: 8n },
    ]);
  });

  test('a date bounds a timestamp by its whole day', () => {
    const cost = withCost('{ type: timestamp, bounds: [2020-01-01, 2020-01-01], zone: Europe/Vienna }');
    const start = BigInt(Date.UTC(2020, 0, 1)) * 1000n;
    expect(cost.bounds).toEqual({ low: start, high: start + 86_400_000_000n - 1n });
    expect(cost.zone).toBe('Europe/Vienna');
  });

  test('timestamps are read to the microsecond', () => {
    const cost = withCost('{ type: timestamp, bounds: [2020-01-01 00:00, 2020-01-01T00:00:01.000002] }');
    const start = BigInt(Date.UTC(2020, 0, 1)) * 1000n;
    expect(cost.bounds).toEqual({ low: start, high: start + 1_000_002n });
  });

  test('nullable is true unless declared', () => {
    expect(withCost('{ type: boolean }').nullable).toBe(true);
    expect(withCost('{ type: boolean, nullable: false, values: [true, false] }')).toMatchObject({
      nullable: false,
      values: [true, false],
    });
  });

  test('the column of the unit, where it is listed, is never more than joined on', () => {
    const text = rewritten('          sex:', '          PERSON_ID: { type: integer }\n          sex:');
    expect(column('person.PERSON_ID', text).use).toBe('join');
  });

  test('minus zero is zero', () => {
    expect(Object.is(withCost('{ type: double, bounds: [-0, 1] }').bounds!.low, 0)).toBe(true);
  });
});

describe('data sets', () => {
  test('defaults: eleven units, no cap, δ from the budget', () => {
    const text = NETWORK.replace(/^ {4}budget.*\n/m, '').replace(/^ {4}minimumUnits.*\n/m, '');
    expect(parsePolicy(text).datasets.get('network')).toMatchObject({
      budget: null,
      minimumUnits: 11,
      defaultDelta: null,
    });
  });

  test('defaultDelta is exact', () => {
    const text = rewritten('minimumUnits: 11', 'defaultDelta: 1e-18');
    expect(parsePolicy(text).datasets.get('network')!.defaultDelta).toEqual(rational(1n, 10n ** 18n));
  });

  test('tables may name files, and then no source is needed', () => {
    const text = rewritten('source: network.duckdb', 'budget: { epsilon: 1 }')
      .replace(/^ {4}budget: \{ epsilon: 20.*\n/m, '')
      .replace(/^( {6})(person|visit|lab|code_name):\n/gm, '$1$2:\n$1  file: data/$2/*.parquet\n');
    const { source, tables, budget } = parsePolicy(text).datasets.get('network')!;
    expect(source).toBeNull();
    expect(budget).toEqual({ ...forAllTime, epsilon: rational(1n), delta: rational(0n) });
    expect(tables.get('visit')!.file).toBe('data/visit/*.parquet');
  });

  test('references are found without case and spelled as declared', () => {
    const text = rewritten('through: visit, on: visit_id', 'through: VISIT, on: Visit_ID').replace(
      'unit: person.person_id',
      'unit: Person.PERSON_ID',
    );
    const network = parsePolicy(text).datasets.get('network')!;
    expect(network.tables.get('lab')!.unit).toEqual({ kind: 'through', table: 'visit', on: 'visit_id' });
    expect(network.unit).toEqual({ table: 'person', column: 'person_id' });
  });

  test('names may be any SQL identifier, dots included', () => {
    const text = NETWORK.replace('unit: person.person_id', 'unit: "hospital.person.person id"')
      .replace('      person:\n        unit: person_id', '      "hospital.person":\n        unit: "person id"')
      .replace('sex:', '"Geschlecht (m/w)":');
    const network = parsePolicy(text).datasets.get('network')!;
    expect(network.unit).toEqual({ table: 'hospital.person', column: 'person id' });
    expect(network.tables.get('hospital.person')!.columns.has('Geschlecht (m/w)')).toBe(true);
  });

  test('a unit is reached through several tables', () => {
    const text = rewritten(
      '      code_name:',
      '      note:\n        unit: { through: lab, on: lab_id }\n      code_name:',
    ).replace(
      '          code: { type: text }\n          value',
      '          lab_id: { type: text, use: join }\n          code: { type: text }\n          value',
    );
    expect(table('note', text).unit).toEqual({ kind: 'through', table: 'lab', on: 'lab_id' });
  });
});
