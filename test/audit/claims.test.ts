/**
 * Black box: whole questions on neighbouring databases. The lower bound on ε that their answers prove stays below what they
 * cost. Every audit errs with 10⁻⁹. In CI noise is seeded, so that a run never flickers; GAUZE_AUDIT=long looks at ten
 * times as many runs with fresh noise, under several salts.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { bitsFor, judge, LONG, line, makeNeighbours } from './hunt.ts';
import { makeSampler, saltsOf } from './sampler.ts';
import { SCENARIOS } from './scenarios.ts';

/** The sample in which the faintest planted bug is found. */
const RUNS = 3600 * (LONG ? 10 : 1);
const SALTS = LONG ? 3 : 1;

const neighbours = makeNeighbours();
afterAll(() => neighbours.close());

describe.each(SCENARIOS)('$name', (scenario) => {
  const { name, canaries } = scenario;
  it.each(saltsOf(name, SALTS).map(String))(
    'under salt %s answers tell no more of one unit than they cost',
    async (salt) => {
      const salts = [BigInt(salt)];
      const base = await makeSampler(await neighbours.of(null), scenario, salts);
      const without = await base.sample(RUNS, bitsFor(name, salt, 'base'));
      for (const canary of canaries) {
        const sampler = await makeSampler(await neighbours.of(canary), scenario, salts);
        const verdict = judge(sampler.claim, await sampler.sample(RUNS, bitsFor(name, salt, canary)), without);
        if (LONG) console.log(line(name, canary, verdict));
        expect(verdict.broken, line(name, canary, verdict)).toBe(false);
      }
    },
    3_600_000,
  );
});
