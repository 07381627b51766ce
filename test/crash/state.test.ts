/**
 * What lies beside a policy cannot be read, cannot be written, or is damaged: a typed error each time, no answer without
 * its charge, no second key, no data registered anew, and all goes on once it is mended.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { GauzeError, open, type Session } from '../../src/index.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { versionOf } from '../../src/registration.ts';
import { registrationFile } from '../../src/state.node.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';
import { disk, type Operation } from './faulty-files.ts';
import { type Asked, askedOf, chargesIn, EPSILON, questionOf } from './question.ts';

vi.mock('node:fs', async (original) => {
  const { faulty } = await import('./faulty-files.ts');
  return faulty(await original<typeof import('node:fs')>());
});

const home = mkdtempSync(join(tmpdir(), 'gauze-state-'));
const policy = join(home, 'network.yaml');
/** One engine for all: attaching and reading the data once is enough here. */
let engine: Engine;
let directory = '';
let fingerprint = '';

beforeAll(async () => {
  await writeNetwork(home);
  writeFileSync(policy, NETWORK);
  const native = await openNative({ policyDirectory: home });
  const parsed = parsePolicy(NETWORK);
  await native.attach(parsed, parsed.datasets.get('network')!);
  engine = {
    ...native,
    attach: async () => undefined,
    fingerprint: async (_dataset, key) => `${fingerprint} ${key.join()}`,
    verify: async () => [],
    close: async () => undefined,
  };
  return () => native.close();
});

beforeEach(() => {
  directory = mkdtempSync(join(home, 'state-'));
  fingerprint = 'the data';
});

afterEach(() => {
  disk.fails = () => null;
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

const start = (): Promise<Session> => open({ policy, directory, engine, as: 'dr-lee' });
const inState = (name: string): string => join(directory, name);
const about = ({ path }: Operation, name: string): boolean => path.startsWith(inState(name));

/** Code of the error a promise ends with; every error must be typed and say what to do. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    expect(error).toBeInstanceOf(GauzeError);
    expect((error as GauzeError).next).not.toBe('');
    return (error as GauzeError).code;
  }
}

async function ask(session: Session, i: number): Promise<Asked & { readonly recalled: boolean }> {
  const release = await session.query(questionOf(0, i), { epsilon: EPSILON });
  return { ...askedOf(questionOf(0, i), release), recalled: release.recalled };
}

describe('every operation on the folder', () => {
  /** Two openings with two questions each, one of them asked in both; the answers given. */
  const walk = async (): Promise<Map<number, Asked>> => {
    const given = new Map<number, Asked>();
    for (const questions of [
      [0, 1],
      [0, 2],
    ]) {
      const opened = await start().catch((error: unknown) => error);
      if (!('query' in (opened as object))) {
        expect(opened).toMatchObject({ name: 'GauzeError', code: 'LEDGER_UNAVAILABLE' });
        continue;
      }
      const session = opened as Session;
      for (const i of questions) {
        const answer = await ask(session, i).catch((error: unknown) => {
          expect(error).toMatchObject({ name: 'GauzeError', code: 'LEDGER_UNAVAILABLE' });
        });
        if (answer === undefined) continue;
        if (given.has(i)) expect(answer).toMatchObject({ recalled: true, values: given.get(i)?.values });
        if (!answer.recalled) given.set(i, answer);
      }
      await session.close();
    }
    return given;
  };

  it.each([[false], [true]])('may fail (for ever: %s)', async (forever) => {
    for (let n = 1, finished = false; !finished; n++) {
      directory = mkdtempSync(join(home, 'state-'));
      let count = 0;
      disk.fails = ({ path }) => {
        if (!path.startsWith(directory)) return null;
        count += 1;
        if (count !== n && !(forever && count > n)) return null;
        return n % 2 === 0 ? 'ENOSPC' : 'EIO';
      };
      const given = await walk();
      disk.fails = () => null;
      const key = existsSync(inState('key')) ? readFileSync(inState('key'), 'utf8') : null;
      const session = await start();
      if (key !== null) expect(readFileSync(inState('key'), 'utf8')).toBe(key);
      const charges = chargesIn(directory);
      for (const [i, { entry, values, publicKey }] of given) {
        expect(charges).toContain(entry);
        expect(await ask(session, i)).toMatchObject({ recalled: true, epsilon: 0, values, publicKey });
      }
      expect(chargesIn(directory)).toEqual(charges);
      expect((await session.budget())[0]?.spent.epsilon).toBeCloseTo(charges.length * Number(EPSILON), 9);
      await session.close();
      finished = count < n;
      if (finished) expect([...given.keys()]).toEqual([0, 1, 2]);
    }
  });
});

describe('the key', () => {
  it.each([
    ['is cut', (key: string) => key.slice(0, 20), 'CRYPTO_DECODE'],
    ['is empty', () => '', 'CRYPTO_DECODE'],
    ['is something else', () => 'hello', 'CRYPTO_DECODE'],
  ])('that %s is not replaced', async (_how, damage, code) => {
    await (await start()).close();
    const key = readFileSync(inState('key'), 'utf8');
    writeFileSync(inState('key'), damage(key));
    expect(await codeOf(start())).toBe(code);
    expect(readFileSync(inState('key'), 'utf8')).toBe(damage(key));
    writeFileSync(inState('key'), key);
    expect(await codeOf(start())).toBe('no error');
  });

  it('that cannot be read is not replaced', async () => {
    await (await start()).close();
    const key = readFileSync(inState('key'), 'utf8');
    disk.fails = (operation) => (operation.name === 'readFileSync' && about(operation, 'key') ? 'EACCES' : null);
    expect(await codeOf(start())).toBe('LEDGER_UNAVAILABLE');
    disk.fails = () => null;
    expect(readFileSync(inState('key'), 'utf8')).toBe(key);
  });

  it('whose place a folder has is not made elsewhere', async () => {
    mkdirSync(inState('key'));
    expect(await codeOf(start())).toBe('LEDGER_UNAVAILABLE');
    expect(readdirSync(directory)).toEqual(['key']);
  });

  it.each(['writeFileSync', 'linkSync'])('that cannot be written leaves nothing behind (%s)', async (name) => {
    disk.fails = (operation) => (operation.name === name && about(operation, 'draft') ? 'ENOSPC' : null);
    expect(await codeOf(start())).toBe('LEDGER_UNAVAILABLE');
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('the record of data versions', () => {
  const record = (): string => readFileSync(inState('registration.json'), 'utf8');

  it('that cannot be read does not let changed data in', async () => {
    await (await start()).close();
    const before = record();
    fingerprint = 'other data';
    for (const error of ['EACCES', 'EIO'] as const) {
      disk.fails = (operation) =>
        operation.name === 'readFileSync' && about(operation, 'registration.json') ? error : null;
      expect(await codeOf(start())).toBe('LEDGER_UNAVAILABLE');
      disk.fails = () => null;
      expect(record()).toBe(before);
    }
    expect(await codeOf(start())).toBe('POLICY_DATASET');
  });

  it.each([
    'null',
    '[]',
    '1',
    '"network"',
    '',
    '{"network"',
    '{"network":null}',
    '{"network":[]}',
    '{"network":{"version":"1"}}',
    '{"network":{"version":"1","fingerprint":"2","declarations":"3"}}',
    '{"network":{"version":"1","fingerprint":"2","declarations":"3","failures":[4]}}',
    '{"network":{"version":1,"fingerprint":"2","declarations":"3","failures":[]}}',
  ])('that reads %s closes the data until they are registered again', async (text) => {
    const store = registrationFile(directory);
    await store.update(() => text);
    expect(await codeOf(start())).toBe('LEDGER_CORRUPT');
    expect(record()).toBe(text);
    const dataset = parsePolicy(NETWORK).datasets.get('network')!;
    const version = await versionOf(engine, dataset, store, new Uint8Array(32), 'always');
    expect(await versionOf(engine, dataset, store, new Uint8Array(32), 'once')).toBe(version);
  });

  it('tells a data set named as what every object has from one that is recorded', async () => {
    const store = registrationFile(directory);
    for (const name of ['constructor', '__proto__', 'toString']) {
      const dataset = { ...parsePolicy(NETWORK).datasets.get('network')!, name };
      const version = await versionOf(engine, dataset, store, new Uint8Array(32), 'once');
      expect(await versionOf(engine, dataset, store, new Uint8Array(32), 'once')).toBe(version);
    }
  });

  it('has one label of data that several open at once for the first time', async () => {
    const dataset = parsePolicy(NETWORK).datasets.get('network')!;
    const other = { ...dataset, name: 'other' };
    const labels = await Promise.all(
      [dataset, dataset, other, dataset].map((one) =>
        versionOf(engine, one, registrationFile(directory), new Uint8Array(32), 'once'),
      ),
    );
    expect(new Set([labels[0], labels[1], labels[3]]).size).toBe(1);
    expect(labels[2]).not.toBe(labels[0]);
    const kept = [dataset, other].map((one) =>
      versionOf(engine, one, registrationFile(directory), new Uint8Array(32), 'once'),
    );
    expect(await Promise.all(kept)).toEqual([labels[0], labels[2]]);
  });

  it('lets nobody in who verified other data than those that were registered meanwhile', async () => {
    const dataset = parsePolicy(NETWORK).datasets.get('network')!;
    const store = registrationFile(directory);
    const late: Engine = {
      ...engine,
      fingerprint: async () => 'what the data were',
      verify: async () => {
        await versionOf(engine, dataset, store, new Uint8Array(32), 'once');
        return [];
      },
    };
    expect(await codeOf(versionOf(late, dataset, store, new Uint8Array(32), 'once'))).toBe('POLICY_DATASET');
  });

  it('stays as it was when a new one cannot be written', async () => {
    const store = registrationFile(directory);
    await store.update(() => '{}');
    for (const name of ['writeFileSync', 'renameSync']) {
      disk.fails = (operation) => (operation.name === name && about(operation, 'draft') ? 'ENOSPC' : null);
      expect(await codeOf(store.update(() => '{"longer": true}'))).toBe('LEDGER_UNAVAILABLE');
      expect(await codeOf(start())).toBe('LEDGER_UNAVAILABLE');
      disk.fails = () => null;
      expect(await store.read()).toBe('{}');
    }
    expect(readdirSync(directory).filter((name) => name.startsWith('draft'))).toEqual([]);
  });

  it('is on the disk before it has its name, and its name before it counts', async () => {
    const steps: string[] = [];
    disk.fails = ({ name, path, parts }) => {
      if (path.startsWith(inState('registration.json.lock'))) return null;
      if (name === 'writeFileSync') steps.push(`write, flush ${(parts[2] as { flush?: boolean }).flush}`);
      if (name === 'renameSync') steps.push('name');
      if (name === 'fsyncSync' && path === directory) steps.push('sync the folder');
      return null;
    };
    await registrationFile(directory).update(() => '{}');
    expect(steps).toEqual(['write, flush true', 'name', 'sync the folder']);
  });

  it('names both ways to register', async () => {
    await (await start()).close();
    fingerprint = 'other data';
    const error: GauzeError = await start().then(
      () => expect.fail('changed data were opened'),
      (thrown) => thrown,
    );
    expect(error.next).toMatch(/gauze register --policy FILE.*registerData/);
  });
});

describe('stored answers', () => {
  const answers = (): string[] => readdirSync(inState('answers')).map((name) => join(inState('answers'), name));

  it('that cannot be read are not paid for again', async () => {
    const session = await start();
    const first = await ask(session, 0);
    disk.fails = (operation) => (operation.name === 'readFileSync' && about(operation, 'answers') ? 'EACCES' : null);
    expect(await codeOf(ask(session, 0))).toBe('LEDGER_UNAVAILABLE');
    expect(chargesIn(directory)).toHaveLength(1);
    disk.fails = () => null;
    expect(await ask(session, 0)).toMatchObject({ recalled: true, values: first.values });
    await session.close();
  });

  it.each([
    ['cut', (text: string) => text.slice(0, -3)],
    ['emptied', () => ''],
    ['without its seal', (text: string) => text.slice(text.indexOf('\n') + 1)],
    ['changed', (text: string) => text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10))],
  ])('that are %s are not released, nor paid for again', async (_how, damage) => {
    const session = await start();
    await ask(session, 0);
    const [path] = answers();
    writeFileSync(path!, damage(readFileSync(path!, 'utf8')));
    expect(await codeOf(ask(session, 0))).toBe('CRYPTO_SIGNATURE');
    expect(chargesIn(directory)).toHaveLength(1);
    await session.close();
  });

  it('do not pass for one another', async () => {
    const session = await start();
    await ask(session, 0);
    await ask(session, 1);
    const [a, b] = answers();
    writeFileSync(a!, readFileSync(b!, 'utf8'));
    const codes = [await codeOf(ask(session, 0)), await codeOf(ask(session, 1))];
    expect(codes.sort()).toEqual(['CRYPTO_SIGNATURE', 'no error']);
    await session.close();
  });

  it.each(['mkdirSync', 'writeFileSync', 'linkSync', 'fsyncSync'])(
    'that cannot be kept are not shown, and their charge stays (%s)',
    async (name) => {
      const session = await start();
      disk.fails = (operation) => (operation.name === name && about(operation, 'answers') ? 'ENOSPC' : null);
      expect(await codeOf(ask(session, 0))).toBe('LEDGER_UNAVAILABLE');
      disk.fails = () => null;
      expect(chargesIn(directory)).toHaveLength(1);
      const again = await ask(session, 0);
      // Where only the last sync failed the answer has its name: it is given, and not paid for twice.
      expect(again.recalled).toBe(name === 'fsyncSync');
      expect(chargesIn(directory)).toHaveLength(again.recalled ? 1 : 2);
      await session.close();
    },
  );
});
