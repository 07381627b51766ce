/**
 * Sessions killed at any moment: no answer without its charge, every answer given is given again for nothing, nothing is
 * corrupt, and the next process goes on.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import seedrandom from 'seedrandom';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { open, type Session } from '../../src/index.node.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';
import { bundle } from './bundle.ts';
import { type Asked, askedOf, chargesIn, EPSILON, questionOf } from './question.ts';

const home = mkdtempSync(join(tmpdir(), 'gauze-killed-'));
const policy = join(home, 'network.yaml');
let asker = '';

beforeAll(async () => {
  await writeNetwork(home);
  writeFileSync(policy, NETWORK);
  asker = await bundle('asker', home);
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Death {
  /** Milliseconds after the start, or after the first answer, at which the process is killed. */
  readonly afterMs?: number;
  readonly from?: 'start' | 'answer';
  /** The stage at which it kills itself. */
  readonly stage?: string;
}

/** Answers a killed process had printed whole. */
function killed(directory: string, run: string, death: Death): Promise<Asked[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [asker, policy, directory, run, death.stage ?? ''], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let complaint = '';
    const kill = (): void => {
      setTimeout(() => child.kill('SIGKILL'), death.afterMs);
    };
    if (death.from === 'start') kill();
    child.stdout.on('data', (chunk: Buffer) => {
      if (out === '' && death.from === 'answer') kill();
      out += String(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += String(chunk);
    });
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`The process ended by itself: ${complaint}`));
      const lines = out.split('\n').slice(0, -1);
      resolve(lines.map((line) => JSON.parse(line) as Asked));
    });
  });
}

async function spentBy(session: Session): Promise<readonly number[]> {
  return (await session.budget()).map(({ spent }) => spent.epsilon);
}

/** What must hold of the folder of a killed process, seen by the next one; the number of its charges. */
async function checkAfter(session: Session, directory: string, asked: readonly Asked[], when: string): Promise<number> {
  const charges = chargesIn(directory);
  for (const one of asked) expect(charges, when).toContain(one.entry);
  expect(new Set(asked.map(({ entry }) => entry)).size, when).toBe(asked.length);
  const before = await spentBy(session);
  const printed = asked.reduce((sum, { epsilon }) => sum + epsilon, 0);
  for (const spent of before) {
    expect(spent, when).toBeGreaterThanOrEqual(printed - 1e-9);
    expect(spent, when).toBeCloseTo(charges.length * Number(EPSILON), 9);
  }
  for (const { question, values, epsilon, publicKey } of asked) {
    expect(epsilon, when).toBe(Number(EPSILON));
    const release = await session.query(question, { epsilon: EPSILON });
    expect(release, when).toMatchObject({ recalled: true, cost: { epsilon: 0, delta: 0 } });
    expect(askedOf(question, release), when).toMatchObject({ values, publicKey });
  }
  expect(await spentBy(session), when).toEqual(before);
  return charges.length;
}

it('killed at random moments, it loses no charge and gives every answer again', async () => {
  const seed = randomInt(2 ** 32);
  const random = seedrandom(String(seed));
  let directory = '';
  let asked: Asked[] = [];
  let answers = 0;
  for (let run = 0; run < 25; run++) {
    if (run % 5 === 0) {
      directory = mkdtempSync(join(home, 'state-'));
      asked = [];
    }
    // Openings, where key, registration and journal are made, are hit as well as questions.
    const from = random() < 0.4 ? 'start' : 'answer';
    const afterMs = random() * (from === 'start' ? 800 : 150);
    const when = `seed ${seed}, run ${run}, ${afterMs} ms after ${from}`;
    const told = await killed(directory, String(run), { afterMs, from });
    if (from === 'answer') expect(told.length, when).toBeGreaterThan(0);
    answers += told.length;
    asked.push(...told);
    const session = await open({ policy, directory, as: 'dr-lee' });
    try {
      const charges = await checkAfter(session, directory, asked, when);
      // A question the process did not get to answer is answered now, whether or not it was charged before.
      const next = questionOf(run, told.length);
      const release = await session.query(next, { epsilon: EPSILON });
      if (!release.recalled) asked.push(askedOf(next, release));
      expect(chargesIn(directory).length, when).toBe(charges + (release.recalled ? 0 : 1));
    } finally {
      await session.close();
    }
  }
  expect(answers).toBeGreaterThan(25);
}, 120_000);

it.each([
  ['planned', 1, false],
  ['charged', 2, false],
  ['read', 2, false],
  ['released', 2, true],
])('killed once %s, it leaves %i charges for its two questions (answer kept: %s)', async (stage, charged, kept) => {
  const directory = mkdtempSync(join(home, 'state-'));
  const asked = await killed(directory, '0', { stage });
  expect(asked).toHaveLength(1);
  const session = await open({ policy, directory, as: 'dr-lee' });
  try {
    expect(await checkAfter(session, directory, asked, stage)).toBe(charged);
    const release = await session.query(questionOf(0, 1), { epsilon: EPSILON });
    expect(release.recalled).toBe(kept);
    expect(chargesIn(directory)).toHaveLength(kept ? charged : charged + 1);
  } finally {
    await session.close();
  }
});
