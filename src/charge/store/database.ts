/**
 * One IndexedDB database for all pages of an origin, unless they name others: journal, key, stored answers and
 * registrations, written with strict durability. It is not one per policy, so that a changed policy renews no budget.
 */
import { GauzeError } from '../../errors.ts';

/** The parts of the database. */
export type Shelf = 'journal' | 'key' | 'answers' | 'registration';

const SHELVES: readonly Shelf[] = ['journal', 'key', 'answers', 'registration'];

/**
 * Opens the database, made on first use, and asks the browser never to evict it.
 *
 * @throws GauzeError LEDGER_UNAVAILABLE where the browser refuses storage
 */
export async function openDatabase(name: string): Promise<IDBDatabase> {
  try {
    await globalThis.navigator?.storage?.persist?.();
    const request = indexedDB.open(`gauze ${name}`, 1);
    request.onupgradeneeded = () => {
      for (const shelf of SHELVES) request.result.createObjectStore(shelf);
    };
    const database = await settled(request);
    // Another tab that upgrades or deletes waits for this one to let go.
    database.onversionchange = () => database.close();
    return database;
  } catch {
    throw unavailable();
  }
}

/**
 * Runs requests against one shelf in one transaction; the result once it is on disk. Whatever `work` throws aborts all.
 * `work` awaits requests of its own shelf alone, else the browser ends the transaction early.
 *
 * @throws GauzeError LEDGER_UNAVAILABLE, and what `work` throws
 */
export async function transact<T>(
  database: IDBDatabase,
  shelf: Shelf,
  mode: 'readonly' | 'readwrite',
  work: (store: IDBObjectStore) => Promise<T>,
): Promise<T> {
  try {
    const transaction = database.transaction(shelf, mode, { durability: 'strict' });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    done.catch(() => undefined);
    let result: T;
    try {
      result = await work(transaction.objectStore(shelf));
    } catch (error) {
      abort(transaction);
      throw error;
    }
    await done;
    return result;
  } catch (error) {
    throw error instanceof GauzeError ? error : unavailable();
  }
}

/** A request as a promise. */
export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It aborted itself already.
  }
}

function unavailable(): GauzeError {
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: 'The browser gives no durable storage, so nothing is answered.',
    next: 'Allow this site to store data, leave private browsing, and make space on the disk.',
  });
}
