/**
 * True sensitivity: over random policies, hostile tables and accepted questions, one unit that leaves with all its rows
 * moves the sealed statistics by no more than the plan declared, salt and engine being the same. A unit that a question is
 * not about, for want of consent, as one of another part, or as withdrawn, moves nothing.
 *
 * GAUZE_CASES sets how many pairs of neighbouring databases are compared (10,000 unless set); a tenth of them on
 * duckdb-wasm. A failure prints its seed; GAUZE_SEED runs that seed alone, on both engines.
 */
import { describe, expect, it } from 'vitest';
import type { BoundedQuestion, Statistic } from '../../src/bound/bounded.ts';
import { changedUnits } from '../conformance/admission.ts';
import { emptyOutcome, type Outcome, runSeed } from './cases.ts';

const CASES = Number(process.env.GAUZE_CASES ?? 10_000);
const GIVEN = process.env.GAUZE_SEED;
const WASM_SHARE = 0.1;
const FIRST = Math.floor(Math.random() * 2 ** 31);
const HOURS = 3_600_000;

/** Compares until enough cases are done: the first seeds are always the same, the others are new. */
async function compare(engine: 'native' | 'wasm', cases: number, questions: number): Promise<Outcome> {
  const outcome = emptyOutcome();
  for (let run = 0; outcome.cases < cases && outcome.failures.length === 0; run++) {
    await runSeed(run < 2 ? run : FIRST + run, { engine, questions }, outcome);
  }
  return outcome;
}

describe.skipIf(GIVEN !== undefined)('one unit moves the statistics by no more than declared', () => {
  it('native', { timeout: 8 * HOURS }, async () => {
    const { cases, failures, reached, ownRanges, leftOut } = await compare('native', CASES * (1 - WASM_SHARE), 24);
    expect(failures).toEqual([]);
    expect(cases).toBeGreaterThanOrEqual(CASES * (1 - WASM_SHARE));
    expect(ownRanges).toBeGreaterThan(cases / 100);
    expect(leftOut).toBeGreaterThan(cases / 100);
    expect([...reached].sort()).toEqual(['count', 'distinct', 'sum', 'units']);
  });

  it('wasm', { timeout: 8 * HOURS }, async () => {
    const { cases, failures } = await compare('wasm', CASES * WASM_SHARE, 45);
    expect(failures).toEqual([]);
    expect(cases).toBeGreaterThanOrEqual(CASES * WASM_SHARE);
  });
});

const statistics =
  (change: (statistic: Statistic) => Statistic) =>
  (question: BoundedQuestion): BoundedQuestion => ({ ...question, statistics: question.statistics.map(change) });

describe.skipIf(GIVEN !== undefined)('a bound that the engine loses is found', () => {
  it.each<readonly [string, (question: BoundedQuestion) => BoundedQuestion]>([
    ['a row too many per group', statistics((one) => ('rows' in one ? { ...one, rows: one.rows + 1 } : one))],
    ['a group too many', (one) => ({ ...one, groups: one.groups === null ? null : one.groups + 1 })],
    ['no limit of groups', (one) => ({ ...one, groups: null })],
    ['units that did not consent', (one) => changedUnits(one, () => undefined)],
    [
      'refusals',
      (one) => changedUnits(one, ({ consent, part }) => ({ part, consent: consent && { ...consent, refusals: [] } })),
    ],
    ['units of other parts', (one) => changedUnits(one, ({ consent }) => ({ consent, part: null }))],
    [
      'a sum clamped too high',
      statistics((one) => (one.kind === 'sum' ? { ...one, high: one.high * 3n + 1n, low: one.low * 3n - 1n } : one)),
    ],
  ])('%s', { timeout: HOURS }, async (_name, tamper) => {
    const outcome = emptyOutcome();
    for (let seed = 5; seed < 45 && outcome.failures.length === 0; seed++) {
      await runSeed(seed, { engine: 'native', questions: 24, tamper }, outcome);
    }
    expect(outcome.failures.length).toBeGreaterThan(0);
  });
});

if (GIVEN !== undefined) {
  describe('the seed given', () => {
    it.each([
      ['native', 24],
      ['wasm', 45],
    ] as const)('%s', { timeout: HOURS }, async (engine, questions) => {
      const outcome = emptyOutcome();
      await runSeed(Number(GIVEN), { engine, questions }, outcome);
      expect(outcome.failures).toEqual([]);
    });
  });
}
