/** The record of data versions in a browser, beside its journal: one text. */
import { openDatabase, settled, transact } from './database.ts';

const PLACE = 'registration';

/** Reads and replaces the record in the database `name`. @throws GauzeError LEDGER_UNAVAILABLE */
export async function indexedDbRegistration(name: string): Promise<{
  read(): Promise<string | null>;
  update(change: (text: string | null) => string | null): Promise<void>;
  close(): void;
}> {
  const database = await openDatabase(name);
  return {
    read: async () =>
      textOf(await transact(database, 'registration', 'readonly', (shelf) => settled<unknown>(shelf.get(PLACE)))),
    update: (change) =>
      transact(database, 'registration', 'readwrite', async (shelf) => {
        const text = change(textOf(await settled<unknown>(shelf.get(PLACE))));
        if (text !== null) await settled(shelf.put(text, PLACE));
      }),
    close: () => database.close(),
  };
}

function textOf(kept: unknown): string | null {
  return kept === undefined ? null : String(kept);
}
