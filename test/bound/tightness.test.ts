/** No question is charged more than the best analysis would: what one person can move, question by question. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import type { Plan, PrivacyParameters } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { rational } from '../../src/dp/rational.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK } from '../policy/network.ts';
import { HALF } from './half.ts';

const POLICY = parsePolicy(NETWORK);
/** The same network where costs are never missing. */
const COMPLETE = parsePolicy(
  NETWORK.replace('bounds: [0, 50000], step: 0.01', 'bounds: [0, 50000], step: 0.01, nullable: false'),
);

function planOf(sql: string, policy = POLICY, parameters: Partial<PrivacyParameters> = {}): Plan {
  return makePlan(ask(sql, policy), policy, { ...HALF, ...parameters }, sql).plan;
}

/** ℓ₁ sensitivity in lattice steps of every measured statistic, by grouping set. */
function moves(sql: string, policy = POLICY): bigint[] {
  return planOf(sql, policy)
    .questions[0]!.measurements.flat()
    .flatMap((measurement) => (measurement === null ? [] : [measurement.sensitivity.l1]));
}

function keys(sql: string): unknown {
  return planOf(sql).questions[0]!.bounded.keys.map(({ domain }) => {
    if (domain === null) return null;
    if (domain.kind === 'list') return domain.values;
    return domain.kind === 'span' ? [domain.low, domain.high] : 'relation';
  });
}

describe('a person moves', () => {
  const K = 20n;
  const cases: readonly (readonly [string, readonly bigint[]])[] = [
    ['SELECT COUNT(*) FROM person', [1n]],
    ['SELECT COUNT(*) FROM visit', [K]],
    ['SELECT COUNT(DISTINCT person_id) FROM visit', [1n]],
    ['SELECT COUNT(DISTINCT v.person_id) FROM visit v JOIN lab l ON v.visit_id = l.visit_id', [1n]],
    ['SELECT sex, COUNT(*), COUNT(DISTINCT person_id) FROM person GROUP BY sex', [1n]],
    ['SELECT ward, COUNT(DISTINCT person_id) FROM visit GROUP BY ward', [3n]],
    ['SELECT ward, COUNT(*) FROM visit GROUP BY ward', [3n * K]],
    ["SELECT ward, COUNT(*) FROM visit WHERE ward = 'icu' GROUP BY ward", [K]],
    ["SELECT ward, COUNT(*) FROM visit WHERE ward IN ('icu', 'surgery') GROUP BY ward", [2n * K]],
    // A key of the person alone: one group, whatever else is joined.
    ['SELECT sex, COUNT(*) FROM visit JOIN person USING (person_id) GROUP BY sex', [K]],
    ['SELECT sex, COUNT(DISTINCT p.person_id) FROM visit v JOIN person p USING (person_id) GROUP BY sex', [1n]],
    ['SELECT person_id IN (SELECT person_id FROM visit) AS seen, COUNT(*) FROM person GROUP BY seen', [1n]],
    [
      "SELECT EXISTS (SELECT 1 FROM lab l JOIN visit w ON l.visit_id = w.visit_id WHERE w.person_id = v.person_id AND l.code = 'a1c') AS tested, COUNT(*) FROM visit v GROUP BY tested",
      [K],
    ],
    // One row per person inside needs no bound on rows.
    [
      'SELECT least(n, 10) AS n, COUNT(*) FROM (SELECT person_id, COUNT(*) AS n FROM visit GROUP BY person_id) GROUP BY 1',
      [1n],
    ],
    ['SELECT COUNT(*) FROM (SELECT DISTINCT person_id FROM visit)', [1n]],
    ['SELECT ward, COUNT(*) FROM (SELECT DISTINCT person_id, ward FROM visit) GROUP BY ward', [3n]],
    [
      'SELECT ward, COUNT(*) FROM (SELECT ward, row_number() OVER (PARTITION BY person_id ORDER BY start_date) AS n FROM visit) WHERE n = 1 GROUP BY ward',
      [1n],
    ],
    [
      'SELECT COUNT(*) FROM (SELECT ward, row_number() OVER (PARTITION BY person_id ORDER BY start_date) AS n FROM visit) WHERE n <= 3',
      [3n],
    ],
    [
      'SELECT first, COUNT(*) FROM (SELECT DISTINCT person_id, first_value(ward) OVER (PARTITION BY person_id ORDER BY start_date) AS first FROM visit) GROUP BY first',
      [1n],
    ],
    // Not tight, and rightly so: an OR of unit equalities lets rows meet in more than one way.
    [
      "SELECT COUNT(*) FROM person a FULL JOIN person b ON (a.person_id = b.person_id AND a.sex = 'F' AND b.sex = 'M') OR (a.person_id = b.person_id AND a.birth_year > 2000)",
      [K],
    ],
    ['SELECT COUNT(*) FROM person a FULL JOIN person b ON a.person_id = b.person_id', [1n]],
    ['SELECT COUNT(*) FROM (SELECT person_id FROM person INTERSECT SELECT person_id FROM visit)', [1n]],
    ['SELECT COUNT(*) FROM (SELECT person_id FROM visit UNION SELECT person_id FROM person)', [1n]],
    // Rows that the question lists: as many as can meet one of a person's.
    ["SELECT COUNT(*) FROM person p JOIN (VALUES ('F', 1), ('M', 2)) AS k(sex, w) ON p.sex = k.sex", [1n]],
    ["SELECT COUNT(*) FROM person p JOIN (SELECT 'F' AS sex UNION ALL SELECT 'M') k ON p.sex = k.sex", [1n]],
    [
      "SELECT w, COUNT(*) FROM person p JOIN (VALUES ('F', 1), ('M', 2)) AS k(sex, w) ON p.sex = k.sex GROUP BY w",
      [1n],
    ],
    ["SELECT COUNT(*) FROM person p LEFT JOIN (VALUES ('F', 1), ('M', 2)) AS k(sex, w) ON p.sex = k.sex", [1n]],
    [
      "SELECT COUNT(*) FROM person p JOIN (VALUES ('F', 1950), ('F', 1951), ('M', 1950)) AS k(sex, y) ON p.sex = k.sex AND p.birth_year = k.y",
      [1n],
    ],
    ["SELECT COUNT(*) FROM person p CROSS JOIN (VALUES ('a')) AS k(x)", [1n]],
    ["SELECT COUNT(*) FROM visit v JOIN (VALUES ('icu', 1), ('surgery', 2)) AS k(ward, w) ON v.ward = k.ward", [K]],
    ['SELECT COUNT(*) FROM person CROSS JOIN (VALUES (1), (2), (3)) AS k(x)', [3n]],
    // Bands that do not meet: one row each, and a key of the person alone where the banded value is.
    [
      "SELECT b.name, COUNT(*) FROM person p JOIN (VALUES ('a', 1900, 1949), ('b', 1950, 1979), ('c', 1980, 2025)) AS b(name, low, high) ON p.birth_year BETWEEN b.low AND b.high GROUP BY b.name",
      [1n],
    ],
    [
      'SELECT COUNT(*) FROM person p, (VALUES (1900, 1950), (1950, 1980)) AS b(low, high) WHERE p.birth_year >= b.low AND b.high > p.birth_year',
      [1n],
    ],
    [
      'SELECT COUNT(*) FROM person p LEFT JOIN (VALUES (1900, 1949), (1950, NULL), (1960, 1970)) AS b(low, high) ON p.birth_year BETWEEN b.low AND b.high',
      [1n],
    ],
    [
      "WITH s(sex, low, w) AS (VALUES ('F', 1900, 0.1), ('F', 1950, 0.2), ('M', 1900, 0.3), ('M', 1950, 0.4)) SELECT COUNT(*) FROM person p JOIN s ON p.sex = s.sex AND p.birth_year >= s.low AND p.birth_year < s.low + 50",
      [1n],
    ],
    [
      'SELECT d.decade, COUNT(*) FROM visit v JOIN person p USING (person_id) JOIN (SELECT * FROM (VALUES (1950), (1960)) AS t(decade) WHERE decade > 0) AS d ON p.birth_year BETWEEN d.decade AND d.decade + 9 GROUP BY d.decade',
      [K],
    ],
    [
      'SELECT b.low, COUNT(*) FROM visit v JOIN (VALUES (0, 9.5), (10, 99)) AS b(low, high) ON v.cost BETWEEN b.low AND b.high GROUP BY b.low',
      [2n * K],
    ],
    ['SELECT COUNT(*) FROM visit v JOIN person p USING (person_id) CROSS JOIN (VALUES (1)) AS k(x) GROUP BY x', [K]],
    // Bands that share an end, or whose ends are not those of one value.
    [
      'SELECT COUNT(*) FROM person p JOIN (VALUES (1900, 1950), (1950, 1980)) AS b(low, high) ON p.birth_year BETWEEN b.low AND b.high',
      [2n],
    ],
    [
      'SELECT COUNT(*) FROM person p JOIN (VALUES (1900, 1949), (1950, 1980)) AS b(low, high) ON p.birth_year >= b.low AND p.birth_year + 1 <= b.high',
      [2n],
    ],
    // Not unique: equal keys, zeros of both signs, and two NULLs that a row without a value could not tell apart.
    ["SELECT COUNT(*) FROM person p JOIN (VALUES ('F', 1), ('F', 2)) AS k(sex, w) ON p.sex = k.sex", [2n]],
    ["SELECT COUNT(*) FROM person p JOIN (VALUES ('F', 1), ('F', 1)) AS k(sex, w) ON p.sex = k.sex", [K]],
    ['SELECT COUNT(*) FROM person p JOIN (VALUES (0.0), (-0.0)) AS k(x) ON CAST(p.birth_year AS DOUBLE) = k.x', [K]],
    // Ranges narrow what a sum can move: steps of 0.01.
    ['SELECT SUM(cost) FROM visit', [K * 5_000_000n]],
    ['SELECT SUM(cost) FROM visit WHERE cost <= 100', [K * 10_000n]],
    ['SELECT SUM(cost) FROM visit WHERE cost BETWEEN 50 AND 100', [K * 10_000n]],
    ['SELECT SUM(least(cost, 100)) FROM visit', [K * 10_000n]],
    ['SELECT SUM(CASE WHEN cost < 100 THEN cost ELSE 0 END) FROM visit', [K * 10_000n]],
    ["SELECT SUM(CASE WHEN ward = 'icu' THEN 1 ELSE 0 END) FROM visit", [K]],
    ['SELECT SUM(2025 - birth_year) FROM person', [125n]],
    ["SELECT SUM(date_diff('year', DATE '2015-01-01', start_date)) FROM visit", [K * 10n]],
    ["SELECT SUM(value) FROM lab WHERE code = 'a1c'", [K * 200n]],
    ["SELECT SUM(value) FILTER (WHERE code = 'a1c') FROM lab", [K * 200n]],
    // Coarser sets: the total of a rollup counts a person once.
    ['SELECT ward, COUNT(DISTINCT person_id) FROM visit GROUP BY ROLLUP (ward)', [3n, 1n]],
    // Distinct values: no more than there are.
    ['SELECT COUNT(DISTINCT ward) FROM visit', [3n]],
    ['SELECT COUNT(DISTINCT sex) FROM person', [1n]],
    ['SELECT COUNT(DISTINCT visit_id) FROM visit', [K]],
  ];
  it.each(cases)('%s', (sql, expected) => {
    expect(moves(sql)).toEqual(expected);
  });
});

describe('counts that overlap', () => {
  /** Scales of the noise that is added, and of that which is charged for. */
  const scales = (sql: string): { readonly added: number[]; readonly charged: number[] } => {
    const { questions, event } = planOf(sql);
    const added = questions[0]!.measurements
      .flat()
      .flatMap((measurement) =>
        measurement?.mechanism.kind === 'discrete-laplace'
          ? [Number(measurement.mechanism.scale.numerator) / Number(measurement.mechanism.scale.denominator)]
          : [],
      );
    const events = event.kind === 'composed' ? event.events : [];
    const charged = events.flatMap((one) =>
      one.kind === 'discrete-laplace' ? [Number(one.scale[0]) / Number(one.scale[1])] : [],
    );
    return { added, charged };
  };

  it.each([
    ['a part beside the whole', "SELECT COUNT(*), COUNT(*) FILTER (WHERE sex = 'F') FROM person", 2, 2],
    ['a share', 'SELECT 100.0 * COUNT(*) FILTER (WHERE birth_year < 1950) / COUNT(*) FROM person', 2, 2],
    [
      'parts of declared values',
      "SELECT COUNT(*) FILTER (WHERE sex = 'F'), COUNT(*) FILTER (WHERE sex = 'M') FROM person",
      2,
      2,
    ],
    [
      'parts of a range',
      'SELECT COUNT(*) FILTER (WHERE birth_year < 1950), COUNT(*) FILTER (WHERE birth_year >= 1950) FROM person',
      2,
      2,
    ],
    [
      'parts within parts',
      'SELECT COUNT(*) FILTER (WHERE birth_year < 1950), COUNT(*) FILTER (WHERE birth_year < 1960), COUNT(*) FROM person',
      3,
      2,
    ],
    [
      'parts that cross',
      "SELECT COUNT(*) FILTER (WHERE birth_year < 1950), COUNT(*) FILTER (WHERE sex = 'F') FROM person",
      3,
      2,
    ],
    [
      'rows of a person, split by what the person alone decides',
      "SELECT COUNT(*), COUNT(*) FILTER (WHERE sex = 'F') FROM visit JOIN person USING (person_id)",
      2,
      40,
    ],
  ])('take all of ε, each: %s', (_, sql, cells, scale) => {
    expect(scales(sql)).toEqual({ added: Array.from({ length: cells }, () => scale), charged: [scale] });
  });

  it.each([
    ['rows, a part beside the whole', "SELECT COUNT(*), COUNT(*) FILTER (WHERE ward = 'icu') FROM visit", 2, 40],
    [
      'persons by what one of their rows says',
      "SELECT COUNT(DISTINCT person_id) AS n, COUNT(DISTINCT person_id) FILTER (WHERE ward = 'icu') AS i FROM visit",
      2,
      2,
    ],
    [
      'rows in groups, part within part',
      'SELECT ward, COUNT(*), COUNT(*) FILTER (WHERE cost > 100), COUNT(*) FILTER (WHERE cost > 500) FROM visit GROUP BY ward',
      3,
      120,
    ],
  ])('take all of ε together where each counts all of the one before: %s', (_, sql, counts, scale) => {
    expect(scales(sql)).toEqual({ added: Array.from({ length: counts }, () => scale), charged: [scale] });
    expect(planOf(sql).questions[0]).toMatchObject({
      vectors: [{ nested: true, statistics: Array.from({ length: counts }, (_, i) => i) }],
    });
  });

  it('leave others out of the chain, and are sums of its beginnings', () => {
    const sql = `SELECT COUNT(*) FILTER (WHERE ward = 'icu') AS i, COUNT(*) FILTER (WHERE ward = 'surgery') AS s,
      COUNT(*) AS n FROM visit`;
    expect(scales(sql)).toEqual({ added: [80, 80, 80], charged: [80, 80] });
    expect(planOf(sql).questions[0]?.derived).toMatchObject([
      { statistics: [1] },
      { statistics: [0] },
      { statistics: [1, 2] },
    ]);
  });

  it.each([
    [
      'cells of rows beside a count of persons',
      `SELECT COUNT(*) FILTER (sex = 'F'), COUNT(*) FILTER (sex = 'M'), COUNT(DISTINCT person_id)
       FROM visit JOIN person USING (person_id)`,
      [4, 80, 80],
      [4, 80],
      [{ statistics: [1, 2], nested: false }],
    ],
    [
      'two chains',
      `SELECT COUNT(*) FILTER (cost < 10), COUNT(*) FILTER (cost < 20), COUNT(*) FILTER (start_date < DATE '2018-01-01'),
       COUNT(*) FILTER (start_date < DATE '2019-01-01') FROM visit`,
      [80, 80, 80, 80],
      [80, 80],
      [
        { statistics: [0, 1], nested: true },
        { statistics: [2, 3], nested: true },
      ],
    ],
    [
      'cells of what the person alone decides beside a chain of what a row says',
      `SELECT COUNT(*) FILTER (sex = 'F'), COUNT(*) FILTER (cost < 10), COUNT(*) FILTER (sex = 'M'),
       COUNT(*) FILTER (cost < 20) FROM visit JOIN person USING (person_id)`,
      [80, 80, 80, 80],
      [80, 80],
      [
        { statistics: [0, 1], nested: false },
        { statistics: [2, 3], nested: true },
      ],
    ],
    [
      'a chain of rows and one of persons',
      `SELECT COUNT(*), COUNT(*) FILTER (ward = 'icu'), COUNT(DISTINCT person_id),
       COUNT(DISTINCT person_id) FILTER (ward = 'icu') FROM visit`,
      [80, 80, 4, 4],
      [80, 4],
      [
        { statistics: [0, 1], nested: true },
        { statistics: [2, 3], nested: true },
      ],
    ],
  ])('share in vectors of their own: %s', (_, sql, added, charged, vectors) => {
    expect(scales(sql)).toEqual({ added, charged });
    const { questions, proof, cost } = planOf(sql);
    expect(questions[0]?.vectors).toEqual(vectors);
    expect(proof.premises[0]?.premises).toHaveLength(charged.length);
    expect(cost.epsilon).toEqual(rational(1n, 2n));
  });

  it('stay as they are where sums of cells would err more than a smaller share of ε', () => {
    // Fifteen cells of which each count sums eight, against five shares of ε.
    const crossing = ['birth_year < 1950', "sex = 'F'", "city = 'Ulm'", 'birth_year % 2 = 0'];
    const sql = `SELECT ${crossing.map((one) => `COUNT(*) FILTER (${one})`).join(', ')} FROM person`;
    const many = `SELECT ${crossing.map((one) => `COUNT(*) FILTER (${one})`).join(', ')},
      ${Array.from({ length: 12 }, (_, i) => `SUM(least(birth_year, ${1930 + i}))`).join(', ')} FROM person`;
    expect(planOf(sql).questions[0]?.vectors).toHaveLength(1);
    expect(planOf(many).questions[0]?.vectors).toEqual([]);
  });

  it('say in their event how far one coordinate moves, and how many do where no chain is', () => {
    expect(planOf('SELECT ward, COUNT(*) FROM visit GROUP BY ward').event).toMatchObject({
      events: [{ kind: 'discrete-laplace', l1: '60', lInf: '20', l0: '3' }],
    });
    const { event } = planOf('SELECT ward, COUNT(*), COUNT(*) FILTER (cost > 100) FROM visit GROUP BY ward');
    expect(event).toEqual({
      kind: 'composed',
      events: [{ kind: 'discrete-laplace', scale: ['120', '1'], l1: '60', lInf: '20' }],
    });
  });

  it('hold the count of an average', () => {
    const { questions, event } = planOf('SELECT COUNT(*), AVG(cost) FROM visit');
    expect(questions[0]).toMatchObject({ vectors: [{ nested: true, statistics: [1, 2] }] });
    expect(event).toMatchObject({ events: { length: 2 } });
  });

  it('are another plan than the same counts side by side', () => {
    const sql = "SELECT COUNT(*) FILTER (WHERE ward = 'icu') AS i, COUNT(*) AS n FROM visit";
    const own = new Map(['n', 'i'].map((name) => [name, rational(1n, 2n)]));
    const apart = planOf(sql, POLICY, { epsilon: null, epsilonByAggregate: own });
    expect(planOf(sql).digest).not.toBe(apart.digest);
  });

  it.each([
    [
      'rows of a person can lie in several',
      "SELECT COUNT(*) FILTER (WHERE ward = 'surgery'), COUNT(*) FILTER (WHERE ward = 'icu') FROM visit",
    ],
    [
      'groups are selected by one of them',
      "SELECT city, COUNT(*), COUNT(*) FILTER (WHERE sex = 'F') FROM person GROUP BY city",
    ],
  ])('share ε where %s', (_, sql) => {
    const { added, charged } = scales(sql);
    expect(charged).toEqual(added);
    expect(added).toHaveLength(2);
  });

  it('have each their own ε where one is stated for each', () => {
    const sql = "SELECT COUNT(*) AS n, COUNT(*) FILTER (WHERE sex = 'F') AS f FROM person";
    const own = new Map([
      ['n', rational(1n, 4n)],
      ['f', rational(1n, 8n)],
    ]);
    const { questions, cost } = planOf(sql, POLICY, { epsilon: null, epsilonByAggregate: own });
    expect(questions[0]!.vectors).toEqual([]);
    expect(cost.epsilon).toEqual(rational(3n, 8n));
  });
});

describe('averages', () => {
  it('are centred: a sum moves by half the range', () => {
    expect(moves('SELECT AVG(cost) FROM visit', COMPLETE)).toEqual([20n, 20n * 2_500_000n]);
  });
  it('share their count with COUNT(*) where nothing is missing', () => {
    expect(moves('SELECT COUNT(*), AVG(cost) FROM visit', COMPLETE)).toHaveLength(2);
  });
  it('share their count with COUNT(x)', () => {
    expect(moves('SELECT COUNT(cost), AVG(cost) FROM visit')).toHaveLength(2);
  });
  it('of one row per person need no row bound', () => {
    expect(moves('SELECT AVG(birth_year) FROM person WHERE birth_year IS NOT NULL')).toEqual([1n, 63n]);
  });
});

describe('public keys follow from', () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    ['declared values', 'SELECT sex, COUNT(*) FROM person GROUP BY sex', [['F', 'M']]],
    [
      'an IN list',
      "SELECT city, COUNT(*) FROM person WHERE city IN ('Bath', 'York') GROUP BY city",
      [['Bath', 'York']],
    ],
    ['an equality', "SELECT city, COUNT(*) FROM person WHERE city = 'Bath' GROUP BY city", [['Bath']]],
    [
      'the branches of a CASE',
      "SELECT CASE WHEN birth_year < 1960 THEN 'old' ELSE 'young' END AS age, COUNT(*) FROM person GROUP BY age",
      [['old', 'young']],
    ],
    [
      'a capped count, from one',
      'SELECT least(n, 4) AS n, COUNT(*) FROM (SELECT person_id, COUNT(*) AS n FROM visit GROUP BY person_id) GROUP BY 1',
      [[1n, 4n]],
    ],
    [
      'a comparison',
      'SELECT cost > 100 AS dear, COUNT(*) FROM visit WHERE cost IS NOT NULL GROUP BY dear',
      [[false, true]],
    ],
    [
      'a public table',
      'SELECT k.name, COUNT(*) FROM lab l JOIN code_name k ON l.code = k.code GROUP BY k.name',
      ['relation'],
    ],
    [
      'what a window picks',
      'SELECT w, COUNT(*) FROM (SELECT first_value(ward) OVER (PARTITION BY person_id ORDER BY start_date) AS w FROM visit) GROUP BY w',
      [['surgery', 'medicine', 'icu']],
    ],
    [
      'the row before, where there may be none',
      'SELECT w, COUNT(*) FROM (SELECT lag(ward) OVER (PARTITION BY person_id ORDER BY start_date) AS w FROM visit) GROUP BY w',
      [['icu', 'medicine', 'surgery', null]],
    ],
    ['bounds of an integer', 'SELECT birth_year, COUNT(*) FROM person GROUP BY birth_year', [[1900n, 2025n]]],
    [
      'bins',
      'SELECT birth_year // 10 * 10 AS decade, COUNT(*) FROM person WHERE birth_year >= 2000 GROUP BY 1',
      [[2000n, 2010n, 2020n]],
    ],
  ];
  it.each(cases)('%s', (_, sql, expected) => {
    expect(keys(sql)).toEqual(expected);
  });
  it('the months of a year', () => {
    const sql =
      "SELECT date_trunc('month', start_date) AS month, COUNT(*) FROM visit WHERE start_date BETWEEN '2020-01-01' AND '2020-12-31' GROUP BY month";
    expect((keys(sql) as unknown[][])[0]).toHaveLength(12);
  });
});

describe('cost', () => {
  it('is exactly the ε asked, without δ, on public keys', () => {
    const { cost } = planOf('SELECT sex, COUNT(*), AVG(birth_year) FROM person GROUP BY sex');
    expect(cost).toEqual({ epsilon: rational(1n, 2n), delta: rational(0n) });
  });
  it('has a δ where keys are selected', () => {
    const { cost } = planOf('SELECT city, COUNT(*) FROM person GROUP BY city');
    expect(cost).toEqual({ epsilon: rational(1n, 2n), delta: rational(1n, 10n ** 8n) });
  });
  it('spends nothing on choosing groups where the number of persons is shown anyway', () => {
    const shown = planOf('SELECT city, COUNT(*) FROM person GROUP BY city').questions[0]!;
    expect(shown.selection[0]?.kind).toBe('threshold');
    expect(shown.measurements.flat()).toHaveLength(1);
  });
  it('of a wanted accuracy is the least ε that gives it', () => {
    const { cost } = planOf('SELECT COUNT(*) FROM person', POLICY, { epsilon: null, accuracy: rational(10n) });
    expect(Number(cost.epsilon.numerator) / Number(cost.epsilon.denominator)).toBeCloseTo(Math.log(20) / 10.5, 1);
  });
  it('takes the smaller of the policy’s and the question’s contribution', () => {
    const sql = 'SELECT ward, COUNT(*) FROM visit GROUP BY ward';
    const { questions } = planOf(sql, POLICY, { contribution: { groups: 1, rows: 2 } });
    expect(questions[0]!.measurements[0]![0]?.sensitivity.l1).toBe(2n);
  });
});
