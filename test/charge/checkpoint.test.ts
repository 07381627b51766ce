/** A checkpoint stands for the entries before it: whatever was asked of them is answered the same, and nothing is lowered. */
import { copyFileSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountId, Part } from '../../src/charge/account-id.ts';
import type { AnchorStore } from '../../src/charge/anchor.ts';
import { type Cut, cut } from '../../src/charge/cut.ts';
import type { CheckpointEntry, Content, Entry } from '../../src/charge/entry.ts';
import { GENESIS, writeEntry } from '../../src/charge/journal.ts';
import type { Ledger, Store } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { linesIn, replayOf } from '../../src/charge/read-journal.ts';
import { Replay } from '../../src/charge/replay.ts';
import { fileStore } from '../../src/charge/store/file.node.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { dayOf, windowStart } from '../../src/charge/window.ts';
import { nativeKey } from '../../src/crypto/sign.node.ts';
import { account, laplaceCharge, memoryAnchor } from './fixtures.ts';

const key = nativeKey(new Uint8Array(32).fill(1));
const stranger = nativeKey(new Uint8Array(32).fill(2));
const refused = (code: string) => expect.objectContaining({ code });
const EARLY = { by: 'dr-kim', now: new Date('2020-01-01T00:00:00.000Z') };

const accounts: readonly AccountId[] = [
  { dataset: 'network', principal: 'dr-lee', purpose: null },
  { dataset: 'network', principal: null, purpose: 'research' },
  { dataset: 'network', principal: null, purpose: null },
  { dataset: 'other', principal: null, purpose: null },
  { dataset: null, principal: null, purpose: null },
];
const parts: readonly (Part | null)[] = [
  null,
  { table: 'person', column: 'sex', value: 'F' },
  { table: 'person', column: 'sex', value: 'M' },
  { table: 'person', column: 'site', value: 'north' },
];

/** One step of a history; a settlement names the charge by its number among the charges. */
type Step =
  | { readonly do: 'charge'; readonly content: Extract<Content, { kind: 'reserve' | 'recharge' }> }
  | { readonly do: 'settle'; readonly charge: number; readonly time: string }
  | { readonly do: 'state'; readonly content: Extract<Content, { kind: 'policy' | 'freeze' | 'approve' | 'data' }> };

const units = fc.bigInt({ min: 0n, max: 5n }).map(String);
const written = fc.record({ epsilon: units, delta: units, rho: units, rhoDelta: units });
const steps = (): fc.Arbitrary<readonly Step[]> => {
  const charge = fc.record({
    kind: fc.constantFrom('reserve' as const, 'recharge' as const),
    accounts: fc.subarray([...accounts], { minLength: 1 }),
    spend: written,
    plan: fc.constantFrom('a', 'b', 'c'),
    plans: fc.option(fc.constant(['a', 'd']), { nil: undefined }),
    version: fc.constantFrom('v1', 'v2'),
    part: fc.constantFrom(...parts),
  });
  const statement = fc.oneof(
    fc.record({ kind: fc.constant('policy' as const), digest: fc.constantFrom('p', 'q') }),
    fc.record({
      kind: fc.constant('approve' as const),
      digest: fc.constantFrom('p', 'q'),
      officer: fc.constantFrom('x', 'y'),
    }),
    fc.record({
      kind: fc.constantFrom('freeze' as const, 'unfreeze' as const),
      dataset: fc.constantFrom('network', 'other'),
    }),
    fc.record({ kind: fc.constant('accept' as const), principal: fc.constantFrom('x', 'y') }),
    fc.record({ kind: fc.constant('data' as const), dataset: fc.constantFrom('network', 'other') }),
    fc.record({ kind: fc.constant('write-off' as const), account: fc.constantFrom(...accounts), spend: written }),
  );
  const step = fc.oneof(
    { weight: 4, arbitrary: charge.map((one) => ({ do: 'charge' as const, one })) },
    { weight: 1, arbitrary: fc.nat(8).map((index) => ({ do: 'settle' as const, index })) },
    { weight: 2, arbitrary: statement.map((one) => ({ do: 'state' as const, one })) },
  );
  return fc.array(fc.tuple(step, fc.integer({ min: 0, max: 60 })), { minLength: 1, maxLength: 25 }).map((list) => {
    let day = Date.parse('2026-01-05T10:00:00.000Z');
    return list.map(([made, later]): Step => {
      day += later * 86_400_000;
      const time = new Date(day).toISOString();
      if (made.do === 'settle') return { do: 'settle', charge: made.index, time };
      if (made.do === 'state') return { do: 'state', content: statementOf(made.one, time) as never };
      const { event } = laplaceCharge([], 1);
      const kept = { event, principal: 'dr-lee', dataset: 'network', policy: 'p', time };
      const { plans, ...rest } = made.one;
      return { do: 'charge', content: { ...kept, ...rest, ...(plans === undefined ? {} : { plans }) } };
    });
  });
};

function statementOf(one: { readonly kind: string } & Record<string, unknown>, time: string): unknown {
  const common = { by: null, time };
  if (one.kind === 'policy') return { ...one, ...common, text: 'rules', widened: [] };
  if (one.kind === 'approve') return { ...one, signature: 'signed', time };
  if (one.kind === 'accept') return { ...one, terms: 't', digest: 'd', signature: null, time };
  if (one.kind === 'data') return { ...one, ...common, version: 'v', withdrawal: false };
  if (one.kind === 'write-off') {
    return { kind: 'write-off', charges: [{ account: one.account, spend: one.spend }], reason: 'r', ...common };
  }
  return { ...one, ...common, reason: 'r' };
}

/** A journal in memory that takes steps. */
class Walk {
  replay: Replay = new Replay();
  store: Store = memoryStore();
  /** Hashes of charges, in order. */
  readonly charges: string[] = [];

  async begin(): Promise<void> {
    const time = '2026-01-01T00:00:00.000Z';
    await this.replay.append(
      this.store,
      { kind: 'key', publicKey: key.publicKey, reason: 'first', by: null, time },
      key,
    );
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'settle') {
      const reservation = this.charges[step.charge];
      if (reservation === undefined || !this.replay.isUnsettled(reservation)) return;
      const content = { kind: 'settle', reservation, outcome: 'released', answer: null, time: step.time } as const;
      await this.replay.append(this.store, content, key);
    } else {
      const { hash } = await this.replay.append(this.store, step.content, key);
      if (step.do === 'charge') this.charges.push(hash);
    }
  }

  /** Puts all away, and goes on from the checkpoint alone. */
  async archive(): Promise<Cut> {
    const made = await cut(await this.store.read(0), key, EARLY);
    this.store = memoryStore();
    this.replay = new Replay();
    for (const [count, line] of linesIn(made.journal).entries()) await this.store.append(line, count);
    await this.replay.catchUp(this.store);
    return made;
  }

  /** Everything that anybody can ask, places apart. */
  observed(): unknown {
    const { book, records } = this.replay;
    const day = dayOf(records.latest);
    const since = [null, ...(['day', 'month', 'quarter'] as const).map((renews) => windowStart(day, renews))];
    const number = (hash: string): number => this.charges.indexOf(hash);
    const paid = (id: AccountId, plan: string, version: string): number | null => {
      const place = this.replay.paidBy(id, plan, version);
      return place === null ? null : number(place.hash);
    };
    return {
      spent: accounts.map((id) => parts.map((part) => since.map((from) => book.spentOf(id, part, from)))),
      lifetimes: new Map(book.lifetimes().map(({ id, spent }) => [JSON.stringify(id), spent])),
      paid: accounts.map((id) => ['a', 'b', 'c', 'd'].map((plan) => ['v1', 'v2'].map((v) => paid(id, plan, v)))),
      unsettled: this.replay.unsettled.map(({ hash, entry }) => [number(hash), entry]),
      policy: records.policy === null ? null : [records.policy.version, records.policy.entry],
      approvals: ['p', 'q'].map((digest) => records.approvalsOf(digest)),
      stops: ['network', 'other'].map((name) => records.freezeOf(name)),
      accepted: ['x', 'y'].map((name) => records.acceptanceOf(name, 'd')),
      data: ['network', 'other'].map((name) => records.dataOf(name)),
      rest: [records.key, records.latest, records.hasLost],
    };
  }
}

describe('a checkpoint', () => {
  it('answers whatever the entries before it answered, then and after any more', async () => {
    await fc.assert(
      fc.asyncProperty(steps(), fc.infiniteStream(fc.nat(3)), async (history, cuts) => {
        const [whole, archived] = [new Walk(), new Walk()];
        await whole.begin();
        await archived.begin();
        for (const step of history) {
          if (cuts.next().value === 0) await archived.archive();
          await whole.take(step);
          await archived.take(step);
          expect(archived.observed()).toEqual(whole.observed());
        }
        const before = archived.replay.length;
        await archived.archive();
        expect(archived.replay.length).toBe(before + 2);
        expect(archived.observed()).toEqual(whole.observed());
        // What is stated depends on what was charged alone, not on how often it was put away.
        expect(archived.replay.written().losses).toEqual(whole.replay.written().losses);
      }),
      { numRuns: Number(process.env.GAUZE_CASES ?? 60) },
    );
  });

  it('keeps the days that a window can still count, and adds up the older ones', async () => {
    const walk = new Walk();
    await walk.begin();
    const { event } = laplaceCharge([], 1);
    const kept = { kind: 'reserve', accounts: [accounts[0]], event, plan: 'a', version: 'v1', policy: 'p' } as const;
    const spend = { epsilon: '1', delta: '0', rho: '0', rhoDelta: '0' };
    for (const time of ['2026-02-10', '2026-03-31', '2026-04-01', '2026-05-20']) {
      const content = { ...kept, principal: 'dr-lee', dataset: 'network', spend, time: `${time}T08:00:00.000Z` };
      await walk.replay.append(walk.store, content as Content as never, key);
    }
    const [loss] = walk.replay.written().losses;
    expect(loss?.days.map(({ day }) => day)).toEqual(['2026-04-01', '2026-05-20']);
    expect(loss?.lifetime.whole.epsilon).toBe('4');
  });

  it('continues the chain: numbers and hashes go on', async () => {
    const walk = new Walk();
    await walk.begin();
    const head = walk.replay.head;
    const { journal, archive, first, last } = await walk.archive();
    const [opening, note] = linesIn(journal).map((line) => entryIn(line));
    expect(opening).toMatchObject({ sequence: 1, previous: head?.hash, content: { kind: 'checkpoint', by: 'dr-kim' } });
    expect(note).toMatchObject({ sequence: 2, content: { kind: 'export', what: 'archive' } });
    expect([first, last]).toEqual([1, 1]);
    expect((await replayOf(linesIn(archive))).head).toEqual(head);
    expect(await walk.archive()).toMatchObject({ first: 2, last: 3 });
  });

  it('is made with the journal’s own key alone', async () => {
    const walk = new Walk();
    await walk.begin();
    await expect(cut(await walk.store.read(0), stranger, EARLY)).rejects.toEqual(refused('LEDGER_KEY'));
    const unsigned = memoryStore();
    await (await openLedger(unsigned)).reserve(laplaceCharge([account('dr-lee', 1)], 1));
    await expect(cut(await unsigned.read(0), key, EARLY)).rejects.toEqual(refused('LEDGER_KEY'));
  });
});

function entryIn(line: Uint8Array): Entry {
  const text = new TextDecoder().decode(line);
  return JSON.parse(text.slice(text.indexOf('{'))) as Entry;
}

const lee = account('dr-lee', 1);

/** A signed journal file of three charges, archived. */
async function archivedFile(): Promise<{ readonly path: string; readonly made: Cut; readonly before: Buffer }> {
  const path = join(mkdtempSync(join(tmpdir(), 'gauze-')), 'journal');
  const ledger = await openLedger(fileStore(path), { key });
  for (const milli of [1, 2, 3]) await ledger.reserve(laplaceCharge([lee], milli, `plan ${milli}`));
  const before = readFileSync(path);
  const made = await cut(linesIn(before), key, EARLY);
  writeFileSync(path, made.journal);
  return { path, made, before };
}

const spent = async (ledger: Ledger) => (await ledger.standing(lee)).spent.epsilon / 10n ** 9n;
const open = (path: string, anchors: readonly AnchorStore[] = []) => openLedger(fileStore(path), { key, anchors });

describe('a journal that begins with a checkpoint', () => {
  it('opens with all that was spent, and takes charges', async () => {
    const { path } = await archivedFile();
    const ledger = await open(path);
    expect(await spent(ledger)).toBe(6n);
    await ledger.reserve(laplaceCharge([lee], 4));
    expect(await spent(await open(path))).toBe(10n);
    await expect((await open(path)).reserve(laplaceCharge([lee], 991))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    expect(await ledger.head()).toMatchObject({ sequence: 6 });
  });

  /** The journal with another checkpoint in place of its own. */
  const forged = async (
    change: (state: CheckpointEntry['state']) => CheckpointEntry['state'],
    signer: typeof key | null,
    at: Partial<Entry> = {},
  ): Promise<string> => {
    const { path, made } = await archivedFile();
    const entry = entryIn(linesIn(made.journal)[0] as Uint8Array);
    const content = entry.content as CheckpointEntry;
    const { bytes } = writeEntry({ ...entry, ...at, content: { ...content, state: change(content.state) } }, signer);
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('\n')]));
    return path;
  };
  const same = (state: CheckpointEntry['state']) => state;

  it.each<[string, Parameters<typeof forged>]>([
    ['of another key', [same, stranger]],
    ['that nobody signed', [same, null]],
    ['that gives back', [(state) => ({ ...state, losses: state.losses.map(negative) }), key]],
    ['that names an account it lacks', [(state) => ({ ...state, payments: state.payments.map(astray) }), key]],
    ['at the beginning of a chain', [same, key, { sequence: 0, previous: GENESIS }]],
    ['that states no state', [() => ({}) as never, key]],
  ])('is refused with one %s', async (_, [change, signer, at]) => {
    await expect(open(await forged(change, signer, at))).rejects.toEqual(refused('LEDGER_CORRUPT'));
  });

  it('is accepted as forged only by whoever holds the key', async () => {
    expect(await spent(await open(await forged(same, key)))).toBe(6n);
  });

  it('is refused without its checkpoint, and with one behind another entry', async () => {
    const { path, before, made } = await archivedFile();
    const [checkpoint, note] = linesIn(made.journal).map((line) => `${Buffer.from(line)}\n`) as [string, string];
    writeFileSync(path, note);
    await expect(open(path)).rejects.toEqual(refused('LEDGER_CORRUPT'));
    writeFileSync(path, `${before}${checkpoint}`);
    await expect(open(path)).rejects.toEqual(refused('LEDGER_CORRUPT'));
    writeFileSync(path, `${checkpoint}${note}${checkpoint}`);
    await expect(open(path)).rejects.toEqual(refused('LEDGER_CORRUPT'));
    writeFileSync(path, `${checkpoint}${note}`);
    expect(await spent(await open(path))).toBe(6n);
  });
});

function negative(loss: CheckpointEntry['state']['losses'][number]): typeof loss {
  const { lifetime } = loss;
  return { ...loss, lifetime: { ...lifetime, whole: { ...lifetime.whole, epsilon: '-1' } } };
}

function astray(payment: CheckpointEntry['state']['payments'][number]): typeof payment {
  return { ...payment, accounts: [...payment.accounts, 99] };
}

describe('a journal that is archived while it is open', () => {
  /** Puts away what is in the file, as another process would. */
  const putAway = async (path: string, change: (made: Cut) => Uint8Array = ({ journal }) => journal): Promise<void> => {
    writeFileSync(`${path}.new`, change(await cut(linesIn(readFileSync(path)), key, EARLY)));
    renameSync(`${path}.new`, path);
  };
  const opened = async (): Promise<{ readonly path: string; readonly ledger: Ledger }> => {
    const path = join(mkdtempSync(join(tmpdir(), 'gauze-')), 'journal');
    const ledger = await open(path);
    await ledger.reserve(laplaceCharge([lee], 1, 'a'));
    return { path, ledger };
  };

  it('goes on for those who have it open, also when they had not read all of it', async () => {
    const { path, ledger } = await opened();
    const other = await open(path);
    const warrant = await ledger.reserve(laplaceCharge([lee], 2, 'b'));
    await putAway(path);
    expect(await spent(other)).toBe(3n);
    await ledger.settle(warrant, { outcome: 'released', answer: null, time: '2026-01-01T00:00:00.000Z' });
    await other.reserve(laplaceCharge([lee], 4, 'c'));
    await putAway(path);
    await ledger.reserve(laplaceCharge([lee], 8, 'd'));
    for (const one of [ledger, other, await open(path)]) expect(await spent(one)).toBe(15n);
    expect(await ledger.paidBy(lee.id, 'b', 'v1')).toEqual(warrant.place);
    expect(await ledger.head()).toEqual(await other.head());
  });

  it('opens anew for whoever slept through two archives', async () => {
    const { path, ledger } = await opened();
    await putAway(path);
    await putAway(path);
    await expect(ledger.reserve(laplaceCharge([lee], 1, 'b'))).rejects.toEqual(refused('LEDGER_CORRUPT'));
    expect(await spent(await open(path))).toBe(1n);
  });

  it('is refused when what took its place states less, though it is signed and follows', async () => {
    const { path, ledger } = await opened();
    await putAway(path, ({ journal }) => {
      const entry = entryIn(linesIn(journal)[0] as Uint8Array);
      const content = entry.content as CheckpointEntry;
      const state = { ...content.state, losses: [], payments: [] };
      return Buffer.concat([writeEntry({ ...entry, content: { ...content, state } }, key).bytes, Buffer.from('\n')]);
    });
    await expect(ledger.reserve(laplaceCharge([lee], 1, 'b'))).rejects.toEqual(refused('LEDGER_CORRUPT'));
  });

  it('is refused when an archived journal of earlier takes its place, or the one before', async () => {
    const { path, ledger } = await opened();
    const earlier = await cut(linesIn(readFileSync(path)), key, EARLY);
    copyFileSync(path, `${path}.before`);
    await ledger.reserve(laplaceCharge([lee], 2, 'b'));
    writeFileSync(`${path}.new`, earlier.journal);
    renameSync(`${path}.new`, path);
    await expect(ledger.reserve(laplaceCharge([lee], 1, 'c'))).rejects.toEqual(refused('LEDGER_CORRUPT'));
    const again = await opened();
    copyFileSync(again.path, `${again.path}.before`);
    await putAway(again.path);
    await again.ledger.reserve(laplaceCharge([lee], 2, 'b'));
    renameSync(`${again.path}.before`, again.path);
    await expect(again.ledger.reserve(laplaceCharge([lee], 1, 'c'))).rejects.toEqual(refused('LEDGER_CORRUPT'));
  });
});

describe('an anchor of a journal that was archived', () => {
  it('holds across the checkpoint, and still refuses an older copy', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'gauze-')), 'journal');
    const [old, newest] = [memoryAnchor(), memoryAnchor()];
    const ledger = await open(path, [newest]);
    await ledger.reserve(laplaceCharge([lee], 1, 'a'));
    old.text = newest.text;
    await ledger.reserve(laplaceCharge([lee], 2, 'b'));
    const { journal } = await cut(linesIn(readFileSync(path)), key, EARLY);
    writeFileSync(path, journal);
    for (const anchor of [old, newest]) expect(await spent(await open(path, [anchor]))).toBe(3n);
    const again = await open(path, [newest]);
    await again.reserve(laplaceCharge([lee], 4, 'c'));
    writeFileSync(path, journal);
    await expect(open(path, [newest])).rejects.toEqual(refused('LEDGER_ROLLBACK'));
    await expect(open(path, [old])).resolves.toBeDefined();
  });

  it('that has seen more spent than the checkpoint states refuses it', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'gauze-')), 'journal');
    const anchor = memoryAnchor();
    const ledger = await open(path, [anchor]);
    await ledger.reserve(laplaceCharge([lee], 5, 'a'));
    const other = memoryStore();
    const smaller = await openLedger(other, { key });
    for (const plan of ['a', 'b', 'c']) await smaller.reserve(laplaceCharge([lee], 1, plan));
    writeFileSync(path, (await cut(await other.read(0), key, EARLY)).journal);
    await expect(open(path, [anchor])).rejects.toEqual(refused('LEDGER_ROLLBACK'));
  });
});
