/**
 * The synthetic hospital network "Meridian": five unequal sites, seeded, no real person. Statements run in order on any
 * DuckDB connection; the same seed and size give the same rows. Marginals follow published figures (docs/demo.md).
 */
import { byQuantiles, DRAW_MACROS, drawsOf, normal } from './draws.ts';
import { TRAPS } from './traps.ts';

const AGE = [0, 5, 11, 17, 22, 27, 32, 36, 41, 46, 51, 56, 61, 66, 72, 79, 100];
const VISITS = [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 9, 15, 48];

/**
 * SQL that builds the network's tables in the current schema.
 *
 * @param persons - number of persons, before the planted ones
 * @param seed - any text
 */
export function networkStatements(persons: number, seed: string): readonly string[] {
  const u = drawsOf(seed);
  return [
    ...DRAW_MACROS,
    people(persons, u),
    person(u),
    ...visits(u),
    ...conditions(u),
    drugs(u),
    measurements(u),
    death(u),
    CONCEPTS,
    ...TRAPS,
    'DROP TABLE latent',
    'DROP TABLE stay',
  ];
}

type Draw = ReturnType<typeof drawsOf>;

/** Persons with what is never shown: frailty, true conditions, the date shift. */
function people(persons: number, u: Draw): string {
  const id = 'i';
  return `CREATE OR REPLACE TABLE latent AS
WITH base AS (SELECT i, ${u('site', id)} AS us, ${byQuantiles(u('age', id), AGE)} AS age0, ${normal(u('frailty', id))} AS frail0
  FROM range(1, ${persons + 1}) t(i)),
sited AS (SELECT *, CASE WHEN us < 0.45 THEN 1 WHEN us < 0.70 THEN 2 WHEN us < 0.88 THEN 3 WHEN us < 0.975 THEN 4 ELSE 5 END AS site_id FROM base),
aged AS (SELECT *, frail0 + CASE WHEN site_id = 1 THEN 0.2::DOUBLE ELSE 0 END AS frailty,
    floor(CASE WHEN site_id = 3 THEN least(age0 + 6, 100) WHEN site_id = 4 THEN age0 * 0.55::DOUBLE ELSE age0 END)::INTEGER AS age,
    ${u('sex', id)} < 0.504 AS female, ${u('race', id)} AS ur FROM sited)
SELECT i AS person_id, site_id, age, frailty, female,
  CASE WHEN ur < 0.02 THEN NULL WHEN ur < 0.62 THEN 'White' WHEN ur < 0.76 THEN 'Black' WHEN ur < 0.91 THEN 'Hispanic' WHEN ur < 0.97 THEN 'Asian' ELSE 'Other' END AS race,
  ${u('diabetes', id)} < (CASE WHEN age < 18 THEN 0.0035::DOUBLE WHEN age < 45 THEN 0.03 WHEN age < 65 THEN 0.145 ELSE 0.244 END) * (1 + 0.35 * frailty) AS diabetic,
  ${u('hypertension', id)} < (CASE WHEN age < 18 THEN 0.02::DOUBLE WHEN age < 40 THEN 0.224 WHEN age < 60 THEN 0.545 ELSE 0.745 END)
    + CASE WHEN female THEN -0.05 ELSE 0.06 END + CASE WHEN ur >= 0.62 AND ur < 0.76 THEN 0.1 ELSE 0 END AS hypertensive,
  ${u('ckd', id)} < CASE WHEN age < 40 THEN 0.06::DOUBLE WHEN age < 65 THEN 0.12 ELSE 0.34 END AS ckd,
  ${u('copd', id)} < CASE WHEN age < 40 THEN 0.01::DOUBLE WHEN age < 65 THEN 0.06 ELSE 0.12 END AS copd,
  ${u('depression', id)} < CASE WHEN female THEN 0.103::DOUBLE ELSE 0.062 END AS depressed,
  floor(${u('rare', id)} * 100000 / CASE WHEN site_id = 1 THEN 1.4::DOUBLE ELSE 1 END)::INTEGER AS rare,
  floor(${u('shift', id)} * 361)::INTEGER - 180 AS shift_days,
  ${u('drugXArm', id)} AS arm, ${u('drugX', id)} AS takes
FROM aged`;
}

function person(u: Draw): string {
  const id = 'person_id';
  return `CREATE OR REPLACE TABLE person AS SELECT person_id::INTEGER AS person_id, site_id::INTEGER AS site_id,
  printf('%08x', (u01(person_id, 77) * 4294967295)::UBIGINT) || printf('%08x', (${u('token', id)} * 4294967295)::UBIGINT) AS link_token,
  greatest(2025 - age, 1935)::INTEGER AS year_of_birth, CASE WHEN female THEN 'F' ELSE 'M' END AS sex, race,
  printf('%03d', 10 * site_id + floor(${u('zip3', id)} * 9)::INTEGER) AS zip3,
  CASE WHEN age >= 65 THEN 'medicare' WHEN ${u('insurance', id)} < 0.62 THEN 'private' WHEN ${u('insurance', id)} < 0.88 THEN 'medicaid' ELSE 'none' END AS insurance,
  ${u('optOut', id)} < 0.008 AS opt_out FROM latent`;
}

/** Visits, then the readmissions that inpatient stays bring; a child's id carries its person's. */
function visits(u: Draw): readonly string[] {
  const id = 'v';
  const drawn = `CREATE OR REPLACE TABLE stay AS
WITH k AS (SELECT *, unnest(range(least(400, floor(${byQuantiles(u('visits', 'person_id'), VISITS)} * greatest(0, 1 + 0.25 * frailty + CASE WHEN diabetic THEN 0.6 ELSE 0 END))::INTEGER))) AS n FROM latent),
d AS (SELECT *, person_id * 512 + n AS v FROM k),
t AS (SELECT *, CASE WHEN ${u('visitType', id)} < 0.74 THEN 'outpatient' WHEN ${u('visitType', id)} < 0.94 THEN 'emergency' ELSE 'inpatient' END AS type,
  DATE '2020-01-01' + floor(${u('visitDate', id)} * 2160)::INTEGER AS day FROM d)
SELECT person_id, v, site_id, type, day, shift_days, frailty, diabetic, age, n,
  CASE WHEN type = 'inpatient' THEN greatest(1, floor(exp(1.3 + 0.75 * ${normal(u('los', id))})))::INTEGER ELSE 0 END AS los_days,
  round(100 * exp(CASE type WHEN 'outpatient' THEN 5.2 + 0.7 * z WHEN 'emergency' THEN 6.5 + 0.85 * z ELSE 9.15 + 0.2 * frailty + 0.85 * z END))::BIGINT AS cost_cents,
  count(*) FILTER (WHERE type = 'inpatient') OVER (PARTITION BY person_id ORDER BY day, v ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS prior
FROM (SELECT *, ${normal(u('cost', id))} AS z FROM t)`;
  const readmission = `INSERT INTO stay
SELECT person_id, v + 400, site_id, type, day + los_days + 1 + floor(${u('readmitGap', id)} * 30)::INTEGER, shift_days, frailty, diabetic, age, n + 400,
  greatest(1, (los_days * 3) // 4), (cost_cents * 4) // 5, prior + 1
FROM stay WHERE type = 'inpatient' AND n < 112
  AND ${u('readmit', id)} < 1 / (1 + exp(2.3 - 0.35 * frailty - CASE WHEN diabetic THEN 0.3 ELSE 0 END - 0.25 * ln(1 + prior) - CASE WHEN site_id = 3 THEN 0.2 ELSE 0 END))`;
  const visit = `CREATE OR REPLACE TABLE visit AS SELECT v::BIGINT AS visit_id, person_id::INTEGER AS person_id, site_id::INTEGER AS site_id, type,
  (day + shift_days)::DATE AS start_date, los_days, cost_cents,
  CASE WHEN type <> 'inpatient' OR ${u('discharge', id)} < 0.04 THEN NULL WHEN ${u('discharge', id)} < 0.74 THEN 'home' WHEN ${u('discharge', id)} < 0.90 THEN 'care facility' ELSE 'home with care' END AS discharge_to
FROM stay`;
  return [drawn, readmission, visit];
}

const CONDITION_CODES: readonly (readonly [flag: string, icd10: string, snomed: string])[] = [
  ['diabetic', 'E11', '44054006'],
  ['hypertensive', 'I10', '38341003'],
  ['ckd', 'N18', '709044004'],
  ['copd', 'J44', '13645005'],
  ['depressed', 'F32', '35489007'],
  ['rare < 12', 'E84', '190905008'],
  ['rare BETWEEN 12 AND 20', 'G12.2', '86044005'],
  ['rare BETWEEN 21 AND 25', 'G10', '58756001'],
  ['rare BETWEEN 26 AND 28', 'E74.02', '274864009'],
];

/** One row per person and diagnosis; site 2 writes SNOMED, the others ICD-10. */
function conditions(u: Draw): readonly string[] {
  const selects = CONDITION_CODES.map(
    ([flag, icd10, snomed]) =>
      `SELECT person_id, CASE WHEN site_id = 2 THEN '${snomed}' ELSE '${icd10}' END AS code, CASE WHEN site_id = 2 THEN 'SNOMED' ELSE 'ICD10CM' END AS vocabulary, shift_days FROM latent WHERE ${flag}`,
  );
  return [
    `CREATE OR REPLACE TABLE condition AS SELECT person_id::INTEGER AS person_id, code, vocabulary,
  (DATE '2020-01-01' + floor(${u('conditionDate', 'person_id')} * 1800)::INTEGER + shift_days)::DATE AS start_date
FROM (${selects.join(' UNION ALL ')})`,
  ];
}

function drugs(u: Draw): string {
  const rows: readonly (readonly [code: string, test: string])[] = [
    ['metformin', `diabetic AND ${u('drugs', 'person_id')} < 0.70`],
    ['atorvastatin', `diabetic AND age >= 40 AND ${u('drugs', 'person_id + 7')} < 0.62`],
    ['lisinopril', `hypertensive AND ${u('drugs', 'person_id + 13')} < 0.48`],
    ['oxycodone', `${u('drugs', 'person_id + 29')} < 0.011`],
    ['drug X', TAKES_DRUG_X],
  ];
  const selects = rows.map(
    ([code, test]) => `SELECT person_id, '${code}' AS code, shift_days FROM latent WHERE ${test}`,
  );
  return `CREATE OR REPLACE TABLE drug AS SELECT person_id::INTEGER AS person_id, code,
  (DATE '2020-01-01' + floor(${u('drugDate', 'person_id')} * 1800)::INTEGER + shift_days)::DATE AS start_date,
  (30 + 30 * floor(${u('days', 'person_id')} * 6))::INTEGER AS days_supply FROM (${selects.join(' UNION ALL ')})`;
}

/** Randomised in half the diabetics, given to the sicker ones in the other half. */
const TAKES_DRUG_X = 'diabetic AND (CASE WHEN arm < 0.5 THEN takes < 0.5 ELSE takes < 0.3 + 0.2 * frailty END)';

function measurements(u: Draw): string {
  const id = 'm';
  const z = normal(u('labValue', id));
  return `CREATE OR REPLACE TABLE measurement AS
WITH k AS (SELECT *, unnest(range(1 + floor(${u('labs', 'person_id')} * 9)::INTEGER)) AS n FROM latent),
d AS (SELECT *, person_id * 64 + n AS m FROM k),
c AS (SELECT *, CASE WHEN n % 5 = 0 THEN '4548-4' WHEN n % 5 = 1 THEN '8480-6' WHEN n % 5 = 2 THEN '2160-0' WHEN n % 5 = 3 THEN '2093-3' ELSE '39156-5' END AS loinc, ${z} AS z FROM d),
w AS (SELECT *, CASE loinc
    WHEN '4548-4' THEN CASE WHEN diabetic THEN 7.5 + 1.2 * z + 0.5 * greatest(0, z) ELSE 5.4 + 0.35 * z END - CASE WHEN ${TAKES_DRUG_X} THEN 0.6 ELSE 0 END
    WHEN '8480-6' THEN 112 + 0.25 * age + CASE WHEN hypertensive THEN 9 ELSE 0 END + 15 * z
    WHEN '2160-0' THEN (CASE WHEN ckd THEN 1.35 ELSE 0.88 END) * (1 + 0.22 * z) * CASE WHEN site_id = 4 THEN 88.4 ELSE 1 END
    WHEN '2093-3' THEN 188 + 38 * z ELSE 28.5 + CASE WHEN diabetic THEN 3.2 ELSE 0 END + 6 * z END AS x FROM c)
SELECT m::BIGINT AS measurement_id, person_id::INTEGER AS person_id, loinc,
  (DATE '2020-01-01' + floor(${u('labDate', id)} * 2160)::INTEGER + shift_days)::DATE AS measured_on,
  CASE WHEN ${u('labOutlier', id)} < 0.0003 THEN 9999.0::DOUBLE ELSE round(x * 10) / 10 END AS value,
  CASE loinc WHEN '4548-4' THEN '%' WHEN '8480-6' THEN 'mmHg' WHEN '2160-0' THEN CASE WHEN site_id = 4 THEN 'umol/L' ELSE 'mg/dL' END WHEN '2093-3' THEN 'mg/dL' ELSE 'kg/m2' END AS unit
FROM w WHERE NOT (${u('labMissing', id)} < CASE WHEN site_id = 5 THEN 0.30::DOUBLE WHEN loinc = '4548-4' AND NOT diabetic THEN 0.5 ELSE 0.06 END)`;
}

function death(u: Draw): string {
  return `CREATE OR REPLACE TABLE death AS SELECT person_id::INTEGER AS person_id,
  (DATE '2020-06-01' + floor(${u('deathDate', 'person_id')} * 2000)::INTEGER + shift_days)::DATE AS death_date,
  CASE WHEN copd THEN 'J44' WHEN diabetic THEN 'E11' ELSE 'I21' END AS cause_code
FROM latent WHERE ${u('death', 'person_id')} < CASE WHEN age < 45 THEN 0.004::DOUBLE WHEN age < 65 THEN 0.02 WHEN age < 80 THEN 0.08 ELSE 0.28 END`;
}

/** Public: what codes mean. */
const CONCEPTS = `CREATE OR REPLACE TABLE concept AS SELECT * FROM (VALUES
  ('E11', 'Type 2 diabetes mellitus', 'Endocrine'), ('I10', 'Essential hypertension', 'Circulatory'), ('N18', 'Chronic kidney disease', 'Genitourinary'),
  ('J44', 'Chronic obstructive pulmonary disease', 'Respiratory'), ('F32', 'Depressive episode', 'Mental'), ('E84', 'Cystic fibrosis', 'Endocrine'),
  ('G12.2', 'Amyotrophic lateral sclerosis', 'Nervous'), ('G10', 'Huntington disease', 'Nervous'), ('E74.02', 'Pompe disease', 'Endocrine'), ('B20', 'HIV disease', 'Infectious'),
  ('44054006', 'Type 2 diabetes mellitus', 'Endocrine'), ('38341003', 'Essential hypertension', 'Circulatory'), ('709044004', 'Chronic kidney disease', 'Genitourinary'),
  ('13645005', 'Chronic obstructive pulmonary disease', 'Respiratory'), ('35489007', 'Depressive episode', 'Mental'), ('190905008', 'Cystic fibrosis', 'Endocrine'),
  ('86044005', 'Amyotrophic lateral sclerosis', 'Nervous'), ('58756001', 'Huntington disease', 'Nervous'), ('274864009', 'Pompe disease', 'Endocrine')
) t(code, name, chapter)`;
