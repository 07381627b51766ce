/** One connection to PostgreSQL, replaced when it fails. */
import type { Sql } from 'postgres';
import { GauzeError } from '../../errors.ts';
import { refusalOf } from './postgres-failures.node.ts';

/** Longest wait for one reply, longer than the server waits for a lock. */
const PATIENCE_MS = 40_000;

/** Makes a client of one connection; `onnotice` hears what the server says beside its replies. */
export type Connect = (onnotice: (notice: { readonly severity?: string }) => void) => Sql;

/**
 * Statements over one connection, in order. Nothing that the connection remembers may carry safety: after a failure the
 * next statement finds a new one.
 */
export class PostgresLink {
  readonly #connect: Connect;
  #client: Sql | null = null;
  #isClosed = false;
  #warnings = 0;

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  /** Warnings that the server has sent so far. */
  get warnings(): number {
    return this.#warnings;
  }

  /**
   * The reply to one statement. Whatever it throws but an error that the server reported of the statement itself
   * (`refusalOf`) leaves open whether the statement was carried out.
   */
  async run<T>(send: (sql: Sql) => PromiseLike<T>): Promise<T> {
    if (this.#isClosed) throw closed();
    this.#client ??= this.#connect(({ severity }) => {
      if (severity === 'WARNING') this.#warnings += 1;
    });
    const client = this.#client;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('No reply.')), PATIENCE_MS);
    });
    try {
      return await Promise.race([send(client), late]);
    } catch (error) {
      // A client whose connection broke may still hold half of a statement to send: it is not used again.
      if (refusalOf(error) === null) this.#drop(client);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection once its statements are replied to. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client?.end({ timeout: 5 }).catch(() => undefined);
    this.#client = null;
  }

  #drop(client: Sql): void {
    if (this.#client === client) this.#client = null;
    void client.end({ timeout: 0 }).catch(() => undefined);
  }
}

function closed(): GauzeError {
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: 'The connection to the database was closed.',
    next: 'Make a new state, and open sessions with that.',
  });
}
