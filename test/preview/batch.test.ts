/** Batches: charged as one, answered one by one; the filters decide, and a charge outlives every failure. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Budget } from '../../src/charge/account.ts';
import { accountsOf, budgetOf } from '../../src/charge/account.ts';
import type { Store } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import type { Engine, PreparedRead } from '../../src/engine/engine.ts';
import type { GauzeError } from '../../src/errors.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { answerOf } from '../../src/release/answer.ts';
import { memoryAnswers } from '../../src/release/recall.ts';
import type { Release } from '../../src/release/release.ts';
import { askBatch, type BatchRelease, type Finish } from '../../src/session/batch.ts';
import type { BatchOptions, BatchQuestion } from '../../src/session/batch-plan.ts';
import { explainBatch } from '../../src/session/explain-batch.ts';
import type { SessionParts } from '../../src/session/parts.ts';
import { freshKey } from '../crypto/fresh-key.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);
const COUNT = 'SELECT COUNT(DISTINCT person_id) AS n FROM visit WHERE cost > ?';

let folder = '';
let native: Engine;
let engine: Engine & { reads: number; failAt: number; stuck: boolean };
let store: Store;
let parts: SessionParts;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-batch-'));
  await writeNetwork(folder);
  native = await openNative({ policyDirectory: folder });
  await native.attach(POLICY, POLICY.datasets.get('network')!);
});

beforeEach(async () => {
  engine = { ...native, reads: 0, failAt: 0, stuck: false, prepare: watched };
  store = memoryStore();
  parts = await partsOver(store);
});

afterAll(async () => {
  await native.close();
  rmSync(folder, { recursive: true });
});

function watched(...plan: Parameters<Engine['prepare']>): PreparedRead {
  const read = native.prepare(...plan);
  return {
    run: (warrant, limits) => {
      engine.reads += 1;
      if (engine.stuck) return new Promise(() => undefined);
      if (engine.reads === engine.failAt) throw new Error('Out of Memory Error: canary');
      return read.run(warrant, limits);
    },
  };
}

async function partsOver(journal: Store): Promise<SessionParts> {
  return {
    policy: POLICY,
    principal: 'dr-lee',
    purpose: null,
    secret: new Uint8Array(32),
    engine,
    ledger: await openLedger(journal),
    answers: memoryAnswers(),
    key: freshKey(),
    versions: new Map([['network', 'v1']]),
    clock: () => new Date('2026-11-25T12:00:00Z'),
    timeout: null,
    close: async () => undefined,
  };
}

/** The answer without its receipt. */
const finish: Finish = async ({ plan, notes }, options, measured) => {
  const answer = await answerOf(plan, measured.noisy, {
    level: options.level ?? 0.95,
    intervals: 'each',
    clip: false,
    readPublic: () => Promise.reject(new Error('no public tables here')),
  });
  const { columns, intervals } = answer;
  return { columns, intervals, notes, recalled: measured.recalled } as unknown as Release;
};

function counts(length: number, epsilon: string): BatchQuestion[] {
  return Array.from({ length }, (_, index) => ({
    name: `above ${index}`,
    question: COUNT,
    options: { epsilon, params: [index * 100] },
  }));
}

function batch(questions: readonly BatchQuestion[], options: BatchOptions = {}): Promise<BatchRelease> {
  return askBatch(parts, questions, options, finish);
}

async function mine(of: SessionParts = parts): Promise<Budget> {
  const [account] = accountsOf(POLICY).filter(({ id }) => id.principal === 'dr-lee');
  return budgetOf(await of.ledger.standing(account!));
}

async function refusal(work: Promise<unknown>): Promise<GauzeError> {
  return work.then(
    () => {
      throw new Error('Nothing was refused.');
    },
    (error: GauzeError) => error,
  );
}

describe('a batch', () => {
  it('is charged less than its sum, by the figure of its notion, in one entry; every question is answered', async () => {
    const { results, cost, sum, by } = await batch(counts(40, '0.1'), { delta: '2e-7' });
    expect(sum).toEqual({ epsilon: 4, delta: 0 });
    expect(by).toBe('pld');
    expect(cost.epsilon).toBeLessThan(3.6);
    // Never below what the Gaussian limit of so many losses says.
    expect(cost.epsilon).toBeGreaterThan(2);
    expect(cost.delta).toBe(2e-7);
    expect(results.map(({ name }) => name)).toEqual(counts(40, '0.1').map(({ name }) => name));
    expect(results.every(({ release }) => release?.columns[0]?.values.length === 1)).toBe(true);
    expect((await mine()).spent).toMatchObject(cost);
    expect(await store.read(0)).toHaveLength(2);
    expect(engine.reads).toBe(40);
  });

  it('is charged its plain sum where no notion says less', async () => {
    const { cost, sum, by } = await batch(counts(2, '0.5'));
    expect([cost, sum, by]).toEqual([{ epsilon: 1, delta: 0 }, { epsilon: 1, delta: 0 }, 'basic']);
  });

  it('says before what it costs, by every notion, and charges nothing for saying so', async () => {
    const questions = counts(40, '0.1');
    const told = await explainBatch(parts, questions, { delta: '2e-7' });
    expect(told.affordable).toBe(true);
    expect(told.notions.basic).toBe(4);
    expect(told.notions.pld!).toBeLessThan(told.notions.renyi!);
    expect(told.notions.renyi!).toBeLessThan(told.notions.zcdp! + 1e-9);
    expect(told.cost.epsilon).toBe(told.notions.pld);
    expect(await store.read(0)).toHaveLength(0);
    expect((await batch(questions, { delta: '2e-7' })).cost).toEqual(told.cost);
  });

  it('asked again is free, question by question and as a batch', async () => {
    const [first] = (await batch(counts(3, '0.2'))).results;
    const again = await batch(counts(4, '0.2'));
    expect(again.cost).toEqual({ epsilon: 0.2, delta: 0 });
    expect(again.results.map(({ release }) => release?.recalled)).toEqual([true, true, true, false]);
    expect(again.results[0]?.release?.columns).toEqual(first?.release?.columns);
    expect((await mine()).spent.epsilon).toBe(0.8);
  });

  it('reads equal questions once', async () => {
    const [one] = counts(1, '0.5') as [BatchQuestion];
    const { results, cost } = await batch([one, { ...one, name: 'the same' }]);
    expect([cost.epsilon, engine.reads]).toEqual([0.5, 1]);
    expect(results[1]?.release?.columns).toEqual(results[0]?.release?.columns);
  });
});

describe('the filters', () => {
  it('admit a batch that they would refuse one at a time, and no more than their limits', async () => {
    // 110 counts at 0.1 exceed ε 10 as a sum, and 10 again once ρ is spent.
    const questions = counts(110, '0.1');
    const { cost, sum } = await batch(questions, { delta: '2e-7' });
    expect(sum.epsilon).toBe(11);
    expect(cost.epsilon).toBeLessThan(10);
    const { spent, limit } = await mine();
    expect(spent.epsilon).toBeLessThanOrEqual(limit.epsilon!);
    expect(spent.epsilon).toBe(cost.epsilon);
  });

  it('refuse a batch whole where neither its price nor its sum fits: nothing is read, nothing is charged', async () => {
    const questions = counts(30, '5');
    expect((await explainBatch(parts, questions, {})).affordable).toBe(false);
    expect((await refusal(batch(questions))).code).toBe('BUDGET_EXHAUSTED');
    expect([engine.reads, (await mine()).spent.epsilon]).toEqual([0, 0]);
  });

  it('admit the sum where the δ of a better price would be too much', async () => {
    const { cost, by } = await batch(counts(40, '0.1'), { delta: '9e-7' });
    expect([cost, by]).toEqual([{ epsilon: 4, delta: 0 }, 'basic']);
  });
});

describe('failures', () => {
  it('of one read leave the other answers and the whole charge', async () => {
    engine.failAt = 2;
    const { results, cost } = await batch(counts(3, '0.3'));
    expect(results.map(({ error }) => error?.code ?? null)).toEqual([null, 'ENGINE_FAILED', null]);
    expect(results[1]?.error?.message).toContain('Question above 1');
    expect(JSON.stringify(results[1]?.error)).not.toContain('canary');
    expect((await mine()).spent.epsilon).toBe(cost.epsilon);
    expect(cost.epsilon).toBeCloseTo(0.9, 12);
  });

  it('between charge and answers leave the charge, for whoever opens the journal next', async () => {
    engine.stuck = true;
    const asked = batch(counts(3, '0.3'));
    while (engine.reads === 0) await new Promise((next) => setTimeout(next, 5));
    const later = await partsOver(store);
    expect((await mine(later)).spent.epsilon).toBeCloseTo(0.9, 12);
    expect(await store.read(0)).toHaveLength(1);
    asked.catch(() => undefined);
  });

  it('of planning refuse the whole batch before anything is charged, with name and place', async () => {
    const wrong = { name: 'wrong', question: 'SELECT COUNT(*) AS n\nFROM visits', options: { epsilon: 1 } };
    const error = await refusal(batch([...counts(1, '0.5'), wrong]));
    expect([error.code, error.fields.question]).toEqual(['QUERY_UNKNOWN_NAME', 'wrong']);
    expect(error.message).toMatch(/^Question wrong \(number 2\), line 2, column 6: /);
    expect((await refusal(batch([]))).code).toBe('USAGE');
    expect((await refusal(batch([wrong, wrong]))).code).toBe('USAGE');
    expect(await store.read(0)).toHaveLength(0);
  });
});
