/** The record of data versions in a browser, beside its journal: one text. */
import { openDatabase, settled, transact } from './database.ts';

const PLACE = 'registration';

/** Reads and replaces the record in the database `name`. @throws GauzeError LEDGER_UNAVAILABLE */
export async function indexedDbRegistration(
  name: string,
): Promise<{ read(): Promise<string | null>; write(text: string): Promise<void>; close(): void }> {
  const database = await openDatabase(name);
  return {
    read: async () => {
      const text = await transact(database, 'registration', 'readonly', (shelf) => settled<unknown>(shelf.get(PLACE)));
      return text === undefined ? null : String(text);
    },
    write: (text) =>
      transact(database, 'registration', 'readwrite', async (shelf) => {
        await settled(shelf.put(text, PLACE));
      }),
    close: () => database.close(),
  };
}
