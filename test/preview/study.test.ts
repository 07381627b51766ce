/** A study's plan stays within its budget, gives way as little as it must, and says what fixing it in advance saves. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, rational, sumOf, toNumber } from '../../src/dp/rational.ts';
import type { GauzeError } from '../../src/errors.ts';
import { planStudyIn } from '../../src/index/study.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { previewQuestion } from '../../src/session/preview/preview.ts';
import { parseStudy } from '../../src/study/read-study.ts';
import { shareOut, type Wish } from '../../src/study/split.ts';
import type { Study } from '../../src/study/study.ts';
import { planStudy, type StudyPlan } from '../../src/study/study-plan.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);

const STUDY: Study = {
  budget: { epsilon: 2, delta: '1e-6' },
  questions: [
    { name: 'sexes', sql: 'SELECT sex, COUNT(*) AS n FROM person GROUP BY sex', accuracy: 8 },
    { name: 'cities', sql: 'SELECT city, COUNT(*) AS n FROM person GROUP BY city', accuracy: 10 },
    {
      name: 'births',
      sql: 'SELECT AVG(birth_year) AS mean FROM person WHERE sex = $sex',
      params: { sex: 'F' },
      accuracy: 2,
      size: 1000,
    },
  ],
};

function plan(study: Study): Promise<StudyPlan> {
  return planStudy(POLICY, { as: 'dr-lee' }, study);
}

async function refusal(work: () => unknown): Promise<GauzeError> {
  try {
    await work();
  } catch (error) {
    return error as GauzeError;
  }
  throw new Error('Nothing was refused.');
}

/** Laplace-like: a half-width h costs c/h, rounded up to the grid. */
function wish(halfWidth: number, c: number): Wish {
  return {
    kind: 'accuracy',
    halfWidth: rational(BigInt(halfWidth)),
    cost: (at) => rational(BigInt(Math.ceil((c / toNumber(at)) * 1e6)), 1_000_000n),
  };
}

describe('shares', () => {
  it('never exceed the budget, and give way as little as they must', () => {
    const one = fc.record({ halfWidth: fc.integer({ min: 1, max: 1000 }), c: fc.integer({ min: 1, max: 500 }) });
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 40 }),
        (accuracies, weights, tenths) => {
          const epsilon = rational(BigInt(tenths), 10n);
          const wishes = [
            ...accuracies.map(({ halfWidth, c }) => wish(halfWidth, c)),
            ...weights.map((weight): Wish => ({ kind: 'weight', weight: rational(BigInt(weight)) })),
          ];
          const { factor, shares } = shareOut(wishes, epsilon)!;
          const total = sumOf(shares.map((share) => share.epsilon));
          expect(compare(total, epsilon)).toBeLessThanOrEqual(0);
          const wanted = accuracies.reduce((sum, { halfWidth, c }) => sum + c / halfWidth, 0);
          const room = factor === 1 ? toNumber(epsilon) : (toNumber(epsilon) * accuracies.length) / wishes.length;
          if (factor === 1) expect(wanted).toBeLessThanOrEqual(room + 1e-5);
          else expect(factor).toBeLessThanOrEqual(Math.max(1.001, wanted / room) * 1.004 + 1e-3);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of twice the weight are twice as large', () => {
    const weights = [1n, 2n].map((weight): Wish => ({ kind: 'weight', weight: rational(weight) }));
    const { shares } = shareOut([wish(10, 4), ...weights], rational(1n))!;
    expect(shares.map(({ epsilon }) => toNumber(epsilon))).toEqual([0.4, 0.2, 0.4]);
  });
});

describe('a plan', () => {
  it('gives each question the smallest ε for its accuracy, and leaves the rest', async () => {
    const { fits, factor, questions, total, left, prices } = await plan(STUDY);
    expect([fits, factor]).toEqual([true, 1]);
    for (const question of questions) {
      for (const { halfWidth } of Object.values(question.columns))
        expect(halfWidth).toBeLessThanOrEqual(question.wanted!);
    }
    const alone = previewQuestion(POLICY, { as: 'dr-lee' }, STUDY.questions[0]!.sql, { accuracy: 8 });
    expect(questions[0]!.epsilon).toBe(alone.cost.epsilon);
    expect(questions.map(({ flags }) => flags.join(' '))).toEqual([
      '--accuracy 8',
      '--accuracy 10',
      expect.stringMatching(/^--epsilon 0\.\d+ --param sex=F$/),
    ]);
    expect(total.epsilon + left.epsilon).toBeCloseTo(2, 12);
    expect(total.delta).toBe(1e-8);
    expect(prices.oneAtATime).toMatchObject(total);
  });

  it('over a small budget widens all by one factor, and stays within it', async () => {
    const small = { ...STUDY, budget: { epsilon: '0.2', delta: '1e-6' } };
    const { fits, factor, questions, total } = await plan(small);
    expect(fits).toBe(false);
    expect(total.epsilon).toBeLessThanOrEqual(0.2);
    expect(total.epsilon).toBeGreaterThan(0.19);
    for (const { columns, wanted } of questions) {
      for (const { halfWidth } of Object.values(columns))
        expect(halfWidth).toBeLessThanOrEqual(wanted! * factor * 1.0001);
    }
    const closer = STUDY.questions.map((question) => ({
      ...question,
      accuracy: (Number(question.accuracy) * factor * 0.97).toPrecision(8),
    }));
    expect((await plan({ ...small, questions: closer })).fits).toBe(false);
  });

  it('shares what accuracies leave by weight', async () => {
    const sql = 'SELECT COUNT(DISTINCT person_id) AS n FROM visit';
    const { questions, total } = await plan({
      budget: { epsilon: 1 },
      questions: [
        { name: 'a', sql, accuracy: 30 },
        { name: 'b', sql: `${sql} WHERE cost > 10`, weight: 3 },
        { name: 'c', sql: `${sql} WHERE cost > 20` },
      ],
    });
    expect(questions[1]!.epsilon / questions[2]!.epsilon).toBeCloseTo(3, 4);
    expect(total.epsilon).toBeGreaterThan(0.99999);
    expect(total.epsilon).toBeLessThanOrEqual(1);
  });

  it('keeps δ within the budget, and refuses private keys without any', async () => {
    const cities = [1, 2, 3].map((index) => ({
      name: `c${index}`,
      sql: `SELECT city, COUNT(*) AS n FROM person WHERE birth_year > ${1900 + index} GROUP BY city`,
      accuracy: 20,
    }));
    const { total, questions } = await plan({ budget: { epsilon: 3, delta: '1e-8' }, questions: cities });
    expect(total.delta).toBeLessThanOrEqual(1e-8);
    expect(total.delta).toBeGreaterThan(0.98e-8);
    expect(questions[0]!.flags).toContain('--delta');
    const error = await refusal(() => plan({ budget: { epsilon: 3 }, questions: cities }));
    expect([error.code, error.next]).toEqual(['BUDGET_INVALID', expect.stringContaining('more delta')]);
  });

  it('says what fixing it in advance saves, never more than nothing costs', async () => {
    const many = Array.from({ length: 60 }, (_, index) => ({
      name: `q${index}`,
      sql: 'SELECT COUNT(DISTINCT person_id) AS n FROM visit WHERE cost > ?',
      params: [BigInt(index)],
    }));
    const { prices } = await plan({ budget: { epsilon: 6, delta: '1e-6' }, questions: many });
    expect(prices.oneAtATime.epsilon).toBeCloseTo(6, 4);
    expect(prices.batch.epsilon).toBeLessThan(5);
    expect(prices.batch.saved).toBeCloseTo(1 - prices.batch.epsilon / prices.oneAtATime.epsilon, 12);
    expect(prices.batch.by).toBe('pld');
    const { basic, renyi, pld } = prices.batch.notions;
    expect(pld!).toBeLessThanOrEqual(Math.min(basic!, renyi!));
  });

  it('names the question that is refused', async () => {
    const questions = [...STUDY.questions, { name: 'wrong', sql: 'SELECT COUNT(*) FROM visits', accuracy: 1 }];
    const error = await refusal(() => plan({ ...STUDY, questions }));
    expect([error.code, error.fields.question]).toEqual(['QUERY_UNKNOWN_NAME', 'wrong']);
    expect(error.message).toMatch(/^Question wrong \(number 4\), line 1, column 22: /);
    const mean = { name: 'mean', sql: 'SELECT AVG(birth_year) AS m FROM person', accuracy: 1 };
    expect((await refusal(() => plan({ ...STUDY, questions: [mean] }))).next).toContain('size: 1000');
  });

  it('says whether the budget in the journal admits it today, and makes no journal', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gauze-study-'));
    const policy = join(folder, 'network.yaml');
    writeFileSync(policy, NETWORK);
    const admitted = await planStudyIn({ policy, as: 'dr-lee' }, STUDY);
    expect(admitted.today).toMatchObject({ oneAtATime: true, batch: true });
    expect(existsSync(join(folder, 'network.gauze'))).toBe(false);
    const large = { budget: { epsilon: 300 }, questions: [{ name: 'all', sql: 'SELECT COUNT(*) AS n FROM person' }] };
    expect((await planStudyIn({ policy, as: 'dr-lee' }, large)).today).toMatchObject({
      oneAtATime: false,
      batch: false,
    });
    rmSync(folder, { recursive: true });
  });
});

describe('a study file', () => {
  it('is YAML or JSON, numbers are the decimals written, quotes keep text text', () => {
    const yaml = `
budget: { epsilon: 0.1, delta: 1e-7 }
purpose: research
questions:
  - name: one
    sql: |
      SELECT COUNT(*) AS n
      FROM visit WHERE cost > $least AND ward = $ward
    params: { least: 100, ward: "7" }
    accuracy: 12.5
  - { name: two, sql: SELECT 1 FROM person, params: [1.5, true], weight: 2, level: 0.9, size: 50, groups: 1, rows: 2 }
`;
    const study = parseStudy(yaml);
    expect(study).toEqual({
      budget: { epsilon: '0.1', delta: '0.0000001' },
      purpose: 'research',
      questions: [
        {
          name: 'one',
          sql: 'SELECT COUNT(*) AS n\nFROM visit WHERE cost > $least AND ward = $ward\n',
          params: { least: 100n, ward: '7' },
          accuracy: '12.5',
        },
        {
          name: 'two',
          sql: 'SELECT 1 FROM person',
          params: [1.5, true],
          weight: '2',
          level: 0.9,
          size: 50,
          groups: 1,
          rows: 2,
        },
      ],
    });
    expect(parseStudy(JSON.stringify({ budget: { epsilon: 1 }, questions: [{ name: 'a', sql: 'b' }] }))).toEqual({
      budget: { epsilon: '1', delta: '0' },
      questions: [{ name: 'a', sql: 'b' }],
    });
  });

  it.each([
    [
      'budget: { epsilon: 1 }\nquestions: [ { name: a, sql: b, acuracy: 1 } ]',
      /study\.yaml:2:33: questions\[0\]: There is no key acuracy/,
      'Write accuracy.',
    ],
    [
      'budget: { epsilon: 0 }\nquestions: [ { name: a, sql: b } ]',
      /budget\.epsilon: 0 is not in range/,
      'a number above 0',
    ],
    ['budget: { epsilon: 1 }\nquestions: []', /questions: The questions are a list/, 'Write questions'],
    [
      'budget: { epsilon: 1 }\nquestions: [ { name: a, sql: b }, { name: a, sql: c } ]',
      /A second question is called a/,
      'Rename',
    ],
    [
      'budget: { epsilon: 1 }\nquestions: [ { name: a, sql: b, accuracy: 1, weight: 1 } ]',
      /an accuracy or a weight, not both/,
      'Remove the weight',
    ],
    ['budget: { epsilon: 1 }', /questions is missing/, 'Write questions'],
  ])('is refused with place and advice: %s', async (text, what, next) => {
    const error = await refusal(() => parseStudy(text, { file: 'study.yaml' }));
    expect(error.code).toBe('USAGE');
    expect(error.message).toMatch(what);
    expect(error.next).toContain(next);
  });

  it('is refused with all that is wrong', async () => {
    const error = await refusal(() => parseStudy('budget: { epsilon: -1, foo: 2 }\nquestion: []'));
    expect(error.message).toMatch(/^The study has 3 problems:/);
  });
});
