/** Every construct that is accepted, over hostile hospitals: engines give the interpreter's statistics bit for bit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BoundedQuestion, Statistic } from '../../src/bound/bounded.ts';
import type { Ledger } from '../../src/charge/ledger.ts';
import { seeded } from '../attack/random.ts';
import { answers, planOf } from './compare.ts';
import { hospital } from './hospital.ts';
import { QUESTIONS } from './questions.ts';
import { interpretPlan, richLedger, runPlan, shown } from './statistics.ts';
import { openWorld, type World } from './world.ts';

const WORLDS = [
  { seed: 1, policy: 'fixed' },
  { seed: 7, policy: 'drawn' },
] as const;
const SALT = 0x0123_4567_89ab_cdefn;

const statistics =
  (change: (statistic: Statistic) => Statistic) =>
  (question: BoundedQuestion): BoundedQuestion => ({ ...question, statistics: question.statistics.map(change) });

/** Bugs an engine could have; the tables must be rich enough for each to show. */
const BROKEN: readonly { readonly name: string; readonly break: (question: BoundedQuestion) => BoundedQuestion }[] = [
  {
    name: 'a row too many per group',
    break: statistics((one) => ('rows' in one ? { ...one, rows: one.rows + 1 } : one)),
  },
  { name: 'a group too many', break: (one) => ({ ...one, groups: one.groups === null ? null : one.groups + 1 }) },
  { name: 'a condition left out', break: statistics((one) => ({ ...one, where: null })) },
  {
    name: 'a clamp one step too high',
    break: statistics((one) =>
      one.kind === 'sum' ? { ...one, lattice: { ...one.lattice, high: one.lattice.high + 1n } } : one,
    ),
  },
  {
    name: 'a clamp one step too low',
    break: statistics((one) =>
      one.kind === 'sum' ? { ...one, lattice: { ...one.lattice, low: one.lattice.low - 1n } } : one,
    ),
  },
  {
    name: 'a public key left out',
    break: (one) => ({
      ...one,
      keys: one.keys.map((key) =>
        key.domain?.kind === 'list' ? { ...key, domain: { ...key.domain, values: key.domain.values.slice(1) } } : key,
      ),
    }),
  },
  {
    name: 'a minimum of units one too low',
    break: (one) => ({ ...one, minimumUnits: one.minimumUnits === null ? null : one.minimumUnits - 1 }),
  },
];

it('are many and different', () => {
  expect(new Set(QUESTIONS).size).toBeGreaterThanOrEqual(200);
});

describe.each(WORLDS)('hospital $seed', ({ seed, policy }) => {
  let world: World;
  let ledger: Ledger;
  beforeAll(async () => {
    world = await openWorld(hospital(seeded(seed), { units: 10, visits: 40, policy }));
    ledger = await richLedger();
  });
  afterAll(() => world.close());

  it('declares what holds', async () => {
    for (const engine of world.engines) expect(await engine.verify(world.dataset)).toEqual([]);
  });

  it.each(QUESTIONS)('%s', async (sql) => {
    const plan = planOf(sql, world.policy);
    if (plan === null) throw new Error(`The question is refused: ${sql}`);
    const { expected, found } = await answers(plan, world, ledger, SALT);
    for (const [engine, lines] of found) expect(lines, engine).toEqual(expected);
  });

  it.each(BROKEN)('would notice $name', ({ break: broken }) => {
    const noticed = QUESTIONS.some((sql) => {
      const plan = planOf(sql, world.policy);
      const questions = plan?.questions.map(({ bounded }) => bounded) ?? [];
      const changed = questions.map(broken);
      const [right, wrong] = [questions, changed].map((asked) => shown(interpretPlan(asked, world.database, SALT)));
      return JSON.stringify(right) !== JSON.stringify(wrong);
    });
    expect(noticed).toBe(true);
  });
});

it('engines select the same pairs by their own hash', { timeout: 600_000 }, async () => {
  const world = await openWorld(hospital(seeded(1), { units: 10, visits: 40, policy: 'fixed' }), 'own');
  const ledger = await richLedger();
  try {
    const selecting = QUESTIONS.map((sql) => ({ sql, plan: planOf(sql, world.policy) })).filter(({ plan }) =>
      plan?.questions.some(
        ({ bounded }) => bounded.groups !== null || bounded.statistics.some(({ kind }) => kind === 'distinct'),
      ),
    );
    expect(selecting.length).toBeGreaterThan(20);
    for (const { sql, plan } of selecting) {
      if (plan === null) continue;
      const runs = [];
      for (const engine of world.engines) runs.push(shown(await runPlan(plan, engine, ledger, SALT)));
      for (const run of runs) expect(run, sql).toEqual(runs[0]);
    }
  } finally {
    await world.close();
  }
});
