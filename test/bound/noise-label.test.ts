/** How explanations call the noises of an answer. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { explainInWords } from '../../src/bound/explain.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { rational } from '../../src/dp/rational.ts';
import { parametersOf } from '../../src/options.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);

/** Lines that speak of a noise, from the name to the spread. */
function noisesOf(sql: string, parameters = parametersOf({ epsilon: 1 }, null, null)): readonly string[] {
  const { plan } = makePlan(ask(sql, POLICY), POLICY, parameters, sql);
  return explainInWords(plan).flatMap(
    (line) => /^ +(.*: discrete .* noise of .*?),? (?:which )?hides/.exec(line)?.[1] ?? [],
  );
}

describe('a noise is called', () => {
  it.each([
    ['SELECT COUNT(*) AS n FROM person', ['n: discrete Laplace noise of scale 1']],
    [
      'SELECT AVG(cost) AS m FROM visit',
      [
        'm (count): discrete Laplace noise of scale 52',
        'm (sum, in steps of 0.01): discrete Laplace noise of scale 81250000 (812500 in the units of the data)',
      ],
    ],
    [
      'SELECT SUM(cost) AS s, SUM(birth_year) AS y FROM visit JOIN person USING (person_id)',
      [
        's (in steps of 0.01): discrete Laplace noise of scale 200000000 (2000000 in the units of the data)',
        'y: discrete Laplace noise of scale 81000',
      ],
    ],
  ])('%s', (sql, lines) => expect(noisesOf(sql)).toEqual(lines));

  it('after every output that it enters', () => {
    const sql = 'SELECT AVG(cost) AS m, COUNT(cost) AS n FROM visit';
    expect(noisesOf(sql).map((line) => line.split(':')[0])).toEqual(['m (count), n', 'm (sum, in steps of 0.01)']);
  });

  it('in steps of a group of its own', () => {
    const sql = "SELECT code, AVG(value) AS m FROM lab WHERE code IN ('a1c', 'sbp') GROUP BY code";
    expect(noisesOf(sql).map((line) => line.split(':')[0])).toEqual([
      'm (count)',
      "m (sum, in steps of its group's own)",
    ]);
  });

  it('with its standard deviation where it is Gaussian', () => {
    const sums = Array.from({ length: 30 }, (_, power) => `SUM(LEAST(cost, ${power + 1})) AS s${power}`).join(', ');
    const parameters = {
      ...parametersOf({ epsilon: 1, delta: 1e-6 }, null, null),
      defaultDelta: rational(1n, 10n ** 8n),
    };
    const [first] = noisesOf(`SELECT ${sums} FROM visit`, parameters);
    expect(first).toMatch(
      /^s0 \(in steps of 0.01\): discrete Gaussian noise of variance \d+.* \(standard deviation \d+/,
    );
    const [, variance, deviation] = /variance ([\d.]+) \(standard deviation ([\d.]+)/.exec(
      first as string,
    ) as unknown as string[];
    expect(Number(deviation)).toBeCloseTo(Math.sqrt(Number(variance)) / 100, 2);
  });
});
