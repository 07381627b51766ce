/** The fuzzer finds leaks that are planted between a session and its engine, each for the hostile person alone. */
import { afterEach, expect, it } from 'vitest';
import type { Engine, PreparedRead } from '../../src/engine/engine.ts';
import { Sealed } from '../../src/engine/sealed.ts';
import { GauzeError } from '../../src/errors.ts';
import { CANARY } from './canaries.ts';
import { askAll, openPairs, type Pairs, validQuestions } from './fuzz.ts';

let pairs: Pairs | null = null;
afterEach(async () => {
  await pairs?.close();
});

type Run = PreparedRead['run'];

/** The first faults among 100 sound questions where the person's engine runs by `plant`. */
async function planted(plant: (run: Run) => Run): Promise<string> {
  const engine = (inner: Engine, hasPerson: boolean): Engine =>
    hasPerson ? { ...inner, prepare: (...plan) => ({ run: plant(inner.prepare(...plan).run) }) } : inner;
  pairs = await openPairs(engine, [['full', 'extreme']]);
  return (await askAll(pairs, validQuestions(77, 100))).faults.join('\n');
}

it('stays silent where nothing is planted', async () => {
  expect(await planted((run) => run)).toBe('');
});

it('a read that the person makes fail', async () => {
  const leaking = await planted(() => async () => {
    throw new Error(`Conversion Error: ${CANARY}`);
  });
  expect(leaking).toContain('ENGINE_FAILED');
});

it('a refusal after the read, in the words of an engine or with a cell', async () => {
  for (const message of ["Conversion Error: 'x'", `${CANARY} is no number`]) {
    const leaking = await planted(() => async () => {
      throw new GauzeError('QUERY_TOO_LARGE', { message, next: 'Ask less.' });
    });
    expect(leaking).toContain(message.startsWith(CANARY) ? CANARY : 'Conversion Error in');
    await pairs?.close();
  }
});

it('a refusal that one neighbour meets and the other does not, in decent words', async () => {
  const leaking = await planted(() => async () => {
    throw new GauzeError('QUERY_TOO_LARGE', { message: 'That is too much.', next: 'Ask less.' });
  });
  expect(leaking).toContain('That is too much.');
});

it('a cell for a private key', async () => {
  const leaking = await planted((run) => async (...parts) => {
    const { questions, domains } = Sealed.unseal(await run(...parts));
    return Sealed.seal({
      domains,
      questions: questions.map(({ sets }) => ({
        sets: sets.map((set) => ({
          ...set,
          keys: set.keys.map((values) => values.map((value) => (value === 'Lagos' ? CANARY : value))),
        })),
      })),
    });
  });
  expect(leaking).toContain(`${CANARY} in`);
});

it('a public key that the person adds', async () => {
  const leaking = await planted((run) => async (...parts) => {
    const { questions, domains } = Sealed.unseal(await run(...parts));
    return Sealed.seal({ questions, domains: domains.map((lists) => lists.map((list) => list?.slice(1) ?? null)) });
  });
  expect(leaking).not.toBe('');
});
