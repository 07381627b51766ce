/**
 * Planted bugs: each enters at a seam between two rooms and is looked for through released answers alone. `runs` is the
 * smallest sample per neighbour that finds it with probability 0.99 (`npx tsx test/audit/plan-samples.ts` finds the
 * figures; docs/auditing.md says how).
 */
import type { BoundedQuestion, Statistic } from '../../src/bound/bounded.ts';
import type { Measurement, Plan } from '../../src/bound/plan.ts';
import { divide, multiply, rational } from '../../src/dp/rational.ts';
import { seededBits } from '../../src/dp/simulation/seeded.ts';
import type { Canary } from './network.ts';
import type { Asked, Seams } from './sampler.ts';

/** A bug, the question that is asked to find it, and the unit whose presence it gives away. */
export interface Bug extends Asked {
  readonly name: string;
  readonly canary: Canary;
  readonly seams: Seams;
  readonly runs: number;
}

const ROWS: Asked = { sql: 'SELECT COUNT(*) AS n FROM visit', options: { epsilon: 1 } };
const WARDS = 'SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward';
const ONE_GROUP: Asked = { sql: WARDS, options: { epsilon: 1, contribution: { groups: 1, rows: 1 } } };
const MEAN: Asked = { sql: 'SELECT AVG(cost) AS mean FROM visit', options: { epsilon: 1 } };
const CITIES: Asked = { sql: 'SELECT DISTINCT city FROM person', options: { epsilon: 1, delta: 1e-6 } };

export const BUGS: readonly Bug[] = [
  {
    ...ROWS,
    name: 'sensitivity off by one: a row more per unit than the noise was made for',
    canary: 'heavy',
    seams: { read: withStatistics((one) => (one.kind === 'count' ? { ...one, rows: one.rows + 1 } : one)) },
    runs: 3593,
  },
  {
    ...ONE_GROUP,
    name: 'sensitivity off by one: the group at the threshold is kept',
    canary: 'heavy',
    seams: { statement: replacing('"p"."h" >= "th"."th"', '"p"."h" > "th"."th"') },
    runs: 1674,
  },
  {
    ...ROWS,
    name: 'bound missing: rows',
    canary: 'heavy',
    seams: { read: withStatistics((one) => (one.kind === 'count' ? { ...one, rows: 1_000_000 } : one)) },
    runs: 136,
  },
  {
    ...ONE_GROUP,
    name: 'bound missing: groups',
    canary: 'heavy',
    seams: { read: (bounded) => ({ ...bounded, groups: null }) },
    runs: 530,
  },
  {
    ...ROWS,
    name: 'bound missing: a unit with many rows taken for one with a single row',
    canary: 'heavy',
    seams: { read: (bounded) => ({ ...bounded, path: 'rows' }) },
    runs: 136,
  },
  {
    sql: 'SELECT COUNT(DISTINCT start_date) AS days FROM visit',
    options: { epsilon: 1 },
    name: 'bound missing: distinct values',
    canary: 'heavy',
    seams: { read: withStatistics((one) => (one.kind === 'distinct' ? { ...one, rows: 1_000_000 } : one)) },
    runs: 136,
  },
  {
    ...ROWS,
    name: 'noise halved',
    canary: 'heavy',
    seams: { plan: withMeasurements((one) => scaled(one, rational(1n, 2n))) },
    runs: 942,
  },
  {
    ...ROWS,
    name: 'noise reused: the generator starts anew for every answer',
    canary: 'heavy',
    seams: { bits: () => seededBits('again') },
    runs: 111,
  },
  {
    ...CITIES,
    name: 'threshold without noise',
    canary: 'edge',
    seams: { plan: bareThreshold },
    runs: 111,
  },
  {
    ...MEAN,
    name: 'clamp lost on NULL and NaN',
    canary: 'odd',
    seams: {
      statement: replacing(
        /WHEN abs\("near\d+"\) <= CAST\('Infinity' AS DOUBLE\) THEN .*? END END/,
        'ELSE 1000000 END',
      ),
    },
    runs: 136,
  },
  {
    sql: 'SELECT SUM(score) AS total FROM visit',
    options: { epsilon: 1 },
    name: 'clamp lost at the lower end',
    canary: 'low',
    seams: {
      read: withStatistics((one) =>
        one.kind === 'sum'
          ? { ...one, low: one.low * 100n, lattice: { ...one.lattice, low: one.lattice.low * 100n } }
          : one,
      ),
    },
    runs: 136,
  },
  {
    // The unit itself has no such visit: all that shows is how others' rows move.
    sql: 'SELECT ward, COUNT(*) FILTER (WHERE cost > 5) AS n FROM visit GROUP BY ward',
    options: { epsilon: 1, contribution: { groups: 1, rows: 1 } },
    name: 'selection hash biased by unit: it sees the place among units, which others move',
    canary: 'low',
    seams: {
      statement: replacing(/hash\(hash\(CAST\(\d+ AS UBIGINT\), "u", /, 'hash(hash(dense_rank() OVER (ORDER BY "u"), '),
    },
    runs: 778,
  },
  {
    sql: 'SELECT COUNT(*) AS n, SUM(cost) AS total FROM visit',
    options: { epsilon: 1 },
    name: 'budget split wrong: each of two aggregates takes all of it',
    canary: 'heavy',
    seams: { plan: withMeasurements((one) => scaled(one, rational(1n, 2n))) },
    runs: 2969,
  },
  {
    sql: 'SELECT sex, ward, COUNT(*) AS n FROM visit JOIN person USING (person_id) GROUP BY ROLLUP (sex, ward)',
    options: { epsilon: 1 },
    name: 'budget split wrong: a rollup charged as one grouping',
    canary: 'heavy',
    seams: { plan: withMeasurements((one) => scaled(one, rational(1n, 3n))) },
    runs: 2027,
  },
  {
    ...ROWS,
    name: 'price taken from another noise than the one drawn',
    canary: 'heavy',
    seams: { plan: (plan) => ({ ...plan, cost: { ...plan.cost, epsilon: divide(plan.cost.epsilon, rational(2n)) } }) },
    runs: 2699,
  },
];

function withStatistics(change: (statistic: Statistic) => Statistic): (bounded: BoundedQuestion) => BoundedQuestion {
  return (bounded) => ({ ...bounded, statistics: bounded.statistics.map(change) });
}

function withMeasurements(change: (measurement: Measurement) => Measurement): (plan: Plan) => Plan {
  return (plan) => ({
    ...plan,
    questions: plan.questions.map((question) => ({
      ...question,
      measurements: question.measurements.map((set) => set.map((one) => (one === null ? null : change(one)))),
    })),
  });
}

function scaled(measurement: Measurement, factor: ReturnType<typeof rational>): Measurement {
  const { mechanism } = measurement;
  if (mechanism.kind !== 'discrete-laplace') throw new Error('The bug was meant for Laplace noise.');
  return { ...measurement, mechanism: { ...mechanism, scale: multiply(mechanism.scale, factor) } };
}

/** A selection that keeps a group exactly when its true number of units reaches the minimum. */
function bareThreshold(plan: Plan): Plan {
  const sure = { epsilon: rational(1000n), delta: rational(10n ** 12n - 1n, 10n ** 12n) };
  return {
    ...plan,
    questions: plan.questions.map((question) => ({
      ...question,
      selection: question.selection.map((one) => (one?.kind === 'optimal' ? { ...one, ...sure } : one)),
    })),
  };
}

/** @throws when the statement is not what the bug was written for: a bug that is not planted would be found by nobody */
function replacing(what: string | RegExp, by: string): (sql: string) => string {
  return (sql) => {
    const altered = sql.replace(what, by);
    if (altered === sql) throw new Error(`Nothing to alter in ${sql}`);
    return altered;
  };
}
