/** What the demo asks: clinical questions, traps, and one question too many. */
export interface DemoQuestion {
  readonly title: string;
  readonly sql: string;
  readonly epsilon: number;
  readonly delta?: number;
  /** Rows of one person that count, below the policy's. */
  readonly rows?: number;
  /** The same question for the plain engine, where the bounded one's SQL reads differently; else `sql`. */
  readonly truth?: string;
  /** What a reader may learn from it. */
  readonly remark: string;
}

const DIABETES = "code IN ('E11', '44054006')";

export const QUESTIONS: readonly DemoQuestion[] = [
  {
    title: 'How many patients have diabetes, by site?',
    sql: `SELECT p.site_id AS site, COUNT(DISTINCT p.person_id) AS patients
FROM person p JOIN condition c ON p.person_id = c.person_id
WHERE c.${DIABETES}
GROUP BY p.site_id ORDER BY site`,
    epsilon: 0.5,
    remark:
      'A person has one site, so one noise of scale 2 serves all five; the small clinic is the least certain in proportion.',
  },
  {
    title: 'How common is diabetes by age band and sex?',
    sql: `SELECT sex, CASE WHEN year_of_birth > 2007 THEN '0-17' WHEN year_of_birth > 1980 THEN '18-44'
            WHEN year_of_birth > 1960 THEN '45-64' ELSE '65+' END AS age,
       100.0 * COUNT(*) FILTER (WHERE person_id IN (
         SELECT person_id FROM condition WHERE ${DIABETES})) / COUNT(*) AS percent
FROM person GROUP BY ALL ORDER BY sex, age`,
    epsilon: 0.5,
    remark: 'The branches of the CASE are public keys: eight groups always appear, with no delta.',
  },
  {
    title: 'What is the mean HbA1c of diabetics, and of everybody else?',
    sql: `SELECT person_id IN (SELECT person_id FROM condition WHERE ${DIABETES})
         AS diabetic, AVG(value) AS hba1c, COUNT(*) AS tests
FROM measurement WHERE loinc = '4548-4' GROUP BY ALL ORDER BY diabetic`,
    truth: `SELECT person_id IN (SELECT person_id FROM condition WHERE ${DIABETES})
         AS diabetic, AVG(least(greatest(value, 3), 15)) AS hba1c, COUNT(*) AS tests
FROM measurement WHERE loinc = '4548-4' GROUP BY ALL ORDER BY diabetic`,
    epsilon: 0.5,
    remark: 'The code in WHERE pins the bounds [3, 15]; the sentinel 9999 in the data is harmless.',
  },
  {
    title: 'What does an inpatient stay cost, and how long is it?',
    sql: `SELECT AVG(cost_cents / 100) AS dollars, AVG(los_days) AS days, COUNT(*) AS stays
FROM visit WHERE type = 'inpatient'`,
    truth: `SELECT AVG(least(cost_cents, 10000000) / 100) AS dollars, AVG(least(los_days, 60)) AS days, COUNT(*) AS stays
FROM visit WHERE type = 'inpatient' AND person_id IS NOT NULL`,
    epsilon: 1,
    remark: 'One stay of 4.7 million dollars is in the data; clamped at 100,000 it moves nothing.',
  },
  {
    title: 'What share of stays is followed by another within 30 days, by site?',
    sql: `WITH stays AS (
  SELECT person_id, start_date + los_days AS discharged,
         lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date) AS next_start
  FROM visit WHERE type = 'inpatient')
SELECT p.site_id AS site,
       100 * AVG(CASE WHEN next_start - discharged BETWEEN 0 AND 30 THEN 1.0 ELSE 0.0 END)
         AS percent_readmitted
FROM stays s JOIN person p ON s.person_id = p.person_id GROUP BY p.site_id ORDER BY site`,
    epsilon: 1,
    rows: 10,
    remark:
      'A window inside each person finds the next stay. The question takes ten stays of a person, where the policy would allow twenty: half the noise, and persons with more stays weigh as if they had ten.',
  },
  {
    title: 'Patients in the emergency room, by quarter',
    sql: `SELECT date_trunc('quarter', start_date) AS quarter, COUNT(DISTINCT person_id) AS patients
FROM visit WHERE type = 'emergency' AND year(start_date) = 2024
GROUP BY quarter ORDER BY quarter`,
    epsilon: 0.5,
    remark: 'WHERE leaves four quarters: public keys. A person can count in all four, so nobody is left out.',
  },
  {
    title: 'How many visits do patients have?',
    sql: `SELECT least(n, 10) AS visits, COUNT(*) AS patients
FROM (SELECT person_id, COUNT(*) AS n FROM visit GROUP BY person_id) GROUP BY ALL ORDER BY visits`,
    epsilon: 0.25,
    remark:
      'One row per person inside: sensitivity 1, whatever the visits. The person with 390 of them is one of “10”.',
    truth: `SELECT least(n, 10) AS visits, COUNT(*) AS patients
FROM (SELECT person_id, COUNT(*) AS n FROM visit WHERE person_id IS NOT NULL GROUP BY person_id) GROUP BY ALL ORDER BY visits`,
  },
  {
    title: 'Diabetics of forty and over without a statin, by race',
    sql: `SELECT race, COUNT(*) AS diabetics,
       COUNT(*) FILTER (WHERE person_id NOT IN (
         SELECT person_id FROM drug WHERE code = 'atorvastatin')) AS without_statin
FROM person WHERE year_of_birth <= 1985
  AND person_id IN (SELECT person_id FROM condition WHERE ${DIABETES})
GROUP BY race ORDER BY race`,
    truth: `SELECT race, COUNT(*) AS diabetics,
       COUNT(*) FILTER (WHERE person_id NOT IN (
         SELECT person_id FROM drug WHERE code = 'atorvastatin')) AS without_statin
FROM person WHERE race IS NOT NULL AND year_of_birth <= 1985
  AND person_id IN (SELECT person_id FROM condition WHERE ${DIABETES})
GROUP BY race ORDER BY race`,
    epsilon: 0.5,
    remark: 'Cohorts by IN and NOT IN on the person; rows without a listed race are dropped by rule.',
  },
  {
    title: 'Which diagnoses are there, and how many patients have each?',
    sql: `SELECT k.name, COUNT(DISTINCT c.person_id) AS patients
FROM condition c JOIN concept k ON c.code = k.code GROUP BY k.name ORDER BY patients DESC`,
    epsilon: 0.5,
    remark:
      'A public table gives every name, the empty ones too: ALS and Pompe disease stand there with wide intervals.',
    truth: `SELECT k.name, COUNT(DISTINCT c.person_id) AS patients
FROM concept k LEFT JOIN condition c ON c.code = k.code GROUP BY k.name ORDER BY patients DESC`,
  },
  {
    title: 'Where do the patients live?',
    sql: 'SELECT zip3, COUNT(*) AS patients FROM person GROUP BY zip3 ORDER BY patients DESC LIMIT 8',
    epsilon: 0.5,
    delta: 1e-8,
    remark:
      'These keys are private: a region with fewer than 11 patients is never shown, and showing any costs a delta.',
  },
  {
    title: 'Cost per visit by type, standardised to one mix',
    sql: `SELECT SUM(w.share * a.mean_cost) AS standardised_dollars
FROM (SELECT type, AVG(cost_cents / 100) AS mean_cost FROM visit GROUP BY type) a
JOIN (SELECT 'outpatient' AS type, 0.70 AS share UNION ALL
      SELECT 'emergency', 0.22 UNION ALL SELECT 'inpatient', 0.08) w ON a.type = w.type`,
    truth: `SELECT SUM(w.share * a.mean_cost) AS standardised_dollars
FROM (SELECT type, AVG(least(cost_cents, 10000000) / 100) AS mean_cost FROM visit WHERE person_id IS NOT NULL GROUP BY type) a
JOIN (SELECT 'outpatient' AS type, 0.70 AS share UNION ALL
      SELECT 'emergency', 0.22 UNION ALL SELECT 'inpatient', 0.08) w ON a.type = w.type`,
    epsilon: 1,
    remark: 'The outer query sees released means only: it is free, and the interval goes with it.',
  },
];

/** What a curious or careless analyst might try. */
export const TRAP_QUESTIONS: readonly { readonly title: string; readonly sql: string }[] = [
  { title: 'Look at the patients', sql: "SELECT * FROM person WHERE zip3 = '059'" },
  { title: 'Group by the patient', sql: 'SELECT person_id, COUNT(*) FROM visit GROUP BY person_id' },
  { title: 'Ask for the most expensive stay', sql: "SELECT MAX(cost_cents) FROM visit WHERE type = 'inpatient'" },
  { title: 'Join patients with strangers', sql: 'SELECT COUNT(*) FROM person a JOIN person b ON a.zip3 = b.zip3' },
  { title: 'Read a file through the engine', sql: "SELECT COUNT(*) FROM read_csv('/etc/passwd')" },
];
