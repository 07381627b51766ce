import { copyFileSync, mkdtempSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/charge/account-id.ts';
import { carrierOf, NOTHING, plus, remaining } from '../../src/charge/filter.ts';
import type { Ledger, Reservation } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { fileStore } from '../../src/charge/store/file.node.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { Warrant } from '../../src/charge/warrant.ts';
import { zcdpToEpsilon } from '../../src/dp/conversion.ts';
import type { GauzeError } from '../../src/errors.ts';
import { account, laplaceCharge } from './fixtures.ts';

const lee = account('dr-lee', 1);
const cap = account(null, 1.5);
const admitted = async (ledger: Ledger, charge: Reservation) =>
  (await ledger.verdicts(charge)).every(({ carriedBy }) => carriedBy !== null);
const refused = (code: string) => expect.objectContaining({ code });

describe.each([
  ['memory', () => memoryStore()],
  ['file', () => fileStore(join(mkdtempSync(join(tmpdir(), 'gauze-')), 'journal'))],
])('a ledger over a %s store', (_, make) => {
  it('charges every account or none, to the last unit', async () => {
    const ledger = await openLedger(make());
    await ledger.reserve(laplaceCharge([lee, cap], 999));
    await expect(ledger.reserve(laplaceCharge([lee, cap], 2))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    expect((await ledger.standing(cap)).spent.epsilon).toBe(999n * 10n ** 9n);
    await ledger.reserve(laplaceCharge([lee, cap], 1));
    expect((await ledger.standing(lee)).remaining.epsilon).toBe(0n);
    const kim = account('dr-kim', 1);
    await expect(ledger.reserve(laplaceCharge([kim, cap], 501))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    expect((await ledger.standing(kim)).spent.epsilon).toBe(0n);
  });

  it('issues warrants that open one plan once', async () => {
    const ledger = await openLedger(make());
    const warrant = await ledger.reserve(laplaceCharge([lee], 1, 'a'));
    expect(() => Warrant.open(warrant, 'b')).toThrow(refused('WARRANT_INVALID'));
    Warrant.open(warrant, 'a');
    expect(() => Warrant.open(warrant, 'a')).toThrow(refused('WARRANT_INVALID'));
    expect(() => Warrant.open(Object.create(Warrant.prototype) as Warrant, 'a')).toThrow(refused('WARRANT_INVALID'));
  });

  it('settles a warrant once', async () => {
    const ledger = await openLedger(make());
    const warrant = await ledger.reserve(laplaceCharge([lee], 1));
    const outcome = { outcome: 'released', answer: null, time: 't' } as const;
    await ledger.settle(warrant, outcome);
    await expect(ledger.settle(warrant, outcome)).rejects.toEqual(refused('WARRANT_INVALID'));
    const elsewhere = await (await openLedger(memoryStore())).reserve(laplaceCharge([cap], 1));
    await expect(ledger.settle(elsewhere, outcome)).rejects.toEqual(refused('WARRANT_INVALID'));
  });

  it('counts the past towards a limit set later, and a recharge for its payer alone', async () => {
    const ledger = await openLedger(make());
    await ledger.reserve(laplaceCharge([lee], 100));
    expect((await ledger.standing(cap)).spent.epsilon).toBe(100n * 10n ** 9n);
    const kim = account('dr-kim', 1);
    await ledger.recharge(laplaceCharge([kim], 100));
    expect((await ledger.standing(kim)).spent.epsilon).toBe(100n * 10n ** 9n);
    expect((await ledger.standing(cap)).spent.epsilon).toBe(100n * 10n ** 9n);
  });

  it('charges nothing that falls in no account', async () => {
    const ledger = await openLedger(make());
    await expect(ledger.reserve(laplaceCharge([], 1))).rejects.toEqual(refused('INTERNAL_INVARIANT'));
  });

  it('read by one while another charges stays one chain', async () => {
    const store = make();
    const [reader, writer] = [await openLedger(store), await openLedger(store)];
    await writer.reserve(laplaceCharge([lee], 1));
    const all = await Promise.all([reader.standing(lee), reader.standing(cap), reader.head(), writer.head()]);
    expect(all[2]).toEqual(all[3]);
  });

  it('says beforehand what it would admit', async () => {
    const ledger = await openLedger(make());
    await ledger.reserve(laplaceCharge([lee], 999));
    expect(await admitted(ledger, laplaceCharge([lee], 1))).toBe(true);
    expect(await admitted(ledger, laplaceCharge([lee, cap], 2))).toBe(false);
    expect((await ledger.standing(lee)).spent.epsilon).toBe(999n * 10n ** 9n);
  });

  it('remembers who paid, and settling refunds nothing', async () => {
    const store = make();
    const ledger = await openLedger(store);
    const warrant = await ledger.reserve(laplaceCharge([lee, cap], 100, 'a'));
    await ledger.settle(warrant, { outcome: 'failed', answer: null, time: 't' });
    const again = await openLedger(store);
    expect(await again.paidBy(lee.id, 'a', 'v1')).toEqual(warrant.place);
    expect(await again.paidBy(lee.id, 'a', 'v2')).toBeNull();
    expect(await again.paidBy(account('dr-kim', 1).id, 'a', 'v1')).toBeNull();
    expect((await again.standing(lee)).spent.epsilon).toBe(100n * 10n ** 9n);
    expect(await again.head()).toEqual(await ledger.head());
  });
});

describe('the journal file', () => {
  const fresh = async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'gauze-')), 'journal');
    const ledger = await openLedger(fileStore(path));
    for (const milli of [1, 2, 3]) await ledger.reserve(laplaceCharge([lee], milli));
    return { path, text: readFileSync(path, 'utf8') };
  };
  const spent = async (path: string) => (await (await openLedger(fileStore(path))).standing(lee)).spent.epsilon;

  it('is private to its user', async () => {
    const { path } = await fresh();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('cuts off a torn last append, and keeps every whole entry', async () => {
    const { path, text } = await fresh();
    writeFileSync(path, `${text}{"content":{"acc`);
    expect(await spent(path)).toBe(6n * 10n ** 9n);
    await (await openLedger(fileStore(path))).reserve(laplaceCharge([lee], 4));
    expect(await spent(path)).toBe(10n * 10n ** 9n);
  });

  it('counts an entry that lacks its line end alone, and goes on after it', async () => {
    const { path, text } = await fresh();
    writeFileSync(path, text.slice(0, -1));
    expect(await spent(path)).toBe(6n * 10n ** 9n);
    await (await openLedger(fileStore(path))).reserve(laplaceCharge([lee], 4));
    expect(await spent(path)).toBe(10n * 10n ** 9n);
  });

  it('is refused once it is replaced while open, though the copy verifies', async () => {
    const { path } = await fresh();
    const ledger = await openLedger(fileStore(path));
    copyFileSync(path, `${path}.backup`);
    await ledger.reserve(laplaceCharge([lee], 4));
    renameSync(`${path}.backup`, path);
    await expect(ledger.reserve(laplaceCharge([lee], 5))).rejects.toEqual(refused('LEDGER_CORRUPT'));
  });

  it.each([
    ['a changed figure in the newest entry', (text: string) => text.replace('"epsilon":"3000000000"', '"epsilon":"3"')],
    ['a changed figure', (text: string) => text.replace('"epsilon":"1000000000"', '"epsilon":"100000000"')],
    ['a deleted entry', (text: string) => text.split('\n').toSpliced(1, 1).join('\n')],
    ['a deleted first entry', (text: string) => text.split('\n').slice(1).join('\n')],
    [
      'entries in another order',
      (text: string) => text.split('\n').toSpliced(0, 2, text.split('\n')[1]!, text.split('\n')[0]!).join('\n'),
    ],
    ['bytes that are no text', (text: string) => `\u0000${text}`],
  ])('refuses %s', async (_, tamper) => {
    const { path, text } = await fresh();
    writeFileSync(path, tamper(text));
    await expect(openLedger(fileStore(path))).rejects.toEqual(refused('LEDGER_CORRUPT'));
  });
});

describe('a refusal for budget', () => {
  const refusal = async (limit: Account, milli: number, delta: bigint): Promise<GauzeError> => {
    const ledger = await openLedger(memoryStore());
    await ledger.reserve(laplaceCharge([limit], 900));
    const charge = laplaceCharge([limit], milli);
    const event = {
      kind: 'composed',
      events: [
        charge.event,
        { kind: 'threshold', delta: [String(delta), String(10n ** 18n)], groups: 1, threshold: '1' },
      ],
    } as const;
    return ledger.reserve({ ...charge, event, amount: { ...charge.amount, delta } }).then(
      () => expect.unreachable(),
      (error: unknown) => error as GauzeError,
    );
  };

  it('says exactly what was asked and what remains, and the epsilon that fits', async () => {
    const { fields, next } = await refusal(lee, 300, 0n);
    expect(fields).toEqual({
      dataset: 'network',
      principal: 'dr-lee',
      purpose: null,
      requestedEpsilon: '0.3',
      requestedDelta: '0',
      remainingEpsilon: '0.1',
      remainingDelta: '0',
    });
    expect(next).toBe('Ask with epsilon at most 0.1.');
  });

  it('advises to leave out delta where the budget has none', async () => {
    expect((await refusal(lee, 50, 1n)).next).toContain('without delta, with epsilon at most 0.1');
  });

  it('advises a smaller delta where one fits', async () => {
    const { next } = await refusal(account('dr-lee', 1, 1e-6), 50, 10n ** 12n);
    expect(next).toBe('Ask with delta at most 5e-7 and epsilon at most 0.1.');
  });
});

describe('filters', () => {
  const amount = fc.bigInt({ min: 0n, max: 2n * 10n ** 12n });
  const spend = fc.record({
    epsilon: amount,
    delta: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    rho: amount,
    rhoDelta: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  });
  const limit = { epsilon: 10n ** 12n, rho: null, delta: 10n ** 12n, renews: null };
  const admits = (...args: Parameters<typeof carrierOf>) => carrierOf(...args) !== null;

  it('once they refuse a history, nothing more is admitted after it', () => {
    fc.assert(
      fc.property(spend, spend, (spent, charge) => {
        if (!admits(limit, spent, NOTHING)) expect(admits(limit, spent, charge)).toBe(false);
        if (admits(limit, spent, charge)) expect(admits(limit, NOTHING, plus(spent, charge))).toBe(true);
      }),
    );
  });

  it('admit what they say remains, of pure ε and of δ', () => {
    fc.assert(
      fc.property(spend, (spent) => {
        const left = remaining(limit, spent);
        const byDelta = admits(limit, spent, { epsilon: 0n, delta: left.delta, rho: 0n, rhoDelta: left.delta });
        if (left.delta > 0n) expect(byDelta).toBe(true);
        if (left.epsilon === 0n) return;
        const epsilon = Number(left.epsilon) / 1e12;
        const rho = BigInt(Math.ceil(epsilon * Math.tanh(epsilon / 2) * 1e12));
        expect(admits(limit, spent, { epsilon: left.epsilon, delta: 0n, rho, rhoDelta: 0n })).toBe(true);
      }),
    );
  });

  it('let many small charges run longer under zCDP, within the budget’s (ε, δ)', () => {
    let spent = NOTHING;
    let charges = 0;
    const each = {
      epsilon: 10n ** 10n,
      delta: 0n,
      rho: BigInt(Math.ceil(0.01 * Math.tanh(0.005) * 1e12)),
      rhoDelta: 0n,
    };
    while (admits(limit, spent, each)) {
      spent = plus(spent, each);
      charges += 1;
    }
    expect(charges).toBeGreaterThan(100);
    expect(zcdpToEpsilon(Number(spent.rho) / 1e12, 0.25e-6)).toBeLessThanOrEqual(1);
  });

  it('without δ are basic composition alone', () => {
    const pure = { epsilon: 10n ** 12n, rho: null, delta: 0n, renews: null };
    expect(admits(pure, NOTHING, { epsilon: 10n ** 12n, delta: 0n, rho: 0n, rhoDelta: 0n })).toBe(true);
    expect(admits(pure, NOTHING, { epsilon: 10n ** 12n + 1n, delta: 0n, rho: 0n, rhoDelta: 0n })).toBe(false);
    expect(admits(pure, NOTHING, { epsilon: 0n, delta: 1n, rho: 0n, rhoDelta: 1n })).toBe(false);
  });
});
