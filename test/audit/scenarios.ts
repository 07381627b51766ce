/** Questions a researcher may ask, each with the neighbours that try its bounds hardest. */
import { CANARY_NAMES, type Canary } from './network.ts';
import type { Asked } from './sampler.ts';

/** A whole question and the units whose presence it must hide. */
export interface Scenario extends Asked {
  readonly name: string;
  readonly canaries: readonly Canary[];
}

const CROWDS: readonly Canary[] = ['heavy', 'low', 'odd'];
const LONERS: readonly Canary[] = ['alone', 'edge'];
/** With a δ the Gaussian may be taken; 10⁻⁶ is far below what counts of runs can show, so any excess is ε's. */
const delta = 1e-6;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'rows',
    sql: 'SELECT COUNT(*) AS n FROM visit',
    options: { epsilon: 1 },
    canaries: CANARY_NAMES,
  },
  {
    name: 'persons',
    sql: 'SELECT COUNT(*) AS n, AVG(birth_year) AS born FROM person',
    options: { epsilon: 1 },
    canaries: ['heavy', 'odd', 'bare'],
  },
  {
    name: 'rows by public key',
    sql: 'SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'rows by public key, at most one group each',
    sql: 'SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward',
    options: { epsilon: 1, contribution: { groups: 1, rows: 1 } },
    canaries: CROWDS,
  },
  {
    name: 'sum',
    sql: 'SELECT SUM(cost) AS total FROM visit',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'sum with a sign, by key',
    sql: 'SELECT ward, SUM(score) AS total FROM visit GROUP BY ward',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'average',
    sql: 'SELECT AVG(cost) AS mean FROM visit',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'everything at once',
    sql: 'SELECT COUNT(*) AS n, SUM(cost) AS total, AVG(score) AS mean, COUNT(DISTINCT person_id) AS persons, COUNT(DISTINCT ward) AS wards FROM visit',
    options: { epsilon: 2 },
    canaries: CROWDS,
  },
  {
    name: 'distinct units by key',
    sql: 'SELECT ward, COUNT(DISTINCT person_id) AS persons FROM visit GROUP BY ward',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'distinct values',
    sql: 'SELECT COUNT(DISTINCT reason) AS reasons, COUNT(DISTINCT start_date) AS days FROM visit',
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'alone'],
  },
  {
    name: 'filters',
    sql: `SELECT COUNT(*) FILTER (WHERE ward = 'icu') AS icu, COUNT(*) FILTER (WHERE ward <> 'icu') AS other, SUM(cost) FILTER (WHERE cost > 5) AS dear FROM visit`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'private key, one per unit',
    sql: 'SELECT city, COUNT(*) AS n FROM person GROUP BY city',
    options: { epsilon: 1, delta },
    canaries: [...LONERS, 'odd'],
  },
  {
    name: 'private key, sums by it',
    sql: 'SELECT reason, COUNT(*) AS n, SUM(cost) AS total FROM visit GROUP BY reason',
    options: { epsilon: 1, delta },
    canaries: [...CROWDS, 'alone'],
  },
  {
    name: 'private key alone',
    sql: 'SELECT DISTINCT city FROM person',
    options: { epsilon: 1, delta: 0.05 },
    canaries: LONERS,
  },
  {
    name: 'private and public key',
    sql: 'SELECT city, sex, COUNT(DISTINCT person_id) AS persons FROM person GROUP BY city, sex',
    options: { epsilon: 1, delta: 0.05 },
    canaries: [...LONERS, 'odd'],
  },
  {
    name: 'rollup',
    sql: 'SELECT ward, sex, COUNT(*) AS n FROM visit JOIN person USING (person_id) GROUP BY ROLLUP (ward, sex)',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'grouping sets with a private key',
    sql: 'SELECT ward, reason, SUM(cost) AS total FROM visit GROUP BY GROUPING SETS ((ward), (reason), ())',
    options: { epsilon: 1, delta },
    canaries: CROWDS,
  },
  {
    name: 'ratio',
    sql: `SELECT SUM(cost) / COUNT(*) AS mean, 100.0 * COUNT(*) FILTER (WHERE ward = 'icu') / COUNT(*) AS share FROM visit`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'visits per person',
    sql: 'SELECT n, COUNT(*) AS persons FROM (SELECT person_id, LEAST(COUNT(*), 6) AS n FROM visit GROUP BY person_id) GROUP BY n',
    options: { epsilon: 1, delta },
    canaries: CROWDS,
  },
  {
    name: 'cohort',
    sql: `SELECT sex, COUNT(*) AS n FROM person WHERE person_id IN (SELECT person_id FROM visit WHERE ward = 'icu') AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.person_id = person.person_id AND v.cost > 9) GROUP BY sex`,
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'bare', 'orphan', 'edge'],
  },
  {
    name: 'self-join',
    sql: 'SELECT COUNT(*) AS pairs FROM visit a JOIN visit b ON a.person_id = b.person_id AND a.start_date < b.start_date',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'full join',
    sql: 'SELECT sex, COUNT(*) AS n FROM person FULL JOIN visit ON person.person_id = visit.person_id GROUP BY sex',
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'orphan', 'bare'],
  },
  {
    name: 'public fan-out',
    sql: "SELECT name, COUNT(*) AS n, AVG(value) AS mean FROM lab JOIN code_name ON lab.code = code_name.code AND lab.code = 'a1c' GROUP BY name",
    options: { epsilon: 1, delta },
    canaries: CROWDS,
  },
  {
    name: 'bounds by code',
    sql: `SELECT AVG(value) AS mean, SUM(value) AS total FROM lab WHERE code = 'sbp'`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'bounds by code, every code with its own range',
    sql: `SELECT code, AVG(value) AS mean, SUM(value) AS total FROM lab WHERE code IN ('a1c', 'sbp') GROUP BY code`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'readmission',
    sql: `SELECT COUNT(*) FILTER (WHERE days <= 30) AS soon, COUNT(*) AS gaps FROM (SELECT person_id, date_diff('day', lag(start_date) OVER (PARTITION BY person_id ORDER BY start_date), start_date) AS days FROM visit) WHERE days IS NOT NULL`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'union',
    sql: `SELECT COUNT(*) AS n FROM (SELECT person_id FROM visit WHERE ward = 'icu' UNION ALL SELECT person_id FROM person UNION ALL SELECT person_id FROM visit)`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'except',
    sql: `SELECT COUNT(*) AS n FROM (SELECT person_id, ward FROM visit EXCEPT SELECT person_id, ward FROM visit WHERE cost > 5)`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'months',
    sql: `SELECT date_trunc('month', start_date) AS month, COUNT(*) AS n FROM visit GROUP BY month`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'ordered, limited, filtered after noise',
    sql: 'SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward HAVING COUNT(*) > 8 ORDER BY n DESC LIMIT 3',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'outer question',
    sql: 'SELECT SUM(n) AS total, MAX(n) AS most FROM (SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward)',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'two questions in one',
    sql: 'SELECT a.n AS visits, b.n AS persons FROM (SELECT COUNT(*) AS n FROM visit) a CROSS JOIN (SELECT COUNT(*) AS n FROM person) b',
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'bare'],
  },
  {
    name: 'epsilon by aggregate',
    sql: 'SELECT COUNT(*) AS count, SUM(cost) AS sum FROM visit',
    options: { epsilon: { count: 0.4, sum: 1.1 } },
    canaries: CROWDS,
  },
  {
    name: 'accuracy wanted',
    sql: 'SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward',
    options: { accuracy: 10 },
    canaries: CROWDS,
  },
  {
    name: 'Gaussian over many sums',
    sql: 'SELECT ward, COUNT(*) AS n, SUM(cost) AS a, SUM(score) AS b, COUNT(DISTINCT person_id) AS c FROM visit GROUP BY ward',
    options: { epsilon: 1, delta: 1e-3, contribution: { groups: 2, rows: 1 } },
    canaries: CROWDS,
  },
  {
    name: 'clipped, joint intervals',
    sql: 'SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward',
    options: { epsilon: 1, clip: true, intervals: 'joint', level: 0.8 },
    canaries: CROWDS,
  },
  {
    name: 'hostile arithmetic',
    sql: `SELECT COUNT(*) FILTER (WHERE sqrt(cost - 5) / (cost - 5) > 0 OR CAST(reason AS INTEGER) > 0) AS n, SUM(greatest(0, least(10, cost / score))) AS total FROM visit`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'branches',
    sql: `SELECT CASE WHEN cost > 5 THEN 'dear' WHEN cost <= 5 THEN 'cheap' ELSE 'unknown' END AS price, COUNT(*) AS n FROM visit GROUP BY price`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'correlated membership',
    sql: 'SELECT COUNT(*) AS n FROM visit WHERE person_id IN (SELECT person_id FROM visit v WHERE v.cost = visit.cost)',
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'orphan'],
  },
  {
    name: 'union without repetition',
    sql: 'SELECT COUNT(*) AS n FROM (SELECT person_id, ward FROM visit UNION SELECT person_id, sex FROM person)',
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'bare'],
  },
  {
    name: 'public product',
    sql: 'SELECT COUNT(*) AS n FROM visit CROSS JOIN code_name',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'left join without a match',
    sql: 'SELECT sex, COUNT(*) AS n FROM person LEFT JOIN visit ON person.person_id = visit.person_id AND visit.cost > 5 WHERE visit.person_id IS NULL GROUP BY sex',
    options: { epsilon: 1 },
    canaries: ['low', 'bare', 'edge'],
  },
  {
    name: 'full join of a table with itself',
    sql: 'SELECT COUNT(*) AS n FROM visit a FULL JOIN visit b ON a.person_id = b.person_id AND a.cost > b.cost',
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'orphan'],
  },
  {
    name: 'distinct values of units',
    sql: 'SELECT COUNT(DISTINCT city) AS cities FROM person',
    options: { epsilon: 1 },
    canaries: LONERS,
  },
  {
    name: 'missing values as a group',
    sql: `SELECT COALESCE(ward, 'none') AS place, COUNT(*) AS n FROM visit GROUP BY place`,
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'cube',
    sql: 'SELECT sex, ward, COUNT(*) AS n, SUM(cost) AS total FROM visit JOIN person USING (person_id) GROUP BY CUBE (sex, ward)',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'cube with a private key',
    sql: 'SELECT reason, ward, COUNT(*) AS n FROM visit GROUP BY CUBE (reason, ward)',
    options: { epsilon: 1, delta },
    canaries: [...CROWDS, 'alone'],
  },
  {
    name: 'first visit',
    sql: 'SELECT ward, COUNT(*) AS n FROM (SELECT person_id, ward, row_number() OVER (PARTITION BY person_id ORDER BY start_date) AS place FROM visit) WHERE place = 1 GROUP BY ward',
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'orphan'],
  },
  {
    name: 'dearest visit of each',
    sql: 'SELECT SUM(dearest) AS total FROM (SELECT person_id, MAX(cost) AS dearest FROM visit GROUP BY person_id)',
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'orphan'],
  },
  {
    name: 'average of averages',
    sql: 'SELECT AVG(own) AS mean FROM (SELECT person_id, AVG(cost) AS own FROM visit GROUP BY person_id)',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'ward of the dearest visit',
    sql: 'SELECT place, COUNT(*) AS n FROM (SELECT person_id, arg_max(ward, cost) AS place FROM visit GROUP BY person_id) GROUP BY place',
    options: { epsilon: 1, delta },
    canaries: CROWDS,
  },
  {
    name: 'running total',
    sql: 'SELECT SUM(LEAST(100, running)) AS total FROM (SELECT person_id, SUM(cost) OVER (PARTITION BY person_id ORDER BY start_date) AS running FROM visit)',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'private key, filtered and cut after noise',
    sql: 'SELECT reason, COUNT(*) AS n FROM visit GROUP BY reason HAVING COUNT(*) > 3 ORDER BY n DESC LIMIT 2',
    options: { epsilon: 1, delta: 0.05 },
    canaries: [...CROWDS, 'alone'],
  },
  {
    name: 'public key behind two joins',
    sql: 'SELECT name, COUNT(DISTINCT person_id) AS persons FROM lab JOIN visit USING (visit_id) JOIN code_name USING (code) GROUP BY name',
    options: { epsilon: 1, delta },
    canaries: CROWDS,
  },
  {
    name: 'neither this nor that',
    sql: `SELECT COUNT(*) AS n FROM visit WHERE ward IN ('icu') OR person_id NOT IN (SELECT person_id FROM lab JOIN visit USING (visit_id) WHERE value > 10)`,
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'orphan'],
  },
  {
    name: 'two answers under one another',
    sql: 'SELECT ward AS key, COUNT(*) AS n FROM visit GROUP BY ward UNION ALL SELECT sex, COUNT(*) FROM person GROUP BY sex',
    options: { epsilon: 1 },
    canaries: [...CROWDS, 'bare'],
  },
  {
    name: 'products',
    sql: 'SELECT SUM(cost * score) AS product, SUM(CASE WHEN cost > 5 THEN 3 ELSE -2 END) AS points FROM visit',
    options: { epsilon: 1 },
    canaries: CROWDS,
  },
  {
    name: 'groups of persons in several ways',
    sql: 'SELECT sex, city, COUNT(*) AS n FROM person GROUP BY GROUPING SETS ((sex), (city), (sex, city))',
    options: { epsilon: 1, delta: 0.05 },
    canaries: [...LONERS, 'bare', 'odd'],
  },
];
