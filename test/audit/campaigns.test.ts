/** Many questions of one principal together tell no more than his budget; a session that lets more through is found out. */
import { createCipheriv } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Observation } from '../../src/dp/simulation/auditor.ts';
import { BUDGET, CAMPAIGNS, type Campaign, PLAYS, type Remembered, sessionOn } from './campaigns.ts';
import { judge, LONG, line, makeNeighbours, type Verdict } from './hunt.ts';
import type { Canary } from './network.ts';

const neighbours = makeNeighbours();
afterAll(() => neighbours.close());

// A session draws from the platform and takes no seed, so in CI the platform gives the same words every time.
beforeEach(() => {
  if (LONG) return;
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  vi.spyOn(globalThis.crypto, 'getRandomValues').mockImplementation((array) => {
    const bytes = array as unknown as Uint8Array;
    new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).set(stream.update(Buffer.alloc(bytes.byteLength)));
    return array;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

async function verdictOf(campaign: Campaign, mutation?: Campaign['mutation']): Promise<Verdict> {
  const plays = PLAYS * (LONG ? 5 : 1);
  const seenOn = async (canary: Canary | null): Promise<Observation[]> => {
    const read: Remembered = new Map();
    const neighbour = await neighbours.of(canary);
    const seen: Observation[] = [];
    for (let play = 0; play < plays; play++) seen.push(await campaign.play(await sessionOn(neighbour, read, mutation)));
    return seen;
  };
  return judge(BUDGET, await seenOn(campaign.canary), await seenOn(null));
}

describe.each(CAMPAIGNS)('$name', (campaign) => {
  it('tells no more than the budget', async () => {
    const verdict = await verdictOf(campaign);
    expect(verdict.broken, line(campaign.name, campaign.canary, verdict)).toBe(false);
  }, 3_600_000);

  it(`is found out with the bug: ${campaign.bug}`, async () => {
    const verdict = await verdictOf(campaign, campaign.mutation);
    if (LONG) console.log(line(campaign.bug, campaign.canary, verdict));
    expect(verdict.broken, line(campaign.bug, campaign.canary, verdict)).toBe(true);
  }, 3_600_000);
});

describe('a read that fails', () => {
  it('stays charged', async () => {
    const session = await sessionOn(await neighbours.of(null), new Map());
    const gone = new AbortController();
    const failing = session.query('SELECT COUNT(*) AS n FROM person', {
      epsilon: 0.75,
      signal: gone.signal,
      onProgress: (stage) => {
        if (stage === 'charged') gone.abort();
      },
    });
    await expect(failing).rejects.toThrow();
    expect((await session.budget()).map(({ spent }) => spent.epsilon)).toEqual([0.75]);
    await expect(session.query('SELECT COUNT(*) AS n FROM person', { epsilon: 0.75 })).rejects.toThrow(/epsilon 0.25/);
  });
});
