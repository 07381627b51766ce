/**
 * 10⁵ texts from fixed seeds through a session up to its plan: questions with words exchanged, damaged bytes. Whatever
 * the text, it is explained, or refused by a GauzeError with a place inside the text; nothing else is ever thrown.
 */
import { expect, it } from 'vitest';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { nativeKey } from '../../src/crypto/sign.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { memoryAnswers } from '../../src/release/recall.ts';
import { makeSession, type Session } from '../../src/session.ts';
import { generateQuestion, seeded } from './grammar.ts';
import { mutate } from './mutate.ts';
import { RICH } from './neighbours.ts';
import { Draw } from './random.ts';
import { faultOf } from './refusal.ts';

const MOST_MS = 20_000;
const OPTIONS = { epsilon: '0.5', delta: '1e-6' };
const policy = parsePolicy(RICH, { file: 'network.yaml' });
const nothing = (): Promise<never> => Promise.reject(new Error('Explaining reads nothing.'));
const engine: Engine = {
  name: 'none',
  attach: nothing,
  fingerprint: nothing,
  verify: nothing,
  run: nothing,
  readPublic: nothing,
  close: async () => undefined,
};

async function session(): Promise<Session> {
  return makeSession({
    policy,
    principal: 'dr-lee',
    engine,
    ledger: await openLedger(memoryStore()),
    answers: memoryAnswers(),
    key: nativeKey(new Uint8Array(32)),
    versions: new Map([['network', 'v']]),
    clock: () => new Date(0),
    timeout: null,
    close: async () => undefined,
  });
}

/** How many of the texts are explained; the first faults, which fail the test. */
async function explainAll(count: number, make: () => string): Promise<{ explained: number; faults: string[] }> {
  const asked = await session();
  const faults: string[] = [];
  let explained = 0;
  for (let i = 0; i < count && faults.length < 5; i++) {
    const text = make();
    const start = performance.now();
    try {
      await asked.explain(text, OPTIONS);
      explained += 1;
    } catch (error) {
      const fault = faultOf(error, text);
      if (fault !== null) faults.push(`${JSON.stringify(text)}: ${fault}`);
    }
    const took = performance.now() - start;
    if (took > MOST_MS) faults.push(`${JSON.stringify(text)}: ${took} ms`);
  }
  return { explained, faults };
}

it('questions with words exchanged', async () => {
  const random = seeded(201);
  const draw = new Draw(random);
  let question = '';
  let turn = 0;
  const { explained, faults } = await explainAll(40_000, () => {
    if (turn++ % 8 === 0) question = generateQuestion(random);
    return mutate(draw, question, 3);
  });
  expect(faults).toEqual([]);
  expect(explained).toBeGreaterThan(3000);
}, 600_000);

it('questions with bytes damaged', async () => {
  const random = seeded(202);
  const draw = new Draw(random);
  const decoder = new TextDecoder();
  let bytes = new Uint8Array();
  let turn = 0;
  const { explained, faults } = await explainAll(60_000, () => {
    if (turn++ % 20 === 0) bytes = new TextEncoder().encode(generateQuestion(random));
    const text = bytes.slice(0, draw.chance(0.1) ? draw.int(0, bytes.length) : bytes.length);
    for (let times = draw.int(1, 4); times > 0 && text.length > 0; times--) {
      text[draw.int(0, text.length - 1)] = draw.chance(0.5) ? draw.int(0, 255) : draw.int(32, 126);
    }
    return decoder.decode(text);
  });
  expect(faults).toEqual([]);
  expect(explained).toBeGreaterThan(300);
}, 600_000);
