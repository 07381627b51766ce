import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account, AccountId, Part } from '../../src/charge/account-id.ts';
import type { Limit } from '../../src/charge/amount.ts';
import { carrierOf, filtersOf, NOTHING, plus } from '../../src/charge/filter.ts';
import type { Reservation } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { nextWindow, windowStart } from '../../src/charge/window.ts';
import { laplaceCharge } from './fixtures.ts';

const refused = (code: string) => expect.objectContaining({ code });
const milli = 10n ** 9n;

function scope(id: Partial<AccountId>, limit: Partial<Limit> = {}): Account {
  return {
    id: { dataset: 'network', principal: null, purpose: null, ...id },
    limit: { epsilon: 1000n * milli, rho: null, delta: 0n, renews: null, ...limit },
  };
}

const lee = scope({ principal: 'dr-lee' });
const kim = scope({ principal: 'dr-kim' });
const research = scope({ purpose: 'research' }, { epsilon: 300n * milli });
const cap = scope({}, { epsilon: 500n * milli });
const everything = scope({ dataset: null }, { epsilon: 600n * milli });

function asked(accounts: readonly Account[], amount: number, more: Partial<Reservation> = {}): Reservation {
  return { ...laplaceCharge(accounts, amount), ...more };
}

describe('scopes', () => {
  it('are charged together or not at all, and two analysts share the data set’s cap', async () => {
    const ledger = await openLedger(memoryStore());
    await ledger.reserve(asked([lee, research, cap, everything], 300, { purpose: 'research' }));
    await expect(ledger.reserve(asked([lee, research, cap, everything], 1, { purpose: 'research' }))).rejects.toEqual(
      refused('BUDGET_EXHAUSTED'),
    );
    await ledger.reserve(asked([kim, cap, everything], 200, { principal: 'dr-kim' }));
    await expect(ledger.reserve(asked([kim, cap, everything], 1, { principal: 'dr-kim' }))).rejects.toThrow(
      'the data set network has epsilon 0',
    );
    expect((await ledger.standing(kim)).spent.epsilon).toBe(200n * milli);
    const elsewhere = { dataset: 'other', principal: 'dr-kim' };
    const other = [scope(elsewhere), scope({ dataset: 'other' }), everything];
    await ledger.reserve(asked(other, 100, elsewhere));
    await expect(ledger.reserve(asked(other, 1, elsewhere))).rejects.toThrow('all data sets together');
  });

  it('count the past towards a limit that is set later, for purposes too', async () => {
    const ledger = await openLedger(memoryStore());
    await ledger.reserve(asked([lee], 250, { purpose: 'research' }));
    for (const account of [research, cap, everything]) {
      expect((await ledger.standing(account)).spent.epsilon).toBe(250n * milli);
    }
    await expect(ledger.reserve(asked([lee, research], 51, { purpose: 'research' }))).rejects.toThrow('research on');
  });

  it('charges nothing when one of them refuses', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            who: fc.constantFrom('dr-lee', 'dr-kim'),
            purpose: fc.constantFrom('research', null),
            amount: fc.integer({ min: 1, max: 250 }),
          }),
          { maxLength: 12 },
        ),
        async (charges) => {
          const ledger = await openLedger(memoryStore());
          const sums = new Map<Account, bigint>();
          for (const { who, purpose, amount } of charges) {
            const own = who === 'dr-lee' ? lee : kim;
            const accounts = [own, cap, everything, ...(purpose === null ? [] : [research])];
            const fits = accounts.every(
              (one) => (sums.get(one) ?? 0n) + BigInt(amount) * milli <= (one.limit.epsilon ?? 0n),
            );
            const outcome = await ledger
              .reserve(asked(accounts, amount, { principal: who, purpose }))
              .then(() => true)
              .catch(() => false);
            expect(outcome).toBe(fits);
            if (fits) for (const one of accounts) sums.set(one, (sums.get(one) ?? 0n) + BigInt(amount) * milli);
          }
          for (const [one, sum] of sums) expect((await ledger.standing(one)).spent.epsilon).toBe(sum);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('renewal', () => {
  const monthly = scope({ principal: 'dr-lee' }, { renews: 'month' });
  const on = (day: string, amount: number) => asked([monthly], amount, { time: `${day}T12:00:00.000Z` });

  it('starts a budget anew with its window, and shows what was lost for good', async () => {
    const ledger = await openLedger(memoryStore());
    await ledger.reserve(on('2026-01-31', 1000));
    await expect(ledger.reserve(on('2026-01-31', 1))).rejects.toMatchObject({
      next: expect.stringContaining('2026-02-01'),
    });
    await ledger.reserve(on('2026-02-01', 900));
    const { spent, lifetime, remaining } = await ledger.standing(monthly, '2026-02-28T00:00:00.000Z');
    expect([spent.epsilon, lifetime.epsilon, remaining.epsilon]).toEqual([900n * milli, 1900n * milli, 100n * milli]);
    expect((await ledger.standing(monthly, '2026-03-01T00:00:00.000Z')).spent.epsilon).toBe(0n);
  });

  it('never opens a window twice for a clock that is moved back', async () => {
    const ledger = await openLedger(memoryStore());
    await ledger.reserve(on('2026-01-15', 1000));
    await ledger.reserve(on('2026-02-15', 1000));
    await expect(ledger.reserve(on('2026-01-20', 1))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    await expect(ledger.reserve(on('2025-12-20', 1))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
  });

  it('knows days, months and quarters', () => {
    expect(['2026-02-17', '2026-05-31', '2026-12-31'].map((day) => windowStart(day, 'quarter'))).toEqual([
      '2026-01-01',
      '2026-04-01',
      '2026-10-01',
    ]);
    expect(nextWindow('2026-12-31', 'quarter')).toBe('2027-01-01');
    expect(nextWindow('2026-01-31', 'month')).toBe('2026-02-01');
    expect(nextWindow('2026-02-28', 'day')).toBe('2026-03-01');
  });
});

describe('parts of the units', () => {
  const at = (value: string): Part => ({ table: 'person', column: 'site', value });

  it('compose in parallel: what counts is the worst part and what touches all', async () => {
    const ledger = await openLedger(memoryStore());
    for (const value of ['north', 'south', 'east']) await ledger.reserve(asked([cap], 400, { part: at(value) }));
    expect((await ledger.standing(cap)).spent.epsilon).toBe(400n * milli);
    await expect(ledger.reserve(asked([cap], 101, { part: at('north') }))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    await ledger.reserve(asked([cap], 100));
    for (const value of ['north', 'south']) {
      await expect(ledger.reserve(asked([cap], 1, { part: at(value) }))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    }
    await ledger.reserve(asked([cap], 400, { part: at('west') }));
    await expect(ledger.reserve(asked([cap], 1))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
  });

  it('of two columns add up, for one unit has a value of each', async () => {
    const ledger = await openLedger(memoryStore());
    await ledger.reserve(asked([cap], 300, { part: at('north') }));
    const born: Part = { table: 'person', column: 'decade', value: '1980' };
    await expect(ledger.reserve(asked([cap], 201, { part: born }))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    await ledger.reserve(asked([cap], 200, { part: born }));
  });

  it('are not told apart over all data sets', async () => {
    const ledger = await openLedger(memoryStore());
    await ledger.reserve(asked([cap, everything], 400, { part: at('north') }));
    await expect(ledger.reserve(asked([cap, everything], 201, { part: at('south') }))).rejects.toThrow('all data sets');
  });
});

describe('notions', () => {
  const rho = scope({}, { epsilon: null, rho: 10n ** 11n, delta: 10n ** 12n });

  it('count a ρ budget in ρ alone', () => {
    expect(filtersOf(rho.limit)).toEqual({ basic: null, zcdp: { rho: 10n ** 11n, delta: 10n ** 12n, conversion: 0n } });
    const charge = { epsilon: 10n ** 15n, delta: 0n, rho: 10n ** 11n, rhoDelta: 0n };
    expect(carrierOf(rho.limit, NOTHING, charge)).toBe('zcdp');
    expect(carrierOf(rho.limit, charge, { ...NOTHING, rho: 1n })).toBeNull();
    expect(carrierOf(rho.limit, NOTHING, { ...NOTHING, rhoDelta: 10n ** 12n + 1n })).toBeNull();
  });

  it('say by which filter a charge fits, and count it in both', () => {
    const { limit } = scope({}, { epsilon: 10n ** 12n, delta: 10n ** 12n });
    const small = { epsilon: 10n ** 10n, delta: 0n, rho: 5n * 10n ** 7n, rhoDelta: 0n };
    let spent = NOTHING;
    const carriers = new Set<string>();
    for (let next = carrierOf(limit, spent, small); next !== null; next = carrierOf(limit, spent, small)) {
      carriers.add(next);
      spent = plus(spent, small);
    }
    expect([...carriers]).toEqual(['basic', 'zcdp']);
    expect(spent.epsilon).toBeGreaterThan(limit.epsilon ?? 0n);
  });
});
