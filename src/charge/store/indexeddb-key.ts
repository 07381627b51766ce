/** The data holder's key in a browser, beside its journal. */
import { randomBytes } from '../../crypto/entropy.ts';
import { keyFrom, type SigningKey } from '../../crypto/sign.ts';
import { GauzeError } from '../../errors.ts';
import { openDatabase, settled, transact } from './database.ts';

/**
 * The key in the database `name`, made there if there is none; tabs that race get the same one.
 *
 * @throws GauzeError CRYPTO_DECODE when something else lies there, LEDGER_UNAVAILABLE where the browser refuses storage
 */
export async function indexedDbKey(name: string): Promise<SigningKey> {
  const database = await openDatabase(name);
  const fresh = randomBytes(32);
  try {
    const secret = await transact<unknown>(database, 'key', 'readwrite', async (shelf) => {
      const found: unknown = await settled(shelf.get('signing'));
      if (found !== undefined) return found;
      await settled(shelf.add(fresh, 'signing'));
      return fresh;
    });
    if (secret instanceof Uint8Array && secret.length === 32) return keyFrom(secret);
    throw new GauzeError('CRYPTO_DECODE', {
      message: 'The signing key beside the journal is no key.',
      next: 'Clear the data of this site only if its receipts and budget may be lost.',
    });
  } finally {
    database.close();
  }
}
