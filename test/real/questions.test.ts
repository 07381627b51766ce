/**
 * Real questions, whole path. With a very large ε an answer must be that of plain SQL under the same bounds; over repeated
 * noise the intervals must hold what they promise; and the errors are those of docs/accuracy.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accuracyPage, isListed } from './accuracy-page.ts';
import { askReal, Bench, DATA, figuresOf, truthOf } from './bench.ts';
import { coverage, errorLines, trials, truthsOf } from './measured.ts';
import { QUESTIONS } from './questions.ts';

const PAGE = new URL('../../docs/accuracy.md', import.meta.url);
const UPDATE = process.env.UPDATE_ACCURACY === '1';
const EPSILONS = [0.1, 0.5, 1];

if (DATA === null) console.log('Questions on real data are skipped: GAUZE_DATA_DIR names no folder.');

it('docs/accuracy.md lists every question', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(QUESTIONS.length).toBeGreaterThanOrEqual(20);
  expect(QUESTIONS.filter(({ title }) => !isListed(page, title)).map(({ title }) => title)).toEqual([]);
});

describe.skipIf(DATA === null)('questions on real data', () => {
  const bench: { current: Bench | null } = { current: null };
  const here = (): Bench => bench.current as Bench;
  beforeAll(async () => {
    bench.current = await Bench.open(DATA as string);
  });
  afterAll(() => here().close());

  const cases = (['native', 'wasm'] as const).flatMap((kind) =>
    QUESTIONS.map((question) => [kind, question.title, question] as const),
  );
  it.each(cases)('%s: %s', async (kind, _, question) => {
    const truth = truthOf(await here().plain(question.policy, question.bounded), question.keys);
    const session = await here().session(question.policy, kind);
    const figures = figuresOf(await askReal(session, question, 10_000), question.keys);
    expect(figures.length).toBeGreaterThan(0);
    const off = figures.filter(({ place, value }) => !isClose(value, truth.get(place), question.within ?? 1e-3));
    expect(off.map((figure) => ({ ...figure, truth: truth.get(figure.place) }))).toEqual([]);
  });

  // H₀: every interval holds with probability ≥ 0.95. Figures of one answer share noise, so the deviation of the share held
  // is taken as twice that of independent figures; five of these deviations below are seen with probability < 10⁻⁶.
  it('intervals hold what they promise', async () => {
    const truths = await truthsOf(here(), QUESTIONS);
    const { held, of } = coverage(await trials(here(), QUESTIONS, [1], 3), truths);
    const deviation = 2 * Math.sqrt((0.95 * 0.05) / of);
    expect(held / of).toBeGreaterThan(0.95 - 5 * deviation);
    expect(held / of).toBeLessThan(1);
  });

  if (UPDATE) {
    it('errors are measured again', { timeout: 1_800_000 }, async () => {
      const times = 40;
      const truths = await truthsOf(here(), QUESTIONS);
      const all = await trials(here(), QUESTIONS, EPSILONS, times);
      const lines = errorLines(all, truths, EPSILONS);
      writeFileSync(PAGE, accuracyPage({ lines, epsilons: EPSILONS, times, coverage: coverage(all, truths) }));
    });
  }
});

/** Within a relative distance; counts that nothing clips are exact. */
function isClose(value: number | null, truth: number | null | undefined, within: number): boolean {
  if (value === null || truth === undefined || truth === null) return (truth ?? 0) === 0 && (value ?? 0) === 0;
  return Math.abs(value - truth) <= within * Math.abs(truth);
}
