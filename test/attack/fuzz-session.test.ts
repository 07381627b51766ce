/**
 * Generated questions, valid and with words exchanged, through the whole session on two databases that differ in one
 * hostile person: equal status on both, no canary, no failure of the engine.
 */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { memoryStore, open, type Session } from '../../src/index.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { generateQuestion, seeded } from './grammar.ts';
import { mutate } from './mutate.ts';
import { makeNeighbours, RICH } from './neighbours.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { Draw } from './random.ts';
import { faultIn } from './refusal.ts';

const OPTIONS = { epsilon: '0.5', delta: '1e-6' };
const policy = parsePolicy(RICH, { file: 'network.yaml' });
let neighbours: Awaited<ReturnType<typeof makeNeighbours>>;
let sessions: readonly Session[];

beforeAll(async () => {
  neighbours = await makeNeighbours(['full'], ['extreme']);
  sessions = await Promise.all(
    neighbours.all.map(async ({ folder }) =>
      open({
        policy,
        as: 'dr-lee',
        ledger: memoryStore(),
        clock: () => new Date(0),
        engine: await openNative({ policyDirectory: folder, threads: 1 }),
      }),
    ),
  );
});
afterAll(async () => {
  for (const session of sessions) await session.close();
  neighbours.remove();
});

/** Asks everywhere; how many are accepted, and what is wrong with the first that are not as they must be. */
async function askAll(count: number, make: () => string): Promise<{ accepted: number; faults: string[] }> {
  const faults: string[] = [];
  let accepted = 0;
  for (let i = 0; i < count && faults.length < 5; i++) {
    const text = make();
    const [one, other] = (await Promise.all(sessions.map((session) => outcomeOf(session, policy, text, OPTIONS)))) as [
      Outcome,
      Outcome,
    ];
    if (one.accepted) accepted += 1;
    const fault = faultIn(one, text) ?? faultIn(other, text);
    if (fault !== null) faults.push(`${text}\n  ${fault}`);
    if (!isDeepStrictEqual(one.status, other.status)) {
      faults.push(`${text}\n  ${JSON.stringify(one.status)}\n  ${JSON.stringify(other.status)}`);
    }
  }
  return { accepted, faults };
}

it('valid questions', async () => {
  const random = seeded(301);
  const { accepted, faults } = await askAll(200, () => generateQuestion(random));
  expect(faults).toEqual([]);
  expect(accepted).toBeGreaterThan(180);
}, 600_000);

it('questions with words exchanged', async () => {
  const random = seeded(302);
  const draw = new Draw(random);
  const { accepted, faults } = await askAll(1500, () => mutate(draw, generateQuestion(random), 2));
  expect(faults).toEqual([]);
  expect(accepted).toBeGreaterThan(150);
}, 600_000);
