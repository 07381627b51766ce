/** The record of data versions in PostgreSQL: its newest text counts, older ones stay. */
import { GauzeError } from '../../errors.ts';
import { unusable } from './postgres-failures.node.ts';
import type { PostgresLink } from './postgres-link.node.ts';
import { PostgresSequence } from './postgres-sequence.node.ts';

/** Tries to replace a text that others keep replacing; each time one of them succeeds. */
const TRIES = 100;

/**
 * Reads and replaces the record in `schema`. A replacement that another came before is made again of what is there now,
 * so `change` may be called more than once.
 *
 * @throws GauzeError LEDGER_UNAVAILABLE, LEDGER_CORRUPT
 */
export function postgresRegistration(
  link: PostgresLink,
  schema: string,
): {
  read(): Promise<string | null>;
  update(change: (text: string | null) => string | null): Promise<void>;
} {
  const entries = new PostgresSequence(link, schema, 'registrations');
  let newest: { readonly count: number; readonly text: string | null } = { count: 0, text: null };

  const catchUp = async (): Promise<typeof newest> => {
    const { count } = newest;
    const found = await entries.read(count);
    const last = found.at(-1);
    if (last !== undefined && count + found.length > newest.count) {
      newest = { count: count + found.length, text: new TextDecoder().decode(last) };
    }
    return newest;
  };

  return {
    read: async () => (await catchUp()).text,
    update: async (change) => {
      for (let tries = 0; tries < TRIES; tries++) {
        const { count, text } = await catchUp();
        const next = change(text);
        if (next === null) return;
        try {
          return await entries.append(new TextEncoder().encode(next), count);
        } catch (error) {
          if (!(error instanceof GauzeError) || error.code !== 'LEDGER_CONFLICT') throw error;
        }
      }
      throw unusable('keeps getting other registrations', null);
    },
  };
}
