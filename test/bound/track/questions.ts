/** Rows a researcher may ask about; the flag tells those whose meaning lowering fixes (ties, sums on a grid, dropped rows). */
export interface Rows {
  readonly sql: string;
  /** The lowered relation gives exactly the rows written where every row has a unit and cells keep to their bounds. */
  readonly same: boolean;
}

const same = (sql: string): Rows => ({ sql, same: true });
const fixed = (sql: string): Rows => ({ sql, same: false });

export const ROWS: readonly Rows[] = [
  same('SELECT * FROM visit'),
  same('SELECT visit_id, COUNT(*) AS n FROM visit GROUP BY GROUPING SETS ((visit_id), (person_id, visit_id))'),
  same(
    'SELECT p.person_id, COUNT(*) AS n FROM person p JOIN visit v USING (person_id) GROUP BY GROUPING SETS ((p.person_id, ward), (v.person_id, ward))',
  ),
  same("SELECT ward, cost FROM visit WHERE ward IN ('icu', 'surgery') OR ward IS NULL"),
  same('SELECT code, value FROM lab'),
  same('SELECT v.ward, l.value FROM visit v JOIN lab l ON v.visit_id = l.visit_id'),
  same('SELECT p.sex, v.ward FROM person p JOIN visit v ON p.person_id = v.person_id'),
  same('SELECT p.sex, v.ward FROM person p, visit v WHERE p.person_id = v.person_id AND v.days > 1'),
  same(
    'SELECT p.sex, v.ward, d.cause FROM person p, visit v, death d WHERE p.person_id = v.person_id AND d.person_id = v.person_id',
  ),
  same('SELECT p.sex, v.ward FROM person p LEFT JOIN visit v USING (person_id)'),
  same('SELECT p.sex, v.ward FROM person p RIGHT JOIN visit v USING (person_id)'),
  same('SELECT person_id, p.sex, v.ward FROM person p FULL JOIN visit v USING (person_id)'),
  same('SELECT a.ward, b.ward FROM visit a JOIN visit b ON a.person_id = b.person_id AND a.start_date < b.start_date'),
  same(
    'SELECT a.ward FROM visit a JOIN visit b ON (a.person_id = b.person_id AND a.days = 0) OR (b.person_id = a.person_id AND b.days = 3)',
  ),
  same('SELECT l.value, k.name FROM lab l JOIN code_name k ON l.code = k.code'),
  same('SELECT l.value, k.name FROM lab l LEFT JOIN code_name k ON l.code = k.code'),
  same('SELECT l.value, k.name FROM lab l CROSS JOIN code_name k'),
  fixed('SELECT l.value, k.name FROM code_name k LEFT JOIN lab l ON l.code = k.code'),
  same('SELECT sex FROM person WHERE person_id IN (SELECT person_id FROM visit)'),
  same('SELECT sex FROM person WHERE person_id NOT IN (SELECT person_id FROM visit)'),
  fixed(
    'SELECT sex FROM person WHERE person_id NOT IN (SELECT d.person_id FROM visit v LEFT JOIN death d ON v.person_id = d.person_id)',
  ),
  same(
    "SELECT sex FROM person p WHERE EXISTS (SELECT 1 FROM visit v WHERE v.person_id = p.person_id AND v.ward = 'icu')",
  ),
  same('SELECT sex FROM person p WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE v.person_id = p.person_id)'),
  same('SELECT ward FROM visit v WHERE visit_id IN (SELECT visit_id FROM lab)'),
  same('SELECT ward FROM visit v WHERE EXISTS (SELECT 1 FROM lab l WHERE l.visit_id = v.visit_id AND l.value > 6)'),
  same(
    'SELECT sex FROM person p WHERE EXISTS (SELECT 1 FROM visit v WHERE v.person_id = p.person_id AND EXISTS (SELECT 1 FROM lab l WHERE l.visit_id = v.visit_id))',
  ),
  same(
    'SELECT v.start_date FROM visit v WHERE v.days IN (SELECT w.days FROM visit w WHERE w.person_id = v.person_id AND w.start_date < v.start_date)',
  ),
  same(
    'SELECT v.start_date FROM visit v WHERE v.days NOT IN (SELECT w.days FROM visit w WHERE w.person_id = v.person_id AND w.start_date < v.start_date)',
  ),
  same('SELECT p.sex, p.person_id IN (SELECT person_id FROM death) AS dead FROM person p'),
  same("SELECT code FROM lab WHERE code IN (SELECT code FROM code_name WHERE chapter = 'I')"),
  same('SELECT code FROM lab WHERE code NOT IN (SELECT code FROM code_name WHERE code IS NOT NULL)'),
  same('SELECT l.value FROM lab l WHERE EXISTS (SELECT 1 FROM code_name k WHERE k.code = l.code)'),
  same('SELECT person_id, COUNT(*) AS n FROM visit GROUP BY person_id'),
  same(
    "SELECT person_id, COUNT(*) FILTER (WHERE ward = 'icu') AS n, MIN(start_date) AS first, COUNT(DISTINCT ward) AS wards FROM visit GROUP BY person_id HAVING COUNT(*) > 1",
  ),
  same(
    'SELECT person_id, ward, SUM(days) AS days, MAX(days) AS longest, AVG(days) AS mean FROM visit GROUP BY person_id, ward',
  ),
  fixed('SELECT person_id, SUM(cost) AS total, AVG(cost) AS mean FROM visit GROUP BY person_id'),
  fixed('SELECT person_id, arg_max(ward, start_date) AS ward, bool_or(days > 1) AS long FROM visit GROUP BY person_id'),
  same(
    'SELECT person_id, median(cost) AS m, quantile_disc(start_date, 0.75) AS d, quantile_cont(days, 0.1) AS q, mode(ward) AS w, stddev(days) AS s FROM visit GROUP BY person_id',
  ),
  fixed(
    'SELECT person_id, stddev(cost) AS s, var_pop(cost) FILTER (WHERE days > 0) AS v FROM visit GROUP BY person_id',
  ),
  same(
    'SELECT person_id, first(ward ORDER BY start_date, days DESC) AS f, last(cost ORDER BY start_date NULLS FIRST) AS l, any_value(ward) AS a FROM visit GROUP BY person_id',
  ),
  same('SELECT visit_id, COUNT(*) AS n FROM lab GROUP BY visit_id'),
  same('SELECT person_id, ward, COUNT(*) AS n FROM visit GROUP BY GROUPING SETS ((person_id, ward), (person_id))'),
  same(
    'SELECT sex FROM person p WHERE EXISTS (SELECT ward FROM visit v WHERE v.person_id = p.person_id GROUP BY ward HAVING COUNT(*) > 1)',
  ),
  same('SELECT DISTINCT person_id, ward FROM visit'),
  same('SELECT ward FROM (SELECT DISTINCT person_id, ward FROM visit) AS d'),
  fixed('SELECT ward, row_number() OVER (PARTITION BY person_id ORDER BY start_date) AS n FROM visit'),
  fixed(
    'SELECT ward, start_date, days, lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date) AS next FROM visit',
  ),
  fixed('SELECT first_value(ward) OVER (PARTITION BY person_id ORDER BY start_date) AS first FROM visit'),
  fixed(
    'SELECT ward, last_value(ward) OVER (PARTITION BY person_id ORDER BY start_date) AS l, lag(cost, 2, 0.0) OVER (PARTITION BY person_id) AS two FROM visit',
  ),
  fixed(
    'SELECT sum(cost) OVER (PARTITION BY person_id ORDER BY start_date ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM visit',
  ),
  same(
    'SELECT sum(days) OVER (PARTITION BY person_id ORDER BY start_date) AS s, rank() OVER (PARTITION BY person_id ORDER BY days) AS r FROM visit',
  ),
  fixed('SELECT avg(cost) OVER (PARTITION BY person_id) AS m FROM visit'),
  fixed(
    'SELECT start_date, n FROM (SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY start_date, days) AS n FROM visit) AS v WHERE n = 1',
  ),
  same('SELECT person_id, ward FROM visit UNION ALL SELECT person_id, cause FROM death'),
  same('SELECT ward FROM visit UNION ALL SELECT cause FROM death'),
  same('SELECT person_id, ward FROM visit UNION SELECT person_id, cause FROM death'),
  same('SELECT person_id FROM visit INTERSECT SELECT person_id FROM death'),
  same('SELECT person_id FROM person EXCEPT SELECT person_id FROM death'),
  same('SELECT visit_id FROM visit EXCEPT SELECT visit_id FROM lab'),
  same(
    'WITH stays AS (SELECT person_id, start_date, days FROM visit WHERE days > 0), long AS (SELECT person_id FROM stays WHERE days > 2) SELECT s.days FROM stays s JOIN long l ON s.person_id = l.person_id',
  ),
  same(
    'SELECT a.sex FROM person a JOIN (SELECT person_id, COUNT(*) AS n FROM visit GROUP BY person_id) AS v ON v.person_id = a.person_id WHERE v.n > 1',
  ),
  same(
    "SELECT k.name FROM lab l JOIN (SELECT DISTINCT code, name FROM code_name WHERE chapter = 'I') AS k ON l.code = k.code",
  ),
];
