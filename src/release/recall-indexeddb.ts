/** Stored answers in a browser's IndexedDB, authenticated as those in files are. */
import { openDatabase, settled, transact } from '../charge/store/database.ts';
import type { AnswerStore } from './recall.ts';
import { sealAnswer, unsealAnswer } from './recall-seal.ts';

/** Answers in the database `name`. @throws GauzeError LEDGER_UNAVAILABLE; CRYPTO_SIGNATURE when one was changed */
export async function indexedDbAnswers(name: string, secret: Uint8Array): Promise<AnswerStore> {
  const database = await openDatabase(name);
  return {
    find: async (of) => {
      const text = await transact(database, 'answers', 'readonly', (shelf) => settled<unknown>(shelf.get(of)));
      return text === undefined ? null : unsealAnswer(of, String(text), secret);
    },
    keep: (of, body) =>
      transact(database, 'answers', 'readwrite', async (shelf) => {
        if ((await settled(shelf.count(of))) === 0) await settled(shelf.add(sealAnswer(of, body, secret), of));
      }),
  };
}
