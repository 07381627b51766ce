/**
 * Databases that differ in one person: an ordinary network and an empty one, each alone and with one hostile person
 * added. The person holds NaN, infinities, extremes of every type, text that breaks naive printing, and canaries.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { rewritten } from '../policy/network.ts';
import { CANARY, CANARY_COST, CANARY_DATE, CANARY_UNIT, CANARY_VISIT } from './canaries.ts';

/** What a hostile person has: SQL literals. */
interface Person {
  readonly sex: string;
  readonly birthYear: string;
  readonly city: string;
  readonly dates: readonly string[];
  readonly wards: readonly string[];
  readonly costs: readonly string[];
  readonly codes: readonly string[];
  readonly values: readonly string[];
  readonly visits: number;
}

const MAX = "CAST('1.7976931348623157e308' AS DOUBLE)";
const double = (text: string): string => `CAST('${text}' AS DOUBLE)`;
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const BAD_TEXTS: readonly string[] = [
  text(`${CANARY}'; DROP TABLE person; --`),
  text(`${CANARY}\u202e\u0000\ufeff"\\\n\r\t`).replace('\u0000', "' || chr(0) || '"),
  text(`${CANARY}\u{10ffff}\ufffd👩‍👩‍👧`),
  `repeat('${CANARY}', 3000)`,
  text(`${CANARY},"=1+1`),
];

const EXTREME: Person = {
  sex: text(`${CANARY}-sex`),
  birthYear: '9223372036854775807',
  city: BAD_TEXTS[1] as string,
  dates: [
    "DATE 'infinity'",
    "DATE '-infinity'",
    "DATE '0044-03-15 (BC)'",
    "DATE '9999-12-31'",
    "DATE '5881580-07-10'",
    'NULL',
    "DATE '0001-01-01'",
  ],
  wards: [...BAD_TEXTS, 'NULL', "'icu'", "''"],
  costs: [
    'NaN',
    'Infinity',
    '-Infinity',
    '5e-324',
    '-0.0',
    '-1.7976931348623157e308',
    CANARY_COST,
    '9007199254740993',
    '1e19',
  ]
    .map(double)
    .concat(MAX, 'NULL'),
  codes: [...BAD_TEXTS, "'a1c'", "'sbp'", 'NULL'],
  values: ['NaN', 'Infinity', '-Infinity', '-1e308', CANARY_COST, '7.31'].map(double).concat(MAX, 'NULL'),
  visits: 77,
};
const LOW: Person = {
  ...EXTREME,
  sex: 'NULL',
  birthYear: '-9223372036854775808',
  city: BAD_TEXTS[3] as string,
  dates: ["DATE '-infinity'", "DATE '5877642-06-25 (BC)'", `DATE '${CANARY_DATE}'`],
  costs: ['-Infinity', 'NaN'].map(double),
  visits: 40,
};
const ORDINARY: Person = {
  sex: "'F'",
  birthYear: '1987',
  city: text(`${CANARY}ville`),
  dates: [`DATE '${CANARY_DATE}'`, "DATE '2020-02-29'"],
  wards: ["'icu'", "'surgery'"],
  costs: [CANARY_COST, '7.31', '0', '50000'],
  codes: ["'a1c'", "'sbp'", text(`${CANARY}-code`)],
  values: ['7.31', CANARY_COST, '20'],
  visits: 400,
};
const NOTHING: Person = {
  sex: 'NULL',
  birthYear: 'NULL',
  city: 'NULL',
  dates: ['NULL'],
  wards: ['NULL'],
  costs: ['NULL'],
  codes: ['NULL'],
  values: ['NULL'],
  visits: 3,
};

/** Hostile persons by name. */
export const PERSONS: Readonly<Record<string, Person>> = {
  extreme: EXTREME,
  low: LOW,
  ordinary: ORDINARY,
  nothing: NOTHING,
};

const TABLES = `
  CREATE TABLE person (person_id BIGINT, sex VARCHAR, birth_year BIGINT, city VARCHAR, secret VARCHAR);
  CREATE TABLE visit (person_id BIGINT, visit_id BIGINT, start_date DATE, ward VARCHAR, cost DOUBLE);
  CREATE TABLE lab (visit_id BIGINT, code VARCHAR, value DOUBLE);
  CREATE TABLE code_name (code VARCHAR, name VARCHAR);
  INSERT INTO code_name VALUES ('a1c', 'glycated haemoglobin'), ('sbp', 'systolic pressure'), ('x''"', NULL), (NULL, 'no code');`;

const POPULATION = `
  INSERT INTO person SELECT i, CASE WHEN i % 2 = 0 THEN 'F' ELSE 'M' END, 1930 + i,
    CASE WHEN i % 3 = 0 THEN 'Kyoto' ELSE 'Lagos' END, '${CANARY}' FROM range(60) t(i);
  INSERT INTO visit SELECT i % 60, i, DATE '2016-01-01' + CAST(i * 7 AS INTEGER),
    CASE i % 3 WHEN 0 THEN 'icu' WHEN 1 THEN 'surgery' ELSE 'medicine' END, i * 13.37 FROM range(180) t(i);
  INSERT INTO visit VALUES (NULL, 100000, DATE '2018-01-01', 'icu', 1), (NULL, 100001, NULL, NULL, NULL);
  INSERT INTO lab SELECT i % 180, CASE i % 2 WHEN 0 THEN 'a1c' ELSE 'sbp' END, 4 + i % 9 FROM range(300) t(i);
  INSERT INTO lab VALUES (NULL, 'a1c', 5), (999999, 'sbp', 100);`;

function personSql(person: Person): string {
  const list = (values: readonly string[], index: string): string =>
    `list_extract([${values.join(', ')}], 1 + CAST(${index} % ${values.length} AS INTEGER))`;
  return `
    INSERT INTO person VALUES (${CANARY_UNIT}, ${person.sex}, ${person.birthYear}, ${person.city}, '${CANARY}');
    INSERT INTO visit SELECT ${CANARY_UNIT}, ${CANARY_VISIT} + i, ${list(person.dates, 'i')}, ${list(person.wards, '(i // 2)')},
      ${list(person.costs, 'i')} FROM range(${person.visits}) t(i);
    INSERT INTO lab SELECT ${CANARY_VISIT} + i % ${person.visits}, ${list(person.codes, 'i')}, ${list(person.values, '(i // 3)')}
      FROM range(${person.visits * 2}) t(i);`;
}

/** A database beside its policy. */
export interface Neighbour {
  /** `full` or `empty`, then `/`, then the person added, or `none`. */
  readonly name: string;
  readonly folder: string;
  readonly policy: string;
}

/** The network's policy with budgets that last for a whole run. */
export const RICH: string = rewritten(
  'budgets: [ { dataset: network, epsilon: 10, delta: 1e-6 } ]',
  'budgets: [ { dataset: network, epsilon: 9000, delta: 0.5 } ]',
  rewritten('budget: { epsilon: 20, delta: 1e-5 }', 'budget: { epsilon: 10000, delta: 0.9 }'),
);

/** Writes neighbours into new folders: for each base, one without and one with each named person. */
export async function makeNeighbours(
  bases: readonly ('full' | 'empty')[],
  persons: readonly string[],
): Promise<{ readonly all: readonly Neighbour[]; remove(): void }> {
  const root = mkdtempSync(join(tmpdir(), 'gauze-neighbours-'));
  const all: Neighbour[] = [];
  for (const base of bases) {
    for (const person of ['none', ...persons]) {
      const folder = mkdtempSync(join(root, 'n-'));
      await writeDatabase(join(folder, 'network.duckdb'), base, PERSONS[person] ?? null);
      const policy = join(folder, 'network.yaml');
      writeFileSync(policy, RICH);
      all.push({ name: `${base}/${person}`, folder, policy });
    }
  }
  return { all, remove: () => rmSync(root, { recursive: true, force: true }) };
}

async function writeDatabase(path: string, base: 'full' | 'empty', person: Person | null): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(TABLES);
  if (base === 'full') await connection.run(POPULATION);
  if (person !== null) await connection.run(personSql(person));
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
}
