/** Questions about data with one row per person: 920 cardiac patients of four hospitals, and two census extracts. */
import type { RealQuestion } from './question.ts';

const DECADE = '10 * floor(age / 10)';

export const SINGLE_ROW_QUESTIONS: readonly RealQuestion[] = [
  {
    title: 'Coronary disease by hospital',
    policy: 'heart4',
    sql: `SELECT site, COUNT(*) AS patients, 100.0 * COUNT(*) FILTER (WHERE num > 0) / COUNT(*) AS percent
FROM patient GROUP BY site ORDER BY site`,
    keys: ['site'],
    bounded: `SELECT site, COUNT(*) AS patients, 100.0 * COUNT(*) FILTER (WHERE num > 0) / COUNT(*) AS percent FROM patient GROUP BY 1`,
  },
  {
    title: 'Cholesterol by sex, zero meaning missing',
    policy: 'heart4',
    sql: 'SELECT sex, AVG(NULLIF(chol, 0)) AS cholesterol, COUNT(NULLIF(chol, 0)) AS measured FROM patient GROUP BY sex',
    keys: ['sex'],
    bounded: `SELECT sex, AVG(least(chol, 600)) FILTER (WHERE chol <> 0) AS cholesterol, COUNT(*) FILTER (WHERE chol <> 0) AS measured
FROM patient GROUP BY 1`,
    plain: `SELECT sex, AVG(chol) FILTER (WHERE chol <> 0) AS cholesterol, COUNT(*) FILTER (WHERE chol <> 0) AS measured
FROM patient GROUP BY 1`,
  },
  {
    title: 'Greatest heart rate by decade of age, 30 to 79',
    policy: 'heart4',
    sql: `SELECT ${DECADE} AS decade, AVG(thalach) AS rate, COUNT(*) AS patients
FROM patient WHERE age BETWEEN 30 AND 79 GROUP BY decade ORDER BY decade`,
    keys: ['decade'],
    bounded: `SELECT ${DECADE} AS decade, AVG(thalach) AS rate, COUNT(*) AS patients
FROM patient WHERE age BETWEEN 30 AND 79 GROUP BY 1`,
  },
  {
    title: 'Weekly hours and age by sex',
    policy: 'census',
    sql: 'SELECT sex, AVG(hours_per_week) AS hours, AVG(age) AS age FROM adult GROUP BY sex',
    keys: ['sex'],
    bounded: 'SELECT sex, AVG(hours_per_week) AS hours, AVG(age) AS age FROM adult GROUP BY 1',
  },
  {
    title: 'High income by education (private keys)',
    policy: 'census',
    sql: `SELECT education, COUNT(*) AS persons, 100.0 * SUM(CASE WHEN income = '>50K' THEN 1 ELSE 0 END) / COUNT(*) AS percent
FROM adult GROUP BY education HAVING COUNT(*) > 200`,
    delta: 1e-6,
    keys: ['education'],
    bounded: `SELECT education, COUNT(*) AS persons, 100.0 * COUNT(*) FILTER (WHERE income = '>50K') / COUNT(*) AS percent
FROM adult GROUP BY 1 HAVING COUNT(*) > 200`,
  },
  {
    title: 'Countries of birth outside the United States (private keys)',
    policy: 'census',
    sql: `SELECT native_country AS country, COUNT(*) AS persons FROM adult
WHERE native_country <> 'United-States' GROUP BY country ORDER BY persons DESC LIMIT 10`,
    delta: 1e-6,
    keys: ['country'],
    bounded: `SELECT native_country AS country, COUNT(*) AS persons FROM adult WHERE native_country <> 'United-States' GROUP BY 1`,
  },
  {
    title: 'Income by marriage and sex, of 1,000 persons',
    policy: 'census',
    sql: `SELECT married, sex, AVG(income) AS income, COUNT(*) AS persons
FROM pums WHERE age BETWEEN 25 AND 64 GROUP BY married, sex`,
    keys: ['married', 'sex'],
    bounded: `SELECT married, sex, AVG(least(income, 200000)) AS income, COUNT(*) AS persons
FROM pums WHERE age BETWEEN 25 AND 64 GROUP BY 1, 2`,
    plain:
      'SELECT married, sex, AVG(income) AS income, COUNT(*) AS persons FROM pums WHERE age BETWEEN 25 AND 64 GROUP BY 1, 2',
  },
];
