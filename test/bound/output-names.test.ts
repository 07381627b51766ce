/** Noise is called after the output it enters, and an ε stated for an output is what its noises cost together. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import type { Plan, PrivacyParameters } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import type { Proof } from '../../src/bound/proof.ts';
import { parseDecimal, type Rational, toNumber } from '../../src/dp/rational.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);

function planOf(sql: string, epsilons: Readonly<Record<string, string>>): Plan {
  const parameters: PrivacyParameters = {
    epsilon: null,
    delta: null,
    accuracy: null,
    epsilonByAggregate: new Map(Object.entries(epsilons).map(([name, text]) => [name, parseDecimal(text) as Rational])),
    contribution: { groups: null, rows: null },
    level: 0.95,
    defaultDelta: parseDecimal('1e-8') as Rational,
  };
  return makePlan(ask(sql, POLICY), POLICY, parameters, sql).plan;
}

function outputs({ facts, premises }: Proof): string[] {
  return [...(facts.outputs === undefined ? [] : [facts.outputs]), ...premises.flatMap(outputs)];
}

describe('an ε for each output', () => {
  it('is charged in full, whatever the output is made of', () => {
    const plan = planOf('SELECT COUNT(*) AS visits, SUM(cost) / COUNT(cost) AS mean FROM visit', {
      visits: '0.2',
      mean: '0.3',
    });
    expect(toNumber(plan.cost.epsilon)).toBe(0.5);
  });

  it('names the noises in the proof', () => {
    const plan = planOf(
      'WITH w AS (SELECT ward, COUNT(*) AS n, AVG(cost) AS m FROM visit GROUP BY ward) SELECT ward, n AS visits, m * 2 AS twice FROM w',
      { visits: '0.1', twice: '0.2' },
    );
    expect(new Set(outputs(plan.proof).flatMap((names) => names.split(', ')))).toEqual(new Set(['visits', 'twice']));
  });

  it('is wanted for every noisy output, and for no other', () => {
    const sql = 'SELECT ward, COUNT(*) AS visits, SUM(cost) AS total FROM visit GROUP BY ward';
    expect(() => planOf(sql, { visits: '0.1' })).toThrow('No epsilon is given for total.');
    expect(() => planOf(sql, { visits: '0.1', total: '0.1', ward: '0.1' })).toThrow(
      'An epsilon is given for ward, and no noisy output has that name.',
    );
  });
});

describe('a grouping that is named twice', () => {
  const SHARE =
    'WITH c AS (SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward) SELECT ward, n / (SELECT SUM(n) FROM c) AS share FROM c';

  it('is measured once, for the whole ε, under the name it has in the answer', () => {
    const plan = planOf(SHARE, { share: '0.5' });
    const alone = planOf('SELECT ward, COUNT(*) AS share FROM visit GROUP BY ward', { share: '0.5' });
    expect(plan.questions).toHaveLength(1);
    expect(plan.digest).toBe(alone.digest);
    expect(toNumber(plan.cost.epsilon)).toBe(0.5);
  });

  it('is another question where anything differs', () => {
    const other = SHARE.replace('(SELECT SUM(n) FROM c)', "(SELECT COUNT(*) FROM visit WHERE ward <> 'icu')");
    expect(planOf(other, { share: '0.5' }).questions).toHaveLength(2);
    const columns = SHARE.replace(
      '(SELECT SUM(n) FROM c)',
      '(SELECT SUM(n) FROM (SELECT sex, COUNT(*) AS n FROM person GROUP BY sex))',
    );
    expect(planOf(columns, { share: '0.5' }).questions).toHaveLength(2);
  });
});
