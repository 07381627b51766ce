/** What the page of the IndexedDB tests can do; runs in the browser. */
import { openLedger } from '../../src/charge/open-ledger.ts';
import { indexedDbStore } from '../../src/charge/store/indexeddb.ts';
import { indexedDbKey } from '../../src/charge/store/indexeddb-key.ts';
import { indexedDbRegistration } from '../../src/charge/store/indexeddb-registration.ts';
import { GauzeError } from '../../src/errors.ts';
import { indexedDbAnswers } from '../../src/release/recall-indexeddb.ts';
import { account, laplaceCharge } from './fixtures.ts';

const lee = account('dr-lee', 0.1);

/** The value, or the code of the error. */
async function outcome(work: () => Promise<string | null>): Promise<string | null> {
  try {
    return await work();
  } catch (error) {
    return error instanceof GauzeError ? error.code : String(error);
  }
}

const page = {
  /** Charges a thousandth of ε until refused; how many were acknowledged, and the refusal. */
  spend: async (name: string): Promise<{ charged: number; refusal: string | null }> => {
    const ledger = await openLedger(await indexedDbStore(name));
    for (let charged = 0; ; charged++) {
      const refusal = await outcome(async () => {
        await ledger.reserve(laplaceCharge([lee], 1, String(Math.round(performance.now() * 1000))));
        return null;
      });
      if (refusal !== null) return { charged, refusal };
    }
  },
  spent: (name: string): Promise<string | null> =>
    outcome(async () => {
      const ledger = await openLedger(await indexedDbStore(name));
      return String((await ledger.standing(lee)).spent.epsilon / 10n ** 9n);
    }),
  key: async (name: string): Promise<string> => (await indexedDbKey(name)).publicKey,
  keep: (name: string, of: string, body: string): Promise<string | null> =>
    outcome(async () => {
      await (await indexedDbAnswers(name, (await indexedDbKey(name)).secret)).keep(of, body);
      return null;
    }),
  find: (name: string, of: string): Promise<string | null> =>
    outcome(async () => (await indexedDbAnswers(name, (await indexedDbKey(name)).secret)).find(of)),
  /** Adds a mark to the record of data versions; the record then. */
  register: async (name: string, mark: string): Promise<string | null> => {
    const record = await indexedDbRegistration(name);
    await record.update((text) => `${text ?? ''}${mark}`);
    return record.read();
  },
  /** Puts a value where another lies, past every check. */
  tamper: (name: string, shelf: string, at: string | number, value: unknown): Promise<void> =>
    new Promise((resolve) => {
      const request = indexedDB.open(`gauze ${name}`);
      request.onsuccess = () => {
        const transaction = request.result.transaction(shelf, 'readwrite');
        if (value === undefined) transaction.objectStore(shelf).delete(at);
        else transaction.objectStore(shelf).put(value, at);
        transaction.oncomplete = () => {
          request.result.close();
          resolve();
        };
      };
    }),
  /** As in a browser without Web Locks. */
  forgetLocks: (): void => {
    Object.defineProperty(navigator, 'locks', { value: undefined });
  },
};

declare global {
  interface Window {
    gauzeTest: typeof page;
  }
}

window.gauzeTest = page;
