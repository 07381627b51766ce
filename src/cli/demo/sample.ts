/** The small network that the documentation asks: what `gauze sample` writes. Nobody in it is real. */

/** The DuckDB file that the policy names, and the policy itself. */
export const SAMPLE_SOURCE = 'network.duckdb';
export const SAMPLE_POLICY_FILE = 'network.yaml';

export const SAMPLE_TABLES: readonly string[] = ['person', 'visit', 'lab', 'code_name'];

/** Persons of the sample. */
export const SAMPLE_PERSONS = 4000;

/** Integer arithmetic only, so that every run and every platform has the same rows. */
export const SAMPLE_STATEMENTS: readonly string[] = [
  `CREATE TABLE person AS SELECT i AS person_id,
     CASE WHEN i * 7919 % 100 < 51 THEN 'F' ELSE 'M' END AS sex,
     1930 + (i * 104729 % 80)::INTEGER AS birth_year,
     'city ' || lpad((i * 31 % 40)::VARCHAR, 2, '0') AS city
   FROM range(1, ${SAMPLE_PERSONS + 1}) t(i)`,
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

/** The policy of the documentation. */
export const SAMPLE_POLICY: string = `gauze: 1
datasets:
  network:
    source: network.duckdb              # or per table \`file: visits/*.parquet\` (Parquet, CSV)
    unit: person.person_id              # the privacy unit
    contribution: { groups: 4, rows: 20 } # groups per unit, rows per (unit, group), after the last join; a question may lower them, never raise them
    budget: { epsilon: 20, delta: 1e-5 }  # optional cap over all principals; without it the lint warns
    minimumUnits: 11                    # for privately selected groups; public keys always appear, even empty
    tables:
      person:
        unit: person_id
        unique: true                    # one row per unit
        columns:
          sex: { type: text, values: [F, M] }            # public keys
          birth_year: { type: integer, bounds: [1900, 2025] }
          city: { type: text }                           # keys must be selected privately
      visit:
        unit: person_id
        columns:
          visit_id: { type: integer, use: join }
          start_date: { type: date, bounds: [2015-01-01, 2025-12-31] }
          ward: { type: text, values: [surgery, medicine, icu] }
          cost: { type: double, bounds: [0, 50000], step: 0.01 }
      lab:
        unit: { through: visit, on: visit_id }           # the unit is reached by a join
        columns:
          code: { type: text }
          value: { type: double, bounds: { by: code, of: { a1c: [3, 20], sbp: [50, 250] } }, step: 0.1 }
      code_name:
        public: true
        columns: { code: { type: text }, name: { type: text } }
principals:
  dr-lee:
    budgets: [ { dataset: network, epsilon: 10, delta: 1e-6 } ]
`;
