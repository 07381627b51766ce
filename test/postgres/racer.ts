/**
 * Child of the races: one server of several over one journal. Prints `ready`, starts at the first line it is sent, and
 * prints what it was told; at the next line it prints the head of the chain as it has read it.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import type { Store } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { fileStore } from '../../src/charge/store/file.node.ts';
import type { Warrant } from '../../src/charge/warrant.ts';
import { postgresState } from '../../src/index/postgres.node.ts';
import { account, laplaceCharge } from '../charge/fixtures.ts';
import { type Race, slicesOf } from './race.ts';

const race = JSON.parse(process.argv[2] ?? '') as Race;
const say = (line: string): void => void writeSync(1, `${line}\n`);

async function opened(): Promise<{ store: Store; close(): Promise<void> }> {
  if (race.file !== undefined) {
    const store = fileStore(race.file);
    return { store, close: () => store.close() };
  }
  const { host = '', schema = '' } = race;
  const state = await postgresState({ connection: { host, username: 'postgres', database: 'postgres' }, schema });
  // Without turns the database alone decides who was first.
  const store = race.turns ? state.ledger : { ...state.ledger, exclusively: <T>(work: () => Promise<T>) => work() };
  return { store, close: state.close };
}

const { store, close } = await opened();
const ledger = await openLedger(store);

/** A charge, asked for until it is decided. A journal that cannot be reached for a while has not decided. */
async function decided(ask: () => Promise<Warrant>): Promise<Warrant | null> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'BUDGET_EXHAUSTED') return null;
      if (code !== 'LEDGER_CONFLICT' && code !== 'LEDGER_UNAVAILABLE') throw error;
      if (code === 'LEDGER_UNAVAILABLE') await wait(20);
    }
  }
}

/** One question of every server per round, all with the same words, over an account that admits a few of them. */
async function rounds(): Promise<void> {
  for (let round = 0; round < race.rounds; round++) {
    const own = account(`round-${round}`, slicesOf(round) / 1000);
    const warrant = await decided(() => ledger.reserve(laplaceCharge([own], 1, `plan-${round}`)));
    if (warrant !== null) say(`${round} ${warrant.place.hash}`);
  }
}

/** Charges and settles until the budget is used up. */
async function spend(): Promise<void> {
  const lee = account('dr-lee', race.slices / 1000);
  for (;;) {
    const warrant = await decided(() => ledger.reserve(laplaceCharge([lee], 1)));
    if (warrant === null) return;
    say(`0 ${warrant.place.hash}`);
    if (race.dies) process.kill(process.pid, 'SIGKILL');
    const settlement = { outcome: 'released', answer: null, time: '2026-01-01T00:00:00.000Z' } as const;
    await ledger.settle(warrant, settlement).catch(() => undefined);
  }
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
say('ready');
await lines.next();
await (race.rounds > 0 ? rounds() : spend());
say('done');
await lines.next();
say(`head ${(await ledger.head())?.hash}`);
await close();
process.exit(0);
