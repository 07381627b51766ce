/** Questions about OMOP data: 2,694 synthetic persons (GiBleed), and 28 whose diagnoses reach them through visits. */
import type { RealQuestion } from './question.ts';

const policy = 'omop-gibleed';

const FIRST_COXIB = `SELECT person_id, MIN(drug_exposure_start_date) AS started
  FROM drug_exposure WHERE drug_concept_id = 1118084 GROUP BY person_id`;
const FIRST_BLEED = `SELECT person_id, MIN(condition_start_date) AS bled
  FROM condition_occurrence WHERE condition_concept_id = 192671 GROUP BY person_id`;
const INFECTIONS = '(40481087, 4112343, 260139, 372328, 28060, 4116491)';
const AGE_BAND = `CASE WHEN 2019 - year_of_birth < 40 THEN 'under 40'
            WHEN 2019 - year_of_birth < 60 THEN '40-59' ELSE '60+' END`;

export const OMOP_QUESTIONS: readonly RealQuestion[] = [
  {
    title: 'Persons by sex, named by the vocabulary',
    policy,
    sql: `SELECT c.concept_name AS sex, COUNT(*) AS persons
FROM person p JOIN concept c ON c.concept_id = p.gender_concept_id GROUP BY c.concept_name`,
    keys: ['sex'],
    bounded: `SELECT c.concept_name AS sex, COUNT(*) AS persons
FROM person p JOIN concept c ON c.concept_id = p.gender_concept_id GROUP BY 1`,
  },
  {
    title: 'Prescriptions of the five commonest drugs, named after the answer (private keys)',
    policy,
    sql: `SELECT c.concept_name AS drug, r.prescriptions
FROM (SELECT drug_concept_id, COUNT(*) AS prescriptions FROM drug_exposure
      WHERE drug_exposure_start_date >= DATE '2000-01-01' GROUP BY drug_concept_id ORDER BY prescriptions DESC LIMIT 5) AS r
JOIN concept AS c ON c.concept_id = r.drug_concept_id`,
    delta: 1e-6,
    contribution: { rows: 5 },
    keys: ['drug'],
    bounded: `SELECT c.concept_name AS drug, SUM(least(n, 5)) AS prescriptions
FROM (SELECT person_id, drug_concept_id, COUNT(*) AS n FROM drug_exposure
      WHERE drug_exposure_start_date >= DATE '2000-01-01' GROUP BY 1, 2)
JOIN concept c ON c.concept_id = drug_concept_id GROUP BY 1`,
    plain: `SELECT c.concept_name AS drug, COUNT(*) AS prescriptions FROM drug_exposure JOIN concept c ON c.concept_id = drug_concept_id
WHERE drug_exposure_start_date >= DATE '2000-01-01' GROUP BY 1`,
    within: 0.35,
  },
  {
    title: 'Persons by age band and sex',
    policy,
    sql: `SELECT ${AGE_BAND} AS age, gender_concept_id AS sex, COUNT(*) AS persons FROM person GROUP BY ALL ORDER BY 1, 2`,
    keys: ['age', 'sex'],
    bounded: `SELECT ${AGE_BAND} AS age, gender_concept_id AS sex, COUNT(*) AS persons FROM person GROUP BY 1, 2`,
  },
  {
    title: 'Gastrointestinal bleeding within a year of the first celecoxib',
    policy,
    sql: `WITH exposed AS (${FIRST_COXIB}),
bleed AS (${FIRST_BLEED})
SELECT COUNT(*) AS exposed, COUNT(*) FILTER (WHERE b.bled BETWEEN e.started AND e.started + INTERVAL 1 YEAR) AS bled
FROM exposed e LEFT JOIN bleed b ON e.person_id = b.person_id`,
    keys: [],
    bounded: `WITH exposed AS (${FIRST_COXIB}), bleed AS (${FIRST_BLEED})
SELECT COUNT(*) AS exposed, COUNT(*) FILTER (WHERE b.bled BETWEEN e.started AND e.started + INTERVAL 1 YEAR) AS bled
FROM exposed e LEFT JOIN bleed b ON e.person_id = b.person_id`,
  },
  {
    title: 'Bleeding ever, among users of celecoxib and others, by sex (IN, NOT IN)',
    policy,
    sql: `SELECT gender_concept_id AS sex, person_id IN (SELECT person_id FROM drug_exposure WHERE drug_concept_id = 1118084) AS coxib,
       100.0 * COUNT(*) FILTER (WHERE person_id IN (SELECT person_id FROM condition_occurrence WHERE condition_concept_id = 192671)) / COUNT(*) AS percent
FROM person GROUP BY sex, coxib ORDER BY sex, coxib`,
    keys: ['sex', 'coxib'],
    bounded: `SELECT gender_concept_id AS sex, coxib, 100.0 * SUM(bled::INT) / COUNT(*) AS percent
FROM (SELECT p.gender_concept_id, p.person_id IN (SELECT person_id FROM drug_exposure WHERE drug_concept_id = 1118084) AS coxib,
  p.person_id IN (SELECT person_id FROM condition_occurrence WHERE condition_concept_id = 192671) AS bled FROM person p) GROUP BY 1, 2`,
  },
  {
    title: 'Patients with each of six infections',
    policy,
    sql: `SELECT c.concept_name AS condition, COUNT(DISTINCT o.person_id) AS patients
FROM condition_occurrence o JOIN concept c ON c.concept_id = o.condition_concept_id
WHERE o.condition_concept_id IN ${INFECTIONS} GROUP BY condition ORDER BY patients DESC`,
    keys: ['condition'],
    bounded: `SELECT c.concept_name AS condition, COUNT(DISTINCT person_id) AS patients
FROM condition_occurrence JOIN concept c ON concept_id = condition_concept_id
WHERE condition_concept_id IN ${INFECTIONS} GROUP BY 1`,
  },
  {
    title: 'Bleeding per 1,000 person-years under observation',
    policy,
    sql: `SELECT 1000 * COUNT(DISTINCT c.person_id) / (SUM(greatest(0, date_diff('day', o.observation_period_start_date, o.observation_period_end_date))) / 365.25) AS rate
FROM observation_period o LEFT JOIN (${FIRST_BLEED}) c ON c.person_id = o.person_id`,
    keys: [],
    bounded: `SELECT 1000 * (SELECT COUNT(DISTINCT c.person_id) FROM condition_occurrence c JOIN observation_period USING (person_id) WHERE condition_concept_id = 192671)
  / (SUM(observation_period_end_date - observation_period_start_date) / 365.25) AS rate FROM observation_period`,
  },
  {
    title: 'Admissions, and those followed by another within ten years (lead)',
    policy,
    sql: `WITH stay AS (
  SELECT visit_end_date, lead(visit_start_date) OVER (PARTITION BY person_id ORDER BY visit_start_date) AS next
  FROM visit_occurrence)
SELECT COUNT(*) AS stays, COUNT(*) FILTER (WHERE next <= visit_end_date + INTERVAL 10 YEAR) AS followed FROM stay`,
    contribution: { rows: 4 },
    keys: [],
    bounded: `SELECT COUNT(*) AS stays, COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM visit_occurrence w WHERE w.person_id = v.person_id
  AND (w.visit_start_date, w.visit_occurrence_id) > (v.visit_start_date, v.visit_occurrence_id) AND w.visit_start_date <= v.visit_end_date + INTERVAL 10 YEAR)) AS followed
FROM visit_occurrence v`,
  },
  {
    title: 'Patients with acute bronchitis by calendar year',
    policy,
    sql: `SELECT year(condition_start_date) AS year, COUNT(DISTINCT person_id) AS patients
FROM condition_occurrence WHERE condition_concept_id = $condition AND condition_start_date BETWEEN DATE '2010-01-01' AND DATE '2017-12-31'
GROUP BY year ORDER BY year`,
    params: { condition: 260139 },
    keys: ['year'],
    bounded: `SELECT year(condition_start_date) AS year, COUNT(DISTINCT person_id) AS patients
FROM condition_occurrence WHERE condition_concept_id = 260139 AND year(condition_start_date) BETWEEN 2010 AND 2017 GROUP BY 1`,
  },
  {
    title: 'Different drugs per person',
    policy,
    sql: `SELECT AVG(least(n, 30)) AS drugs
FROM (SELECT p.person_id, COUNT(DISTINCT d.drug_concept_id) AS n
      FROM person p LEFT JOIN drug_exposure d ON d.person_id = p.person_id GROUP BY p.person_id)`,
    keys: [],
    bounded: `SELECT AVG(least(n, 30)) AS drugs FROM (SELECT p.person_id, COUNT(DISTINCT d.drug_concept_id) AS n
FROM person p LEFT JOIN drug_exposure d USING (person_id) GROUP BY 1)`,
  },
  {
    title: 'Persons who ever took a form of diclofenac (concept_ancestor)',
    policy,
    sql: `SELECT COUNT(*) AS persons FROM person p WHERE EXISTS (
  SELECT 1 FROM drug_exposure d JOIN concept_ancestor a ON a.descendant_concept_id = d.drug_concept_id
  WHERE d.person_id = p.person_id AND a.ancestor_concept_id = 1124300)`,
    keys: [],
    bounded: `SELECT COUNT(DISTINCT d.person_id) AS persons FROM drug_exposure d JOIN concept_ancestor a
ON a.descendant_concept_id = d.drug_concept_id WHERE a.ancestor_concept_id = 1124300`,
  },
  {
    title: 'Age at the first celecoxib',
    policy,
    sql: `SELECT AVG(least(greatest(year(e.started) - p.year_of_birth, 0), 100)) AS age
FROM (${FIRST_COXIB}) e JOIN person p USING (person_id)`,
    keys: [],
    bounded: `SELECT AVG(year(started) - year_of_birth) AS age FROM (${FIRST_COXIB}) JOIN person USING (person_id)`,
  },
  {
    title: 'Persons by race and sex with all margins (CUBE)',
    policy,
    sql: 'SELECT race_source_value AS race, gender_concept_id AS sex, COUNT(*) AS persons FROM person GROUP BY CUBE (race, sex)',
    keys: ['race', 'sex'],
    bounded:
      'SELECT race_source_value AS race, gender_concept_id AS sex, COUNT(*) AS persons FROM person GROUP BY CUBE (1, 2)',
  },
  {
    title: 'Celecoxib without bleeding before it (EXCEPT, NOT EXISTS)',
    policy,
    sql: `SELECT COUNT(*) AS persons FROM (
  SELECT person_id FROM drug_exposure d WHERE drug_concept_id = 1118084 AND NOT EXISTS (
    SELECT 1 FROM condition_occurrence c WHERE c.person_id = d.person_id AND c.condition_concept_id = 192671
      AND c.condition_start_date < d.drug_exposure_start_date)
  EXCEPT SELECT person_id FROM drug_exposure WHERE drug_concept_id = 1124300)`,
    keys: [],
    bounded: `SELECT COUNT(DISTINCT d.person_id) AS persons FROM drug_exposure d LEFT JOIN (${FIRST_BLEED}) b USING (person_id)
WHERE drug_concept_id = 1118084 AND (b.bled IS NULL OR b.bled >= drug_exposure_start_date)
  AND d.person_id NOT IN (SELECT person_id FROM drug_exposure WHERE drug_concept_id = 1124300)`,
  },
  {
    title: 'Months between episodes of viral sinusitis (lag)',
    policy,
    sql: `SELECT AVG(gap) AS months FROM (
  SELECT date_diff('month', lag(condition_start_date) OVER (PARTITION BY person_id ORDER BY condition_start_date), condition_start_date) AS gap
  FROM condition_occurrence WHERE condition_concept_id = 40481087)
WHERE gap BETWEEN 1 AND 480`,
    keys: [],
    bounded: `SELECT AVG(gap) AS months FROM (SELECT date_diff('month', before, condition_start_date) AS gap FROM (
  SELECT *, lag(condition_start_date) OVER (PARTITION BY person_id ORDER BY condition_start_date) AS before
  FROM condition_occurrence WHERE condition_concept_id = 40481087)) WHERE gap BETWEEN 1 AND 480`,
    plain: `SELECT AVG(gap) AS months FROM (SELECT date_diff('month', before, condition_start_date) AS gap FROM (
  SELECT *, lag(condition_start_date) OVER (PARTITION BY person_id ORDER BY condition_start_date) AS before
  FROM condition_occurrence WHERE condition_concept_id = 40481087)) WHERE gap >= 1`,
  },
  {
    title: 'Deaths by sex, of 28 persons',
    policy: 'omop-synthea27',
    sql: `SELECT gender_concept_id AS sex, COUNT(*) AS persons, COUNT(d.death_date) AS deaths
FROM person p LEFT JOIN death d USING (person_id) GROUP BY sex`,
    keys: ['sex'],
    bounded: `SELECT gender_concept_id AS sex, COUNT(*) AS persons, COUNT(d.death_date) AS deaths
FROM person p LEFT JOIN death d USING (person_id) GROUP BY 1`,
  },
  {
    title: 'Latest systolic pressure, of 28 persons (bounds by code)',
    policy: 'omop-synthea27',
    sql: `SELECT AVG(latest) AS pressure FROM (
  SELECT person_id, arg_max(value_as_number, measurement_date) AS latest
  FROM measurement WHERE measurement_concept_id = 3004249 GROUP BY person_id)`,
    keys: [],
    bounded: `SELECT AVG(latest) AS pressure FROM (SELECT person_id, min(value_as_number::DOUBLE) AS latest FROM (
  SELECT *, rank() OVER (PARTITION BY person_id ORDER BY measurement_date DESC) AS n
  FROM measurement WHERE measurement_concept_id = 3004249 AND value_as_number IS NOT NULL) WHERE n = 1 GROUP BY 1)`,
  },
  {
    title: 'Patients with a diagnosis, by kind of visit (unit reached through visits)',
    policy: 'omop-synthea27',
    sql: `SELECT v.visit_concept_id AS visit, COUNT(DISTINCT v.person_id) AS patients
FROM condition_occurrence c JOIN visit_occurrence v ON c.visit_occurrence_id = v.visit_occurrence_id GROUP BY visit`,
    keys: ['visit'],
    bounded: `SELECT v.visit_concept_id AS visit, COUNT(DISTINCT v.person_id) AS patients
FROM condition_occurrence c JOIN visit_occurrence v USING (visit_occurrence_id) GROUP BY 1`,
  },
];
