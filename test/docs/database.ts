/** A small, seeded network.duckdb for the policy of the documentation. Nobody in it is real. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const PERSONS = 4000;

/** Integer arithmetic only, so that every run and every platform has the same rows. */
const STATEMENTS: readonly string[] = [
  `CREATE TABLE person AS SELECT i AS person_id,
     CASE WHEN i * 7919 % 100 < 51 THEN 'F' ELSE 'M' END AS sex,
     1930 + (i * 104729 % 80)::INTEGER AS birth_year,
     'city ' || lpad((i * 31 % 40)::VARCHAR, 2, '0') AS city
   FROM range(1, ${PERSONS + 1}) t(i)`,
  // One city with fewer persons than `minimumUnits`: its name is never shown.
  `UPDATE person SET city = 'Hamlet' WHERE person_id IN (11, 222, 3333)`,
  `CREATE TABLE visit AS SELECT p.person_id, p.person_id * 100 + k AS visit_id,
     DATE '2019-01-01' + ((p.person_id * 613 + k * 251) % 2400)::INTEGER AS start_date,
     ['surgery', 'medicine', 'medicine', 'icu', 'medicine'][1 + (p.person_id * 17 + k * 5) % 5] AS ward,
     (200 + (p.person_id * 48611 + k * 7907) % 900000)::DOUBLE / 100 AS cost
   FROM person p, range(0, 8) r(k) WHERE k < 1 + p.person_id * 37 % 8`,
  `CREATE TABLE lab AS SELECT visit_id, 'a1c' AS code, 5 + (visit_id * 7 % 60)::DOUBLE / 10 AS value FROM visit WHERE visit_id % 3 > 0
   UNION ALL SELECT visit_id, 'sbp', 100 + (visit_id * 13 % 80)::DOUBLE FROM visit WHERE visit_id % 2 = 0`,
  `CREATE TABLE code_name AS SELECT * FROM (VALUES ('a1c', 'Haemoglobin A1c'), ('sbp', 'Systolic pressure'), ('ldl', 'LDL cholesterol')) t(code, name)`,
];

/** Writes `network.duckdb` into a folder; the same rows each time. */
export async function writeNetwork(folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, 'network.duckdb'));
  const connection = await instance.connect();
  for (const sql of STATEMENTS) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

/** Writes the policy of the documentation beside it. */
export function writePolicy(folder: string, text: string): void {
  writeFileSync(join(folder, 'network.yaml'), text);
}
