/** What an explanation says of means, and that answers keep to it. */
import { describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import type { Plan } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { parametersOf } from '../../src/options.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { answerOf } from '../../src/release/answer.ts';
import { meanNotes } from '../../src/release/mean-notes.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);

function planOf(sql: string, epsilon = 1): Plan {
  return makePlan(ask(sql, POLICY), POLICY, parametersOf({ epsilon }, null, null), sql).plan;
}

/** The answer to an ungrouped mean whose noisy count and sum are these. */
async function answered(plan: Plan, count: number, sum: number): Promise<{ value: unknown; width: number }> {
  const [question] = plan.questions;
  const statistics = question!.bounded.statistics.map(({ kind }) => Float64Array.of(kind === 'sum' ? sum : count));
  const noisy = { questions: [{ sets: [{ groups: 1, keys: [], statistics }] }] };
  const { columns, intervals } = await answerOf(plan, noisy, {
    level: 0.95,
    intervals: 'each',
    clip: false,
    readPublic: async () => {
      throw new Error('Nothing public is read.');
    },
  });
  const bounds = intervals.m;
  return { value: columns[0]?.values[0], width: Number(bounds?.high[0]) - Number(bounds?.low[0]) };
}

describe('a mean', () => {
  const plan = planOf('SELECT AVG(cost) AS m FROM visit');
  const [note, more] = meanNotes(plan, 0.95) as [string, string];
  const least = Number(/is (\d+) or more/.exec(note)?.[1]);

  it('says from which count on it has a value', async () => {
    expect(note).toMatch(/^m has a value where the noisy number of rows is \d+ or more; below, it is NULL\./);
    expect((await answered(plan, least - 1, 0)).value).toBeNull();
    expect((await answered(plan, least, 0)).value).toBe(25_000);
  });

  it('says from about which count on its interval is a tenth of the range, wherever it lies', async () => {
    const telling = Number(/With about (\d+) rows/.exec(note)?.[1]);
    expect(note).toContain('its bounds, 0 to 50000');
    const middle = (await answered(plan, telling, 0)).width;
    const end = (await answered(plan, telling, 2_450_000 * telling)).width;
    expect(Math.max(middle, end)).toBeLessThan(0.12 * 50_000);
    expect(Math.max(middle, end)).toBeGreaterThan(0.04 * 50_000);
    expect((await answered(plan, telling / 4, 0)).width).toBeGreaterThan(0.1 * 50_000);
  });

  it('names what would help', () => {
    expect(more).toContain('a larger epsilon, fewer figures at once or fewer rows of one person (option rows)');
    expect(more).toContain('AVG(least(x, HIGH))');
    const [better] = meanNotes(planOf('SELECT AVG(cost) AS m FROM visit', 4), 0.95) as [string];
    expect(Number(/is (\d+) or more/.exec(better)?.[1])).toBeLessThan(least / 3);
  });

  it('of one row a person counts persons, and has no rows to lower', () => {
    const notes = meanNotes(planOf('SELECT sex, AVG(birth_year) AS y FROM person GROUP BY sex'), 0.95);
    expect(notes[0]).toContain('y has a value where the noisy number of persons is');
    expect(notes[1]).not.toContain('option rows');
  });

  it('under bounds of its group speaks of those', () => {
    const sql = "SELECT code, AVG(value) AS v FROM lab WHERE code IN ('a1c', 'sbp') GROUP BY code";
    expect(meanNotes(planOf(sql), 0.95)[0]).toContain('a tenth as wide as its bounds, with more');
  });
});

it('answers without means have no such notes', () => {
  expect(meanNotes(planOf('SELECT COUNT(*), SUM(cost) FROM visit'), 0.95)).toEqual([]);
});
