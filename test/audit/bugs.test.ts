/** The auditor finds every planted bug, in the smallest sample that finds it with probability 0.99; and none without it. */
import { afterAll, describe, expect, it } from 'vitest';
import { BUGS } from './bugs.ts';
import { bitsFor, judge, LONG, line, makeNeighbours } from './hunt.ts';
import { makeSampler, saltsOf } from './sampler.ts';

const FACTOR = LONG ? 4 : 1;

const neighbours = makeNeighbours();
afterAll(() => neighbours.close());

describe.each(BUGS)('$name', (bug) => {
  const verdictWith = async (seams: typeof bug.seams) => {
    const salts = saltsOf(bug.name, 1);
    const canary = await makeSampler(await neighbours.of(bug.canary), bug, salts, seams);
    const base = await makeSampler(await neighbours.of(null), bug, salts, seams);
    const runs = bug.runs * FACTOR;
    return judge(
      canary.claim,
      await canary.sample(runs, bitsFor(bug.name, 'canary')),
      await base.sample(runs, bitsFor(bug.name, 'base')),
    );
  };

  it('is found', async () => {
    const verdict = await verdictWith(bug.seams);
    if (LONG) console.log(line(bug.name, bug.canary, verdict));
    expect(verdict.broken, line(bug.name, bug.canary, verdict)).toBe(true);
  });

  it('is not seen where it is not', async () => {
    const verdict = await verdictWith({});
    expect(verdict.broken, line(bug.name, bug.canary, verdict)).toBe(false);
  });
});
