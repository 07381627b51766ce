/** Aggregates inside one person: what is known of their values, and that across persons they stay refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { variance } from '../../src/ask/evaluate/order-statistics.ts';
import { walkRelation } from '../../src/ask/fold.ts';
import { ask } from '../../src/ask/index.ts';
import type { Aggregate, Relation } from '../../src/ask/ir.ts';
import type { Value } from '../../src/ask/types.ts';
import type { Plan } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { toNumber } from '../../src/dp/rational.ts';
import { GauzeError, locate } from '../../src/errors.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { interpret } from '../conformance/interpreter/relation.ts';
import { NETWORK } from '../policy/network.ts';
import { HALF } from './half.ts';

const POLICY = parsePolicy(NETWORK);
function planOf(sql: string): Plan {
  return makePlan(ask(sql, POLICY), POLICY, HALF, sql).plan;
}

function inside(aggregate: string): string {
  return `(SELECT person_id, ${aggregate} AS v FROM visit GROUP BY person_id)`;
}

/** Ends of the grid on which the values of persons are added up. */
function rangeOf(aggregate: string): readonly [number, number] {
  const [statistic] = planOf(`SELECT SUM(v) FROM ${inside(aggregate)}`).questions[0]!.bounded.statistics;
  if (statistic?.kind !== 'sum') throw new Error('A sum is asked.');
  const { low, high, step } = statistic.lattice;
  return [Number(low) * toNumber(step), Number(high) * toNumber(step)];
}

describe('values of one person', () => {
  // The cost of a visit lies between 0 and 50,000.
  it.each([
    ['median(cost)', 50_000],
    ['quantile_cont(cost, 0.9)', 50_000],
    ['quantile_disc(cost, 0.9)', 50_000],
    ['mode(cost)', 50_000],
    ['first(cost ORDER BY start_date)', 50_000],
    ["any_value(cost) FILTER (WHERE ward = 'icu')", 50_000],
    ['median(cost) FILTER (WHERE cost < 100)', 100],
    ['var_samp(cost)', 50_000 ** 2 / 2],
    ['var_pop(cost)', 50_000 ** 2 / 4],
    ['stddev(cost)', 50_000 / Math.SQRT2],
    ['stddev_pop(cost)', 25_000],
    ['var_pop(cost) FILTER (WHERE cost < 100)', 2500],
  ])('%s lie from 0 to %d', (aggregate, high) => {
    const [low, top] = rangeOf(aggregate);
    expect(low).toBe(0);
    expect(top / high).toBeCloseTo(1, 6);
    expect(top).toBeLessThanOrEqual(high);
  });

  it('of a list stay on the list', () => {
    for (const aggregate of [
      'mode(ward)',
      'first(ward ORDER BY cost)',
      'any_value(ward)',
      'quantile_disc(ward, 0.5)',
    ]) {
      const [key] = planOf(`SELECT v, COUNT(*) FROM ${inside(aggregate)} GROUP BY v`).questions[0]!.bounded.keys;
      expect(key?.domain).toMatchObject({ kind: 'list', values: ['surgery', 'medicine', 'icu'] });
    }
  });

  it('count once, whatever the rows', () => {
    const { measurements } = planOf(`SELECT v > 100 AS high, COUNT(*) FROM ${inside('stddev(cost)')} GROUP BY 1`)
      .questions[0]!;
    expect(measurements.flat().map((one) => one?.sensitivity.l1)).toEqual([1n]);
  });

  it('with a variance stay below the most that bounds allow', () => {
    const values = fc.array(fc.oneof(fc.constantFrom(0, 1, 0.1, 1 / 3), fc.double({ min: 0, max: 1, noNaN: true })), {
      maxLength: 40,
    });
    let [sample, population] = [0, 0];
    fc.assert(
      fc.property(values, (drawn) => {
        const sorted = [...drawn].sort((a, b) => a - b);
        sample = Math.max(sample, variance(sorted, 1) ?? 0);
        population = Math.max(population, variance(sorted, 0) ?? 0);
        // Before they are kept to it, roundings may step over it by so little.
        expect(sample).toBeLessThanOrEqual(0.5 + 1e-12);
        expect(population).toBeLessThanOrEqual(0.25 + 1e-12);
      }),
      { numRuns: 2000, examples: [[[0, 1]]] },
    );
    expect([sample, population]).toEqual([0.5, 0.25]);
  });

  it('with a variance are kept to the bounds row by row, and the variance to its own', () => {
    const variances = (costs: readonly Value[]): Value => {
      const rows = costs.map((cost) => ({ person_id: 1n, cost }));
      const lowered = planOf(`SELECT SUM(v) FROM ${inside('var_samp(cost)')}`).questions[0]!.bounded.source;
      const database = { rows: (_: string, table: string) => (table === 'visit' ? rows : []), unitColumn: () => null };
      const result = interpret(lowered, database);
      const at = lowered.columns.findIndex(({ type }) => type === 'double');
      return result[0]?.[at] ?? null;
    };
    expect(variances([0, 50_000])).toBe(1.25e9);
    expect(variances([-1e300, 1e300])).toBe(1.25e9);
    expect(variances([Number.NEGATIVE_INFINITY, 50_000])).toBe(1.25e9);
    expect(variances([100, 100, 100])).toBe(0);
    expect(variances([100, null])).toBeNull();
    expect(variances([])).toBeNull();
  });
});

/** Where a question is refused, and how. */
function refusalOf(sql: string): GauzeError {
  try {
    planOf(sql);
  } catch (error) {
    const located = locate(error, sql);
    if (located instanceof GauzeError) return located;
    throw located;
  }
  throw new Error(`Accepted: ${sql}`);
}

const BINS = 'Ask for AVG, and for counts over bins: COUNT(*) FILTER (WHERE x < 10).';
const SQUARES = 'Ask for AVG(x) and AVG(x * x): the variance is AVG(x * x) - AVG(x) * AVG(x).';
const PICK = 'Write MIN(x), MAX(x), or arg_max(x, day) for the latest, inside a group that holds the unit.';

describe('inside one person', () => {
  it.each([
    ['quantile_cont(cost, 1.5)', 'QUERY_UNSUPPORTED', /0 to 1/],
    ["quantile_cont(cost, DATE '1970-01-01')", 'QUERY_UNSUPPORTED', /0 to 1/],
    ['quantile_disc(cost, cost)', 'QUERY_UNSUPPORTED', /0 to 1/],
    ['quantile_cont(cost, 0.1234567890123)', 'QUERY_UNSUPPORTED', /12 decimals/],
    ['quantile_cont(cost)', 'QUERY_TYPE', /two arguments/],
    ['median(start_date)', 'QUERY_TYPE', /takes numbers/],
    ['stddev(ward)', 'QUERY_TYPE', /takes numbers/],
    ['median(DISTINCT cost)', 'QUERY_UNSUPPORTED', /DISTINCT/],
    ['first(cost)', 'QUERY_UNSUPPORTED', /depends on the order/],
    ['first(cost ORDER BY person_id)', 'QUERY_TYPE', /no order/],
    ['first(cost ORDER BY 1)', 'QUERY_UNSUPPORTED', /orders nothing/],
    ['sum(cost ORDER BY cost)', 'QUERY_UNSUPPORTED', /no ORDER BY/],
    ['median(median(cost))', 'QUERY_UNSUPPORTED', /in an aggregate/],
    ["string_agg(ward, ',')", 'QUERY_UNSUPPORTED', /depends on the order/],
    ['product(cost)', 'QUERY_UNSUPPORTED', /no bound/],
  ])('%s is refused', (aggregate, code, message) => {
    expect(refusalOf(`SELECT COUNT(v) FROM ${inside(aggregate)}`)).toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('a window takes none of them', () => {
    const windowed = 'SELECT COUNT(m) FROM (SELECT median(cost) OVER (PARTITION BY person_id) AS m FROM visit)';
    expect(refusalOf(windowed)).toMatchObject({ code: 'QUERY_UNSUPPORTED', next: expect.stringMatching(/JOIN/) });
  });

  it('a join key stays hidden', () => {
    for (const aggregate of ['first(visit_id ORDER BY cost)', 'mode(visit_id)']) {
      expect(() => planOf(`SELECT v, COUNT(*) FROM ${inside(aggregate)} GROUP BY v`)).toThrow();
    }
  });
});

describe('across persons', () => {
  it.each([
    ['median(cost)', 'median has no mechanism here yet.', BINS],
    ['quantile_cont(cost, 0.5)', 'quantile_cont has no mechanism here yet.', BINS],
    ['percentile_disc(0.5) WITHIN GROUP (ORDER BY cost)', 'percentile_disc has no mechanism here yet.', BINS],
    ['MODE(ward)', 'mode has no mechanism here yet.', BINS],
    ['stddev(cost)', 'stddev has no mechanism here yet.', SQUARES],
    ['var_pop(cost)', 'var_pop has no mechanism here yet.', SQUARES],
    ['any_value(ward)', 'any_value depends on the order in which an engine reads rows, or shows single rows.', PICK],
    [
      'last(cost ORDER BY start_date)',
      'last depends on the order in which an engine reads rows, or shows single rows.',
      PICK,
    ],
  ])('%s is refused, alone and in groups', (call, message, next) => {
    const name = /^\w+/.exec(call)![0];
    for (const [before, after] of [
      ['SELECT COUNT(*), ', ' FROM visit'],
      ['SELECT ward, COUNT(*) FROM visit GROUP BY ward HAVING ', ' IS NULL'],
    ] as const) {
      const error = refusalOf(`${before}${call}${after}`);
      expect(error).toMatchObject({ code: 'QUERY_UNSUPPORTED', message, next });
      expect(error.at).toEqual({ line: 1, column: before.length + 1, length: name.length });
    }
  });

  it('they summarise a released answer', () => {
    const { answer }: { answer: Relation } = planOf(
      'SELECT median(n), stddev(n), mode(n) FROM (SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward)',
    );
    expect(answer.columns.map(({ type }) => type)).toEqual(['double', 'double', 'integer']);
  });
});

describe('a grouping inside persons', () => {
  const JOINED = 'person p JOIN visit v ON p.person_id = v.person_id';

  it.each([
    [`SELECT v.person_id, MAX(v.cost) AS m FROM ${JOINED} GROUP BY v.person_id`, 1],
    [`SELECT p.person_id, MAX(v.cost) AS m FROM ${JOINED} GROUP BY p.person_id`, 1],
    [`SELECT v.person_id, MAX(l.cost) AS m FROM ${JOINED} JOIN visit l ON l.person_id = p.person_id GROUP BY 1`, 1],
    // A left join's far side may be missing: it is another key than the person.
    [
      'SELECT p.person_id, v.person_id AS w, MAX(v.cost) AS m FROM person p LEFT JOIN visit v USING (person_id) GROUP BY 1, 2',
      2,
    ],
    [`SELECT v.person_id, v.ward, MAX(v.cost) AS m FROM ${JOINED} GROUP BY 1, 2`, 2],
  ])('%s has as many different keys as say something', (inner, different) => {
    const [question] = planOf(`SELECT AVG(m) FROM (${inner})`).questions;
    const groupings: Aggregate[] = [];
    walkRelation(question!.bounded.source, (one) => {
      if (one.kind === 'aggregate') groupings.push(one);
    });
    const [grouping] = groupings;
    const meanings = grouping!.keys.map(({ expr }) => (expr.kind === 'column' ? expr.id : Number.NaN));
    expect(groupings).toHaveLength(1);
    expect(new Set(meanings).size).toBe(different);
    expect(meanings).toHaveLength(different);
  });
});
