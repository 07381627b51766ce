import { GauzeError } from '../../errors.ts';
import type { Store } from '../ledger.ts';

/** A store that lives with the process: for tests and practice data, where a forgotten charge harms nobody. */
export function memoryStore(): Store {
  const entries: Uint8Array[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  return {
    read: async (known) => entries.slice(known),
    append: async (entry, known) => {
      if (known !== entries.length) {
        throw new GauzeError('LEDGER_CONFLICT', { message: 'Another charge was appended first.', next: 'Ask again.' });
      }
      entries.push(entry.slice());
    },
    exclusively: (work) => {
      const done = turn.then(work);
      turn = done.catch(() => undefined);
      return done;
    },
    close: async () => undefined,
  };
}
