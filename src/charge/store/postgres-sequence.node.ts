/**
 * Numbered entries in a table that only grows. The number is the primary key, so an entry that another came before is
 * refused by the database itself, whatever locks were or were not held; the table's triggers refuse gaps and changes, and
 * make the transaction of an entry wait for the disk (see `postgres-schema.node.ts`).
 */
import { GauzeError } from '../../errors.ts';
import { corrupt, REFUSAL, refusalOf, unavailable } from './postgres-failures.node.ts';
import type { PostgresLink } from './postgres-link.node.ts';

/** Rows asked for at once, so that a long journal is no single reply. */
const PAGE = 5000;

/** What the server says when an entry with this number was there first: unique, serialization, deadlock. */
const CONFLICTS: ReadonlySet<string> = new Set(['23505', '40001', '40P01']);

/** Rows as they come: numbers as text. */
export type Page = readonly { readonly sequence: string; readonly entry: Uint8Array }[];

export class PostgresSequence {
  readonly #link: PostgresLink;
  readonly #schema: string;
  readonly #table: string;
  /** The newest entry seen here: it must still be there. */
  #newest: { readonly sequence: number; readonly entry: Uint8Array } | null = null;
  #ahead: { readonly from: number; readonly page: Page } | null = null;

  constructor(link: PostgresLink, schema: string, table: 'journal' | 'registrations') {
    this.#link = link;
    this.#schema = schema;
    this.#table = table;
  }

  /** What the next read will ask for, if it knows all that was seen here: its statement, to be sent along with another. */
  readAhead(): { readonly statement: string; arrived(page: Page): void } {
    const from = this.#newest?.sequence ?? 0;
    const statement = `select sequence, entry from "${this.#schema}".${this.#table} where sequence >= ${from} order by sequence limit ${PAGE}`;
    return {
      statement,
      arrived: (page) => {
        this.#ahead = { from, page };
      },
    };
  }

  /** Forgets what was read ahead. */
  forget(): void {
    this.#ahead = null;
  }

  /** Entries after the first `known`. @throws GauzeError LEDGER_UNAVAILABLE; LEDGER_CORRUPT where fewer are left than known */
  async read(known: number): Promise<Uint8Array[]> {
    const entries: Uint8Array[] = [];
    const from = Math.max(0, known - 1);
    for (;;) {
      const next = from + entries.length;
      const rows = await this.#page(next);
      for (const [i, row] of rows.entries()) {
        if (Number(row.sequence) !== next + i) throw corrupt('has a gap');
        entries.push(row.entry);
      }
      if (rows.length < PAGE) break;
    }
    if (from + entries.length < known) throw corrupt('became shorter while it was open');
    const seen = this.#newest === null ? undefined : entries[this.#newest.sequence - from];
    if (seen !== undefined && !isSame(seen, this.#newest?.entry)) throw corrupt('was replaced while it was open');
    this.#see(from + entries.length - 1, entries.at(-1));
    return known > 0 ? entries.slice(1) : entries;
  }

  /**
   * Appends an entry as number `known`, in a transaction of its own; durable when it resolves.
   *
   * Where the connection is lost on the way the outcome is unknown: the entry may be there. It is not looked up, because
   * another process can have written the same bytes, and one entry pays for one answer: the caller gets an error, and a
   * charge that is there counts.
   *
   * @throws GauzeError LEDGER_CONFLICT when another entry has this number, LEDGER_UNAVAILABLE, LEDGER_CORRUPT
   */
  async append(entry: Uint8Array, known: number): Promise<void> {
    this.forget();
    const { warnings } = this.#link;
    try {
      const { count } = await this.#link.run(
        (sql) =>
          sql`insert into ${sql(this.#schema)}.${sql(this.#table)} (sequence, entry) values (${known}, ${entry})`,
      );
      // A warning beside a commit says that no standby has it yet; a rule can swallow an insert.
      if (count !== 1 || this.#link.warnings !== warnings) throw new Error('The entry is not surely kept.');
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== null && CONFLICTS.has(refusal)) throw conflict();
      if (refusal === REFUSAL.gap) throw corrupt('became shorter while it was open');
      throw unavailable('took no entry that it promises to keep, so nothing is answered', error);
    }
    this.#see(known, entry.slice());
  }

  async #page(from: number): Promise<Page> {
    const ahead = this.#ahead;
    this.forget();
    if (ahead?.from === from) return ahead.page;
    try {
      return await this.#link.run(
        (sql) => sql<Page[number][]>`
          select sequence, entry from ${sql(this.#schema)}.${sql(this.#table)}
          where sequence >= ${from} order by sequence limit ${PAGE}`,
      );
    } catch (error) {
      throw unavailable('cannot be read, so nothing is answered', error);
    }
  }

  #see(sequence: number, entry: Uint8Array | undefined): void {
    if (entry !== undefined && sequence >= (this.#newest?.sequence ?? 0)) this.#newest = { sequence, entry };
  }
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, i) => byte === b[i]);
}

function conflict(): GauzeError {
  return new GauzeError('LEDGER_CONFLICT', { message: 'Another charge was appended first.', next: 'Ask again.' });
}
