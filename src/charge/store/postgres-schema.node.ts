/**
 * The tables in PostgreSQL 12 or newer. What they promise is enforced by the database, not only by gauze:
 *
 * - `journal` and `registrations` take entry n only when n − 1 is there and n is not (primary key, trigger `follows`);
 * - an insert waits for the disk whatever the server's or role's `synchronous_commit` says, and is refused where `fsync`
 *   is off (trigger `durable`);
 * - nothing is updated, deleted or truncated (trigger `kept`), by nobody but an owner who drops the trigger first.
 */
import { GauzeError } from '../../errors.ts';
import { corrupt, REFUSAL, unavailable, unusable } from './postgres-failures.node.ts';
import type { PostgresLink } from './postgres-link.node.ts';

/** A table, its columns, and whether its rows are numbered. */
interface Table {
  readonly name: string;
  readonly columns: string;
  readonly numbered: boolean;
}

const NUMBERED = 'sequence bigint primary key check (sequence >= 0), entry bytea not null';
const TABLES: readonly Table[] = [
  { name: 'journal', columns: NUMBERED, numbered: true },
  { name: 'registrations', columns: NUMBERED, numbered: true },
  { name: 'answers', columns: 'name text primary key, body bytea not null', numbered: false },
];

/** @throws GauzeError USAGE unless `name` is a plain identifier: lower case letters, digits and underscores */
export function checkName(what: 'schema' | 'role', name: string): void {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return;
  throw new GauzeError('USAGE', {
    message: `This is no name of a ${what}.`,
    next: 'Take lower case letters, digits and underscores, 63 at most.',
  });
}

/**
 * Makes the tables unless they are there, and lets `role` read and append; servers that race make them once.
 *
 * @throws GauzeError LEDGER_UNAVAILABLE
 */
export async function prepareSchema(link: PostgresLink, schema: string, role: string | null): Promise<void> {
  try {
    await link.run((sql) =>
      sql.unsafe(`begin; select pg_advisory_xact_lock(hashtextextended('gauze schema ${schema}', 0))`),
    );
    const made = (await tablesIn(link, schema)).length === 0 ? await creation(link, schema) : [];
    const granted = role === null ? [] : grants(schema, role);
    await link.run((sql) => sql.unsafe([...made, ...granted, 'commit'].join(';\n')));
  } catch (error) {
    await link.run((sql) => sql.unsafe('rollback')).catch(() => undefined);
    throw unavailable('cannot be prepared', error);
  }
}

/**
 * Whether the tables are there, as gauze makes them, on a server that keeps what it commits.
 *
 * @throws GauzeError LEDGER_UNAVAILABLE on a standby, or where fsync is off; LEDGER_CORRUPT where a table was altered
 */
export async function isPrepared(link: PostgresLink, schema: string): Promise<boolean> {
  try {
    const [server] = await link.run(
      (sql) => sql<{ standby: boolean; fsync: string }[]>`
        select pg_is_in_recovery() as standby, current_setting('fsync') as fsync`,
    );
    if (server?.standby !== false) throw unusable('is a standby', '25006');
    if (server.fsync !== 'on') throw unusable('does not keep what it confirms', REFUSAL.unsynced);
    const found = await tablesIn(link, schema);
    if (found.length === 0) return false;
    const expected = TABLES.map(({ name, numbered }) => `${name} p ${triggersOf(numbered).join()}`).sort();
    if (found.join('\n') !== expected.join('\n')) throw corrupt('is not in the tables that gauze made');
    return true;
  } catch (error) {
    throw unavailable('cannot be used', error);
  }
}

/** Tables with a valid primary key: name, persistence, triggers that always fire; sorted. */
async function tablesIn(link: PostgresLink, schema: string): Promise<string[]> {
  const rows = await link.run(
    (sql) => sql<{ found: string }[]>`
      select concat_ws(' ', c.relname, c.relpersistence, (
        select string_agg(t.tgname, ',' order by t.tgname) from pg_catalog.pg_trigger t
        where t.tgrelid = c.oid and t.tgenabled = 'A' and not t.tgisinternal)) as found
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = ${schema}
      join pg_catalog.pg_index i on i.indrelid = c.oid and i.indisprimary and i.indisvalid
      where c.relkind = 'r' and c.relname in ('journal', 'registrations', 'answers')`,
  );
  return rows.map(({ found }) => found).sort();
}

function triggersOf(numbered: boolean): string[] {
  return numbered ? ['durable', 'follows', 'kept'] : ['durable', 'kept'];
}

async function creation(link: PostgresLink, schema: string): Promise<string[]> {
  const tables = TABLES.flatMap(({ name, columns, numbered }) => [
    `create table "${schema}".${name} (${columns})`,
    ...(numbered ? [follows(schema, name)] : []),
    `create trigger durable before insert on "${schema}".${name} for each statement execute function "${schema}".durable()`,
    `create trigger kept before update or delete or truncate on "${schema}".${name}
      for each statement execute function "${schema}".kept()`,
    ...(numbered
      ? [
          `create trigger follows before insert on "${schema}".${name}
          for each row execute function "${schema}".${name}_follows()`,
        ]
      : []),
    ...triggersOf(numbered).map((trigger) => `alter table "${schema}".${name} enable always trigger ${trigger}`),
  ]);
  // Whoever may make tables in a schema need not be one who may make schemas.
  const [present] = await link.run((sql) => sql`select from pg_catalog.pg_namespace where nspname = ${schema}`);
  return [...(present === undefined ? [`create schema "${schema}"`] : []), durable(schema), kept(schema), ...tables];
}

/** The wait for the disk, and for a synchronous standby where there is one, is the transaction's; so is a heard warning. */
function durable(schema: string): string {
  return `create function "${schema}".durable() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if current_setting('fsync') <> 'on' then
    raise exception 'fsync is off' using errcode = '${REFUSAL.unsynced}';
  end if;
  if current_setting('synchronous_commit') not in ('on', 'remote_apply') then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  if current_setting('client_min_messages') = 'error' then
    perform set_config('client_min_messages', 'warning', true);
  end if;
  return null;
end $$`;
}

/** An entry with a number that is taken is left to the primary key, which waits for whoever is about to take it. */
function follows(schema: string, table: string): string {
  return `create function "${schema}".${table}_follows() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if new.sequence > (select coalesce(max(sequence) + 1, 0) from "${schema}".${table}) then
    raise exception 'an entry is missing' using errcode = '${REFUSAL.gap}';
  end if;
  return new;
end $$`;
}

function kept(schema: string): string {
  return `create function "${schema}".kept() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'what is written here stays' using errcode = '${REFUSAL.change}';
end $$`;
}

function grants(schema: string, role: string): string[] {
  const tables = TABLES.map(({ name }) => `"${schema}".${name}`).join(', ');
  return [`grant usage on schema "${schema}" to "${role}"`, `grant select, insert on ${tables} to "${role}"`];
}
