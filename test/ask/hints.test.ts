/** What the last line of a refusal tells a researcher to write, and that it is answered. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { SpannedError } from '../../src/errors.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { HALF } from '../bound/half.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);
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
    ['SELECT MAX(cost) FROM visit', 'floor(cost / 2500) * 2500 AS bin'],
    ['SELECT MAX(cost / 10000) FROM visit', 'floor(cost / 10000 / 0.25) * 0.25 AS bin'],
    ['SELECT MIN(birth_year) FROM person', 'floor(birth_year / 10) * 10 AS bin'],
    ['SELECT MAX(m) FROM (SELECT person_id, month(start_date) AS m FROM visit)', 'SELECT m AS bin'],
    [
      'SELECT MAX(n) FROM (SELECT person_id, COUNT(*) AS n FROM visit GROUP BY person_id)',
      'floor(n / WIDTH) * WIDTH AS bin, COUNT(*) … GROUP BY bin, with a number for WIDTH.',
    ],
    ['SELECT MIN(ward) FROM visit', 'SELECT ward, COUNT(*) … GROUP BY ward.'],
    ['SELECT AVG(age) FROM person', 'Use a listed one: person_id, sex, birth_year, city.'],
    ['SELECT COUNT(*) FROM visit WHERE ward = ICU', "Write the text in single quotes: 'icu'."],
    ['SELECT COUNT(*) FROM visit WHERE start_date > 2024', 'year(start_date) >= 2024'],
    ['SELECT ward, COUNT(*) FROM visit GROUP BY ROLLUP(ward, ward)', 'Name each key of ROLLUP once.'],
    ['SELECT ward, COUNT(*) FROM visit GROUP BY CUBE(ward, ward)', 'Name each key of CUBE once.'],
    [
      'SELECT COUNT(*) FROM visit WHERE cost > (SELECT n FROM (SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward))',
      'an aggregate without GROUP BY',
    ],
    ['SELECT SUM(cost - (SELECT AVG(cost) FROM visit)) FROM visit', 'in a question of its own'],
    ['SELECT sex, (SELECT COUNT(*) FROM visit v WHERE v.person_id = p.person_id) FROM person p', 'JOIN b ON a.k = b.k'],
    ['SELECT ward, GROUPING(ward), COUNT(*) FROM visit GROUP BY ROLLUP(ward)', "COALESCE(ward, 'all')"],
  ])('%s', (sql, advice) => {
    expect(refusal(sql)?.parts.next).toContain(advice);
  });

  it('of a share is not needed: a window, a subquery and a join are all answered', () => {
    expect(refusal('SELECT ward, COUNT(*) / SUM(COUNT(*)) OVER () AS share FROM visit GROUP BY ward')).toBeNull();
    expect(refusal('SELECT ward, COUNT(*) / (SELECT COUNT(*) FROM person) FROM visit GROUP BY ward')).toBeNull();
    expect(
      refusal(`WITH a AS (SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward), b(total) AS (SELECT COUNT(*) FROM person)
        SELECT ward, n / total FROM a CROSS JOIN b`),
    ).toBeNull();
  });
});

describe('the bounds to write', () => {
  const per = (total: string): string => `(SELECT person_id, ${total} AS x FROM visit GROUP BY person_id)`;

  it.each([
    // The policy counts 20 rows of one person, and knows the ends of a cost: 0 and 50,000.
    ['SELECT AVG(x) FROM', per('COUNT(*)'), 'LEAST(x, 20)'],
    ['SELECT SUM(x) FROM', per('COUNT(DISTINCT ward)'), 'LEAST(x, 20)'],
    ['SELECT AVG(x) FROM', per('SUM(cost)'), 'CASE WHEN x > 1000000 THEN 1000000 ELSE x END'],
    ['SELECT AVG(x) FROM', per('SUM(cost - 7)'), 'CASE WHEN x > 999860 THEN 999860 WHEN x < -140 THEN -140 ELSE x END'],
    // Nothing is known: the reader's own.
    [
      'SELECT AVG(x) FROM',
      '(SELECT person_id, 1 / (cost - 5) AS x FROM visit)',
      'CASE WHEN x > HIGH THEN HIGH WHEN x < LOW THEN LOW ELSE x END',
    ],
    [
      'SELECT AVG(x) FROM',
      '(SELECT person_id, coalesce(1 / (cost - 5), 0) AS x FROM visit)',
      'LEAST(GREATEST(x, LOW), HIGH)',
    ],
    ['SELECT AVG(x) FROM', per('coalesce(1 / sum(cost), 0)'), 'LEAST(x, HIGH)'],
  ])('%s %s: %s, which is answered', (head, from, written) => {
    const next = refusal(`${head} ${from}`)?.parts.next;
    expect(next).toContain(`Write ${written} instead`);
    const filled = written.replaceAll('LOW', '-3').replaceAll('HIGH', '7');
    expect(refusal(`${head.replace('x', () => filled)} ${from}`)).toBeNull();
  });

  it('inside one person are those of the value that is added', () => {
    const { next } = refusal(`SELECT AVG(LEAST(x, 9)) FROM ${per('SUM(1 / cost)')}`)!.parts;
    expect(next).toContain(
      'Write CASE WHEN 1 / cost > HIGH THEN HIGH ELSE 1 / cost END instead, with a number for HIGH',
    );
    expect(
      refusal(`SELECT AVG(LEAST(x, 9)) FROM ${per('SUM(CASE WHEN 1 / cost > 5 THEN 5 ELSE 1 / cost END)')}`),
    ).toBeNull();
  });

  it('keep a missing value missing: LEAST would make an end of it', () => {
    const canMiss = refusal(`SELECT AVG(x) FROM ${per('SUM(cost)')}`)!.parts.next;
    expect(canMiss).not.toContain('LEAST');
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

describe('a parameter', () => {
  const next = (sql: string, parameters: object): string => {
    try {
      ask(sql, POLICY, { parameters: parameters as Record<string, string> });
    } catch (error) {
      if (error instanceof SpannedError) return `${error.parts.message} ${error.parts.next}`;
      throw error;
    }
    return 'answered';
  };

  it('that is no date is asked for as one', () => {
    const sql = 'SELECT COUNT(*) FROM visit WHERE start_date >= $from';
    expect(next(sql, { from: '01.02.2024' })).toBe('The value of parameter $from is no DATE. Give from as 2024-01-31.');
    expect(next(sql, { from: '2024-02-01' })).toBe('answered');
  });

  it('that is a list is asked for member by member', () => {
    const list = ['icu', 'surgery'];
    expect(next('SELECT COUNT(*) FROM visit WHERE ward IN ($w)', { w: list })).toContain('IN ($w1, $w2)');
    expect(next('SELECT COUNT(*) FROM visit WHERE ward IN (?)', [list])).toContain('IN (?, ?)');
    expect(next('SELECT COUNT(*) FROM visit WHERE ward IN ($w1, $w2)', { w1: 'icu', w2: 'surgery' })).toBe('answered');
  });
});
