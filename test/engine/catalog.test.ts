/** Catalogs for first policies: names and types of files and folders, and nothing that the data say. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { draftCatalog } from '../../src/engine/catalog.node.ts';
import { type SchemaReader, schemaReader, wasmReader } from '../../src/engine/schema-reader.node.ts';
import { draftPolicy } from '../../src/policy/index.ts';
import { runNative } from './hospital-files.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-catalog-'));
  const at = (name: string): string => `'${join(folder, name)}'`;
  mkdirSync(join(folder, 'files', 'labs'), { recursive: true });
  mkdirSync(join(folder, 'files', 'mixed'));
  await runNative(join(folder, 'clinic.duckdb'), [
    "CREATE TYPE mood AS ENUM ('canary one', 'canary two')",
    `CREATE TABLE patient AS SELECT 1::BIGINT AS patient_id, 'canary' AS name, 'canary one'::mood AS mood,
     ['canary one'::mood] AS moods, 1.25::DECIMAL(9,2) AS dose, DATE '2020-01-01' AS born, uuid() AS token`,
    'CREATE TABLE "odd ""name" AS SELECT now() AS moment, 1::HUGEINT AS big',
    'CREATE VIEW hidden AS SELECT * FROM patient',
    `COPY (FROM patient) TO ${at('files/patient.parquet')} (FORMAT parquet)`,
    `COPY (SELECT 1 AS lab_id, 'canary' AS code) TO ${at('files/labs/2020.parquet')} (FORMAT parquet)`,
    `COPY (SELECT 2 AS lab_id, 'canary' AS code) TO ${at('files/labs/2021.parquet')} (FORMAT parquet)`,
  ]);
  writeFileSync(join(folder, 'files', 'visit.csv'), 'visit_id;patient id;"cost, net"\n1;2;canary\n');
  writeFileSync(join(folder, 'files', 'readme.txt'), 'canary');
  writeFileSync(join(folder, 'files', 'mixed', 'a.csv'), 'a\n1\n');
  copyFileSync(join(folder, 'files', 'patient.parquet'), join(folder, 'files', 'mixed', 'b.parquet'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a DuckDB file: its tables, labels of an ENUM left out', async () => {
  expect(await draftCatalog(join(folder, 'clinic.duckdb'), folder)).toEqual({
    source: 'clinic.duckdb',
    tables: [
      {
        name: 'odd "name',
        file: null,
        columns: [
          { name: 'moment', type: 'TIMESTAMP WITH TIME ZONE' },
          { name: 'big', type: 'HUGEINT' },
        ],
      },
      {
        name: 'patient',
        file: null,
        columns: [
          { name: 'patient_id', type: 'BIGINT' },
          { name: 'name', type: 'VARCHAR' },
          { name: 'mood', type: 'ENUM' },
          { name: 'moods', type: 'STRUCT' },
          { name: 'dose', type: 'DECIMAL(9,2)' },
          { name: 'born', type: 'DATE' },
          { name: 'token', type: 'UUID' },
        ],
      },
    ],
  });
});

test('a folder: a table a file, a subfolder of one kind is one table, CSV is text', async () => {
  const catalog = await draftCatalog(join(folder, 'files'), folder);
  expect(catalog.source).toBeNull();
  expect(catalog.tables.map(({ name, file }) => [name, file])).toEqual([
    ['patient', 'files/patient.parquet'],
    ['visit', 'files/visit.csv'],
    ['labs', 'files/labs/*.parquet'],
  ]);
  expect(catalog.tables[1]?.columns).toEqual([
    { name: 'visit_id', type: 'VARCHAR' },
    { name: 'patient id', type: 'VARCHAR' },
    { name: 'cost, net', type: 'VARCHAR' },
  ]);
  expect(catalog.tables[2]?.columns).toEqual([
    { name: 'lab_id', type: 'INTEGER' },
    { name: 'code', type: 'VARCHAR' },
  ]);
});

test('no value reaches the draft', async () => {
  for (const path of ['clinic.duckdb', 'files']) {
    expect(draftPolicy(await draftCatalog(join(folder, path), folder))).not.toContain('canary');
  }
});

test.each([
  ['nothing there', 'none.csv', null, 'There is no file'],
  ['an unknown ending', 'notes.txt', 'x', 'holds no DuckDB, Parquet or CSV file'],
  ['a CSV file whose first line is a row', 'rows.csv', '17,canary,2020-02-03\n18,x,2020-02-04\n', 'no header line'],
  ['a CSV file of numbers alone', 'numbers.csv', '1,2\n3,4\n', 'no header line'],
  ['a file that is no Parquet', 'bad.parquet', 'canary', 'cannot be read'],
  ['a file that is no database', 'bad.duckdb', 'canary', 'cannot be read'],
])('%s is refused', async (_, name, content, words) => {
  const path = join(folder, name);
  if (content !== null) writeFileSync(path, content);
  const error = (await draftCatalog(path, folder).catch((thrown: unknown) => thrown)) as Error;
  expect(error.message).toContain(words);
  expect(error.message).not.toContain('canary');
});

describe('without native DuckDB', () => {
  let readers: { wasm: SchemaReader; native: SchemaReader };
  beforeAll(async () => {
    readers = { wasm: await wasmReader(), native: await schemaReader() };
  });
  afterAll(async () => {
    for (const reader of Object.values(readers)) await reader.close();
  });

  test('wasm reads the same names and types', async () => {
    const { wasm, native } = readers;
    const database = join(folder, 'clinic.duckdb');
    expect(await wasm.tablesOf(database)).toEqual(await native.tablesOf(database));
    for (const name of ['visit.csv', 'patient.parquet', 'labs/2020.parquet']) {
      const file = join(folder, 'files', name);
      const text = name.endsWith('.csv');
      const plain = (columns: readonly { name: string; type: string }[]): readonly unknown[] =>
        columns.map((column) => [column.name, column.type.replace(/ENUM\(.*?\)/, 'VARCHAR')]);
      expect(plain(await wasm.columnsOf(file, text))).toEqual(plain(await native.columnsOf(file, text)));
    }
  });
});
