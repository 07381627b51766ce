/** What `gauze verify` must find in a journal: everything that was changed, left out, forged or spent beyond the rules. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeAnchor } from '../../src/charge/anchor.ts';
import type { ChargeEntry, CheckpointEntry, Content, PolicyEntry } from '../../src/charge/entry.ts';
import { readEntry, writeEntry } from '../../src/charge/journal.ts';
import type { Place } from '../../src/charge/place.ts';
import { Replay } from '../../src/charge/replay.ts';
import { nativeVerify } from '../../src/crypto/sign.node.ts';
import { notionsOf } from '../../src/dp/accountant/notions.ts';
import { zcdpOf } from '../../src/dp/accountant/zcdp.ts';
import type { PrivacyEvent } from '../../src/dp/event.ts';
import { ceil, multiply, rational } from '../../src/dp/rational.ts';
import { type ChainOptions, type ChainVerdict, verifyChain } from '../../src/evidence/chain.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { at, contentsOf, forged, joined, KEY, KIM, linesIn, OTHER, RULES, WIDER, written } from './chains.ts';

const { bytes: JOURNAL } = await written();
const CONTENTS = contentsOf(JOURNAL);
const check = (bytes: Uint8Array, options: ChainOptions = {}): Promise<ChainVerdict> =>
  verifyChain(bytes, { publicKey: KEY.publicKey, verify: nativeVerify, ...options });

const indexOf = (holds: (content: Content) => boolean): number => CONTENTS.findIndex(holds);
const CHARGE = indexOf(({ kind }) => kind === 'reserve');
const charged = CONTENTS[CHARGE] as ChargeEntry;

/** The journal with one entry changed, and all after it chained and signed anew with the valid key. */
function changed(index: number, change: object): Uint8Array {
  return forged(CONTENTS.map((content, i) => (i === index ? ({ ...content, ...change } as Content) : content)));
}

function anchorOf(bytes: Uint8Array): string {
  const replay = new Replay();
  for (const line of linesIn(bytes)) replay.apply(readEntry(line, replay.length, replay.head?.hash ?? '0'.repeat(64)));
  return writeAnchor(replay, KEY, true) as string;
}

describe('a journal that the ledger wrote', () => {
  it('is valid, under its key and an anchor, and says what it cannot show', async () => {
    const verdict = await check(JOURNAL, { anchor: anchorOf(JOURNAL) });
    expect(verdict).toMatchObject({
      valid: true,
      entries: CONTENTS.length,
      firstBad: null,
      warnings: [expect.stringContaining('no recorded outcome')].slice(1),
    });
    expect(verdict.publicKeys).toEqual([{ publicKey: KEY.publicKey, reason: 'first', entry: 1 }]);
    expect((await check(JOURNAL)).limits[0]).toContain('without an anchor');
    expect(verdict.limits.join()).not.toContain('without an anchor');
    expect(forged(CONTENTS)).toEqual(Buffer.from(JOURNAL));
  });

  it('is valid by its own claim without a key, and says whose key that is', async () => {
    const { valid, warnings } = await verifyChain(JOURNAL);
    expect(valid).toBe(true);
    expect(warnings.join()).toContain(`own claim: ${KEY.publicKey}`);
  });

  it('is valid piece by piece, wherever the pieces end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), async (size) => {
        async function* pieces(): AsyncGenerator<Uint8Array> {
          for (let start = 0; start < JOURNAL.length; start += size) yield JOURNAL.subarray(start, start + size);
        }
        expect(await verifyChain(pieces(), { verify: nativeVerify })).toEqual(
          await verifyChain(JOURNAL, { verify: nativeVerify }),
        );
      }),
      { numRuns: 8 },
    );
  });
});

describe('tampering', () => {
  it('with any byte is found, and the entry named', async () => {
    let end = 0;
    const ends = linesIn(JOURNAL).map((line) => {
      end += line.length + 1;
      return end;
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(JOURNAL.length - 2), fc.integer({ min: 1, max: 255 }), async (place, by) => {
        const bytes = Uint8Array.from(JOURNAL);
        bytes[place] = (bytes[place] as number) ^ by;
        const { valid, firstBad } = await check(bytes);
        expect(valid).toBe(false);
        expect(firstBad?.entry).toBe(ends.findIndex((one) => place < one) + 1);
      }),
      { numRuns: 300 },
    );
  });

  it('with a letter’s case in hash or signature is found', async () => {
    const line = linesIn(JOURNAL)[0] as Uint8Array;
    for (let place = 0; place < 193; place++) {
      const letter = String.fromCharCode(line[place] as number);
      if (!/[a-f]/.test(letter)) continue;
      const bytes = Uint8Array.from(JOURNAL);
      bytes[place] = letter.toUpperCase().charCodeAt(0);
      expect((await check(bytes)).firstBad?.entry).toBe(1);
    }
  });

  it('by cutting the end off is told where it shows, and found by an anchor', async () => {
    const anchor = anchorOf(JOURNAL);
    const lines = linesIn(JOURNAL);
    const shorter = joined(lines.slice(0, -1));
    expect((await check(shorter)).valid).toBe(true);
    expect((await check(shorter, { anchor })).firstBad).toEqual({
      entry: lines.length,
      why: expect.stringContaining('missing'),
    });
    const torn = await check(JOURNAL.subarray(0, JOURNAL.length - 5));
    expect(torn).toMatchObject({ valid: true, entries: lines.length - 1 });
    expect(torn.warnings.join()).toContain('cut off');
    expect((await check(JOURNAL.subarray(0, JOURNAL.length - 5), { anchor })).valid).toBe(false);
    // A whole entry that lacks only its line end counts, as stores count it.
    expect(await check(JOURNAL.subarray(0, -1))).toMatchObject({ valid: true, entries: lines.length });
  });

  it('by leaving out, repeating or exchanging entries is found', async () => {
    const lines = linesIn(JOURNAL);
    for (const index of [0, 3, lines.length - 2]) {
      expect((await check(joined(lines.toSpliced(index, 1)))).firstBad?.entry).toBe(index + 1);
      expect((await check(joined(lines.toSpliced(index, 0, lines[index] as Uint8Array)))).firstBad?.entry).toBe(
        index + 2,
      );
      const swapped = lines.with(index, lines[index + 1] as Uint8Array).with(index + 1, lines[index] as Uint8Array);
      expect((await check(joined(swapped))).firstBad?.entry).toBe(index + 1);
    }
  });

  it('by another history with the same key is found by an anchor', async () => {
    const other = changed(CHARGE, { question: 'SELECT 1' });
    expect((await check(other)).valid).toBe(true);
    expect((await check(other, { anchor: anchorOf(JOURNAL) })).firstBad?.why).toContain(
      'another entry than the anchor',
    );
  });

  it('by an entry with a name twice, or with blanks, is found', async () => {
    for (const change of [
      (json: string) => json.replace('"sequence":0', '"sequence":7,"sequence":0'),
      (json: string) => json.replace('"sequence":0', '"sequence": 0'),
    ]) {
      const { createHash } = await import('node:crypto');
      const [, , ...json] = Buffer.from(linesIn(JOURNAL)[0] as Uint8Array)
        .toString()
        .split(' ');
      const body = change(json.join(' '));
      const hash = createHash('sha256').update(body).digest('hex');
      const signature = KEY.sign(new TextEncoder().encode(`gauze journal v1\n${hash}`));
      const bytes = Buffer.from(`${hash} ${signature} ${body}\n`);
      expect((await check(bytes)).firstBad).toEqual({ entry: 1, why: expect.stringContaining('canonical') });
    }
  });
});

describe('signatures', () => {
  it('of another key are found, with and without a key to compare', async () => {
    const resigned = forged(
      CONTENTS.map((content) => (content.kind === 'key' ? { ...content, publicKey: OTHER.publicKey } : content)),
      () => OTHER,
    );
    expect(await check(resigned)).toMatchObject({ valid: false, firstBad: { entry: 1 } });
    const { valid, warnings } = await verifyChain(resigned, { verify: nativeVerify });
    expect(valid).toBe(true);
    expect(warnings.join()).toContain(OTHER.publicKey);
    expect((await verifyChain(forged(CONTENTS, () => OTHER))).firstBad?.entry).toBe(1);
    expect((await check(forged(CONTENTS, (index) => (index === 5 ? OTHER : KEY)))).firstBad?.entry).toBe(6);
  });

  it('that were stripped are found', async () => {
    expect((await check(forged(CONTENTS, (index) => (index === 4 ? null : KEY)))).firstBad?.entry).toBe(5);
    const bare = forged(CONTENTS.slice(1), () => null);
    expect((await check(bare)).firstBad).toEqual({ entry: 1, why: expect.stringContaining('no entry is signed') });
    expect((await verifyChain(bare)).warnings.join()).toContain('No entry is signed');
  });

  it('pass to a new key that the old one vouches for, and from both ends', async () => {
    const rotation: Content = { kind: 'key', publicKey: OTHER.publicKey, reason: 'rotated', by: null, time: at(50) };
    const after: Content = { kind: 'freeze', dataset: 'network', by: null, reason: 'x', time: at(51) };
    const contents = [...CONTENTS, rotation, after];
    const bytes = forged(contents, (index) => (index === contents.length - 1 ? OTHER : KEY));
    for (const publicKey of [KEY.publicKey, OTHER.publicKey]) {
      expect(await check(bytes, { publicKey })).toMatchObject({ valid: true, entries: contents.length });
    }
    // A rotation to a key says nothing for that key before it has signed.
    const unused = await check(forged(contents.slice(0, -1)), { publicKey: OTHER.publicKey });
    expect(unused.firstBad?.why).toContain('has signed nothing yet');
    // The old key is no longer in force, and a stranger may not take over.
    expect((await check(forged(contents))).firstBad?.entry).toBe(contents.length);
    const taken = forged(contents, (index) => (index >= contents.length - 2 ? OTHER : KEY));
    expect((await check(taken)).firstBad?.entry).toBe(contents.length - 1);
  });

  it('after a loss are reported, and not vouched for by the lost key', async () => {
    const loss: Content = { kind: 'key', publicKey: OTHER.publicKey, reason: 'lost', by: 'dr-kim', time: at(50) };
    const bytes = forged([...CONTENTS, loss], (index) => (index < CONTENTS.length ? KEY : OTHER));
    const verdict = await check(bytes, { publicKey: OTHER.publicKey });
    expect(verdict.valid).toBe(true);
    expect(verdict.warnings.join()).toContain('no key before it vouches for');
    expect((await verifyChain(bytes)).valid).toBe(true);
    expect((await check(bytes)).firstBad).toEqual({
      entry: CONTENTS.length + 1,
      why: expect.stringContaining('after a loss'),
    });
  });
});

describe('a history written by hand with the valid key', () => {
  it.each([
    [
      'less epsilon than the noise costs',
      { spend: { ...charged.spend, epsilon: '299999999999' } },
      'epsilon and delta',
    ],
    ['less rho than the noise costs', { spend: { ...charged.spend, rho: '1' } }, 'rho'],
    ['noise of a scale below zero', { event: { kind: 'discrete-laplace', scale: ['-10', '3'], l1: '1' } }, 'priced'],
    ['noise without movement', { event: { kind: 'discrete-laplace', scale: ['10', '3'], l1: '0' } }, 'priced'],
    ['noise of an unknown kind', { event: { kind: 'magic' } }, 'priced'],
    ['a principal nobody knows', { principal: 'dr-who' }, 'no principal dr-who'],
    ['an officer who asks', { principal: 'dr-kim' }, 'no budget'],
    ['a data set nobody knows', { dataset: 'other' }, 'no data set other'],
    ['other rules', { policy: 'f'.repeat(64) }, 'other rules'],
    ['another purpose', { purpose: 'quality' }, 'POLICY_PURPOSE'],
    ['no purpose', { purpose: null }, 'POLICY_PURPOSE'],
    ['a column that is closed', { columns: ['person.zip'] }, 'POLICY_COLUMN'],
    ['a part that no rule knows', { part: { table: 'person', column: 'zip', value: '1' } }, 'no rule lets'],
    ['a part without units', { part: { table: 'person', column: 'site', value: 'west' } }, 'no such part'],
    [
      'the data set not charged',
      { accounts: charged.accounts.filter(({ principal }) => principal !== null) },
      'does not count',
    ],
    ['a time that is none', { time: '2026-99-99T99:99:99Z' }, 'no time'],
    ['a time before', { time: at(1).replace('2026', '2025') }, 'before that of an entry before it'],
  ])('with %s is found', async (_, change, why) => {
    const { valid, firstBad } = await check(changed(CHARGE, change));
    expect(valid).toBe(false);
    expect(firstBad).toEqual({ entry: CHARGE + 1, why: expect.stringContaining(why) });
  });

  it('that spends beyond a limit is found, and the same charge within the limit is not', async () => {
    const twice = (milli: number): Uint8Array => {
      const spend = { epsilon: `${milli}000000000`, delta: '0', rho: `${milli}000000000`, rhoDelta: '0' };
      const event = { kind: 'discrete-laplace', scale: ['1000', String(milli)], l1: '1' };
      const again = { ...charged, spend, event, plan: 'z', time: at(3) } as unknown as Content;
      return forged(CONTENTS.toSpliced(CHARGE + 2, 0, again).slice(0, CHARGE + 3));
    };
    expect((await check(twice(700))).valid).toBe(true);
    expect((await check(twice(701))).firstBad).toEqual({
      entry: CHARGE + 3,
      why: expect.stringContaining('dr-lee on network is overspent'),
    });
  });

  it('that charges while answers were stopped is found', async () => {
    const frozen = indexOf(({ kind }) => kind === 'freeze');
    const late = { ...charged, time: at(5), plan: 'z' } as Content;
    const { firstBad } = await check(forged(CONTENTS.toSpliced(frozen + 1, 0, late)));
    expect(firstBad).toEqual({ entry: frozen + 2, why: expect.stringContaining('stopped') });
  });

  it('that pays for no answer, or settles what is not open, is found', async () => {
    const recharge = indexOf(({ kind }) => kind === 'recharge');
    expect((await check(changed(recharge, { plan: 'never' }))).firstBad?.why).toContain('no entry before it has read');
    const settle = indexOf(({ kind }) => kind === 'settle');
    const twice = CONTENTS.toSpliced(settle + 1, 0, CONTENTS[settle] as Content);
    expect((await check(forged(twice))).firstBad?.why).toContain('not open');
  });

  it('that asks before the terms were accepted is found, or with a signature that is not his', async () => {
    const accepted = indexOf(({ kind }) => kind === 'accept');
    const unaccepted = await check(forged(CONTENTS.toSpliced(accepted, 1)));
    expect(unaccepted.firstBad?.why).toContain('had not accepted the terms dua-2026');
    for (const signature of [null, 'ab'.repeat(64)]) {
      expect((await check(changed(accepted, { signature }))).firstBad?.entry).toBe(accepted + 1);
    }
  });

  it('that widens the rules without two officers is found, whatever it says about itself', async () => {
    const first = indexOf(({ kind }) => kind === 'approve');
    const widening = indexOf((content) => content.kind === 'policy' && content.text === WIDER);
    for (const change of [
      CONTENTS.toSpliced(first, 1),
      CONTENTS.toSpliced(first, 2),
      CONTENTS.with(first + 1, CONTENTS[first] as Content),
      CONTENTS.toSpliced(first, 1).map((content) =>
        content.kind === 'policy' ? { ...content, widened: [] } : content,
      ),
    ]) {
      const { firstBad } = await check(forged(change));
      expect(firstBad?.why).toContain('lets more be learnt');
    }
    expect(widening).toBeGreaterThan(first);
    const strange = await check(changed(first, { signature: KIM.sign(new Uint8Array(1)) }));
    expect(strange.firstBad?.entry).toBe(first + 1);
  });

  it('whose rules are another text than they say is found', async () => {
    const policy = indexOf(({ kind }) => kind === 'policy');
    for (const text of [WIDER, 'gauze: 2', '']) {
      expect((await check(changed(policy, { text }))).firstBad).toEqual({
        entry: policy + 1,
        why: expect.stringContaining('digest'),
      });
    }
    expect(parsePolicy(RULES).digest).not.toBe(parsePolicy(WIDER).digest);
  });
});

it('a batch that is priced as a whole is valid at that price, and not below it', async () => {
  const one: PrivacyEvent = { kind: 'discrete-laplace', scale: ['100', '1'], l1: '1', lInf: '1', l0: '1' };
  const event: PrivacyEvent = { kind: 'composed', events: Array.from({ length: 80 }, () => one) };
  const delta = rational(1n, 10n ** 7n);
  const { best } = notionsOf([{ event, count: 1 }], delta);
  expect(best?.notion).toBe('pld');
  const { rhoUnits } = zcdpOf(event);
  const amounts = (epsilon: bigint): Content => ({
    ...charged,
    event,
    plan: 'batch',
    plans: ['one', 'two'],
    time: at(3),
    spend: { epsilon: String(epsilon), delta: String(10n ** 11n), rho: String(rhoUnits), rhoDelta: '0' },
  });
  const least = ceil(multiply(best?.epsilon ?? rational(0n), rational(10n ** 12n)));
  expect(least).toBeLessThan(7n * 10n ** 11n);
  const upTo = CONTENTS.slice(0, CHARGE);
  expect(await check(forged([...upTo, amounts(least)]))).toMatchObject({ valid: true });
  expect((await check(forged([...upTo, amounts((least * 98n) / 100n)]))).firstBad?.why).toContain('epsilon and delta');
  const recharge = CONTENTS.find(({ kind }) => kind === 'recharge') as ChargeEntry;
  const spend = { epsilon: '900000000000', delta: '0', rho: String(rhoUnits), rhoDelta: '0' };
  const second = { ...recharge, event, spend, plan: 'two', version: 'v1+public', time: at(3) };
  expect(await check(forged([...upTo, amounts(least), second]))).toMatchObject({ valid: true });
});

it('an answer that an entry lost since had paid for may be paid for by others', async () => {
  const recharge = CONTENTS.find(({ kind }) => kind === 'recharge') as ChargeEntry;
  const upTo = CONTENTS.slice(0, CHARGE);
  const later = { ...recharge, plan: 'lost', time: at(3) };
  const lost: Content = { kind: 'write-off', charges: [], reason: 'restored', by: null, time: at(3) };
  expect((await check(forged([...upTo, later]))).valid).toBe(false);
  expect(await check(forged([...upTo, lost, later]))).toMatchObject({ valid: true });
});

it('a journal of earlier versions is valid, and its rules are reported as not recorded', async () => {
  const { purpose: _, part: __, columns: ___, question: ____, ...old } = charged;
  const accounts = old.accounts.map(({ dataset, principal }) => ({ dataset, principal }));
  const contents: Content[] = [
    { ...old, accounts, time: at(9) },
    { ...old, accounts, plan: 'z', time: at(2) },
  ];
  const verdict = await verifyChain(forged(contents, () => null));
  expect(verdict).toMatchObject({ valid: true, entries: 2, publicKeys: [] });
  expect(verdict.warnings.join()).toContain('Rules are not recorded for 2 charges');
  const signedNow = forged(
    [...contents, ...CONTENTS.map((c) => ('time' in c ? { ...c, time: at(60) } : c))].slice(0, 5),
    (index) => (index < 2 ? null : KEY),
  );
  expect((await check(signedNow)).warnings.join()).toContain('The first 2 entries are not signed');
});

describe('a journal that begins with a checkpoint', () => {
  const at40 = indexOf((content) => 'time' in content && content.time >= at(40));
  const replay = new Replay();
  for (const line of linesIn(JOURNAL).slice(0, at40)) replay.apply(replay.read(line), replay.length === 0);
  const state = JSON.parse(JSON.stringify(replay.written())) as CheckpointEntry['state'];
  const archived = (
    change: Partial<CheckpointEntry['state']> = {},
    key = KEY,
    more: readonly Content[] = [],
  ): Uint8Array => {
    let { sequence, hash: previous } = replay.head as Place;
    const checkpoint: Content = { kind: 'checkpoint', state: { ...state, ...change }, by: null, time: at(39) };
    let charged = '';
    const contents = [checkpoint, ...CONTENTS.slice(at40), ...more];
    return joined(
      contents.map((content) => {
        sequence += 1;
        const told = content.kind === 'settle' ? { ...content, reservation: charged } : content;
        const { bytes, hash } = writeEntry({ sequence, previous, content: told }, key);
        previous = hash;
        if (content.kind === 'reserve') charged = hash;
        return bytes;
      }),
    );
  };

  it('goes on with its key, its rules and its sums, and says that the archive is elsewhere', async () => {
    const verdict = await check(archived());
    expect(verdict).toMatchObject({ valid: true, entries: CONTENTS.length + 1, firstBad: null });
    expect(verdict.warnings.join()).toContain(`The first ${at40} entries lie in an archive`);
    const known = CONTENTS.find((content) => content.kind === 'reserve' && content.plan === 'b') as ChargeEntry;
    const policy = state.records.policy?.entry.digest as string;
    const accounts = [
      { dataset: 'network', principal: 'dr-lee', purpose: null },
      { dataset: 'network', principal: null, purpose: 'research' },
    ];
    const who = { principal: 'dr-lee', purpose: 'research', accounts };
    const late: Content = { ...known, kind: 'recharge', ...who, policy, time: at(42) };
    expect((await check(archived({}, KEY, [late]))).firstBad).toBeNull();
    expect((await check(archived({}, KEY, [{ ...late, plan: 'never' }]))).firstBad?.why).toContain(
      'no entry before it',
    );
    const beyond = { ...(CONTENTS[at40] as ChargeEntry), plan: 'z', time: at(42) };
    expect((await check(archived({}, KEY, [beyond]))).firstBad).toEqual({
      entry: CONTENTS.length + 2,
      why: expect.stringContaining('overspent'),
    });
  });

  it('is found when another key signed it, or when it states other rules than it says', async () => {
    expect((await check(archived({}, OTHER))).valid).toBe(false);
    expect((await verifyChain(archived({}, OTHER))).valid).toBe(false);
    const { policy } = state.records;
    const entry = { ...policy?.entry, text: RULES } as PolicyEntry;
    const records = { ...state.records, policy: { ...policy, entry } } as CheckpointEntry['state']['records'];
    expect((await check(archived({ records }))).firstBad?.why).toContain('digest');
  });

  it('is found when it stands anywhere else', async () => {
    const checkpoint: Content = { kind: 'checkpoint', state, by: null, time: at(39) };
    expect((await check(forged(CONTENTS.toSpliced(at40, 0, checkpoint)))).firstBad?.entry).toBe(at40 + 1);
  });
});
