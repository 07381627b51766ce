/** The same small hospital as a DuckDB file, as Parquet and as CSV, with a policy for each. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Policy, type PolicyInput, policyFromObject, type TableInput } from '../../src/policy/index.ts';

/** A folder with `hospital.duckdb`, `patient.parquet`, `visit/*.parquet`, `patient.csv`, `visit.csv.gz` … */
export interface HospitalFiles {
  readonly folder: string;
  /** One policy per way of storing the rows. */
  readonly policies: ReadonlyMap<'duckdb' | 'parquet' | 'csv', Policy>;
  remove(): void;
}

/** Runs statements in a database file, or in memory. */
export async function runNative(path: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

const WARDS = "['surgery', 'medicine', 'icu', NULL]";
/** 300 patients and 2,000 visits; some without a patient, a ward or a cost, some costs far out of bounds or NaN. */
const TABLES: readonly string[] = [
  `CREATE TABLE patient AS SELECT i AS person_id, 1930 + (i * 7 % 90) AS birth_year,
   CASE WHEN i % 11 = 0 THEN NULL WHEN i % 2 = 0 THEN 'F' ELSE 'M' END AS sex FROM range(1, 301) AS r(i)`,
  `CREATE TABLE visit AS SELECT i AS visit_id, CASE WHEN i % 97 = 0 THEN NULL ELSE 1 + i * 31 % 300 END AS person_id,
   DATE '2020-01-01' + CAST(i % 900 AS INTEGER) AS start_date, ${WARDS}[1 + i % 4] AS ward,
   TIMESTAMP '2020-01-01 08:00:00' + INTERVAL (i) MINUTE AS arrived, i % 3 = 0 AS urgent,
   CASE WHEN i % 50 = 0 THEN 'nan'::DOUBLE WHEN i % 71 = 0 THEN 1e300 WHEN i % 13 = 0 THEN NULL
   ELSE i * 37 % 10000 / 100 END AS cost FROM range(2000) AS r(i)`,
  "CREATE TABLE ward_name AS SELECT * FROM (VALUES ('surgery', 'Chirurgie · 外科'), ('icu', 'O''Brien')) AS v(ward, name)",
];

const COLUMNS: Readonly<Record<string, TableInput>> = {
  patient: {
    unit: 'person_id',
    unique: true,
    columns: {
      birth_year: { type: 'integer', bounds: [1900, 2025] },
      sex: { type: 'text', values: ['F', 'M', null] },
    },
  },
  visit: {
    unit: 'person_id',
    columns: {
      visit_id: { type: 'integer', use: 'join' },
      start_date: { type: 'date', bounds: ['2019-01-01', '2025-12-31'] },
      arrived: { type: 'timestamp', bounds: ['2019-01-01', '2025-12-31'] },
      ward: { type: 'text' },
      urgent: { type: 'boolean' },
      cost: { type: 'double', bounds: [0, 80], step: '0.01' },
    },
  },
  ward_name: { public: true, columns: { ward: { type: 'text' }, name: { type: 'text' } } },
};

/** Questions that between them carry every kind of key and statistic. */
export const QUESTIONS: readonly string[] = [
  'SELECT count(*) FROM patient',
  'SELECT sex, count(*), avg(birth_year) FROM patient GROUP BY sex',
  'SELECT ward, count(*), sum(cost), count(DISTINCT person_id) FROM visit GROUP BY ward',
  "SELECT date_trunc('month', start_date) AS month, sum(cost) FROM visit GROUP BY month",
  "SELECT urgent, count(*) FILTER (WHERE ward = 'icu') FROM visit GROUP BY urgent",
  "SELECT date_trunc('month', arrived) AS month, count(*) FROM visit GROUP BY month",
  'SELECT n.name, count(*) FROM visit v JOIN ward_name n ON v.ward = n.ward GROUP BY n.name',
  'SELECT count(*) FROM patient p JOIN visit v ON p.person_id = v.person_id WHERE p.birth_year < 1980 AND v.cost > 20.5',
  `SELECT count(*) FROM visit WHERE ward IN ('icu', 'O''); DROP TABLE visit; --', '\\x41', 'é🜁', '"', '')`,
  'SELECT n, count(*) FROM (SELECT person_id, count(*) AS n FROM visit GROUP BY person_id) GROUP BY n',
];

/** Files of the tables, by the way of storing them. */
const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  duckdb: {},
  connection: {},
  parquet: { patient: 'patient.parquet', visit: 'visit-*.parquet', ward_name: 'ward_name.parquet' },
  csv: { patient: 'patient.csv', visit: 'visit.csv.gz', ward_name: 'ward_name.csv' },
};

/** Writes everything to a folder of its own. */
export async function makeHospital(): Promise<HospitalFiles> {
  const folder = mkdtempSync(join(tmpdir(), 'gauze-hospital-'));
  const at = (name: string): string => `'${join(folder, name)}'`;
  await runNative(join(folder, 'hospital.duckdb'), [
    ...TABLES,
    `COPY patient TO ${at('patient.parquet')} (FORMAT parquet)`,
    `COPY (FROM visit WHERE visit_id < 900) TO ${at('visit-1.parquet')} (FORMAT parquet)`,
    `COPY (FROM visit WHERE visit_id >= 900) TO ${at('visit-2.parquet')} (FORMAT parquet, COMPRESSION zstd)`,
    `COPY ward_name TO ${at('ward_name.parquet')} (FORMAT parquet)`,
    `COPY patient TO ${at('patient.csv')} (HEADER)`,
    `COPY visit TO ${at('visit.csv.gz')} (HEADER)`,
    `COPY ward_name TO ${at('ward_name.csv')} (HEADER)`,
  ]);
  return {
    folder,
    policies: new Map((['duckdb', 'parquet', 'csv'] as const).map((kind) => [kind, policyOver(FILES[kind] ?? {})])),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The policy over tables with these files; a table without one is in `hospital.duckdb`. */
export function policyOver(files: Readonly<Record<string, string>>): Policy {
  return policyFromObject(policyInput(files, 1000));
}

/** The policy over one way of storing the tables, as the text of a file. */
export function policyText(kind: 'duckdb' | 'parquet' | 'csv' | 'connection', epsilon: number): string {
  return JSON.stringify(policyInput(FILES[kind] ?? {}, epsilon));
}

function policyInput(files: Readonly<Record<string, string>>, epsilon: number): PolicyInput {
  return {
    gauze: 1,
    datasets: {
      hospital: {
        source: 'hospital.duckdb',
        unit: 'patient.person_id',
        contribution: { groups: 3, rows: 4 },
        minimumUnits: 5,
        tables: Object.fromEntries(
          Object.entries(COLUMNS).map(([name, table]) => [
            name,
            files[name] === undefined ? table : { ...table, file: files[name] },
          ]),
        ),
      },
    },
    principals: { tester: { budgets: [{ dataset: 'hospital', epsilon, delta: '1e-3' }] } },
  };
}
