/** Charges made together: admitted by their sum, all or none, and each appended once whatever comes between. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/charge/account-id.ts';
import type { Ledger, Reservation, Store } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { GauzeError } from '../../src/errors.ts';
import { account, laplaceCharge } from './fixtures.ts';

const milli = 10n ** 9n;
const kim = account('dr-kim', 1);
const cap = account(null, 10);
const refused = (code: string) => expect.objectContaining({ code });
const stored = (amount: number, plan: string, accounts: readonly Account[] = [kim]): Reservation =>
  laplaceCharge(accounts, amount, plan);
const spent = async (ledger: Ledger, of: Account): Promise<bigint> => (await ledger.standing(of)).spent.epsilon;

describe('a batch and stored answers', () => {
  it('are charged together, each to its accounts', async () => {
    const store = memoryStore();
    const ledger = await openLedger(store);
    const { warrants, recharged } = await ledger.reserveBatch(
      laplaceCharge([kim, cap], 300, 'both'),
      ['x', 'y'],
      [stored(400, 'a'), stored(300, 'b')],
    );
    expect([await spent(ledger, kim), await spent(ledger, cap)]).toEqual([1000n * milli, 300n * milli]);
    expect(recharged.map(({ sequence }) => sequence)).toEqual([0, 1]);
    expect(warrants.map(({ place }) => place.sequence)).toEqual([2, 2]);
    expect(await ledger.paidBy(kim.id, 'a', 'v1')).toEqual(recharged[0]);
    expect(await ledger.paidBy(kim.id, 'y', 'v1')).toEqual(warrants[0]?.place);
  });

  it('are refused together where each would fit by itself', async () => {
    const store = memoryStore();
    const ledger = await openLedger(store);
    const [batch, recharges] = [laplaceCharge([kim, cap], 300), [stored(400, 'a'), stored(301, 'b')]];
    await expect(ledger.reserveBatch(batch, ['x'], recharges)).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    await expect(ledger.reserveBatch(null, [], [...recharges, stored(300, 'c')])).rejects.toThrow('epsilon 1.001');
    expect(await store.read(0)).toHaveLength(0);
    expect((await ledger.verdicts(batch, ...recharges)).map(({ carriedBy }) => carriedBy)).toEqual([null, 'basic']);
    expect((await ledger.verdicts(batch, stored(700, 'a'))).map(({ carriedBy }) => carriedBy)).toEqual([
      'basic',
      'basic',
    ]);
  });

  it('are of one part and one time, for what was spent differs between them', async () => {
    const ledger = await openLedger(memoryStore());
    const part = { table: 'person', column: 'site', value: 'north' };
    const [whole, later] = [laplaceCharge([kim], 1), { ...laplaceCharge([kim], 1), time: '2026-02-01T00:00:00.000Z' }];
    for (const other of [{ ...whole, part }, later]) {
      await expect(ledger.reserveBatch(whole, ['x'], [other])).rejects.toEqual(refused('INTERNAL_INVARIANT'));
    }
    expect(await ledger.head()).toBeNull();
  });

  it('are appended once each where others append between, and what they took counts', async () => {
    for (const [rival, code] of [
      [100, null],
      [400, 'BUDGET_EXHAUSTED'],
    ] as const) {
      const inner = memoryStore();
      let appends = 0;
      const store: Store = {
        ...inner,
        append: async (entry, known) => {
          appends += 1;
          if (appends === 2) {
            await (await openLedger(inner)).reserve(laplaceCharge([kim], rival, 'rival'));
            throw new GauzeError('LEDGER_CONFLICT', { message: 'Another came first.', next: 'Try again.' });
          }
          return inner.append(entry, known);
        },
        // It cannot lock, it only notices.
        exclusively: (work) => work(),
      };
      const ledger = await openLedger(store);
      const outcome = await ledger.reserveBatch(laplaceCharge([kim], 300), ['x'], [stored(400, 'a')]).then(
        () => null,
        (error: GauzeError) => error.code,
      );
      expect(outcome).toBe(code);
      expect(await spent(ledger, kim)).toBe(800n * milli);
    }
  });

  it('are admitted exactly where they would be one by one', async () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(amounts, fc.constantFrom(0, 1e-6), async (all, delta) => {
        const payer = account('dr-kim', 1, delta);
        const charges = all.map((amount, index) => stored(amount, `plan ${index}`, [payer]));
        const [one, other] = [await openLedger(memoryStore()), await openLedger(memoryStore())];
        let fits = true;
        for (const charge of charges) {
          await one.recharge(charge).catch(() => {
            fits = false;
          });
        }
        const together = await other.reserveBatch(null, [], charges).then(
          () => true,
          () => false,
        );
        expect(together).toBe(fits);
        expect(await spent(other, payer)).toBe(fits ? await spent(one, payer) : 0n);
      }),
      { numRuns: 60 },
    );
  });
});
