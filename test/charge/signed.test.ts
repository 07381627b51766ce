import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../src/charge/entry.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { anchorFile } from '../../src/charge/store/anchor-file.node.ts';
import { fileStore } from '../../src/charge/store/file.node.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { nativeKey } from '../../src/crypto/sign.node.ts';
import { account, laplaceCharge, memoryAnchor } from './fixtures.ts';

const refused = (code: string) => expect.objectContaining({ code });
const lee = account('dr-lee', 1);
const key = nativeKey(new Uint8Array(32).fill(1));
const other = nativeKey(new Uint8Array(32).fill(2));
const time = '2026-02-01T00:00:00.000Z';
const folder = () => mkdtempSync(join(tmpdir(), 'gauze-'));

async function signedJournal(charges = 3): Promise<string> {
  const path = join(folder(), 'journal');
  const ledger = await openLedger(fileStore(path), { key });
  for (let index = 0; index < charges; index++) await ledger.reserve(laplaceCharge([lee], 1, `plan ${index}`));
  return path;
}

const lines = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');
const open = (path: string, by: typeof key | null = key) => openLedger(fileStore(path), { key: by });

describe('a signed journal', () => {
  it('names its key first, and goes on with that key alone', async () => {
    const path = await signedJournal();
    expect(lines(path)[0]).toContain(`"publicKey":"${key.publicKey}"`);
    expect(lines(path)).toHaveLength(4);
    await (await open(path)).reserve(laplaceCharge([lee], 1));
    for (const stranger of [other, null]) {
      const ledger = await openLedger(fileStore(path), { key: stranger }).catch((error) => error);
      const failed =
        ledger instanceof Error ? ledger : await ledger.reserve(laplaceCharge([lee], 1)).catch((e: unknown) => e);
      expect(failed).toEqual(refused('LEDGER_KEY'));
    }
    expect((await (await open(path, null)).standing(lee)).spent.epsilon).toBe(4n * 10n ** 9n);
  });

  it('goes on signed after entries that nobody signed', async () => {
    const path = join(folder(), 'journal');
    await (await openLedger(fileStore(path))).reserve(laplaceCharge([lee], 1));
    await (await open(path)).reserve(laplaceCharge([lee], 2));
    expect((await (await open(path)).standing(lee)).spent.epsilon).toBe(3n * 10n ** 9n);
  });

  it('refuses a newest entry without its signature, or with one of another key', async () => {
    const unsigned = await signedJournal();
    const [hash, , ...json] = (lines(unsigned).at(-1) as string).split(' ');
    writeFileSync(unsigned, `${[...lines(unsigned).slice(0, -1), `${hash} ${json.join(' ')}`].join('\n')}\n`);
    await expect(open(unsigned)).rejects.toEqual(refused('LEDGER_CORRUPT'));
    const forged = await signedJournal();
    const text = (lines(forged).at(-1) as string).split(' ');
    text[1] = (lines(forged)[1] as string).split(' ')[1] as string;
    writeFileSync(forged, `${[...lines(forged).slice(0, -1), text.join(' ')].join('\n')}\n`);
    await expect(open(forged)).rejects.toEqual(refused('LEDGER_CORRUPT'));
  });

  it('takes another key from the one before it, or after a loss from itself, never as a first', async () => {
    const entry = (reason: 'first' | 'rotated' | 'lost', publicKey: string): Statement => ({
      kind: 'key',
      publicKey,
      reason,
      by: null,
      time,
    });
    const rotated = await signedJournal();
    await (await open(rotated)).state(() => entry('rotated', other.publicKey));
    await (await open(rotated, other)).reserve(laplaceCharge([lee], 1));
    await expect((await open(rotated, key)).reserve(laplaceCharge([lee], 1))).rejects.toEqual(refused('LEDGER_KEY'));
    const lost = await signedJournal();
    await (await open(lost, other)).state(() => entry('lost', other.publicKey));
    await (await open(lost, other)).reserve(laplaceCharge([lee], 1));
    const stolen = await signedJournal();
    await expect((await open(stolen, other)).state(() => entry('rotated', other.publicKey))).rejects.toEqual(
      refused('LEDGER_KEY'),
    );
    await expect((await open(stolen)).state(() => entry('first', key.publicKey))).rejects.toEqual(
      refused('LEDGER_CORRUPT'),
    );
    expect((await (await open(stolen)).standing(lee)).spent.epsilon).toBe(3n * 10n ** 9n);
  });
});

describe('an anchor', () => {
  it('notices an older copy of the journal, and another one', async () => {
    const path = join(folder(), 'journal');
    const anchor = memoryAnchor();
    const ledger = await openLedger(fileStore(path), { key, anchors: [anchor] });
    await ledger.reserve(laplaceCharge([lee], 1, 'a'));
    const older = readFileSync(path);
    await ledger.reserve(laplaceCharge([lee], 2, 'b'));
    expect(await (await openLedger(fileStore(path), { key, anchors: [anchor] })).head()).not.toBeNull();
    writeFileSync(path, older);
    await expect(openLedger(fileStore(path), { key, anchors: [anchor] })).rejects.toEqual(refused('LEDGER_ROLLBACK'));
    const fork = await openLedger(fileStore(path), { key });
    await fork.reserve(laplaceCharge([lee], 1, 'c'));
    await fork.reserve(laplaceCharge([lee], 1, 'd'));
    await expect(openLedger(fileStore(path), { key, anchors: [anchor] })).rejects.toThrow('another one');
  });

  it('that was changed is refused where it can be relied on, and ignored where it cannot', async () => {
    const path = await signedJournal();
    const anchor = memoryAnchor();
    await (await openLedger(fileStore(path), { key, anchors: [anchor] })).reserve(laplaceCharge([lee], 1));
    const changed = memoryAnchor((anchor.text as string).replace('"sequence":4', '"sequence":3'));
    await expect(openLedger(fileStore(path), { key, anchors: [changed] })).rejects.toEqual(refused('CRYPTO_DECODE'));
    await openLedger(fileStore(path), { key, anchors: [{ ...changed, durable: false }] });
  });

  it('that cannot be reached costs nothing, and one that fails later costs the answer and not the charge', async () => {
    const path = await signedJournal(0);
    await (await open(path)).reserve(laplaceCharge([lee], 1));
    const gone = anchorFile(join(path, 'no', 'such'), true);
    const ledger = await openLedger(fileStore(path), { key, anchors: [{ ...gone, read: async () => null }] });
    await expect(ledger.reserve(laplaceCharge([lee], 5))).rejects.toEqual(refused('LEDGER_UNAVAILABLE'));
    expect((await (await open(path)).standing(lee)).spent.epsilon).toBe(10n ** 9n);
    const failing = { ...gone, read: async () => null, check: async () => undefined };
    const late = await openLedger(fileStore(path), { key, anchors: [failing] });
    await expect(late.reserve(laplaceCharge([lee], 5))).rejects.toEqual(refused('LEDGER_UNAVAILABLE'));
    expect((await (await open(path)).standing(lee)).spent.epsilon).toBe(6n * 10n ** 9n);
  });
});

describe('statements', () => {
  it('stop a data set at once, for sessions that are open, and let it go on', async () => {
    const store = memoryStore();
    const [officer, asking] = [await openLedger(store), await openLedger(store)];
    const freeze = { dataset: 'network', by: 'dr-kim', reason: 'complaint', time } as const;
    await officer.state(() => ({ kind: 'freeze', ...freeze }));
    await expect(asking.reserve(laplaceCharge([lee], 1))).rejects.toEqual(refused('DATASET_FROZEN'));
    await expect(asking.recharge(laplaceCharge([lee], 1))).rejects.toEqual(refused('DATASET_FROZEN'));
    expect((await asking.standing(lee)).spent.epsilon).toBe(0n);
    await officer.state(() => ({ kind: 'unfreeze', ...freeze }));
    await asking.reserve(laplaceCharge([lee], 1));
  });

  it('end sessions under rules that are no longer in force', async () => {
    const store = memoryStore();
    const ledger = await openLedger(store);
    const rules = (digest: string): Statement => ({ kind: 'policy', digest, text: '', by: null, widened: [], time });
    await ledger.state(() => rules('p'));
    await ledger.reserve(laplaceCharge([lee], 1));
    await (await openLedger(store)).state(() => rules('q'));
    await expect(ledger.reserve(laplaceCharge([lee], 1))).rejects.toEqual(refused('POLICY_CHANGED'));
    expect((await ledger.records()).policy).toMatchObject({ version: 2, entry: { digest: 'q' } });
  });

  it('are decided on what nobody changes meanwhile', async () => {
    const store = memoryStore();
    const ledgers = await Promise.all(Array.from({ length: 4 }, () => openLedger(store)));
    const made = await Promise.all(
      ledgers.map((ledger) =>
        ledger.state(({ policy }) =>
          policy === null ? { kind: 'policy', digest: 'p', text: '', by: null, widened: [], time } : null,
        ),
      ),
    );
    expect(made.filter((place) => place !== null)).toHaveLength(1);
  });

  it('time never goes back in the chain', async () => {
    const store = memoryStore();
    const ledger = await openLedger(store);
    const freeze = { kind: 'freeze', dataset: 'd', by: null, reason: '' } as const;
    await ledger.state(() => ({ ...freeze, time }));
    await ledger.state(() => ({ ...freeze, time: '2020-01-01T00:00:00.000Z' }));
    expect((await ledger.records()).freezeOf('d')?.time).toBe(time);
  });

  it('write off at least what is stated, and never give back', async () => {
    const store = memoryStore();
    const ledger = await openLedger(store);
    const spend = { epsilon: '5', delta: '0', rho: '1', rhoDelta: '0' };
    const writeOff = { kind: 'write-off', reason: 'disk lost', by: null, time } as const;
    await ledger.state(() => ({ ...writeOff, charges: [{ account: lee.id, spend }] }));
    expect((await (await openLedger(store)).standing(lee)).spent.epsilon).toBe(5n);
    const gift = { ...writeOff, charges: [{ account: lee.id, spend: { ...spend, epsilon: '-5' } }] };
    await expect(ledger.state(() => gift)).rejects.toEqual(refused('LEDGER_CORRUPT'));
    expect((await (await openLedger(store)).standing(lee)).spent.epsilon).toBe(5n);
  });

  it('of a kind that is not known are not written', async () => {
    const store = memoryStore();
    const ledger = await openLedger(store);
    const gift = { kind: 'gift', time } as unknown as Statement;
    await expect(ledger.state(() => gift)).rejects.toEqual(refused('LEDGER_CORRUPT'));
    expect(await (await openLedger(store)).head()).toBeNull();
  });
});
