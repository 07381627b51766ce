/** The journal in a browser's IndexedDB, shared by its tabs. */
import { GauzeError } from '../../errors.ts';
import type { Store } from '../ledger.ts';
import { openDatabase, settled, transact } from './database.ts';

/**
 * Store over the database `name`. Tabs take turns by a Web Lock; where a browser has none, an append that another came
 * before fails with LEDGER_CONFLICT, and the ledger tries again.
 *
 * @throws GauzeError LEDGER_UNAVAILABLE where the browser refuses storage
 */
export async function indexedDbStore(name: string): Promise<Store> {
  const database = await openDatabase(name);
  let turn: Promise<unknown> = Promise.resolve();
  return {
    read: (known) =>
      transact(database, 'journal', 'readonly', async (journal) => {
        const [count, entries] = await Promise.all([
          settled(journal.count()),
          settled<Uint8Array[]>(journal.getAll(IDBKeyRange.lowerBound(known))),
        ]);
        if (count < known) throw shortened();
        return entries;
      }),
    append: (entry, known) =>
      transact(database, 'journal', 'readwrite', async (journal) => {
        if ((await settled(journal.count())) !== known) {
          throw new GauzeError('LEDGER_CONFLICT', {
            message: 'Another charge was appended first.',
            next: 'Ask again.',
          });
        }
        await settled(journal.add(entry, known));
      }),
    exclusively: (work) => {
      const done = turn.then(() => inLock(name, work));
      turn = done.catch(() => undefined);
      return done;
    },
    close: async () => {
      await turn;
      database.close();
    },
  };
}

async function inLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  return locks === undefined ? work() : locks.request(`gauze ${name}`, work);
}

function shortened(): GauzeError {
  return new GauzeError('LEDGER_CORRUPT', {
    message: 'The journal became shorter while it was open.',
    next: 'The data of this site were cleared. The data holder decides whether its budget starts anew.',
  });
}
