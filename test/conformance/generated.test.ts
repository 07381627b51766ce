/**
 * Generated questions over generated hospitals: engines give the interpreter's statistics bit for bit. Fixed seeds, and
 * a fresh one each run; a failure prints the seed, and GAUZE_SEED asks it again alone.
 */
import { expect, it } from 'vitest';
import type { Relation } from '../../src/ask/ir.ts';
import { generateQuestion } from '../attack/grammar.ts';
import { Draw, seeded } from '../attack/random.ts';
import { answers, planOf } from './compare.ts';
import { composeQuestion } from './compose.ts';
import { expressionQuestion } from './expressions.ts';
import { hospital } from './hospital.ts';
import { richLedger } from './statistics.ts';
import { openWorld } from './world.ts';

/** Questions per hospital. */
const QUESTIONS = 100;
const given = process.env.GAUZE_SEED;
const HOSPITALS = Number(process.env.GAUZE_HOSPITALS ?? 6);
const fresh = Math.floor(Math.random() * 2 ** 31);
const SEEDS =
  given === undefined ? [101, 102, ...Array.from({ length: HOSPITALS - 2 }, (_, i) => fresh + i)] : [Number(given)];

it.each(SEEDS)('hospital of seed %i', { timeout: 600_000 }, async (seed) => {
  const random = seeded(seed);
  const draw = new Draw(random);
  const world = await openWorld(
    hospital(random, {
      units: draw.int(1, 12),
      visits: draw.int(0, 45),
      policy: draw.pick(['fixed', 'drawn'] as const),
    }),
  );
  const ledger = await richLedger();
  let accepted = 0;
  try {
    for (let question = 0; question < QUESTIONS; question++) {
      const asked = draw.weighted<string | Relation>([
        [4, () => generateQuestion(random)],
        [4, () => composeQuestion(draw)],
        [2, () => expressionQuestion(draw.int(0, 2 ** 30))],
      ]);
      const plan = planOf(asked, world.policy);
      if (plan === null) continue;
      accepted += 1;
      const salt = BigInt(draw.int(0, 2 ** 31)) ** 2n;
      const { expected, found } = await answers(plan, world, ledger, salt);
      for (const [engine, lines] of found) {
        expect(
          lines,
          `GAUZE_SEED=${seed}, question ${question}, ${engine}, salt ${salt}: ${typeof asked === 'string' ? asked : 'random expressions'}`,
        ).toEqual(expected);
      }
    }
  } finally {
    await world.close();
  }
  expect(accepted).toBeGreaterThan(QUESTIONS * 0.7);
});
