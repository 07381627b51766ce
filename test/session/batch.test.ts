/** Batches over real files: what an officer stops meanwhile, and answers that others have paid for. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { GauzeError } from '../../src/errors.ts';
import { freeze } from '../../src/govern/acts.ts';
import { inOffice } from '../../src/index/office.node.ts';
import { open, registerData, type Session } from '../../src/index.node.ts';
import type { ReceiptBody } from '../../src/release/receipt.ts';
import type { BatchRelease } from '../../src/session/batch.ts';
import type { BatchQuestion } from '../../src/session/batch-plan.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';

const COUNT = 'SELECT COUNT(DISTINCT person_id) AS n FROM visit WHERE cost > ?';
const POLICY = `${NETWORK.trimEnd()}
  dr-kim:
    budgets: [ { dataset: network, epsilon: 0.5, delta: 0 } ]
`;

let data = '';
let folder = '';
let policy = '';
const sessions: Session[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'gauze-batch-data-'));
  await writeNetwork(data);
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-batch-'));
  policy = join(folder, 'network.yaml');
  writeFileSync(join(folder, 'network.duckdb'), readFileSync(join(data, 'network.duckdb')));
  writeFileSync(policy, POLICY);
});

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  rmSync(folder, { recursive: true, force: true });
});

afterAll(() => rmSync(data, { recursive: true, force: true }));

async function session(as = 'dr-lee'): Promise<Session> {
  const opened = await open({ policy, as });
  sessions.push(opened);
  return opened;
}

const above = (...limits: readonly number[]): BatchQuestion[] =>
  limits.map((limit) => ({ name: `above ${limit}`, question: COUNT, options: { epsilon: '0.1', params: [limit] } }));

/** ε that a principal's own budget has spent. */
async function spentBy(opened: Session, principal: string): Promise<number | undefined> {
  return (await opened.budget()).find((budget) => budget.principal === principal)?.spent.epsilon;
}

const refusal = (work: Promise<unknown>): Promise<GauzeError | null> =>
  work.then(
    () => null,
    (error: GauzeError) => error,
  );

const stop = (kind: 'freeze' | 'unfreeze' = 'freeze'): Promise<unknown> =>
  inOffice({ policy }, [], (office) => freeze(office, 'network', 'complaint 17', kind));

/** A session that acts in the middle of its read number `at`; counts its reads. */
async function interrupted(at: number, act: () => Promise<unknown>): Promise<{ asking: Session; reads: () => number }> {
  const native = await openNative({ policyDirectory: folder });
  let reads = 0;
  const engine: Engine = {
    ...native,
    prepare: (...plan) => {
      const prepared = native.prepare(...plan);
      return {
        run: async (...run) => {
          reads += 1;
          if (reads === at) await act();
          return prepared.run(...run);
        },
      };
    },
  };
  const asking = await open({ policy, as: 'dr-lee', engine });
  sessions.push(asking);
  return { asking, reads: () => reads };
}

const codesOf = ({ results }: BatchRelease): (string | null)[] => results.map(({ error }) => error?.code ?? null);

describe('a running batch', () => {
  it('reads nothing more once its data set is frozen, hands out nothing, and stays charged', async () => {
    const { asking, reads } = await interrupted(2, () => stop());
    const release = await asking.batch(above(0, 10, 20, 30, 40));
    expect([codesOf(release), reads()]).toEqual([Array(5).fill('DATASET_FROZEN'), 2]);
    expect(release.results[3]?.error?.message).toContain('Question above 30');
    expect([release.cost.epsilon, await spentBy(asking, 'dr-lee')]).toEqual([0.5, 0.5]);
    await stop('unfreeze');
    // What was read before is released now, to him who paid; what was not is paid for anew.
    const again = await asking.batch(above(0, 40));
    expect([codesOf(again), again.cost.epsilon, reads()]).toEqual([[null, null], 0.1, 3]);
  });

  it('hands out nothing that was read to the end before it was frozen', async () => {
    const { asking, reads } = await interrupted(3, () => stop());
    expect(codesOf(await asking.batch(above(0, 10, 20)))).toEqual(Array(3).fill('DATASET_FROZEN'));
    expect(reads()).toBe(3);
  });

  it('hands out no stored answer either', async () => {
    await (await session()).batch(above(0, 10));
    const { asking } = await interrupted(1, () => stop());
    expect(codesOf(await asking.batch(above(0, 10, 20)))).toEqual(Array(3).fill('DATASET_FROZEN'));
  });

  it('reads no unit that withdraws meanwhile', async () => {
    const { asking, reads } = await interrupted(2, () => registerData({ policy, withdrawn: { network: ['1', '2'] } }));
    expect(codesOf(await asking.batch(above(0, 10, 20, 30)))).toEqual(Array(4).fill('POLICY_DATASET'));
    expect(reads()).toBe(2);
  });
});

describe('stored answers that another principal paid for', () => {
  beforeEach(async () => {
    await (await session()).batch(above(0, 10, 20));
  });

  it('are part of what a batch costs, once, and of what is said of it before', async () => {
    const kim = await session('dr-kim');
    const questions = [...above(0, 10, 30), { ...above(0)[0]!, name: 'the same' }];
    const told = await kim.explainBatch(questions);
    expect([told.cost, told.sum, told.affordable]).toEqual([
      { epsilon: 0.3, delta: 0 },
      { epsilon: 0.3, delta: 0 },
      true,
    ]);
    const { results, cost, sum, by } = await kim.batch(questions);
    expect([cost, sum, by]).toEqual([told.cost, told.sum, 'basic']);
    expect(results.map(({ release }) => release?.recalled)).toEqual([false, false, false, false]);
    expect(await spentBy(kim, 'dr-kim')).toBe(0.3);
    // The data set paid for the new one alone.
    expect((await kim.budget()).find(({ principal }) => principal === null)?.spent.epsilon).toBe(0.4);
    const again = await kim.batch(questions);
    expect([again.cost.epsilon, again.by, (await kim.explainBatch(questions)).cost.epsilon]).toEqual([0, null, 0]);
    expect(again.results.every(({ release }) => release?.recalled)).toBe(true);
    expect(await spentBy(kim, 'dr-kim')).toBe(0.3);
  });

  it('alone are charged as they are one by one, each in an entry of its own that its receipt names', async () => {
    const kim = await session('dr-kim');
    const { results, cost, by } = await kim.batch(above(0, 10));
    expect([cost.epsilon, by, await spentBy(kim, 'dr-kim')]).toEqual([0.2, 'basic', 0.2]);
    const entries = results.map(({ release }) => release?.receipt?.body.charge as ReceiptBody['charge']);
    expect(entries.map(({ recalled }) => recalled)).toEqual([false, false]);
    expect(new Set(entries.map(({ entry }) => entry.sequence)).size).toBe(2);
    expect((await session().then((lee) => lee.batch(above(0)))).cost.epsilon).toBe(0);
  });

  it('refuse the batch whole where they and the new ones do not fit together: nothing is charged, nothing handed out', async () => {
    const kim = await session('dr-kim');
    await kim.batch(above(50));
    // 0.4 is left: the two new ones fit by themselves, and so do the three stored ones.
    const questions = above(0, 10, 20, 60, 70);
    expect((await kim.explainBatch(questions)).affordable).toBe(false);
    const error = await refusal(kim.batch(questions));
    expect([error?.code, error?.fields.requestedEpsilon, error?.fields.remainingEpsilon]).toEqual([
      'BUDGET_EXHAUSTED',
      '0.5',
      '0.4',
    ]);
    expect(await spentBy(kim, 'dr-kim')).toBe(0.1);
    expect(codesOf(await kim.batch(above(0, 10, 20, 60)))).toEqual([null, null, null, null]);
    expect(await spentBy(kim, 'dr-kim')).toBe(0.5);
  });
});
