/** What ties tables together joins as it is written, whether the policy lists it or not. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import type { Plan } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { rational } from '../../src/dp/rational.ts';
import { GauzeError, locate } from '../../src/errors.ts';
import { policyFromObject } from '../../src/policy/index.ts';

const POLICY = policyFromObject({
  gauze: 1,
  datasets: {
    network: {
      source: 'network.duckdb',
      unit: 'person.person_id',
      contribution: { groups: 4, rows: 20 },
      tables: {
        person: {
          unit: 'person_id',
          unique: true,
          columns: { person_id: { type: 'integer' }, sex: { type: 'text', values: ['F', 'M'] } },
        },
        visit: { unit: 'person_id', columns: { visit_id: { type: 'integer', use: 'join' } } },
        lab: { unit: { through: 'visit', on: 'visit_id' }, columns: { code: { type: 'text' } } },
      },
    },
  },
});

function planOf(sql: string): Plan {
  const one = rational(1n);
  return makePlan(
    ask(sql, POLICY),
    POLICY,
    {
      epsilon: one,
      delta: null,
      accuracy: null,
      epsilonByAggregate: null,
      contribution: { groups: null, rows: null },
      level: 0.95,
      defaultDelta: one,
    },
    sql,
  ).plan;
}

function refusalOf(sql: string): GauzeError {
  try {
    planOf(sql);
  } catch (error) {
    const located = locate(error, sql);
    if (located instanceof GauzeError) return located;
    throw error;
  }
  throw new Error('The question was accepted.');
}

describe('joins', () => {
  it.each([
    'SELECT sex, COUNT(*) FROM person p JOIN visit v ON p.person_id = v.person_id GROUP BY sex',
    'SELECT COUNT(*) FROM visit v JOIN lab l ON l.visit_id = v.visit_id',
    'SELECT COUNT(*) FROM visit JOIN lab USING (visit_id)',
    'SELECT COUNT(*) FROM person JOIN visit USING (person_id) JOIN lab USING (visit_id)',
  ])('%s', (sql) => {
    expect(planOf(sql).questions[0]?.measurements[0]?.[0]?.sensitivity.l1).toBe(20n);
  });

  it.each([
    'SELECT visit_id, COUNT(*) FROM lab GROUP BY visit_id',
    'SELECT SUM(visit_id) FROM lab',
    'SELECT person_id, COUNT(*) FROM person GROUP BY person_id',
  ])('never show what they join on: %s', (sql) => {
    expect(refusalOf(sql).code).toBe('QUERY_NOT_AGGREGATE');
  });

  it('say where the unit of a table stands that has none of its own', () => {
    const refusal = refusalOf('SELECT COUNT(DISTINCT person_id) FROM lab');
    expect(refusal.code).toBe('POLICY_COLUMN');
    expect(refusal.next).toContain('JOIN visit USING (visit_id)');
  });
});

describe('phrases of other databases', () => {
  it('FILTER needs no WHERE', () => {
    const [first, second] = ["FILTER (sex = 'F')", "FILTER (WHERE sex = 'F')"].map(
      (filter) => planOf(`SELECT COUNT(*) ${filter} FROM person`).digest,
    );
    expect(first).toBe(second);
  });

  it.each([
    "SUM(CASE WHEN sex = 'F' THEN 1 ELSE 0 END)",
    "SUM(CASE WHEN sex = 'F' THEN 1 END)",
    "SUM((sex = 'F')::INTEGER)",
    "SUM(IF(sex = 'F', 1, 0))",
  ])('%s is a count of its condition', (total) => {
    const kinds = planOf(`SELECT ${total} AS women, COUNT(*) AS persons FROM person`).questions[0]?.bounded.statistics;
    expect(kinds?.map((statistic) => statistic.kind)).toEqual(['units', 'units']);
  });

  it('SUM of other whole numbers is a sum', () => {
    const kinds = planOf("SELECT SUM(CASE WHEN sex = 'F' THEN 2 ELSE 0 END) AS n FROM person").questions[0]?.bounded
      .statistics;
    expect(kinds?.map((statistic) => statistic.kind)).toEqual(['sum']);
  });

  it('a schema before a table is taken for a data set, and the table alone is offered', () => {
    expect(refusalOf('SELECT COUNT(*) FROM cdm.person').next).toBe('Did you mean person?');
  });

  it('a CASE over all public values has no group for NULL', () => {
    const [key] =
      planOf(
        "SELECT CASE sex WHEN 'F' THEN 'women' WHEN 'M' THEN 'men' END AS s, COUNT(*) FROM person WHERE sex IS NOT NULL GROUP BY s",
      ).questions[0]?.bounded.keys ?? [];
    expect(key?.domain).toEqual({ kind: 'list', values: ['men', 'women'] });
  });
});
