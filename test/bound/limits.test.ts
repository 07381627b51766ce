/** What is summed fits 64 bits whatever the data: an overflow would be an error that only some databases meet. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { makePlan, type Planned } from '../../src/bound/planner.ts';
import { SpannedError } from '../../src/errors.ts';
import { parametersOf } from '../../src/options.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK } from '../policy/network.ts';

function planOf(sql: string, contribution: string): Planned {
  const policy = parsePolicy(NETWORK.replace('{ groups: 4, rows: 20 }', contribution));
  return makePlan(ask(sql, policy), policy, parametersOf({ epsilon: 1 }, null, null), sql);
}

function isAccepted(sql: string, contribution: string): boolean {
  try {
    planOf(sql, contribution);
    return true;
  } catch (error) {
    if (error instanceof SpannedError && error.code === 'BOUND_MISSING') return false;
    throw error;
  }
}

describe('a sum', () => {
  const BAND = Array.from({ length: 50 }, (_, i) => `(${i})`).join(', ');
  const fanned = (size: string, aggregate: string) =>
    `SELECT ${aggregate}(CASE WHEN city = 'Lagos' THEN ${size} ELSE 0 END) FROM person
     CROSS JOIN (VALUES ${BAND}) AS a(i) CROSS JOIN (VALUES ${BAND}) AS b(j)`;

  it.each(['SUM', 'AVG'])('%s whose clamp for one person passes 64 bits is refused', (aggregate) => {
    const most = String(2 ** 52 - 1);
    expect(isAccepted(fanned(most, aggregate), '{ groups: 4, rows: 20 }')).toBe(true);
    expect(isAccepted(fanned(most, aggregate), '{ groups: 4, rows: 2500 }')).toBe(false);
    expect(isAccepted(fanned('1000', aggregate), '{ groups: 4, rows: 2500 }')).toBe(true);
  });

  it('of a mean counts from the middle of its range, however far that lies from zero', () => {
    const sql = 'SELECT AVG(LEAST(GREATEST(cost::INTEGER, 1262304000000000), 1767225600000000)) FROM visit';
    expect(isAccepted(sql, '{ groups: 4, rows: 1000 }')).toBe(true);
    expect(isAccepted(sql.replace('AVG', 'SUM'), '{ groups: 4, rows: 1000 }')).toBe(false);
  });

  it.each(['{ groups: 1, rows: 1 }', '{ groups: 4, rows: 2047 }', '{ groups: 100000, rows: 1000000000 }'])(
    'that is accepted stays within 62 bits under %s',
    (contribution) => {
      for (const bits of [10, 20, 30, 40, 45, 50, 52]) {
        for (const aggregate of ['SUM', 'AVG']) {
          const sql = `SELECT sex, ${aggregate}(LEAST(GREATEST(v.visit_id_count, 0), ${2 ** bits - 1})) AS s
            FROM person p JOIN (SELECT person_id, ward, COUNT(*) AS visit_id_count FROM visit GROUP BY ALL) v USING (person_id) GROUP BY sex`;
          if (!isAccepted(sql, contribution)) continue;
          for (const one of planOf(sql, contribution).plan.questions[0]?.bounded.statistics ?? []) {
            if (one.kind !== 'sum') continue;
            expect(one.high - one.low).toBeLessThan(1n << 62n);
            expect(BigInt(one.rows) * (one.lattice.high - one.lattice.low)).toBeLessThan(1n << 62n);
          }
        }
      }
    },
  );
});

it('groups of one person are so many that an engine keeps their hashes', () => {
  expect(() => planOf('SELECT COUNT(*) FROM visit', '{ groups: 100000, rows: 20 }')).not.toThrow();
  expect(() => planOf('SELECT COUNT(*) FROM visit', '{ groups: 100001, rows: 20 }')).toThrow('from 1 to 100000');
});

it('a limit on what may have overflowed says nothing of its parts', () => {
  const sql = (where: string) =>
    `SELECT SUM(CASE WHEN birth_year + 9223372036854773800 > 9223372036854775800 ${where} birth_year END) FROM person`;
  const moves = (where: string) =>
    planOf(sql(where), '{ groups: 4, rows: 20 }').plan.questions[0]?.measurements[0]?.[0]?.sensitivity.l1;
  expect(moves('THEN 0 ELSE')).toBe(2025n);
});
