/** Bounds that hold in single groups: each has its own range, and noise in proportion to it. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import type { Derivation, Formula, Plan, PrivacyParameters } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import type { Proof } from '../../src/bound/proof.ts';
import { variance } from '../../src/dp/mechanism/noise.ts';
import { rational, toNumber } from '../../src/dp/rational.ts';
import { SpannedError } from '../../src/errors.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { preview } from '../../src/release/preview.ts';
import { NETWORK } from '../policy/network.ts';
import { HALF } from './half.ts';

const POLICY = parsePolicy(NETWORK);
function planOf(sql: string, parameters: Partial<PrivacyParameters> = {}): Plan {
  return makePlan(ask(sql, POLICY), POLICY, { ...HALF, ...parameters }, sql).plan;
}

/** Noise of the sums behind an output, in data units: one number, or one for every group that has its own. */
function noises(sql: string, parameters: Partial<PrivacyParameters> = {}, output = 0): number | Record<string, number> {
  const { questions } = planOf(sql, parameters);
  const [question] = questions;
  const derivation = question?.derived[output] as Derivation;
  const noise = (formula: Formula): number => {
    const at = formula.kind === 'mean' ? formula.sum : (formula.statistics[0] as number);
    const measurement = question?.measurements[0]?.[at];
    if (measurement === null || measurement === undefined) throw new Error('A sum is measured.');
    return Math.sqrt(variance(measurement.mechanism)) * toNumber(formula.step);
  };
  if (derivation.kind !== 'by-key') return noise(derivation);
  return Object.fromEntries(derivation.of.map(({ value, formula }) => [String(value), noise(formula)]));
}

/** What the same question about one code alone would add. */
function alone(sql: string, code: string, parameters: Partial<PrivacyParameters> = {}): number {
  const groups = { contribution: { groups: null, rows: null } };
  const only = sql.replace("code IN ('a1c', 'sbp')", `code = '${code}'`);
  const own = noises(only, { ...parameters, ...groups });
  return typeof own === 'number' ? own : (own[code] as number);
}

const BOTH = "FROM lab WHERE code IN ('a1c', 'sbp') GROUP BY code";

describe('a group by code', () => {
  it.each(['SELECT code, SUM(value)', 'SELECT code, AVG(value)'])('%s has noise as wide as its own range', (select) => {
    const sql = `${select} ${BOTH}`;
    const own = noises(sql) as Record<string, number>;
    // A person can be in both groups: twice the noise of either alone, to a thousandth, and no more.
    for (const code of ['a1c', 'sbp']) {
      const ratio = (own[code] as number) / (2 * alone(sql, code));
      expect(ratio).toBeGreaterThan(0.999);
      expect(ratio).toBeLessThan(1.002);
    }
  });

  it('has Gaussian noise as wide as its own range, too', () => {
    const delta = { delta: rational(1n, 10n ** 6n), epsilon: rational(1n, 10n), contribution: { groups: 4, rows: 1 } };
    const sql = `SELECT code, ward, SUM(value) AS s, COUNT(*) AS n, COUNT(value) AS c FROM lab JOIN visit USING (visit_id) WHERE code IN ('a1c', 'sbp') GROUP BY code, ward`;
    const { questions } = planOf(sql, delta);
    expect(questions[0]?.measurements[0]?.[0]?.mechanism.kind).toBe('discrete-gaussian');
    const own = noises(sql, delta) as Record<string, number>;
    expect((own.sbp as number) / (own.a1c as number)).toBeCloseTo(250 / 20, 1);
  });

  it('is charged as any vector of one sensitivity', () => {
    const { event, cost, questions } = planOf(`SELECT code, SUM(value) ${BOTH}`);
    const [measurement] = questions[0]?.measurements[0] ?? [];
    expect(cost.epsilon).toEqual(rational(1n, 2n));
    expect(event).toEqual({
      kind: 'composed',
      events: [expect.objectContaining({ kind: 'discrete-laplace', l1: String(measurement?.sensitivity.l1) })],
    });
    const statistic = questions[0]?.bounded.statistics[0];
    if (statistic?.kind !== 'sum') throw new Error('A sum is measured.');
    expect(measurement?.sensitivity.l1).toBe(2n * 20n * statistic.lattice.high);
  });

  it('meets an accuracy in every group', () => {
    const { questions, answer } = planOf(`SELECT code, SUM(value) AS s ${BOTH}`, {
      epsilon: null,
      accuracy: rational(1000n),
    });
    expect(questions).toHaveLength(1);
    expect(answer.columns.map(({ name }) => name)).toEqual(['code', 's']);
    const [expected] = preview(
      planOf(`SELECT code, SUM(value) AS s ${BOTH}`, { epsilon: null, accuracy: rational(1000n) }),
      0.95,
    );
    expect(expected?.halfWidth).toBeLessThanOrEqual(1000);
    expect(expected?.halfWidth).toBeGreaterThan(990);
  });

  it('is told in the proof', () => {
    const lines: Proof[] = [];
    const walk = (proof: Proof): void => {
      lines.push(proof);
      proof.premises.forEach(walk);
    };
    walk(planOf(`SELECT code, SUM(value) AS total ${BOTH}`).proof);
    const own = lines.find(({ rule }) => rule.startsWith('weighted ℓ₁'));
    expect(own?.facts).toEqual({
      "step code = 'a1c'": '0.000285714285714',
      "noise code = 'a1c'": '1600',
      "step code = 'sbp'": '0.00357142857143',
      "noise code = 'sbp'": '20000',
    });
  });
});

describe('own ranges follow', () => {
  const split = (sql: string): readonly string[] => {
    const own = noises(sql);
    return typeof own === 'number' ? [] : Object.keys(own);
  };
  it.each([
    [
      'a renamed code',
      "SELECT c, AVG(v) FROM (SELECT code AS c, value AS v FROM lab) WHERE c IN ('a1c', 'sbp') GROUP BY c",
      ['a1c', 'sbp'],
    ],
    [
      'names made of the code',
      `SELECT CASE code WHEN 'a1c' THEN 'HbA1c' WHEN 'sbp' THEN 'pressure' END AS test, AVG(value) FROM lab WHERE code IN ('a1c', 'sbp') GROUP BY test`,
      ['HbA1c', 'pressure'],
    ],
    [
      'the latest value of a person and code',
      "SELECT code, AVG(latest) FROM (SELECT person_id, code, arg_max(value, start_date) AS latest FROM lab JOIN visit USING (visit_id) WHERE code IN ('a1c', 'sbp') GROUP BY person_id, code) GROUP BY code",
      ['a1c', 'sbp'],
    ],
    [
      'arithmetic',
      `SELECT c, AVG(v) FROM (SELECT code AS c, 2 * value + 1 AS v FROM lab) WHERE c IN ('a1c', 'sbp') GROUP BY c`,
      ['a1c', 'sbp'],
    ],
    [
      'another key beside the code',
      "SELECT ward, code, AVG(value) FROM lab JOIN visit USING (visit_id) WHERE code IN ('a1c', 'sbp') GROUP BY ward, code",
      ['a1c', 'sbp'],
    ],
    [
      'conditions on the value itself',
      'SELECT cost > 100 AS dear, AVG(cost) FROM visit WHERE cost IS NOT NULL GROUP BY dear',
      ['false', 'true'],
    ],
    [
      'what the question makes of the key',
      "SELECT sex, SUM(CASE WHEN sex = 'F' THEN 5 ELSE birth_year - 1900 END) FROM person GROUP BY sex",
      ['F', 'M'],
    ],
    // The value of the row before may be of the other code.
    [
      'not windows',
      "SELECT code, AVG(before) FROM (SELECT code, lag(value) OVER (PARTITION BY person_id ORDER BY start_date) AS before FROM lab JOIN visit USING (visit_id) WHERE code IN ('a1c', 'sbp')) GROUP BY code",
      [],
    ],
    // A total over codes mixes ranges: all groups share the widest.
    ['not coarser sets', "SELECT code, AVG(value) FROM lab WHERE code IN ('a1c', 'sbp') GROUP BY ROLLUP (code)", []],
    ['not keys that say nothing of the range', 'SELECT ward, AVG(cost) FROM visit GROUP BY ward', []],
  ] as const)('%s', (_, sql, groups) => {
    expect(split(sql)).toEqual(groups);
  });
});

describe('one code', () => {
  it.each([
    "SELECT SUM(value) FROM lab WHERE code = 'a1c'",
    "SELECT SUM(value) FILTER (WHERE code = 'a1c') FROM lab",
    "SELECT SUM(CASE code WHEN 'a1c' THEN value END) FROM lab",
    "SELECT SUM(CASE WHEN code = 'a1c' THEN value ELSE 0 END) FROM lab",
  ])('%s has its own bounds', (sql) => {
    expect(planOf(sql).questions[0]?.measurements[0]?.[0]?.sensitivity.l1).toBe(20n * 200n);
  });
});

it('a narrow range so far from zero that 64 bits do not hold its steps shares the common bounds', () => {
  const narrow = (offset: string): Derivation | undefined =>
    planOf(
      `SELECT ward, AVG(CASE ward WHEN 'icu' THEN ${offset} + LEAST(GREATEST(cost::INTEGER, 0), 1)
         ELSE LEAST(GREATEST(cost::INTEGER * 100000000, 0), 1000000000000) END)
       FROM visit GROUP BY ward`,
    ).questions[0]?.derived[0];
  expect(narrow('1')?.kind).toBe('by-key');
  expect(narrow('1000000000000')?.kind).toBe('mean');
});

describe('codes without bounds', () => {
  const refused = (sql: string): SpannedError => {
    try {
      planOf(sql);
    } catch (error) {
      if (error instanceof SpannedError) return error;
    }
    throw new Error('Not refused.');
  };
  it('are refused with the codes that have them, and the rewrite is answered', () => {
    const error = refused('SELECT code, AVG(value) FROM lab GROUP BY code');
    expect(error.code).toBe('BOUND_MISSING');
    expect(error.parts.next).toContain("WHERE code IN ('a1c', 'sbp') and GROUP BY code");
    expect(() => planOf("SELECT code, AVG(value) FROM lab WHERE code IN ('a1c', 'sbp') GROUP BY code")).not.toThrow();
  });
  it('are named where the question lists one', () => {
    const error = refused("SELECT code, AVG(value) FROM lab WHERE code IN ('a1c', 'ldl') GROUP BY code");
    expect(error.message).toContain("code can be 'ldl'");
  });
});
