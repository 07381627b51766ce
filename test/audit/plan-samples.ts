/**
 * Finds, for every planted bug, the smallest sample that finds it with probability 0.99: hunts repeated on samples drawn
 * from a large pool of runs. Prints the figures that `bugs.ts` holds. Takes some minutes: npx tsx test/audit/plan-samples.ts
 */
import { systemBits } from '../../src/crypto/entropy.ts';
import type { Observation } from '../../src/dp/simulation/auditor.ts';
import { BUGS, type Bug } from './bugs.ts';
import { judge, makeNeighbours } from './hunt.ts';
import { makeSampler, saltsOf } from './sampler.ts';

const HUNTS = 400;
/** At most 1 % missed. */
const MISSES_MAX = HUNTS / 100;
const POOL = 24_000;
const SMALLEST = 90;
/** Samples tried lie this factor apart. */
const STEP = 1.1;

const neighbours = makeNeighbours();
const wanted = process.argv[2] ?? '';
for (const bug of BUGS.filter(({ name }) => name.includes(wanted))) {
  const { runs, missed } = await smallestSample(bug);
  console.log(`${runs} runs (${missed} of ${HUNTS} missed): ${bug.name}`);
}
await neighbours.close();

async function smallestSample(bug: Bug): Promise<{ runs: number; missed: number }> {
  const salts = saltsOf(bug.name, 1);
  const canary = await makeSampler(await neighbours.of(bug.canary), bug, salts, bug.seams);
  const base = await makeSampler(await neighbours.of(null), bug, salts, bug.seams);
  const pools = [await canary.sample(POOL, systemBits()), await base.sample(POOL, systemBits())] as const;
  for (let runs = SMALLEST; runs <= POOL / 2; runs = Math.ceil(runs * STEP)) {
    let missed = 0;
    for (let hunt = 0; hunt < HUNTS && missed <= MISSES_MAX; hunt++) {
      if (!judge(canary.claim, drawn(pools[0], runs), drawn(pools[1], runs)).broken) missed += 1;
    }
    if (missed <= MISSES_MAX) return { runs, missed };
  }
  throw new Error(`Not found with half the pool: ${bug.name}`);
}

function drawn(pool: readonly Observation[], count: number): Observation[] {
  return Array.from({ length: count }, () => pool[Math.floor(Math.random() * pool.length)] as Observation);
}
