/** Questions about 101,766 stays of 71,518 diabetic patients; a patient counts with ten stays in each of three groups. */
import type { RealQuestion } from './question.ts';

const policy = 'diabetes130';

/** Stays counted per patient and key: at most ten. */
const perPatient = (keys: string, figures: string): string =>
  `SELECT ${keys}, ${figures} FROM encounter WHERE patient_nbr IS NOT NULL GROUP BY patient_nbr, ${keys}`;

const AGES = `('[0-10)', '[10-20)', '[20-30)', '[30-40)', '[40-50)', '[50-60)', '[60-70)', '[70-80)', '[80-90)', '[90-100)')`;

const CHAPTER = `CASE WHEN diag_1 LIKE '250%' THEN 'diabetes'
         WHEN try_cast(diag_1 AS DOUBLE) BETWEEN 390 AND 459 OR diag_1 = '785' THEN 'circulatory'
         WHEN try_cast(diag_1 AS DOUBLE) BETWEEN 460 AND 519 OR diag_1 = '786' THEN 'respiratory'
         ELSE 'other' END`;

const FIRST_STAY = `WITH stay AS (
  SELECT *, row_number() OVER (PARTITION BY patient_nbr ORDER BY encounter_id) AS n
  FROM encounter WHERE discharge_disposition_id NOT IN (11, 13, 14, 19, 20, 21))`;

/** 2000 US standard population in three bands, as shares. */
const STANDARD = `SELECT 'under 50' AS band, 0.70 AS share UNION ALL SELECT '50-69', 0.20 UNION ALL SELECT '70+', 0.10`;

const BAND = `CASE WHEN age IN ('[70-80)', '[80-90)', '[90-100)') THEN '70+'
         WHEN age IN ('[50-60)', '[60-70)') THEN '50-69' ELSE 'under 50' END`;

export const ENCOUNTER_QUESTIONS: readonly RealQuestion[] = [
  {
    title: 'Patients and stays',
    policy,
    sql: 'SELECT COUNT(DISTINCT patient_nbr) AS patients, COUNT(*) AS stays FROM encounter',
    keys: [],
    bounded: `SELECT COUNT(*) AS patients, SUM(least(n, 10)) AS stays
FROM (SELECT patient_nbr, COUNT(*) AS n FROM encounter GROUP BY patient_nbr)`,
    plain: 'SELECT COUNT(DISTINCT patient_nbr) AS patients, COUNT(*) AS stays FROM encounter',
  },
  {
    title: 'Readmission within 30 days by age band, percent of stays',
    policy,
    sql: `SELECT age, 100.0 * COUNT(*) FILTER (WHERE readmitted = '<30') / COUNT(*) AS percent
FROM encounter GROUP BY age ORDER BY age`,
    keys: ['age'],
    bounded: `SELECT age, 100.0 * SUM(least(early, 10)) / SUM(least(n, 10)) AS percent
FROM (${perPatient('age', `COUNT(*) FILTER (WHERE readmitted = '<30') AS early, COUNT(*) AS n`)}) WHERE age IN ${AGES} GROUP BY age`,
    plain: `SELECT age, 100.0 * COUNT(*) FILTER (WHERE readmitted = '<30') / COUNT(*) AS percent FROM encounter GROUP BY age`,
  },
  {
    title: 'HbA1c at the first stay and early readmission',
    policy,
    sql: `${FIRST_STAY}
SELECT A1Cresult AS hba1c, COUNT(*) AS patients, AVG(CASE WHEN readmitted = '<30' THEN 1 ELSE 0 END) AS early
FROM stay WHERE n = 1 GROUP BY A1Cresult ORDER BY hba1c`,
    keys: ['hba1c'],
    bounded: `SELECT A1Cresult AS hba1c, COUNT(*) AS patients, AVG((readmitted = '<30')::INT) AS early
FROM (SELECT * FROM encounter WHERE discharge_disposition_id NOT IN (11, 13, 14, 19, 20, 21)
      QUALIFY row_number() OVER (PARTITION BY patient_nbr ORDER BY encounter_id) = 1) GROUP BY 1`,
  },
  {
    title: 'Patients and length of stay by specialty (private keys)',
    policy,
    sql: `SELECT medical_specialty AS specialty, COUNT(DISTINCT patient_nbr) AS patients, AVG(time_in_hospital) AS days
FROM encounter WHERE medical_specialty IS NOT NULL GROUP BY medical_specialty ORDER BY patients DESC LIMIT 10`,
    delta: 1e-6,
    keys: ['specialty'],
    bounded: `SELECT medical_specialty AS specialty, COUNT(DISTINCT patient_nbr) AS patients, AVG(time_in_hospital) AS days
FROM encounter WHERE medical_specialty IS NOT NULL GROUP BY 1`,
    within: 0.02,
  },
  {
    title: 'Medications by sex and race, with totals (ROLLUP)',
    policy,
    sql: `SELECT gender, race, AVG(num_medications) AS medications, COUNT(*) AS stays
FROM encounter GROUP BY ROLLUP (gender, race)`,
    keys: ['gender', 'race'],
    bounded: `WITH pair AS (SELECT patient_nbr, gender, race, COUNT(*) AS n, SUM(least(num_medications, 40)) AS s
  FROM encounter WHERE race IS NOT NULL AND gender IN ('Female', 'Male') GROUP BY 1, 2, 3),
kept AS (SELECT gender, race, least(n, 10) AS n, s * least(n, 10) / n AS s FROM pair)
SELECT gender, race, SUM(s) / SUM(n) AS medications, SUM(n) AS stays FROM kept GROUP BY ROLLUP (gender, race)`,
    plain: `SELECT gender, race, AVG(num_medications) AS medications, COUNT(*) AS stays
FROM encounter WHERE race IS NOT NULL AND gender IN ('Female', 'Male') GROUP BY ROLLUP (gender, race)`,
  },
  {
    title: 'How many stays patients have',
    policy,
    sql: `SELECT stays, COUNT(*) AS patients
FROM (SELECT patient_nbr, least(COUNT(*), 6) AS stays FROM encounter GROUP BY patient_nbr)
GROUP BY stays ORDER BY stays`,
    keys: ['stays'],
    bounded: `SELECT least(n, 6) AS stays, COUNT(*) AS patients
FROM (SELECT patient_nbr, COUNT(*) AS n FROM encounter GROUP BY 1) GROUP BY 1`,
  },
  {
    title: 'Stays and their length by chapter of the first diagnosis (CASE on ICD-9)',
    policy,
    sql: `SELECT ${CHAPTER} AS chapter, COUNT(*) AS stays, AVG(time_in_hospital) AS days
FROM encounter GROUP BY chapter ORDER BY chapter`,
    keys: ['chapter'],
    bounded: `WITH pair AS (SELECT patient_nbr, ${CHAPTER} AS chapter, COUNT(*) AS n, SUM(time_in_hospital) AS s FROM encounter GROUP BY 1, 2)
SELECT chapter, SUM(least(n, 10)) AS stays, SUM(s * least(n, 10) / n) / SUM(least(n, 10)) AS days FROM pair GROUP BY 1`,
    plain: `SELECT ${CHAPTER} AS chapter, COUNT(*) AS stays, AVG(time_in_hospital) AS days FROM encounter GROUP BY 1`,
    within: 0.01,
  },
  {
    title: 'Bed days by sex, and per patient',
    policy,
    sql: `SELECT gender, SUM(time_in_hospital) AS bed_days,
       SUM(time_in_hospital) / COUNT(DISTINCT patient_nbr) AS per_patient
FROM encounter GROUP BY gender`,
    keys: ['gender'],
    bounded: `SELECT gender, SUM(least(s, 140)) AS bed_days, SUM(least(s, 140)) / COUNT(*) AS per_patient
FROM (SELECT patient_nbr, gender, SUM(time_in_hospital) AS s FROM encounter GROUP BY 1, 2)
WHERE gender IN ('Female', 'Male') GROUP BY gender`,
    plain: `SELECT gender, SUM(time_in_hospital) AS bed_days, SUM(time_in_hospital) / COUNT(DISTINCT patient_nbr) AS per_patient
FROM encounter WHERE gender IN ('Female', 'Male') GROUP BY gender`,
  },
  {
    title: 'Days in hospital per patient, over all stays',
    policy,
    sql: `SELECT AVG(total) AS days
FROM (SELECT patient_nbr, least(SUM(time_in_hospital), 60) AS total FROM encounter GROUP BY patient_nbr)`,
    keys: [],
    bounded: `SELECT AVG(least(total, 60)) AS days
FROM (SELECT patient_nbr, SUM(time_in_hospital) AS total FROM encounter GROUP BY 1)`,
    plain: `SELECT AVG(total) AS days FROM (SELECT patient_nbr, SUM(time_in_hospital) AS total FROM encounter GROUP BY 1)`,
  },
  {
    title: 'Early readmission, standardised to the US population of 2000 (post-processing)',
    policy,
    sql: `SELECT SUM(w.share * r.early) AS standardised
FROM (SELECT ${BAND} AS band, AVG((readmitted = '<30')::INT) AS early FROM encounter GROUP BY band) AS r
JOIN (${STANDARD}) AS w USING (band)`,
    keys: [],
    bounded: `WITH pair AS (SELECT patient_nbr, ${BAND} AS band, COUNT(*) AS n, COUNT(*) FILTER (WHERE readmitted = '<30') AS k FROM encounter GROUP BY 1, 2),
rate AS (SELECT band, SUM(k * least(n, 10) / n) / SUM(least(n, 10)) AS early FROM pair GROUP BY 1)
SELECT SUM(w.share * r.early) AS standardised FROM rate AS r JOIN (${STANDARD}) AS w USING (band)`,
    plain: `SELECT SUM(w.share * r.early) AS standardised
FROM (SELECT ${BAND} AS band, AVG((readmitted = '<30')::INT) AS early FROM encounter GROUP BY 1) AS r JOIN (${STANDARD}) AS w USING (band)`,
  },
];
