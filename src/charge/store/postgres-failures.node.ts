/** What a database refuses, in plain words. Its own messages are not passed on: they quote what was sent. */
import { GauzeError } from '../../errors.ts';

/** SQLSTATE of the journal's own refusals, raised by its triggers. */
export const REFUSAL = { gap: 'GZ001', unsynced: 'GZ002', change: 'GZ003' } as const;

/** What to do, by SQLSTATE or its class of two characters. */
const NEXT: Readonly<Record<string, string>> = {
  '08': 'Check that the server runs and that this machine reaches it.',
  '25006': 'Connect to the primary server: a standby takes no entries.',
  '28': 'Check the user, the password and pg_hba.conf.',
  '3D000': 'Make the database, or name another one.',
  '42501': 'Let the owner of the schema prepare it with `preparePostgres` and `role`, the user that gauze connects as.',
  '53': 'The server lacks space, memory or connections; gauze takes three connections a state.',
  '55P03': 'Another server keeps the lock of the journal. Ask again, or end the session that holds it.',
  '57014':
    'A timeout of the server ended it before its turn came. Ask again, or raise statement_timeout for this user.',
  '57': 'The server is stopping or starting. Ask again when it runs.',
  [REFUSAL.unsynced]: 'Set fsync to on: without it a power cut takes charges back.',
};

/** SQLSTATE of an error that the server reported of a statement, which it took back whole; null for every other failure. */
export function refusalOf(error: unknown): string | null {
  return (error as { severity?: unknown }).severity === 'ERROR' ? sqlstateOf(error) : null;
}

/** Why the database cannot be used now. `what` says what it does not do. */
export function unavailable(what: string, error: unknown): GauzeError {
  return error instanceof GauzeError ? error : unusable(what, sqlstateOf(error));
}

/** The same, where gauze itself found why. */
export function unusable(what: string, sqlstate: string | null): GauzeError {
  const code = sqlstate ?? '08';
  return new GauzeError('LEDGER_UNAVAILABLE', {
    message: `The database ${what}.`,
    next: NEXT[code] ?? NEXT[code.slice(0, 2)] ?? 'Ask again; if it stays so, look into the log of the server.',
    fields: { sqlstate },
  });
}

/** Why what the database holds is not believed. */
export function corrupt(how: string): GauzeError {
  return new GauzeError('LEDGER_CORRUPT', {
    message: `The journal in the database ${how}.`,
    next: 'Nothing is answered until the database is restored from a backup that is at least as new.',
  });
}

function sqlstateOf(error: unknown): string | null {
  const { name, code } = error as { name?: unknown; code?: unknown };
  return name === 'PostgresError' && typeof code === 'string' ? code : null;
}
