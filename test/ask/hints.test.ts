/** What the last line of a refusal tells a researcher to write, and that it is answered. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { rational } from '../../src/dp/rational.ts';
import { SpannedError } from '../../src/errors.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);
const HALF = {
  epsilon: rational(1n, 2n),
  delta: null,
  accuracy: null,
  epsilonByAggregate: null,
  contribution: { groups: null, rows: null },
  level: 0.95,
  defaultDelta: rational(1n, 10n ** 8n),
} as const;
const GAPS =
  'WITH s AS (SELECT person_id, start_date, lead(start_date) OVER (PARTITION BY person_id ORDER BY start_date) AS n FROM visit)';

/** The refusal of a question, or null where it is answered. */
function refusal(sql: string): SpannedError | null {
  try {
    makePlan(ask(sql, POLICY), POLICY, HALF, sql);
    return null;
  } catch (error) {
    if (error instanceof SpannedError) return error;
    throw error;
  }
}

describe('the next step', () => {
  it.each([
    ['SELECT ward, COUNT(*) FROM visit GROUP BY ward WITH ROLLUP', 'Write GROUP BY ROLLUP (ward).'],
    ['SELECT COUNT(*) FROM person WHERE sex = "female"', "single quotes: 'female'"],
    ['SELECT COUNT(*) FROM (SELECT sex, person_id FROM person) WHERE sex = "it\'s"', "single quotes: 'it''s'"],
    ['SELECT COUNT(*) FROM person WHERE sex = "sexx"', 'Did you mean sex? Double quotes'],
    ['SELECT visit_id, COUNT(*) FROM visit GROUP BY visit_id', 'Join on visit_id, or count its values'],
    ['SELECT v, COUNT(*) AS n FROM (SELECT visit_id AS v, person_id FROM visit) GROUP BY v', 'Join on v, or count'],
    [`${GAPS} SELECT COUNT(*) FROM s WHERE n - start_date > INTERVAL '3 days'`, 'Write n - start_date > 3.'],
    [`${GAPS} SELECT COUNT(*) FROM s WHERE INTERVAL 2 WEEK <= n - start_date`, 'Write n - start_date >= 14.'],
    [
      `${GAPS} SELECT COUNT(*) FROM s WHERE n - start_date BETWEEN INTERVAL '1 day' AND INTERVAL '3 days'`,
      'Write n - start_date BETWEEN 1 AND 3.',
    ],
    [`${GAPS} SELECT COUNT(*) FROM s WHERE n - start_date > INTERVAL 1 MONTH`, "date_sub('month', earlier, later)"],
    ['SELECT COUNT(*) FROM visit WHERE start_date > INTERVAL 1 DAY', 'Add it to a date'],
    ['SELECT MAX(start_date) FROM visit', "date_trunc('month', start_date) AS bin"],
    ['SELECT MAX(cost) FROM visit', 'floor(cost / 10) * 10 AS bin'],
    ['SELECT MIN(ward) FROM visit', 'SELECT ward, COUNT(*) … GROUP BY ward.'],
    ['SELECT AVG(age) FROM person', 'Use a listed one: person_id, sex, birth_year, city.'],
    ['SELECT COUNT(*) FROM visit WHERE ward = ICU', "Write the text in single quotes: 'icu'."],
    ['SELECT COUNT(*) FROM visit WHERE start_date > 2024', 'year(start_date) >= 2024'],
    ['SELECT ward, COUNT(*) FROM visit GROUP BY ROLLUP(ward, ward)', 'Name each key of ROLLUP once.'],
    ['SELECT ward, COUNT(*) FROM visit GROUP BY CUBE(ward, ward)', 'Name each key of CUBE once.'],
    ['SELECT COUNT(*) FROM visit WHERE cost > (SELECT AVG(cost) FROM visit)', 'in a question of its own'],
  ])('%s', (sql, advice) => {
    expect(refusal(sql)?.parts.next).toContain(advice);
  });

  it('of a share over a subquery is two forms that are answered', () => {
    const { next } = refusal('SELECT ward, COUNT(*) / (SELECT COUNT(*) FROM person) FROM visit GROUP BY ward')!.parts;
    expect(next).toContain('COUNT(*) / SUM(COUNT(*)) OVER ()');
    expect(next).toContain('b(total) AS (SELECT COUNT(*) FROM person) SELECT …, n / total FROM a CROSS JOIN b');
    expect(refusal('SELECT ward, COUNT(*) / SUM(COUNT(*)) OVER () AS share FROM visit GROUP BY ward')).toBeNull();
    expect(
      refusal(`WITH a AS (SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward), b(total) AS (SELECT COUNT(*) FROM person)
        SELECT ward, n / total FROM a CROSS JOIN b`),
    ).toBeNull();
  });
});

describe('ORDER BY ALL', () => {
  it('is the order by every output, from the first on', () => {
    for (const direction of ['', ' DESC', ' DESC NULLS FIRST']) {
      const all = `SELECT ward, sex, COUNT(*) AS n FROM visit JOIN person USING (person_id) GROUP BY ALL ORDER BY ALL${direction}`;
      const listed = all.replace(`ORDER BY ALL${direction}`, `ORDER BY 1${direction}, 2${direction}, 3${direction}`);
      const digest = (sql: string): string =>
        JSON.stringify(ask(sql, POLICY), (key, value) => (key === 'span' ? null : value));
      expect(digest(all)).toBe(digest(listed));
    }
  });

  it('stands behind a set operation, too', () => {
    const sides = 'SELECT 2 AS a, 1 AS b UNION ALL SELECT 1, 2';
    const { relation } = { relation: ask(`${sides} ORDER BY ALL`, POLICY) };
    expect(relation.kind === 'sort' ? relation.by.length : 0).toBe(2);
  });
});
