/** The journal in PostgreSQL, shared by several servers. */
import type { Store } from '../ledger.ts';
import { refusalOf, unavailable } from './postgres-failures.node.ts';
import type { PostgresLink } from './postgres-link.node.ts';
import { type Page, PostgresSequence } from './postgres-sequence.node.ts';

/**
 * Store over the tables of `schema`. Servers take turns by an advisory lock, held by a transaction on a connection of its
 * own (so it works behind a pool that hands out connections by transaction, and ends with its holder). Safety does not
 * rest on it: an entry goes in by one statement that the primary key refuses if another came first, and then the ledger
 * tries again. A holder that is silent for a minute loses its turn.
 *
 * Closing it waits for work under way; the connections belong to whoever made them.
 */
export function postgresStore(lock: PostgresLink, journal: PostgresLink, schema: string): Store {
  const entries = new PostgresSequence(journal, schema, 'journal');
  let turn: Promise<unknown> = Promise.resolve();
  const take = [
    'begin isolation level read committed',
    "set local lock_timeout = '30s'",
    "set local idle_in_transaction_session_timeout = '60s'",
    `select pg_advisory_xact_lock(hashtextextended('gauze journal ${schema}', 0))`,
  ].join('; ');

  const release = (): void => {
    // Whoever comes next waits for this on the same connection.
    lock.run((sql) => sql.unsafe('rollback')).catch(() => undefined);
  };
  const locked = async <T>(work: () => Promise<T>): Promise<T> => {
    // What came meanwhile arrives with the lock: a statement of its own, that sees all that was there when it was granted.
    const { statement, arrived } = entries.readAhead();
    try {
      const replies: readonly unknown[] = await lock.run((sql) => sql.unsafe(`${take}; ${statement}`));
      arrived(replies.at(-1) as Page);
    } catch (error) {
      if (refusalOf(error) !== null) release();
      throw unavailable('does not give the lock of the journal, so nothing is answered', error);
    }
    try {
      return await work();
    } finally {
      entries.forget();
      release();
    }
  };

  return {
    read: (known) => entries.read(known),
    append: (entry, known) => entries.append(entry, known),
    exclusively: (work) => {
      const done = turn.then(() => locked(work));
      turn = done.catch(() => undefined);
      return done;
    },
    close: async () => {
      await turn;
    },
  };
}
