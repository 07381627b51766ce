/**
 * Reads that would not end, or would fill the memory: stopped at the timeout, or after a million rows. What they cost is
 * spent; public tables cost nothing.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryStore, open, type Session } from '../../src/index.node.ts';
import { makeNeighbours } from './neighbours.ts';

let neighbours: Awaited<ReturnType<typeof makeNeighbours>>;
let session: Session;
const times = (count: number): string => Array.from({ length: count }, (_, index) => `code_name c${index}`).join(', ');

beforeAll(async () => {
  neighbours = await makeNeighbours(['full'], ['ordinary']);
  const policy = neighbours.all[1]?.policy ?? '';
  session = await open({ policy, as: 'dr-lee', engine: 'native', ledger: memoryStore() });
});
afterAll(async () => {
  await session.close();
  neighbours.remove();
});

it('a count over public tables multiplied eighteen times', async () => {
  const start = performance.now();
  await expect(session.query(`SELECT COUNT(*) FROM ${times(18)}`, { timeout: 300 })).rejects.toMatchObject({
    code: 'ENGINE_TIMEOUT',
  });
  expect(performance.now() - start).toBeLessThan(20_000);
});

it('rows of public tables multiplied twelve times', async () => {
  await expect(session.query(`SELECT c0.code FROM ${times(12)}`)).rejects.toMatchObject({ code: 'QUERY_TOO_LARGE' });
});

it('one person’s visits multiplied five times', async () => {
  const visits = 'visit a JOIN visit b USING (person_id) JOIN visit c USING (person_id) JOIN visit d USING (person_id)';
  const before = await session.budget();
  await expect(
    session.query(`SELECT COUNT(*) FROM ${visits} JOIN visit e USING (person_id)`, { epsilon: 0.5, timeout: 300 }),
  ).rejects.toMatchObject({ code: 'ENGINE_TIMEOUT' });
  expect(await session.budget()).not.toEqual(before);
});

it('a question stopped before it starts costs nothing', async () => {
  const before = await session.budget();
  const signal = AbortSignal.abort();
  await expect(session.query('SELECT COUNT(*) FROM person', { epsilon: 0.5, signal })).rejects.toMatchObject({
    code: 'ENGINE_ABORTED',
  });
  expect(await session.budget()).toEqual(before);
});
