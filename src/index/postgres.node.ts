/**
 * State in PostgreSQL, for several servers that share budgets, stored answers and data versions. Needs the package
 * `postgres`.
 *
 * What the database must be: one primary, PostgreSQL 12 or newer, with `fsync` on, which is checked. A charge is durable
 * once that primary has written it, whatever `synchronous_commit` its configuration sets. If it fails for good and a
 * standby takes over, charges that the standby had not got are lost, and budgets with them: so either no standby is ever
 * promoted, or `synchronous_standby_names` names it, and then a charge waits for it. Backups taken while it runs are older
 * than its journal; restoring one gives budget back unless the head of the journal was noted elsewhere.
 *
 * Least privilege: somebody else owns the schema (`preparePostgres`), the servers' user may read and append, nothing more.
 * An owner can take the triggers away that keep the tables append-only; the chain of the journal still shows what is
 * changed inside it.
 *
 * @module gauze/postgres
 */
import type postgres from 'postgres';
import type { Options } from 'postgres';
import { postgresStore } from '../charge/store/postgres.node.ts';
import { type Connect, PostgresLink } from '../charge/store/postgres-link.node.ts';
import { postgresRegistration } from '../charge/store/postgres-registration.node.ts';
import { checkName, isPrepared, prepareSchema } from '../charge/store/postgres-schema.node.ts';
import { GauzeError } from '../errors.ts';
import { postgresAnswers } from '../release/recall-postgres.node.ts';
import type { SharedState } from './shared-state.ts';

/** Settings of a connection, as the package `postgres` takes them. */
export type PostgresConnection = Pick<
  Options<Record<never, never>>,
  'host' | 'port' | 'database' | 'username' | 'password' | 'ssl' | 'prepare' | 'target_session_attrs'
>;

/** Which database, and where in it. */
export interface PostgresOptions {
  /** `postgres://user@host:5432/database?sslmode=verify-full`; what it leaves out comes from PGHOST, PGUSER and the like. */
  readonly url?: string;
  /** Settings that stand above those of the URL. A `host` that is a folder is a Unix socket. */
  readonly connection?: PostgresConnection;
  /** `gauze` by default. One schema holds one journal: policies that share budgets share it. */
  readonly schema?: string;
}

/** How the package is loaded; tests take it away. */
export type Driver = () => Promise<{ readonly default: typeof postgres }>;
const installed: Driver = () => import('postgres');

/**
 * Opens the state, with three connections, and makes its tables on first use where the user may.
 *
 * @throws GauzeError USAGE; LEDGER_UNAVAILABLE without the package `postgres`, or where the database cannot be reached, is a standby, or runs without fsync; LEDGER_CORRUPT where its tables are not as gauze made them
 */
export async function postgresState(options: PostgresOptions, driver: Driver = installed): Promise<SharedState> {
  const { connect, schema } = await connectionOf(options, driver);
  const [lock, journal, shelf] = [new PostgresLink(connect), new PostgresLink(connect), new PostgresLink(connect)];
  const close = async (): Promise<void> => {
    await Promise.all([lock.close(), journal.close(), shelf.close()]);
  };
  try {
    if (!(await isPrepared(journal, schema))) {
      await prepareSchema(journal, schema, null);
      await isPrepared(journal, schema);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ledger: postgresStore(lock, journal, schema),
    registrations: postgresRegistration(shelf, schema),
    answers: (secret) => postgresAnswers(shelf, schema, secret),
    close,
  };
}

/**
 * Makes the tables as the user who will own them, unless they are there, and lets `role`, the user that servers connect
 * as, read and append.
 *
 * @throws GauzeError as `postgresState`
 */
export async function preparePostgres(
  options: PostgresOptions & { readonly role?: string },
  driver: Driver = installed,
): Promise<void> {
  const { connect, schema } = await connectionOf(options, driver);
  const role = options.role ?? null;
  if (role !== null) checkName('role', role);
  const link = new PostgresLink(connect);
  try {
    await prepareSchema(link, schema, role);
    await isPrepared(link, schema);
  } finally {
    await link.close();
  }
}

/** How to connect, and the schema. Asks for nothing yet. */
async function connectionOf(
  { url, connection = {}, schema = 'gauze' }: PostgresOptions,
  driver: Driver,
): Promise<{ readonly connect: Connect; readonly schema: string }> {
  checkName('schema', schema);
  const { default: client } = await driver().catch(() => {
    throw missing();
  });
  const connect: Connect = (onnotice) => {
    const settings = {
      ...connection,
      max: 1,
      fetch_types: false,
      connect_timeout: 10,
      idle_timeout: 60,
      onnotice,
      connection: { application_name: 'gauze' },
    };
    return url === undefined ? client(settings) : client(url, settings);
  };
  checkTransport(connect, /[?&](ssl|sslmode)=/.test(url ?? '') || connection.ssl !== undefined);
  return { connect, schema };
}

/**
 * Who can stand between could confirm charges that nobody wrote, so a connection over a network is encrypted and the
 * server's certificate checked, unless the settings say otherwise in so many words.
 *
 * @throws GauzeError USAGE
 */
function checkTransport(connect: Connect, isStated: boolean): void {
  let options: ReturnType<Connect>['options'];
  try {
    ({ options } = connect(() => undefined));
  } catch {
    throw new GauzeError('USAGE', {
      message: 'This is no address of a database.',
      next: "Write postgresState({ url: 'postgres://user@host:5432/database?sslmode=verify-full' }).",
    });
  }
  const isLocal = Boolean(options.path);
  const isHere = options.host.every((host) => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host));
  if (isStated || isLocal || isHere) return;
  throw new GauzeError('USAGE', {
    message: 'The connection to the database crosses a network, and nothing says how it is protected.',
    next: 'Add ?sslmode=verify-full to the URL, or sslmode=disable where the network itself is protected.',
  });
}

function missing(): GauzeError {
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: 'State in PostgreSQL needs the package postgres, which is not installed.',
    next: 'Install it: npm install postgres',
  });
}
