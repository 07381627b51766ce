/** What the builder writes means what the same question means that is written by hand. */
import { describe, expect, it } from 'vitest';
import {
  abs,
  ageInYears,
  anyValue,
  argMax,
  argMin,
  avg,
  boolAnd,
  boolOr,
  builder,
  cast,
  ceil,
  coalesce,
  concat,
  contains,
  count,
  countDistinct,
  cube,
  dateDiff,
  datePart,
  dateSub,
  dateTrunc,
  denseRank,
  endsWith,
  exists,
  first,
  firstValue,
  floor,
  greatest,
  groupingSets,
  lag,
  last,
  lastDay,
  lastValue,
  lead,
  least,
  left,
  length,
  literal,
  lower,
  ltrim,
  makeDate,
  max,
  median,
  min,
  mode,
  nullif,
  type Query,
  quantileCont,
  quantileDisc,
  rank,
  replace,
  right,
  rollup,
  round,
  rowNumber,
  rtrim,
  sign,
  sqrt,
  startsWith,
  stddev,
  stddevPop,
  strpos,
  substring,
  sum,
  trim,
  trunc,
  tryCast,
  upper,
  values,
  variance,
  variancePop,
  when,
} from '../../src/ask/builder.ts';
import { meaning, NETWORK_INPUT } from './builder-policy.ts';

const { from } = builder(NETWORK_INPUT);
const visits = from('visit');

/** Name, question as built, question by hand. */
type Pair = readonly [name: string, built: Query, sql: string];

const CLAUSES: readonly Pair[] = [
  [
    'where, group, select',
    visits
      .where((v) => v.cost.gt(100))
      .groupBy((v) => v.ward)
      .select((v) => ({ ward: v.ward, n: count(), mean: avg(v.cost) })),
    'SELECT ward, COUNT(*) AS n, AVG(cost) AS mean FROM visit WHERE cost > 100 GROUP BY ward',
  ],
  ['an object where no column is needed', visits.select({ n: count() }), 'SELECT COUNT(*) AS n FROM visit'],
  [
    'several conditions',
    visits
      .where((v) => v.cost.gt(100))
      .where((v) => v.ward.eq('icu').or(v.ward.isNull()))
      .select({ n: count() }),
    "SELECT COUNT(*) AS n FROM visit WHERE cost > 100 AND (ward = 'icu' OR ward IS NULL)",
  ],
  [
    'having, order, limit',
    visits
      .groupBy((v) => [v.ward, datePart('year', v.start_date)])
      .select((v) => ({ ward: v.ward, year: datePart('year', v.start_date), n: count(), cost: sum(v.cost) }))
      .having((o) => o.n.gt(20).and(o.cost.ge(0)))
      .having((o) => o.year.ne(2020))
      .orderBy((o) => [o.year, o.n.desc('nulls first')])
      .orderBy((o) => o.cost.minus(1).asc())
      .limit(10)
      .offset(5),
    `SELECT ward, year(start_date) AS year, COUNT(*) AS n, SUM(cost) AS cost FROM visit
     GROUP BY ward, year(start_date)
     HAVING COUNT(*) > 20 AND SUM(visit.cost) >= 0 AND year(start_date) <> 2020
     ORDER BY year(start_date), COUNT(*) DESC NULLS FIRST, SUM(visit.cost) - 1 LIMIT 10 OFFSET 5`,
  ],
  [
    'distinct keys',
    visits.selectDistinct((v) => ({ ward: v.ward })).orderBy((o) => o.ward),
    'SELECT DISTINCT ward FROM visit ORDER BY ward',
  ],
  [
    'rollup',
    visits
      .groupBy((v) => rollup(v.ward, [datePart('year', v.start_date), datePart('month', v.start_date)]))
      .select((v) => ({ ward: v.ward, n: count() })),
    'SELECT ward, COUNT(*) AS n FROM visit GROUP BY ROLLUP (ward, (year(start_date), month(start_date)))',
  ],
  [
    'cube beside a key',
    from('person')
      .groupBy((p) => [p.city, cube(p.sex, p.birth_year)])
      .select((p) => ({ sex: p.sex, city: p.city, n: count() })),
    'SELECT sex, city, COUNT(*) AS n FROM person GROUP BY city, CUBE (sex, birth_year)',
  ],
  [
    'grouping sets',
    from('person')
      .groupBy((p) => groupingSets([p.sex, p.city], p.sex, []))
      .select((p) => ({ sex: p.sex, city: p.city, n: count() })),
    'SELECT sex, city, COUNT(*) AS n FROM person GROUP BY GROUPING SETS ((sex, city), (sex), ())',
  ],
];

const JOINS: readonly Pair[] = [
  [
    'inner',
    visits
      .join('person', (v, p) => v.person_id.eq(p.person_id))
      .where((_, p) => p.sex.eq('F'))
      .groupBy((v) => v.ward)
      .select((v, p) => ({ ward: v.ward, women: countDistinct(p.person_id) })),
    `SELECT ward, COUNT(DISTINCT person.person_id) AS women FROM visit JOIN person ON visit.person_id = person.person_id
     WHERE sex = 'F' GROUP BY ward`,
  ],
  [
    'left, after a condition',
    from('person')
      .where((p) => p.birth_year.lt(1960))
      .leftJoin('visit', (p, v) => p.person_id.eq(v.person_id).and(v.ward.eq('icu')))
      .select((_, v) => ({ n: count(v.cost) })),
    `SELECT COUNT(cost) AS n FROM person LEFT JOIN visit ON person.person_id = visit.person_id AND ward = 'icu'
     WHERE birth_year < 1960`,
  ],
  [
    'full',
    from('person')
      .fullJoin('visit', (p, v) => p.person_id.eq(v.person_id))
      .select((p) => ({ n: count(p.sex) })),
    'SELECT COUNT(sex) AS n FROM person FULL JOIN visit ON person.person_id = visit.person_id',
  ],
  [
    'with itself',
    visits
      .join('visit', (a, b) => a.person_id.eq(b.person_id).and(b.start_date.gt(a.start_date)))
      .select((a) => ({ units: countDistinct(a.person_id) })),
    `SELECT COUNT(DISTINCT a.person_id) AS units FROM visit a JOIN visit b
     ON a.person_id = b.person_id AND b.start_date > a.start_date`,
  ],
  [
    'along the link to the unit',
    from('lab')
      .join('visit', (l, v) => l.visit_id.eq(v.visit_id))
      .where((l) => l.code.eq('a1c'))
      .groupBy((_, v) => v.ward)
      .select((l, v) => ({ ward: v.ward, mean: avg(l.value) })),
    "SELECT ward, AVG(value) AS mean FROM lab JOIN visit USING (visit_id) WHERE code = 'a1c' GROUP BY ward",
  ],
  [
    'with a public table',
    from('lab')
      .join('code_name', (l, c) => l.code.eq(c.code))
      .groupBy((_, c) => c.name)
      .select((_, c) => ({ name: c.name, n: count() })),
    'SELECT name, COUNT(*) AS n FROM lab JOIN code_name USING (code) GROUP BY name',
  ],
  [
    'with a query',
    from('person')
      .join(
        visits.groupBy((v) => v.person_id).select((v) => ({ person_id: v.person_id, first: min(v.start_date) })),
        (p, f) => p.person_id.eq(f.person_id),
      )
      .groupBy((p) => p.sex)
      .select((p, f) => ({ sex: p.sex, n: count().filter(f.first.ge('2020-01-01')) })),
    `SELECT sex, COUNT(*) FILTER (WHERE first >= DATE '2020-01-01') AS n
     FROM person JOIN (SELECT person_id, MIN(start_date) AS first FROM visit GROUP BY person_id) f
     ON person.person_id = f.person_id GROUP BY sex`,
  ],
  [
    'named with the data set',
    from('network.visit')
      .join('network.visit', (a, b) => a.person_id.eq(b.person_id))
      .select({ n: count() }),
    'SELECT COUNT(*) AS n FROM network.visit a JOIN visit b ON a.person_id = b.person_id',
  ],
];

const COHORTS: readonly Pair[] = [
  [
    'in a query',
    from('person')
      .where((p) => p.person_id.in(visits.where((v) => v.ward.eq('icu')).select(({ person_id }) => ({ person_id }))))
      .select({ n: count() }),
    "SELECT COUNT(*) AS n FROM person WHERE person_id IN (SELECT person_id FROM visit WHERE ward = 'icu')",
  ],
  [
    'not in a query',
    from('person')
      .where((p) => p.person_id.notIn(visits.select(({ person_id }) => ({ person_id }))))
      .select({ n: count() }),
    'SELECT COUNT(*) AS n FROM person WHERE person_id NOT IN (SELECT person_id FROM visit)',
  ],
  [
    'exists, of the same table',
    visits
      .where((v) => exists(visits.where((w) => w.person_id.eq(v.person_id).and(w.start_date.lt(v.start_date)))))
      .select({ n: count() }),
    `SELECT COUNT(*) AS n FROM visit v
     WHERE EXISTS (SELECT 1 FROM visit w WHERE w.person_id = v.person_id AND w.start_date < v.start_date)`,
  ],
  [
    'not exists, inside exists',
    from('person')
      .where((p) =>
        exists(
          visits
            .where((v) => v.person_id.eq(p.person_id))
            .where((v) => exists(visits.where((w) => w.person_id.eq(p.person_id).and(w.cost.gt(v.cost)))).not())
            .where((v) => v.ward.eq('icu'))
            .select((v) => ({ ward: v.ward })),
        ),
      )
      .select({ n: count() }),
    `SELECT COUNT(*) AS n FROM person p WHERE EXISTS (SELECT ward FROM visit v WHERE v.person_id = p.person_id
     AND NOT EXISTS (SELECT 1 FROM visit w WHERE w.person_id = p.person_id AND w.cost > v.cost) AND ward = 'icu')`,
  ],
  [
    'a cohort as a group',
    from('person')
      .groupBy((p) => p.person_id.in(visits.where((v) => v.ward.eq('icu')).select(({ person_id }) => ({ person_id }))))
      .select((p) => ({
        icu: p.person_id.in(visits.where((w) => w.ward.eq('icu')).select(({ person_id }) => ({ person_id }))),
        n: count(),
      })),
    `SELECT person_id IN (SELECT person_id FROM visit WHERE ward = 'icu') AS icu, COUNT(*) AS n FROM person
     GROUP BY icu`,
  ],
  [
    'per unit',
    from(visits.groupBy((v) => v.person_id).select((v) => ({ person_id: v.person_id, visits: count() })))
      .groupBy((u) => u.visits)
      .select((u) => ({ visits: u.visits, units: count() }))
      .orderBy((o) => o.visits),
    `SELECT visits, COUNT(*) AS units FROM (SELECT person_id, COUNT(*) AS visits FROM visit GROUP BY person_id)
     GROUP BY visits ORDER BY visits`,
  ],
  [
    'windows',
    from(
      visits.select((v) => ({
        person_id: v.person_id,
        ward: v.ward,
        visit: rowNumber().over({ partitionBy: v.person_id, orderBy: v.start_date }),
        days: lead(v.start_date).over({ partitionBy: v.person_id, orderBy: v.start_date.asc() }).minus(v.start_date),
        before: lag(v.cost, 2, 0).over({ partitionBy: v.person_id, orderBy: [v.start_date.desc(), v.cost] }),
        running: sum(v.cost).over({ partitionBy: [v.person_id], orderBy: v.start_date, rows: [null, 0] }),
        near: count()
          .filter(v.cost.gt(1))
          .over({ partitionBy: v.person_id, orderBy: v.start_date, rows: [-1, 1] }),
        first: firstValue(v.ward).over({ partitionBy: v.person_id, orderBy: v.start_date }),
        last: lastValue(v.ward).over({ partitionBy: v.person_id, orderBy: v.start_date, rows: [0, null] }),
        rank: rank().over({ partitionBy: v.person_id, orderBy: v.cost }),
        dense: denseRank().over({ partitionBy: v.person_id, orderBy: v.cost }),
      })),
    )
      .where((w) => w.visit.eq(1).and(w.first.eq('icu')))
      .select((w) => ({
        soon: count().filter(w.days.le(30)),
        rest: sum(w.before.plus(w.running).plus(w.near).plus(w.rank).plus(w.dense)),
        wards: countDistinct(w.last),
      })),
    `SELECT COUNT(*) FILTER (WHERE days <= 30) AS soon, SUM(before + running + near + rank + dense) AS rest,
       COUNT(DISTINCT last) AS wards
     FROM (SELECT person_id, ward, row_number() OVER (PARTITION BY person_id ORDER BY start_date) AS visit,
       lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date) - start_date AS days,
       lag(cost, 2, 0) OVER (PARTITION BY person_id ORDER BY start_date DESC, cost) AS before,
       SUM(cost) OVER (PARTITION BY person_id ORDER BY start_date ROWS UNBOUNDED PRECEDING) AS running,
       COUNT(*) FILTER (WHERE cost > 1)
         OVER (PARTITION BY person_id ORDER BY start_date ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS near,
       first_value(ward) OVER (PARTITION BY person_id ORDER BY start_date) AS first,
       last_value(ward) OVER (PARTITION BY person_id ORDER BY start_date
         ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS last,
       rank() OVER (PARTITION BY person_id ORDER BY cost) AS rank,
       dense_rank() OVER (PARTITION BY person_id ORDER BY cost) AS dense FROM visit) w
     WHERE visit = 1 AND first = 'icu'`,
  ],
  [
    'aggregates of one unit',
    from(
      visits
        .groupBy(({ person_id }) => person_id)
        .select((v) => ({
          person_id: v.person_id,
          first: argMin(v.ward, v.start_date),
          last: argMax(v.ward, v.start_date),
          dearest: max(v.cost),
          ever: boolOr(v.ward.eq('icu')),
          only: boolAnd(v.ward.eq('icu')),
        })),
    )
      .where((u) => u.ever.and(u.only.not()).and(u.dearest.gt(5)))
      .groupBy((u) => [u.first, u.last])
      .select((u) => ({ first: u.first, last: u.last, n: count() })),
    `SELECT first, last, COUNT(*) AS n FROM (SELECT person_id, arg_min(ward, start_date) AS first,
       arg_max(ward, start_date) AS last, MAX(cost) AS dearest, bool_or(ward = 'icu') AS ever,
       bool_and(ward = 'icu') AS only FROM visit GROUP BY person_id)
     WHERE ever AND NOT "only" AND dearest > 5 GROUP BY first, last`,
  ],
  [
    'order statistics of one unit',
    from(
      visits
        .groupBy(({ person_id }) => person_id)
        .select((v) => ({
          person_id: v.person_id,
          entered: first(v.ward, [v.start_date, v.cost.desc('nulls first')]),
          left: last(v.ward, v.start_date).filter(v.cost.gt(1)),
          some: anyValue(v.ward),
          usual: mode(v.ward),
          middle: median(v.cost),
          high: quantileCont(v.cost, 0.9),
          day: quantileDisc(v.start_date, 0.25),
          spread: stddev(v.cost).plus(stddevPop(v.cost)),
          squares: variance(v.cost).minus(variancePop(v.cost)),
        })),
    )
      .where((u) => u.entered.eq(u.left).and(u.some.ne(u.usual)).and(u.day.gt('2020-01-01')))
      .select((u) => ({ a: avg(u.middle), b: avg(u.high), c: avg(u.spread), d: avg(u.squares) })),
    `SELECT AVG(middle) AS a, AVG(high) AS b, AVG(spread) AS c, AVG(squares) AS d
     FROM (SELECT person_id, first(ward ORDER BY start_date, cost DESC NULLS FIRST) AS entered,
       last(ward ORDER BY start_date) FILTER (WHERE cost > 1) AS "left", any_value(ward) AS "some", mode(ward) AS usual,
       median(cost) AS middle, quantile_cont(cost, 0.9) AS high, quantile_disc(start_date, 0.25) AS day,
       stddev(cost) + stddev_pop(cost) AS spread, variance(cost) - var_pop(cost) AS squares
       FROM visit GROUP BY person_id)
     WHERE entered = "left" AND "some" <> usual AND day > DATE '2020-01-01'`,
  ],
];

const unitsOf = (ward: 'icu' | 'surgery') =>
  visits.where((v) => v.ward.eq(ward)).select(({ person_id, cost }) => ({ person_id, cost }));

const SETS: readonly Pair[] = (['unionAll', 'union', 'intersect', 'except'] as const).map((operation): Pair => {
  const word = operation === 'unionAll' ? 'UNION ALL' : operation.toUpperCase();
  return [
    word,
    from(unitsOf('icu')[operation](unitsOf('surgery'))).select((u) => ({
      n: countDistinct(u.person_id),
      c: avg(u.cost),
    })),
    `SELECT COUNT(DISTINCT person_id) AS n, AVG(cost) AS c FROM (SELECT person_id, cost FROM visit WHERE ward = 'icu'
     ${word} SELECT person_id, cost FROM visit WHERE ward = 'surgery')`,
  ];
});

const STANDARD = [
  { sex: 'F', share: 0.5 },
  { sex: 'M', share: null },
  { sex: "O'", share: 1 },
] as const;

const LISTED: readonly Pair[] = [
  [
    'rows that are listed, joined to persons',
    from('person')
      .join(values(STANDARD), (p, s) => p.sex.eq(s.sex))
      .select((_, s) => ({ n: count(), total: sum(s.share) })),
    `SELECT COUNT(*) AS n, SUM(s.share) AS total
     FROM person p JOIN (VALUES ('F', 0.5), ('M', NULL), ('O''', 1)) AS s(sex, share) ON p.sex = s.sex`,
  ],
  [
    'columns of listed rows by their names',
    values([{ share: 1.5, sex: 'F' }]).unionAll(values([{ sex: 'M', share: 2.5 }]).limit(1)),
    `SELECT share, sex FROM (VALUES (1.5, 'F')) AS a(share, sex)
     UNION ALL (SELECT share, sex FROM (VALUES ('M', 2.5)) AS b(sex, share) LIMIT 1)`,
  ],
];

const AFTERWARDS: readonly Pair[] = [
  [
    'a query over an answer',
    from(
      visits
        .groupBy((v) => v.ward)
        .select((v) => ({ ward: v.ward, n: count() }))
        .having((o) => o.n.gt(0)),
    )
      .where((a) => a.ward.ne('icu'))
      .select((a) => ({ ward: a.ward, thousands: round(a.n.dividedBy(1000), 1) }))
      .orderBy((o) => o.thousands.desc())
      .limit(1),
    `SELECT ward, round(n / 1000, 1) AS thousands FROM (SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward
     HAVING COUNT(*) > 0) WHERE ward <> 'icu' ORDER BY thousands DESC LIMIT 1`,
  ],
  [
    'sets of ordered answers, ordered',
    visits
      .groupBy((v) => v.ward)
      .select((v) => ({ key: v.ward, n: count() }))
      .orderBy((o) => o.n.desc())
      .limit(2)
      .unionAll(
        from('person')
          .groupBy((p) => p.city)
          .select((p) => ({ n: count(), key: p.city })),
      )
      .orderBy((o) => [o.key, o.n.plus(1).desc()])
      .limit(7),
    `(SELECT ward AS key, COUNT(*) AS n FROM visit GROUP BY ward ORDER BY n DESC LIMIT 2)
     UNION ALL SELECT city, COUNT(*) FROM person GROUP BY city ORDER BY key, n + 1 DESC LIMIT 7`,
  ],
];

/** One expression over a visit and its person. */
const EXPRESSIONS: readonly (readonly [built: Query, sql: string])[] = (() => {
  const both = visits.join('person', (v, p) => v.person_id.eq(p.person_id));
  const pick = both.select.bind(both);
  return [
    [
      pick((_, p) => ({ x: sum(p.birth_year.plus(1).times(2).minus(p.birth_year)) })),
      'sum((birth_year + 1) * 2 - birth_year)',
    ],
    [pick((_, p) => ({ x: sum(p.birth_year.minus(p.birth_year.minus(1))) })), 'sum(birth_year - (birth_year - 1))'],
    [pick((v) => ({ x: avg(v.cost.dividedBy(3.5).negate()) })), 'avg(-(cost / 3.5))'],
    [pick((_, p) => ({ x: sum(p.birth_year.intDividedBy(10).modulo(7)) })), 'sum(birth_year // 10 % 7)'],
    [
      pick((v) => ({ x: count().filter(v.ward.in(['icu', 'surgery'])) })),
      "count(*) FILTER (WHERE ward IN ('icu', 'surgery'))",
    ],
    [pick((v) => ({ x: count().filter(v.ward.notIn(['icu'])) })), "count(*) FILTER (WHERE ward NOT IN ('icu'))"],
    [
      pick((v) => ({ x: count().filter(v.cost.between(1, 2.5).not()) })),
      'count(*) FILTER (WHERE NOT (cost BETWEEN 1 AND 2.5))',
    ],
    [
      pick((v) => ({ x: count().filter(v.start_date.between('2020-01-01', '2020-12-31')) })),
      "count(*) FILTER (WHERE start_date BETWEEN DATE '2020-01-01' AND DATE '2020-12-31')",
    ],
    [
      pick((v, p) => ({ x: count().filter(v.ward.isDistinctFrom('icu').and(p.city.isNotDistinctFrom(p.sex))) })),
      "count(*) FILTER (WHERE ward IS DISTINCT FROM 'icu' AND city IS NOT DISTINCT FROM sex)",
    ],
    [
      pick((_, p) => ({ x: count().filter(p.city.like('B%').or(p.city.ilike('%x_'))) })),
      "count(*) FILTER (WHERE city LIKE 'B%' OR city ILIKE '%x_')",
    ],
    [pick((_, p) => ({ x: countDistinct(p.city.append('/').append(p.sex)) })), "count(DISTINCT city || '/' || sex)"],
    [
      pick((v) => ({ x: sum(when(v.cost.gt(1000), 3).when(v.cost.isNotNull(), 2).else(1)) })),
      'sum(CASE WHEN cost > 1000 THEN 3 WHEN cost IS NOT NULL THEN 2 ELSE 1 END)',
    ],
    [pick((v) => ({ x: count(when(v.cost.gt(1000), v.cost)) })), 'count(CASE WHEN cost > 1000 THEN cost END)'],
    [
      pick((v) => ({ x: count(when(v.cost.gt(1000), v.cost).else(null)) })),
      'count(CASE WHEN cost > 1000 THEN cost ELSE NULL END)',
    ],
    [pick((v) => ({ x: countDistinct(coalesce(v.ward, 'none')) })), "count(DISTINCT coalesce(ward, 'none'))"],
    [pick((v) => ({ x: count(nullif(v.ward, 'icu')) })), "count(nullif(ward, 'icu'))"],
    [
      pick((_, p) => ({ x: avg(cast(p.city, 'double')), y: sum(tryCast(p.city, 'integer')) })),
      'avg(CAST(city AS DOUBLE)) AS x, sum(TRY_CAST(city AS BIGINT)) AS y',
    ],
    [
      pick((v) => ({ x: count().filter(v.start_date.lt(cast('2020-02-03', 'date'))) })),
      "count(*) FILTER (WHERE start_date < DATE '2020-02-03')",
    ],
    [
      pick((v) => ({ x: countDistinct(v.start_date.plus(30, 'day').minus(2, 'month')) })),
      'count(DISTINCT start_date + INTERVAL 30 DAY - INTERVAL 2 MONTH)',
    ],
    [
      pick((v, p) => ({ x: countDistinct(v.start_date.plus(p.birth_year, 'hour')) })),
      'count(DISTINCT start_date + INTERVAL (birth_year) HOUR)',
    ],
    [
      pick((v) => ({
        x: sum(dateDiff('week', '2020-01-01', v.start_date)),
        y: sum(dateSub('year', v.start_date, '2024-01-01')),
      })),
      "sum(date_diff('week', DATE '2020-01-01', start_date)) AS x, sum(date_sub('year', start_date, DATE '2024-01-01')) AS y",
    ],
    [
      pick((v, p) => ({ x: sum(ageInYears(makeDate(p.birth_year, 7, 1), v.start_date)) })),
      'sum(age_in_years(make_date(birth_year, 7, 1), start_date))',
    ],
    [
      pick((v) => ({ x: countDistinct(lastDay(dateTrunc('month', v.start_date))) })),
      "count(DISTINCT last_day(date_trunc('month', start_date)))",
    ],
    [
      pick((v) => ({ x: countDistinct(dateTrunc('hour', v.start_date)) })),
      "count(DISTINCT date_trunc('hour', start_date))",
    ],
    [
      pick((v) => ({
        x: sum(
          floor(v.cost).plus(ceil(v.cost)).plus(trunc(v.cost)).plus(abs(v.cost)).plus(sign(v.cost)).plus(sqrt(v.cost)),
        ),
      })),
      'sum(floor(cost) + ceil(cost) + trunc(cost) + abs(cost) + sign(cost) + sqrt(cost))',
    ],
    [
      pick((v) => ({ x: sum(round(v.cost, -2)), y: sum(greatest(v.cost, 10, 20.5)), z: sum(least(v.cost, 10)) })),
      'sum(round(cost, -2)) AS x, sum(greatest(cost, 10, 20.5)) AS y, sum(least(cost, 10)) AS z',
    ],
    [
      pick((_, p) => ({
        x: countDistinct(lower(trim(p.city))),
        y: countDistinct(upper(ltrim(rtrim(p.city, ' '), 'x'))),
      })),
      "count(DISTINCT lower(trim(city))) AS x, count(DISTINCT upper(ltrim(rtrim(city, ' '), 'x'))) AS y",
    ],
    [
      pick((_, p) => ({ x: sum(length(p.city).plus(strpos(p.city, 'x'))), y: countDistinct(substring(p.city, 2, 3)) })),
      "sum(length(city) + strpos(city, 'x')) AS x, count(DISTINCT substring(city, 2, 3)) AS y",
    ],
    [
      pick((_, p) => ({
        x: countDistinct(left(p.city, 2)),
        y: countDistinct(right(p.city, 2)),
        z: countDistinct(replace(p.city, 'a', 'b')),
      })),
      "count(DISTINCT left(city, 2)) AS x, count(DISTINCT right(city, 2)) AS y, count(DISTINCT replace(city, 'a', 'b')) AS z",
    ],
    [
      pick((_, p) => ({
        x: count().filter(startsWith(p.city, 'a').and(endsWith(p.city, 'b')).or(contains(p.city, 'c'))),
      })),
      "count(*) FILTER (WHERE starts_with(city, 'a') AND ends_with(city, 'b') OR contains(city, 'c'))",
    ],
    [
      pick((v, p) => ({ x: countDistinct(concat(p.city, 1, v.ward, true)) })),
      'count(DISTINCT concat(city, 1, ward, TRUE))',
    ],
    [
      pick((v) => ({ x: sum(v.cost).dividedBy(count()), y: literal(1).times(100).times(count()) })),
      'sum(cost) / count(*) AS x, 1 * 100 * count(*) AS y',
    ],
    [pick((v) => ({ x: sum(v.ward.eq('icu')), y: avg(v.cost.gt(5)) })), "sum(ward = 'icu') AS x, avg(cost > 5) AS y"],
  ];
})();

describe('means what the same SQL means', () => {
  it.each([...CLAUSES, ...JOINS, ...COHORTS, ...SETS, ...LISTED, ...AFTERWARDS])('%s', (_, built, sql) => {
    expect(meaning(built)).toBe(meaning(sql));
  });

  it.each(EXPRESSIONS.map(([built, sql]) => [sql, built] as const))('%s', (sql, built) => {
    const named = sql.includes(' AS x') ? sql : `${sql} AS x`;
    expect(meaning(built)).toBe(
      meaning(`SELECT ${named} FROM visit JOIN person ON visit.person_id = person.person_id`),
    );
  });
});
