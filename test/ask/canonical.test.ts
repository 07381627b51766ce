/** Which questions are one question. */
import { describe, expect, it } from 'vitest';
import { ask, canonical } from '../../src/ask/index.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);
const textOf = (sql: string): string => canonical(ask(sql, POLICY));

describe('one question in two wordings', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['SELECT COUNT(*) AS n FROM visit', 'select  count( * ) n -- how many\nfrom VISIT'],
    ['SELECT COUNT(*) AS n FROM visit', 'SELECT count(*) AS n FROM network.visit AS v'],
    ['SELECT COUNT(*) AS n FROM visit', 'WITH v AS (SELECT * FROM visit) SELECT COUNT(*) AS n FROM v'],
    ['SELECT COUNT(*) AS n FROM visit', 'SELECT COUNT(*) AS n FROM (SELECT cost AS c, ward FROM visit)'],
    ['SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward', 'SELECT v.ward, COUNT(*) AS n FROM visit v GROUP BY 1'],
    ['SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward', 'SELECT ward, COUNT(*) AS n FROM visit GROUP BY ALL'],
    [
      "SELECT COUNT(*) AS n FROM visit WHERE ward = 'icu' AND cost > 5",
      "SELECT COUNT(*) AS n FROM visit WHERE 5 < cost AND 'icu' = ward",
    ],
    [
      "SELECT COUNT(*) AS n FROM visit WHERE ward IN ('icu', 'surgery')",
      "SELECT COUNT(*) AS n FROM visit WHERE ward IN ('surgery', 'icu', 'icu')",
    ],
    [
      'SELECT COUNT(*) AS n FROM person WHERE birth_year BETWEEN 1950 AND 1960',
      'SELECT COUNT(*) AS n FROM person WHERE birth_year >= 1950 AND birth_year <= 1960',
    ],
    [
      'SELECT COUNT(*) AS n FROM person JOIN visit USING (person_id)',
      'SELECT COUNT(*) AS n FROM person p JOIN visit v ON p.person_id = v.person_id',
    ],
  ];
  it.each(pairs)('%s = %s', (a, b) => {
    expect(textOf(b)).toBe(textOf(a));
  });
});

describe('two questions', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['SELECT COUNT(*) AS n FROM visit', 'SELECT COUNT(*) AS n FROM lab'],
    ['SELECT COUNT(*) AS n FROM visit', 'SELECT COUNT(*) AS m FROM visit'],
    ['SELECT COUNT(*) AS n FROM visit', 'SELECT COUNT(cost) AS n FROM visit'],
    ['SELECT COUNT(*) AS n FROM visit WHERE cost > 5', 'SELECT COUNT(*) AS n FROM visit WHERE cost >= 5'],
    ['SELECT COUNT(*) AS n FROM visit WHERE cost > 5', 'SELECT COUNT(*) AS n FROM visit WHERE cost < 5'],
    ['SELECT COUNT(*) AS n FROM visit WHERE cost > 5', 'SELECT COUNT(*) AS n FROM visit WHERE cost > 6'],
    [
      'SELECT COUNT(*) AS n FROM (SELECT DISTINCT person_id FROM visit)',
      'SELECT COUNT(*) AS n FROM (SELECT DISTINCT person_id, ward FROM visit)',
    ],
    [
      'SELECT COUNT(*) AS n FROM (SELECT person_id, ward FROM visit UNION SELECT person_id, sex FROM person)',
      'SELECT COUNT(*) AS n FROM (SELECT person_id, ward FROM visit UNION SELECT person_id, city FROM person)',
    ],
    [
      'SELECT COUNT(*) AS n FROM (SELECT person_id FROM visit EXCEPT SELECT person_id FROM person)',
      'SELECT COUNT(*) AS n FROM (SELECT person_id FROM person EXCEPT SELECT person_id FROM visit)',
    ],
    [
      'SELECT sex AS a, city AS b FROM (SELECT sex, city, COUNT(*) FROM person GROUP BY sex, city)',
      'SELECT city AS a, sex AS b FROM (SELECT sex, city, COUNT(*) FROM person GROUP BY sex, city)',
    ],
    [
      "SELECT COUNT(*) AS n FROM visit a JOIN visit b ON a.person_id = b.person_id AND a.cost < b.cost WHERE a.ward = 'icu'",
      "SELECT COUNT(*) AS n FROM visit a JOIN visit b ON a.person_id = b.person_id AND a.cost < b.cost WHERE b.ward = 'icu'",
    ],
    [
      'SELECT COUNT(*) AS n FROM person p WHERE EXISTS (SELECT 1 FROM visit v WHERE v.person_id = p.person_id)',
      'SELECT COUNT(*) AS n FROM person p WHERE NOT EXISTS (SELECT 1 FROM visit v WHERE v.person_id = p.person_id)',
    ],
    [
      "SELECT COUNT(*) AS n FROM person WHERE person_id IN (SELECT person_id FROM visit WHERE ward = 'icu')",
      "SELECT COUNT(*) AS n FROM person WHERE person_id IN (SELECT person_id FROM visit WHERE ward <> 'icu')",
    ],
    ['SELECT SUM(cost) AS n FROM visit', 'SELECT SUM(cost) FILTER (WHERE cost > 1) AS n FROM visit'],
    ['SELECT SUM(cost / 2) AS n FROM visit', 'SELECT SUM(2 / cost) AS n FROM visit'],
    ["SELECT COUNT(*) AS n FROM visit WHERE ward = '5'", 'SELECT COUNT(*) AS n FROM visit WHERE cost = 5'],
    ['SELECT COUNT(*) AS n FROM visit LIMIT 1', 'SELECT COUNT(*) AS n FROM visit LIMIT 2'],
  ];
  it.each(pairs)('%s ≠ %s', (a, b) => {
    expect(textOf(b)).not.toBe(textOf(a));
  });
});
