/** What the state in PostgreSQL promises, and what the database itself refuses. */
import { setTimeout as wait } from 'node:timers/promises';
import postgres, { type Sql } from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { keyFrom } from '../../src/crypto/sign.ts';
import { postgresState, preparePostgres } from '../../src/index/postgres.node.ts';
import type { SharedState } from '../../src/index/shared-state.ts';
import { account, laplaceCharge } from '../charge/fixtures.ts';
import { type Server, startServer } from './server.ts';
import { Wire } from './wire.ts';

const server = await startServer();
if (typeof server === 'string') console.log(`Tests over PostgreSQL are skipped: ${server}.`);
const running = server as Server;

const lee = account('dr-lee', 1);
const MILLI = 10n ** 9n;
const refused = (code: string) => expect.objectContaining({ code });
const settlement = { outcome: 'released', answer: null, time: 't' } as const;
const key = keyFrom(new Uint8Array(32).fill(7));
const secret = new Uint8Array(32).fill(9);

const ends: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
  if (typeof server !== 'string') await server.remove();
});

let schemas = 0;
const freshSchema = (): string => `journal_${++schemas}`;

/** A server's state over a schema. */
async function stateOf(schema: string, connection: object = running.as()): Promise<SharedState> {
  const state = await postgresState({ connection, schema });
  ends.push(state.close);
  return state;
}

/** Plain access to the database. */
function direct(username = 'postgres'): Sql {
  const sql = postgres({ ...running.as(username), max: 1, fetch_types: false, onnotice: () => undefined });
  ends.push(() => sql.end({ timeout: 1 }));
  return sql;
}

describe.skipIf(typeof server === 'string')('state in PostgreSQL', () => {
  it('charges every account or none, to the last unit, and settles once', async () => {
    const ledger = await openLedger((await stateOf(freshSchema())).ledger);
    const cap = account(null, 1.5);
    const warrant = await ledger.reserve(laplaceCharge([lee, cap], 999));
    await expect(ledger.reserve(laplaceCharge([lee, cap], 2))).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    await ledger.settle(warrant, settlement);
    await expect(ledger.settle(warrant, settlement)).rejects.toEqual(refused('WARRANT_INVALID'));
    await ledger.reserve(laplaceCharge([lee, cap], 1));
    expect((await ledger.standing(lee)).remaining.epsilon).toBe(0n);
    expect((await ledger.standing(cap)).spent.epsilon).toBe(1000n * MILLI);
  });

  it('is one journal for two servers, that signs and verifies from the start', async () => {
    const schema = freshSchema();
    const [one, two] = [await stateOf(schema), await stateOf(schema)];
    const ledgers = [await openLedger(one.ledger, { key }), await openLedger(two.ledger, { key })];
    const many = Array.from({ length: 20 }, (_, i) => ledgers[i % 2]!.reserve(laplaceCharge([lee], 1, `plan-${i}`)));
    const places = (await Promise.all(many)).map(({ place }) => place.hash);
    expect(new Set(places).size).toBe(20);
    const later = await openLedger((await stateOf(schema)).ledger, { key });
    expect(await later.head()).toEqual(await ledgers[0]!.head());
    expect((await later.standing(lee)).spent.epsilon).toBe(20n * MILLI);
  });

  it('is made once by eight servers that come first at once', async () => {
    const schema = freshSchema();
    const states = await Promise.all(Array.from({ length: 8 }, () => stateOf(schema)));
    const ledgers = await Promise.all(states.map(({ ledger }) => openLedger(ledger)));
    await Promise.all(ledgers.map((ledger) => ledger.reserve(laplaceCharge([lee], 1))));
    expect((await ledgers[0]!.standing(lee)).spent.epsilon).toBe(8n * MILLI);
    for (const { close } of states) await close();
  });

  it('refuses a second entry with a number, a gap, and every change, whoever asks', async () => {
    const schema = freshSchema();
    const { ledger: store } = await stateOf(schema);
    const sql = direct();
    const entry = new Uint8Array([1, 2, 3]);
    await store.append(entry, 0);
    await expect(store.append(entry, 0)).rejects.toEqual(refused('LEDGER_CONFLICT'));
    await expect(store.append(entry, 2)).rejects.toEqual(refused('LEDGER_CORRUPT'));
    const journal = sql(`${schema}.journal`);
    const kept = refused('GZ003');
    await expect(sql`update ${journal} set entry = ''`).rejects.toEqual(kept);
    await expect(sql`delete from ${journal}`).rejects.toEqual(kept);
    await expect(sql`truncate ${journal}`).rejects.toEqual(kept);
    await sql`set session_replication_role = replica`;
    await expect(sql`delete from ${journal}`).rejects.toEqual(kept);
    await expect(sql`insert into ${journal} values (7, '')`).rejects.toEqual(refused('GZ001'));
    expect(await store.read(0)).toEqual([Buffer.from(entry)]);
  });

  it('waits for the disk whatever the role prefers', async () => {
    const schema = freshSchema();
    await stateOf(schema);
    const sql = direct();
    for (const [weak, used] of [
      ['off', 'on'],
      ['local', 'on'],
      ['remote_write', 'on'],
      ['remote_apply', 'remote_apply'],
    ] as const) {
      await sql.unsafe(`set synchronous_commit = ${weak}`);
      const inside = await sql.begin(async (tx) => {
        await tx`insert into ${tx(`${schema}.answers`)} values (${weak}, '')`;
        return (await tx<{ setting: string }[]>`select current_setting('synchronous_commit') as setting`)[0]?.setting;
      });
      expect(inside).toBe(used);
    }
  });

  it('keeps nothing of an append that was rolled back', async () => {
    const schema = freshSchema();
    const { ledger: store } = await stateOf(schema);
    const ledger = await openLedger(store);
    await ledger.reserve(laplaceCharge([lee], 1));
    const sql = direct();
    await sql
      .begin(async (tx) => {
        await tx`insert into ${tx(`${schema}.journal`)} values (1, 'half an entry')`;
        throw new Error('torn');
      })
      .catch(() => undefined);
    expect(await store.exclusively(() => store.read(0))).toHaveLength(1);
    await ledger.reserve(laplaceCharge([lee], 1));
    expect((await ledger.standing(lee)).spent.epsilon).toBe(2n * MILLI);
  });

  it.each([
    ['before', 0n],
    ['after', 1n],
  ] as const)('cut off %s the server has it, a charge gives no warrant and counts %i times', async (cut, counted) => {
    const wire = new Wire(running.host);
    await wire.open();
    ends.push(() => wire.close());
    const ledger = await openLedger((await stateOf(freshSchema(), { ...running.as(), host: wire.host })).ledger);
    const tight = account('dr-lee', 0.002);
    await ledger.reserve(laplaceCharge([tight], 1, 'a'));
    wire.cut = cut;
    await expect(ledger.reserve(laplaceCharge([tight], 1, 'b'))).rejects.toEqual(refused('LEDGER_UNAVAILABLE'));
    expect(wire.cut).toBeNull();
    expect((await ledger.standing(tight)).spent.epsilon).toBe((1n + counted) * MILLI);
    const again = ledger.reserve(laplaceCharge([tight], 1, 'b'));
    if (counted === 1n) await expect(again).rejects.toEqual(refused('BUDGET_EXHAUSTED'));
    else await again;
    expect((await ledger.standing(tight)).spent.epsilon).toBe(2n * MILLI);
  });

  it('gives no warrant for a charge that no standby has, and counts it', async () => {
    const schema = freshSchema();
    const ledger = await openLedger((await stateOf(schema)).ledger);
    const sql = direct();
    const standby = async (name: string): Promise<void> => {
      await sql.unsafe(`alter system set synchronous_standby_names = '${name}'`);
      await sql`select pg_reload_conf()`;
      await wait(300);
    };
    await standby('elsewhere');
    const charge = ledger.reserve(laplaceCharge([lee], 1)).then(
      () => 'warrant',
      (error: { code: string }) => error.code,
    );
    for (let tries = 0; tries < 100; tries++) {
      const waiting = await sql`select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`;
      if (waiting.length > 0) break;
      await wait(50);
    }
    expect(await charge).toBe('LEDGER_UNAVAILABLE');
    await standby('');
    expect((await ledger.standing(lee)).spent.epsilon).toBe(MILLI);
  });

  it('notices that the journal was put back while it was open', async () => {
    const schema = freshSchema();
    const { ledger: store } = await stateOf(schema);
    const ledger = await openLedger(store);
    for (const plan of ['a', 'b', 'c']) await ledger.reserve(laplaceCharge([lee], 1, plan));
    const sql = direct();
    await sql.unsafe(
      `alter table ${schema}.journal disable trigger kept; delete from ${schema}.journal where sequence = 2`,
    );
    await expect(ledger.reserve(laplaceCharge([lee], 1))).rejects.toEqual(refused('LEDGER_CORRUPT'));
    await sql.unsafe(`insert into ${schema}.journal values (2, 'another')`);
    await expect(ledger.reserve(laplaceCharge([lee], 1))).rejects.toEqual(refused('LEDGER_CORRUPT'));
    // A journal whose guard was taken away is not opened again.
    await expect(stateOf(schema)).rejects.toEqual(refused('LEDGER_CORRUPT'));
  });

  it('serves a user who may only read and append', async () => {
    const schema = freshSchema();
    const sql = direct();
    await sql`create role clerk login`;
    await expect(stateOf(schema, running.as('clerk'))).rejects.toEqual(refused('LEDGER_UNAVAILABLE'));
    await preparePostgres({ connection: running.as(), schema });
    const barred = await stateOf(schema, running.as('clerk'));
    await expect(openLedger(barred.ledger)).rejects.toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
      fields: { sqlstate: '42501' },
    });
    await preparePostgres({ connection: running.as(), schema, role: 'clerk' });
    const state = await stateOf(schema, running.as('clerk'));
    const ledger = await openLedger(state.ledger);
    await ledger.settle(await ledger.reserve(laplaceCharge([lee], 1)), settlement);
    await state.answers(secret).keep('a', 'b');
    await state.registrations.update(() => 'c');
    const clerk = direct('clerk');
    for (const table of ['journal', 'answers', 'registrations']) {
      await expect(clerk.unsafe(`delete from ${schema}.${table}`)).rejects.toEqual(refused('42501'));
      await expect(clerk.unsafe(`alter table ${schema}.${table} disable trigger all`)).rejects.toEqual(
        refused('42501'),
      );
    }
  });

  it('keeps the first of many answers to one question, sealed', async () => {
    const schema = freshSchema();
    const states = await Promise.all(Array.from({ length: 4 }, () => stateOf(schema)));
    const name = 'f'.repeat(64);
    const given = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const answers = states[i % 4]!.answers(secret);
        await answers.keep(name, `{"é\u0000€": ${i}}`);
        return answers.find(name);
      }),
    );
    expect(new Set(given).size).toBe(1);
    expect(await states[0]!.answers(secret).find('0'.repeat(64))).toBeNull();
    const sql = direct();
    expect((await sql`select from ${sql(`${schema}.answers`)}`).length).toBe(1);
    await sql`insert into ${sql(`${schema}.answers`)} values ('forged', 'an answer')`;
    await expect(states[0]!.answers(secret).find('forged')).rejects.toEqual(refused('CRYPTO_SIGNATURE'));
    const other = states[0]!.answers(new Uint8Array(32).fill(8));
    await expect(other.find(name)).rejects.toEqual(refused('CRYPTO_SIGNATURE'));
  });

  it('replaces registrations one after another, and loses none', async () => {
    const schema = freshSchema();
    const states = await Promise.all(Array.from({ length: 4 }, () => stateOf(schema)));
    expect(await states[0]!.registrations.read()).toBeNull();
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => states[i % 4]!.registrations.update((text) => `${text ?? ''}${i},`)),
    );
    await states[1]!.registrations.update(() => null);
    const refusal = new Error('no');
    const refusing = states[2]!.registrations.update(() => {
      throw refusal;
    });
    await expect(refusing).rejects.toBe(refusal);
    const text = await states[3]!.registrations.read();
    expect(
      text!
        .split(',')
        .slice(0, -1)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it('reads a journal longer than one reply', async () => {
    const schema = freshSchema();
    const { ledger: store } = await stateOf(schema);
    const sql = direct();
    await sql.unsafe(
      `insert into ${schema}.journal select n, convert_to(n::text, 'UTF8') from generate_series(0, 10400) n`,
    );
    const entries = await store.read(0);
    expect(entries.map((entry) => Number(new TextDecoder().decode(entry)))).toEqual(
      Array.from({ length: 10401 }, (_, i) => i),
    );
    expect(await store.read(10401)).toEqual([]);
    expect(await store.read(10000)).toHaveLength(401);
    await expect(store.read(10402)).rejects.toEqual(refused('LEDGER_CORRUPT'));
  });

  it('says what is wrong with an address, a name, a network, a closed state', async () => {
    const code = async (options: object): Promise<string> =>
      postgresState(options).then(
        ({ close }) => close().then(() => 'opened'),
        (error: { code: string }) => error.code,
      );
    expect(await code({ connection: running.as(), schema: 'Drop Table' })).toBe('USAGE');
    expect(await code({ connection: { ...running.as(), database: 'nowhere' } })).toBe('LEDGER_UNAVAILABLE');
    expect(await code({ connection: { ...running.as(), host: '/nowhere' } })).toBe('LEDGER_UNAVAILABLE');
    expect(await code({ connection: running.as(), schema: 'user' })).toBe('opened');
    expect(await code({ url: 'postgres://gauze@db.example.org/gauze' })).toBe('USAGE');
    const { ledger, close } = await postgresState({ connection: running.as(), schema: freshSchema() });
    await close();
    await expect(openLedger(ledger)).rejects.toEqual(refused('LEDGER_UNAVAILABLE'));
  });

  it('does not trust a server that forgets', async () => {
    const forgetful = (await startServer(['fsync = off'])) as Server;
    ends.push(() => forgetful.remove());
    const opening = postgresState({ connection: forgetful.as() });
    await expect(opening).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE', next: expect.stringContaining('fsync') });
    const sql = postgres({ ...forgetful.as(), max: 1, onnotice: () => undefined });
    await sql`alter system set fsync = on`;
    await sql`select pg_reload_conf()`;
    await wait(300);
    const state = await postgresState({ connection: forgetful.as() });
    await sql`alter system set fsync = off`;
    await sql`select pg_reload_conf()`;
    await wait(300);
    const ledger = await openLedger(state.ledger);
    await expect(ledger.reserve(laplaceCharge([lee], 1))).rejects.toEqual(refused('LEDGER_UNAVAILABLE'));
    await state.close();
    await sql.end();
  });
});

it('without its package it says what to install', async () => {
  const absent = (): Promise<never> => Promise.reject(new Error('Cannot find package'));
  await expect(postgresState({}, absent)).rejects.toMatchObject({
    code: 'LEDGER_UNAVAILABLE',
    next: 'Install it: npm install postgres',
  });
});
