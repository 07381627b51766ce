/** Joins of relations that have one row per person, under conditions that not all of these rows meet. */
import type { Draw } from '../attack/random.ts';

/** Counts and sums over such a join: where a row of each side stays unmatched, a person has two. */
export function singleRowsQuestion(draw: Draw): string {
  const key = draw.pick(['', '', '', '', '', 'j.at', 'j.bt', "CASE WHEN j.an > 2 THEN 'a' WHEN j.bn > 2 THEN 'b' END"]);
  const calls = [
    'COUNT(*) AS n',
    'COUNT(DISTINCT j.u) AS u',
    'COUNT(j.an) AS f',
    'SUM(LEAST(GREATEST(j.an, 0), 9)) AS s',
    'AVG(LEAST(GREATEST(j.bn, -3), 5)) AS m',
  ];
  const shown = [...(key === '' ? [] : [`${key} AS k`]), ...draw.some(calls, 3)];
  const where = draw.pick(['', '', '', '', ' WHERE j.an IS NULL OR j.bn IS NULL', ' WHERE j.bt IS NOT NULL']);
  const from = `(SELECT COALESCE(a.u, b.u) AS u, a.t AS at, a.n AS an, b.t AS bt, b.n AS bn FROM ${joined(draw, 1)}) AS j`;
  return `SELECT ${shown.join(', ')} FROM ${from}${where}${key === '' ? '' : ' GROUP BY k'}`;
}

function joined(draw: Draw, depth: number): string {
  const kind = draw.pick(['FULL JOIN', 'FULL JOIN', 'FULL JOIN', 'LEFT JOIN', 'JOIN']);
  return `(${side(draw, depth)}) AS a ${kind} (${side(draw, depth)}) AS b ON ${condition(draw)}`;
}

/** Columns `u`, a text `t` and a whole number `n`. */
function side(draw: Draw, depth: number): string {
  return draw.weighted<string>([
    [5, () => 'SELECT person_id AS u, sex AS t, birth_year AS n FROM person'],
    [1, () => 'SELECT person_id AS u, city AS t, birth_year % 7 AS n FROM person WHERE smoker'],
    [1, () => 'SELECT person_id AS u, cause AS t, extract(month FROM died) AS n FROM death'],
    [4, () => 'SELECT person_id AS u, MIN(ward) AS t, COUNT(*) AS n FROM visit GROUP BY person_id'],
    [1, () => 'SELECT DISTINCT person_id AS u, NULLIF(sex, sex) AS t, birth_year - birth_year AS n FROM person'],
    [
      1,
      () =>
        'SELECT person_id AS u, ward AS t, days AS n FROM visit WHERE cost > 1 QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY start_date) = 1',
    ],
    [depth, () => `SELECT COALESCE(a.u, b.u) AS u, a.t, b.n FROM ${joined(draw, depth - 1)}`],
  ]);
}

/** The unit's equality alone, with more, in every branch of an OR, or on both sides of another shape that implies it. */
function condition(draw: Draw): string {
  const more = (): string =>
    draw.pick(['a.t = b.t', 'a.n < b.n', 'a.n >= b.n', "a.t = 'F'", 'b.n > 3', 'a.t IS NULL', 'a.n <> b.n', '1 = 0']);
  return draw.weighted<string>([
    [2, () => 'a.u = b.u'],
    [2, () => `a.u = b.u AND ${more()}`],
    [8, () => `(a.u = b.u AND ${more()}) OR (b.u = a.u AND ${more()})`],
    [1, () => `a.u = b.u AND (${more()} OR ${more()})`],
    [1, () => `(a.u = b.u AND ${more()}) OR (a.u = b.u AND ${more()}) OR (a.u = b.u AND ${more()})`],
  ]);
}
