/** Drafts parse as they stand, open nothing by accident, and hold nothing but names and types. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DraftCatalog, type DraftTable, draftPolicy, parsePolicy } from '../../src/policy/index.ts';
import type { Dataset } from '../../src/policy/policy.ts';

function tableOf(name: string, columns: Readonly<Record<string, string>>, file: string | null = null): DraftTable {
  return { name, file, columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })) };
}

function drafted(...tables: readonly DraftTable[]): Dataset {
  return parsePolicy(draftPolicy({ source: 'clinic.duckdb', tables })).datasets.get('clinic')!;
}

describe('the unit', () => {
  test('is found by its name, and other tables by the same', () => {
    const clinic = drafted(
      tableOf('visits', { visit_id: 'INTEGER', patient_id: 'INTEGER', cost: 'DOUBLE' }),
      tableOf('patients', { patient_id: 'INTEGER', sex: 'VARCHAR' }),
    );
    expect(clinic.unit).toEqual({ table: 'patients', column: 'patient_id' });
    expect(clinic.tables.get('patients')!.unique).toBe(true);
    expect(clinic.tables.get('visits')!).toMatchObject({
      unique: false,
      unit: { kind: 'column', column: 'patient_id' },
    });
    expect(clinic.tables.get('visits')!.columns.get('visit_id')!.use).toBe('join');
    expect(clinic.tables.get('visits')!.columns.has('patient_id')).toBe(false);
  });

  test('is reached through the table whose key another table holds', () => {
    const clinic = drafted(
      tableOf('encounters', { encounter_id: 'BIGINT', subject_id: 'BIGINT' }),
      tableOf('notes', { note_id: 'BIGINT', Encounter_ID: 'BIGINT', note_text: 'VARCHAR' }),
    );
    expect(clinic.tables.get('notes')!.unit).toEqual({ kind: 'through', table: 'encounters', on: 'encounter_id' });
    expect(clinic.tables.get('notes')!.columns.has('note_text')).toBe(false);
  });

  for (const name of [
    'patient_nbr',
    'PATIENT_ID',
    'subjectId',
    'person-id',
    'USUBJID',
    'src_participant_no',
    'bene_id',
    'patid',
  ]) {
    test(`${name} looks like one`, () => {
      const text = draftPolicy({ source: null, tables: [tableOf('t', { x: 'DATE', [name]: 'BIGINT' }, 't.parquet')] });
      expect(parsePolicy(text).datasets.get('data')!.unit).toEqual({ table: 't', column: name });
      expect(text).toContain('CONFIRM: the privacy unit');
    });
  }

  test('that no name tells is asked for, and nothing is opened', () => {
    const text = draftPolicy({
      source: null,
      tables: [tableOf('adult', { row_id: 'BIGINT', age: 'BIGINT' }, 'adult.csv')],
    });
    expect(parsePolicy(text).datasets.size).toBe(0);
    expect(text).toContain('Is it adult.row_id?');
  });

  test('and what was commented out is a policy once the signs are removed', () => {
    const text = draftPolicy({ source: 'a.duckdb', tables: [tableOf('adult', { row_id: 'BIGINT', age: 'BIGINT' })] });
    const opened = text
      .replace(/^ {2}# /gm, '  ')
      .replace('TABLE.WHICH_COLUMN', 'adult.row_id')
      .replace('WHICH_COLUMN', 'row_id');
    expect(parsePolicy(opened).datasets.get('a')!.tables.get('adult')!.columns.get('age')!.type).toBe('integer');
  });
});

describe('a table without a way to the unit', () => {
  const text = draftPolicy({
    source: 'clinic.duckdb',
    tables: [tableOf('patients', { patient_id: 'INTEGER' }), tableOf('codes', { code: 'VARCHAR' })],
  });

  test('stays closed', () => {
    expect(parsePolicy(text).datasets.get('clinic')!.tables.has('codes')).toBe(false);
  });

  test('is not made public by removing the signs', () => {
    const opened = parsePolicy(text.replace(/^ {6}# (?=codes:| )/gm, '      ')).datasets.get('clinic')!;
    expect(opened.tables.get('codes')).toMatchObject({
      public: false,
      unit: { kind: 'column', column: 'WHICH_COLUMN' },
    });
  });
});

describe('columns', () => {
  test('that identify a person, or cannot be used, are left out with the reason', () => {
    const table = tableOf('patients', {
      patient_id: 'INTEGER',
      last_name: 'VARCHAR',
      birthDate: 'DATE',
      home_phone: 'VARCHAR',
      tags: 'VARCHAR[]',
      scan: 'BLOB',
      sex: 'VARCHAR',
    });
    expect([...drafted(table).tables.get('patients')!.columns.keys()]).toEqual(['sex']);
    const text = draftPolicy({ source: null, tables: [table] });
    expect(text).toMatch(/# last_name: .*# left out: looks like a name/);
    expect(text).toMatch(/# scan: .*# this type cannot be used/);
  });

  test('take types, steps and zones from the SQL type', () => {
    const { columns } = drafted(
      tableOf('patients', {
        patient_id: 'INTEGER',
        price: 'DECIMAL(18,2)',
        count: 'DECIMAL(9,0)',
        seen: 'TIMESTAMP WITH TIME ZONE',
        kind: "ENUM('secret label')",
        ok: 'BOOLEAN',
        admission_type_id: 'TINYINT',
      }),
    ).tables.get('patients')!;
    expect(columns.get('price')).toMatchObject({ type: 'double', step: { numerator: 1n, denominator: 100n } });
    expect(columns.get('count')).toMatchObject({ type: 'integer', step: null });
    expect(columns.get('seen')).toMatchObject({ type: 'timestamp', zone: 'UTC' });
    expect(columns.get('kind')!.type).toBe('text');
    expect(columns.get('admission_type_id')!.use).toBe('any');
  });
});

const OMOP: readonly DraftTable[] = [
  tableOf('concept', { concept_id: 'INTEGER', concept_name: 'VARCHAR' }),
  tableOf('person', {
    person_id: 'INTEGER',
    gender_concept_id: 'INTEGER',
    year_of_birth: 'INTEGER',
    birth_datetime: 'TIMESTAMP',
    gender_source_value: 'VARCHAR',
    location_id: 'INTEGER',
  }),
  tableOf('visit_occurrence', { visit_occurrence_id: 'INTEGER', person_id: 'INTEGER', visit_concept_id: 'INTEGER' }),
  tableOf('death', { person_id: 'INTEGER', death_date: 'DATE' }),
  tableOf('note', { note_id: 'INTEGER', person_id: 'INTEGER', note_text: 'VARCHAR' }),
  tableOf('note_nlp', { note_nlp_id: 'INTEGER', note_id: 'INTEGER', lexical_variant: 'VARCHAR' }),
  tableOf('location', { location_id: 'INTEGER', city: 'VARCHAR' }),
  tableOf('cost', { cost_id: 'INTEGER', visit_occurrence_id: 'INTEGER', total_cost: 'DOUBLE' }),
  tableOf('cohort', { cohort_definition_id: 'INTEGER', subject_id: 'INTEGER', cohort_start_date: 'DATE' }),
];

describe('the OMOP preset', () => {
  const clinic = drafted(...OMOP);

  test('fills in unit, links and vocabulary', () => {
    expect(clinic.unit).toEqual({ table: 'person', column: 'person_id' });
    expect(clinic.tables.get('person')!.unique).toBe(true);
    expect(clinic.tables.get('death')!.unique).toBe(false);
    expect(clinic.tables.get('concept')!.public).toBe(true);
    expect(clinic.tables.get('note_nlp')!.unit).toEqual({ kind: 'through', table: 'note', on: 'note_id' });
    expect(clinic.tables.get('cohort')!.unit).toEqual({ kind: 'column', column: 'subject_id' });
  });

  test('leaves out what belongs to no person or to no single row', () => {
    expect([...clinic.tables.keys()]).not.toContain('location');
    expect([...clinic.tables.keys()]).not.toContain('cost');
  });

  test('declares what the specification fixes, and leaves out source text', () => {
    const { columns } = clinic.tables.get('person')!;
    expect(columns.get('gender_concept_id')!.values).toEqual([8507n, 8532n]);
    expect(columns.get('year_of_birth')!.bounds).toEqual({ low: 1900n, high: 2030n });
    expect(columns.has('gender_source_value')).toBe(false);
    expect(columns.has('birth_datetime')).toBe(false);
  });

  test('is not taken for two tables of the same names alone', () => {
    const text = draftPolicy({
      source: null,
      tables: [tableOf('person', { person_id: 'INTEGER' }), tableOf('concept', { a: 'DATE' })],
    });
    expect(text).not.toContain('OMOP');
  });
});

describe('any catalog', () => {
  const name = fc.oneof(
    fc.constantFrom(
      'person',
      'person_id',
      'Visit',
      'visit',
      'visit_id',
      'note',
      'note_id',
      'concept',
      'death',
      'subject_id',
    ),
    fc.constantFrom(
      'null',
      'true',
      'no',
      '01',
      '1e3',
      '~',
      '#x',
      'a: b',
      'a.b',
      'ä ö',
      '"',
      "'",
      '-',
      '*x',
      'gender_concept_id',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const type = fc.oneof(
    fc.constantFrom(
      'VARCHAR',
      'BIGINT',
      'DOUBLE',
      'DATE',
      'TIMESTAMP',
      'TIMESTAMP WITH TIME ZONE',
      'DECIMAL(38,37)',
      'STRUCT(a INTEGER)',
    ),
    fc.string({ maxLength: 10 }),
  );
  const table = fc.record({
    name,
    file: fc.option(
      fc.oneof(
        fc.constantFrom('a.parquet', 'b/*.csv', 'x.json'),
        fc.string({ unit: 'binary' }).map((stem) => `${stem}.csv`),
      ),
    ),
    columns: fc.array(fc.record({ name, type }), { maxLength: 6 }),
  });
  const catalog: fc.Arbitrary<DraftCatalog> = fc.record({
    source: fc.option(fc.oneof(fc.constant('a.duckdb'), fc.string({ unit: 'binary' }))),
    tables: fc.array(table, { maxLength: 6 }),
  });

  test('gives a draft that parses as it stands', () => {
    fc.assert(
      fc.property(catalog, (drawn) => {
        parsePolicy(draftPolicy(drawn));
      }),
      { numRuns: 3000 },
    );
  });

  test('gives a draft without a label of an ENUM', () => {
    fc.assert(
      fc.property(catalog, (drawn) => {
        const tables = drawn.tables.map((drawnTable) => ({
          ...drawnTable,
          columns: drawnTable.columns.map((column) => ({ ...column, type: "ENUM('CANARY-1', 'CANARY-2, (x)')" })),
        }));
        expect(draftPolicy({ ...drawn, tables })).not.toContain('CANARY');
      }),
      { numRuns: 300 },
    );
  });
});

describe('a CSV file', () => {
  const VISITS = tableOf(
    'visits',
    { patient_id: 'VARCHAR', age: 'VARCHAR', cost: 'VARCHAR', admission_date: 'VARCHAR', encounter_id: 'VARCHAR' },
    'visits.csv',
  );
  const text = draftPolicy({ source: null, tables: [VISITS] });

  test('says at its table and at each column that types were not read, and how they are written', () => {
    expect(text).toContain('# CONFIRM: the types. A CSV file holds none, and no value was read to guess them.');
    expect(text).toMatch(/age: \{ type: text \} +# type\? of numbers \{ type: integer, bounds: \[0, 120\] \}/);
    expect(text).toMatch(/cost: \{ type: text \} +# type\? of numbers \{ type: integer, bounds: \[low, high\] \}/);
    expect(text).toMatch(/admission_date: \{ type: text \} +# type\? of days \{ type: date, /);
    expect(text).toMatch(/# {3}type\? .*CSV/);
    expect(parsePolicy(text).datasets.get('data')!.tables.get('visits')!.columns.get('cost')!.type).toBe('text');
  });

  test('is a policy with the types that the comments name', () => {
    const typed = text.replace(/(age|admission_date): \{ type: text \} +# type\? of \w+ (\{.*?\}); .*/g, '$1: $2');
    const { columns } = parsePolicy(typed).datasets.get('data')!.tables.get('visits')!;
    expect(columns.get('age')).toMatchObject({ type: 'integer', bounds: { low: 0n, high: 120n } });
    expect(columns.get('admission_date')!.type).toBe('date');
  });

  test('of Parquet beside it changes nothing there', () => {
    const parquet = draftPolicy({ source: null, tables: [{ ...VISITS, file: 'visits.parquet' }] });
    expect(parquet).not.toContain('type?');
    expect(parquet).not.toContain('CSV');
  });

  test('of OMOP has the types of the CDM, so that the bounds its comments name can be written', () => {
    const omop = draftPolicy({
      source: null,
      tables: [
        tableOf(
          'person',
          { person_id: 'VARCHAR', gender_concept_id: 'VARCHAR', year_of_birth: 'VARCHAR' },
          'person.csv',
        ),
        tableOf(
          'measurement',
          {
            person_id: 'VARCHAR',
            measurement_concept_id: 'VARCHAR',
            measurement_datetime: 'VARCHAR',
            value_as_number: 'VARCHAR',
            modifier: 'VARCHAR',
          },
          'measurement.csv',
        ),
        tableOf('concept', { concept_id: 'VARCHAR', domain_id: 'VARCHAR', concept_name: 'VARCHAR' }, 'concept.csv'),
      ],
    });
    const tables = parsePolicy(omop).datasets.get('data')!.tables;
    expect(tables.get('person')!.columns.get('year_of_birth')!.bounds).not.toBeNull();
    expect(tables.get('concept')!.columns.get('domain_id')!.type).toBe('text');
    expect(tables.get('measurement')!.columns.get('measurement_datetime')!.type).toBe('timestamp');
    const bounded = omop.replace(/(value_as_number: \{ type: double) \} +# bounds\? by code: (.*)/, '$1, bounds: $2 }');
    expect(bounded).not.toBe(omop);
    const { boundsBy } = parsePolicy(bounded)
      .datasets.get('data')!
      .tables.get('measurement')!
      .columns.get('value_as_number')!;
    expect(boundsBy?.column).toBe('measurement_concept_id');
  });
});
