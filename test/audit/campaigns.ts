/**
 * Campaigns: one principal with a budget of ε = 1 asks several questions of real sessions, and the auditor looks at all he
 * got together. The claim is his budget. Bugs are put into the parts a session stands on.
 */

import type { Account } from '../../src/charge/account-id.ts';
import type { Ledger, Reservation } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { Warrant } from '../../src/charge/warrant.ts';
import { loadOrCreateKeys } from '../../src/crypto/keys.node.ts';
import type { Observation } from '../../src/dp/simulation/auditor.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type EngineResult, Sealed } from '../../src/engine/sealed.ts';
import { GauzeError } from '../../src/errors.ts';
import { memoryAnswers } from '../../src/release/recall.ts';
import { makeSession, type Session, type SessionParts } from '../../src/session.ts';
import type { Claim } from './hunt.ts';
import { type Canary, type Neighbour, policy } from './network.ts';
import { observe } from './observe.ts';

/** Budget of the principal `poor`. */
export const BUDGET: Claim = { epsilon: 1, delta: 0 };

type Mutation = (parts: SessionParts) => SessionParts | Promise<SessionParts>;

/**
 * Plays of each neighbour: the smallest sample that finds twelve answers of ε = 1 each where one is paid, with
 * probability 0.99.
 */
export const PLAYS = 230;

/** What is asked, and what a bug changes. */
export interface Campaign {
  readonly name: string;
  readonly canary: Canary;
  /** One play on a fresh budget: all that was seen. */
  play(session: Session): Promise<Observation>;
  readonly bug: string;
  readonly mutation: Mutation;
}

const QUESTIONS = 12;
const texts = (text: (index: number) => string): string[] =>
  Array.from({ length: QUESTIONS }, (_, index) => text(index));

export const CAMPAIGNS: readonly Campaign[] = [
  {
    name: 'questions that each cost the whole budget, asked at once',
    canary: 'bare',
    play: (session) => {
      const asked = texts((index) => `SELECT COUNT(*) AS n FROM person WHERE birth_year <> ${2000 + index}`);
      return seenOf(
        asked.map((sql) => (): Promise<Observation> => ask(session, sql)),
        'at once',
      );
    },
    bug: 'charge after read',
    mutation: chargingAfterRead,
  },
  {
    name: 'one question in other words, again and again',
    canary: 'bare',
    play: (session) => {
      const asked = texts((index) => `SELECT COUNT(*) AS n${index} FROM person /* ${index} */`);
      return seenOf(
        asked.map((sql) => (): Promise<Observation> => ask(session, sql)),
        'in turn',
      );
    },
    bug: 'a repeated question is free but draws new noise',
    mutation: redrawing,
  },
];

/** A fresh budget on a neighbour. Reads of the same plan are remembered: the engine is not what is audited here. */
export async function sessionOn(
  { engine }: Neighbour,
  read: Remembered,
  mutation: Mutation = (parts) => parts,
): Promise<Session> {
  const parts: SessionParts = {
    policy,
    principal: 'poor',
    purpose: null,
    secret: new Uint8Array(32),
    engine: remembering(engine, read),
    ledger: await openLedger(memoryStore()),
    key,
    versions: new Map([['network', '1']]),
    clock: () => new Date(0),
    timeout: null,
    answers: memoryAnswers(),
    close: async () => undefined,
  };
  return makeSession(await mutation(parts));
}

const key = loadOrCreateKeys(null).signing;

/** Sealed statistics by plan. */
export type Remembered = Map<string, Promise<EngineResult>>;

function remembering(engine: Engine, read: Remembered): Engine {
  return {
    ...engine,
    prepare: (plan, salt) => ({
      run: async (warrant, limits) => {
        const known = read.get(plan.digest);
        if (known === undefined) {
          const result = engine.prepare(plan, salt).run(warrant, limits).then(Sealed.unseal);
          read.set(plan.digest, result);
          return Sealed.seal(await result);
        }
        Warrant.open(warrant, plan.digest);
        // A read takes its time; what else goes on meanwhile is part of the campaign.
        await new Promise(setImmediate);
        return Sealed.seal(await known);
      },
    }),
  };
}

async function ask(session: Session, sql: string, epsilon = 1): Promise<Observation> {
  try {
    const answer = await session.query(sql, { epsilon });
    return { ...observe(answer), remaining: answer.remaining?.epsilon ?? 'none' };
  } catch (error) {
    if (!(error instanceof GauzeError)) throw error;
    return { refused: `${error.code} ${error.message} ${error.next}` };
  }
}

async function seenOf(
  asked: readonly (() => Promise<Observation>)[],
  when: 'at once' | 'in turn',
): Promise<Observation> {
  const seen: Observation[] = [];
  if (when === 'at once') seen.push(...(await Promise.all(asked.map((one) => one()))));
  else for (const one of asked) seen.push(await one());
  return Object.fromEntries(
    seen.flatMap((one, index) =>
      Object.entries(one).map(([feature, value]) => [`${feature} (question ${index})`, value]),
    ),
  );
}

const UNLIMITED = { epsilon: 10n ** 18n, rho: null, delta: 10n ** 18n, renews: null };

/** Warrants without a charge behind them. */
async function freeWarrants(): Promise<Ledger> {
  const ledger = await openLedger(memoryStore());
  const unlimited = (account: Account): Account => ({ ...account, limit: UNLIMITED });
  return {
    ...ledger,
    reserve: (reservation) => ledger.reserve({ ...reservation, accounts: reservation.accounts.map(unlimited) }),
  };
}

async function chargingAfterRead(parts: SessionParts): Promise<SessionParts> {
  const { ledger } = parts;
  const free = await freeWarrants();
  const unpaid = new Map<Warrant, Reservation>();
  return {
    ...parts,
    ledger: {
      ...ledger,
      reserve: async (reservation) => {
        const verdicts = await ledger.verdicts(reservation);
        if (verdicts.some(({ carriedBy }) => carriedBy === null)) return ledger.reserve(reservation);
        const warrant = await free.reserve(reservation);
        unpaid.set(warrant, reservation);
        return warrant;
      },
      settle: async (warrant) => {
        const reservation = unpaid.get(warrant);
        if (reservation !== undefined) await ledger.recharge(reservation).catch(() => undefined);
      },
    },
  };
}

async function redrawing(parts: SessionParts): Promise<SessionParts> {
  const { ledger } = parts;
  const free = await freeWarrants();
  const paid = new Set<string>();
  return {
    ...parts,
    answers: { find: async () => null, keep: async () => undefined },
    ledger: {
      ...ledger,
      reserve: (reservation) => {
        if (paid.has(reservation.plan)) return free.reserve(reservation);
        paid.add(reservation.plan);
        return ledger.reserve(reservation);
      },
      settle: async () => undefined,
    },
  };
}
