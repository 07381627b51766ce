/**
 * Real questions, whole path. With ε = 1,000 an answer must be that of plain SQL under the same bounds; with ε = 1 the
 * intervals must hold what they promise.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askReal, Bench, DATA, figuresOf, truthOf } from './bench.ts';
import { QUESTIONS } from './questions.ts';

const bench: { current: Bench | null } = { current: null };
const here = (): Bench => bench.current as Bench;

if (DATA === null) console.log('The real data sets are skipped: GAUZE_DATA_DIR names no folder.');

describe.skipIf(DATA === null)('questions on real data', () => {
  beforeAll(async () => {
    bench.current = await Bench.open(DATA as string);
  });
  afterAll(() => here().close());

  it.each(QUESTIONS.map((question) => [question.title, question] as const))('%s', async (_, question) => {
    const truth = truthOf(await here().plain(question.policy, question.bounded), question.keys);
    const session = await here().session(question.policy);
    const release = await askReal(session, question, 1000);
    const figures = figuresOf(release, question.keys);
    expect(figures.length).toBeGreaterThan(0);
    const off = figures.filter(({ place, value }) => !isClose(value, truth.get(place), question.within ?? 1e-3));
    expect(off.map((figure) => ({ ...figure, truth: truth.get(figure.place) }))).toEqual([]);
  });
});

function isClose(value: number | null, truth: number | null | undefined, within: number): boolean {
  if (truth === undefined || truth === null || value === null) return (truth ?? 0) === 0 && (value ?? 0) === 0;
  return Math.abs(value - truth) <= within * Math.abs(truth) + (Number.isInteger(truth) && within < 0.005 ? 0 : 0.01);
}
