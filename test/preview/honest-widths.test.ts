/** A previewed width is an upper figure: answers drawn from the noises of the plan keep it, wherever the mean lies. */
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/bound/plan.ts';
import { samplerOf } from '../../src/dp/mechanism/noise.ts';
import { seededBits } from '../../src/dp/simulation/seeded.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { evaluateAnswer } from '../../src/release/answer/evaluate-answer.ts';
import { derive } from '../../src/release/derive.ts';
import type { NoisyAnswer } from '../../src/release/noisy.ts';
import { intervalsOf } from '../../src/release/present.ts';
import { prepare } from '../../src/session/prepare.ts';
import { type PreviewOptions, previewQuestion } from '../../src/session/preview/preview.ts';
import { planStudy } from '../../src/study/study-plan.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);
const DRAWS = 300;
/** Of 300 draws of which 95 % keep a width, fewer do with a chance of 10⁻⁴. */
const KEPT_LEAST = 269;
const COST = 'SELECT AVG(cost) AS mean FROM visit';
const COST_AND_COUNT = 'SELECT AVG(cost) AS mean, COUNT(*) AS n FROM visit';
const BIRTH = 'SELECT AVG(birth_year) AS mean FROM person';

function planOf(sql: string, epsilon: number | string): Plan {
  const parts = { policy: POLICY, principal: 'dr-lee', purpose: null, clock: (): Date => new Date() };
  return prepare(parts, sql, { epsilon }).plan;
}

/** One draw of the noises over `size` rows whose mean lies at `place` between its bounds, 0 to 1. */
function drawn(plan: Plan, size: number, place: number, bits: ReturnType<typeof seededBits>): NoisyAnswer {
  return {
    questions: plan.questions.map(({ bounded, measurements }) => ({
      sets: bounded.sets.map((_, set) => ({
        groups: 1,
        keys: [],
        statistics: bounded.statistics.map((statistic, at) => {
          const measurement = measurements[set]?.[at] ?? null;
          if (measurement === null) return null;
          const { low, high } = statistic.kind === 'sum' ? statistic.lattice : { low: 0n, high: 0n };
          const each = Number(low) + Number(high - low) * place;
          const exact = statistic.kind === 'sum' ? Math.round(size * (each - Number(statistic.centre))) : size;
          return Float64Array.of(exact + Number(samplerOf(measurement.mechanism).sample(bits)));
        }),
      })),
    })),
  };
}

/** Half-widths of `mean` as answers show them, ascending; infinite where an end is open. */
function answered(sql: string, epsilon: number | string, size: number, place: number): readonly number[] {
  const plan = planOf(sql, epsilon);
  const bits = seededBits(`${sql} ${size} ${place}`);
  const widths = Array.from({ length: DRAWS }, () => {
    const released = derive(plan, drawn(plan, size, place, bits));
    const frame = evaluateAnswer(plan.answer, { released, publics: new Map() });
    const { low, high } = intervalsOf(frame, { alpha: 0.05, joint: false, clip: true })[0]!.bounds!;
    return low[0] == null || high[0] == null ? Number.POSITIVE_INFINITY : (high[0] - low[0]) / 2;
  });
  return widths.sort((a, b) => a - b);
}

function previewed(sql: string, options: PreviewOptions): number {
  return previewQuestion(POLICY, { as: 'dr-lee' }, sql, options).columns.mean!.halfWidth!;
}

describe('the width previewed of a mean', () => {
  it.each([
    [COST, 300],
    [COST, 2000],
    [COST, 18_000],
    [COST_AND_COUNT, 300],
    [COST_AND_COUNT, 18_000],
    [BIRTH, 15],
    [BIRTH, 100],
    [BIRTH, 1000],
    ['SELECT SUM(cost) / COUNT(*) AS mean FROM visit', 1000],
    ['SELECT SUM(cost) / COUNT(*) AS mean FROM visit', 18_000],
    ['SELECT AVG(cost) * 12 AS mean FROM visit', 2000],
  ])('is kept by answers: %s, of %i', (sql, size) => {
    const width = previewed(sql, { epsilon: 1, sizes: [size] });
    for (const place of [0.02, 0.09, 0.5, 0.98]) {
      const kept = answered(sql, 1, size, place).filter((half) => half <= width * (1 + 1e-9)).length;
      expect(kept, `at ${place}`).toBeGreaterThanOrEqual(KEPT_LEAST);
    }
  });

  it('is hardly wider than answers near a bound, where these are widest, in groups that are large for the noise', () => {
    for (const [sql, size] of [
      [COST, 18_000],
      [COST_AND_COUNT, 18_000],
      [BIRTH, 1000],
    ] as const) {
      const width = previewed(sql, { epsilon: 1, sizes: [size] });
      for (const place of [0.02, 0.09, 0.98]) {
        const middle = answered(sql, 1, size, place)[DRAWS / 2] as number;
        expect(width / middle, `${sql} at ${place}`).toBeLessThan(1.2);
      }
    }
  });

  it('comes with a narrower one for means in the middle, which answers keep there', () => {
    const { columns, notes } = previewQuestion(POLICY, { as: 'dr-lee' }, COST, { epsilon: 1, sizes: [18_000] });
    const note = notes.find((one) => one.includes('halfway')) ?? '';
    const middle = Number(/groups of 18000: mean ± (\d+)\.$/.exec(note)?.[1]);
    const widths = answered(COST, 1, 18_000, 0.5);
    expect(widths.filter((half) => half <= middle).length).toBeGreaterThanOrEqual(KEPT_LEAST);
    expect(middle / (widths[DRAWS / 2] as number)).toBeLessThan(1.05);
    expect(columns.mean!.halfWidth! / middle).toBeGreaterThan(1.5);
    const squares = 'SELECT COUNT(*) * COUNT(*) AS mean FROM visit';
    const counted = previewQuestion(POLICY, { as: 'dr-lee' }, squares, { epsilon: 1, sizes: [1000] });
    expect(counted.notes.join()).not.toContain('halfway');
  });

  it('never exceeds what the bounds alone tell, however small the group', () => {
    expect(previewed(COST, { epsilon: 0.1, sizes: [5] })).toBe(25_000);
    expect(previewed('SELECT -2 * AVG(cost) AS mean FROM visit', { epsilon: 0.1, sizes: [5] })).toBe(50_000);
    const ratio = 'SELECT SUM(cost) / COUNT(*) AS mean FROM visit';
    expect(previewed(ratio, { epsilon: 0.1, sizes: [5] })).toBeNull();
  });

  it('falls with ε', () => {
    const widths = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6].map((epsilon) => previewed(COST, { epsilon, sizes: [2000] }));
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
  });

  it('is the wanted one at the ε for an accuracy, and answers keep that', () => {
    for (const [sql, size, accuracy] of [
      [COST, 18_000, 400],
      [BIRTH, 200, 3],
    ] as const) {
      const { epsilonFor } = previewQuestion(POLICY, { as: 'dr-lee' }, sql, { accuracy, sizes: [size] });
      for (const place of [0.02, 0.09, 0.5, 0.98]) {
        const widths = answered(sql, epsilonFor.accuracy!.epsilon, size, place);
        expect(widths.filter((half) => half <= accuracy).length, `at ${place}`).toBeGreaterThanOrEqual(KEPT_LEAST);
      }
    }
  });

  it('is kept by the answers of a study that was planned to it', async () => {
    const question = { name: 'costs', sql: COST_AND_COUNT, accuracy: 300, size: 18_000 };
    const { questions } = await planStudy(POLICY, { as: 'dr-lee' }, { budget: { epsilon: 5 }, questions: [question] });
    const [{ epsilon, columns }] = questions as unknown as [(typeof questions)[number]];
    expect(columns.mean!.halfWidth).toBeLessThanOrEqual(300);
    const widths = answered(COST_AND_COUNT, epsilon, 18_000, 0.09);
    expect(widths.filter((half) => half <= 300).length).toBeGreaterThanOrEqual(KEPT_LEAST);
  });
});
