/** Plans run on an engine without a session around them, and the plain queries they are compared with. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ask } from '../src/ask/index.ts';
import type { Plan } from '../src/bound/plan.ts';
import { makePlan } from '../src/bound/planner.ts';
import { openLedger } from '../src/charge/open-ledger.ts';
import { memoryStore } from '../src/charge/store/memory.ts';
import type { Warrant } from '../src/charge/warrant.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { Sealed } from '../src/engine/sealed.ts';
import { parametersOf } from '../src/options.ts';
import type { Policy } from '../src/policy/policy.ts';
import { ample, UNSPECIFIED } from '../test/charge/fixtures.ts';

export const SALT = 0x9e3779b97f4a7c15n;

/** Plans a question at ε = 1. */
export function planOf(sql: string, policy: Policy): Plan {
  const relation = ask(sql, policy, {});
  return makePlan(relation, policy, parametersOf({ epsilon: 1 }, null, null), sql).plan;
}

/** Runs plans under warrants of a ledger in memory; the charge is not part of what is timed. */
export interface Reader {
  warrant(plan: Plan): Promise<Warrant>;
  run(plan: Plan, warrant: Warrant): Promise<Sealed>;
}

export async function readerOf(engine: Engine): Promise<Reader> {
  const ledger = await openLedger(memoryStore());
  return {
    warrant: (plan) =>
      ledger.reserve({
        ...UNSPECIFIED,
        accounts: [ample(plan.dataset ?? '', 'bench')],
        amount: { epsilon: 1n, delta: 0n },
        event: plan.event,
        plan: plan.digest,
        principal: 'bench',
        dataset: plan.dataset ?? '',
        version: '',
        policy: '',
        time: '2026-01-01T00:00:00.000Z',
      }),
    run: (plan, warrant) => engine.prepare(plan, SALT).run(warrant, {}),
  };
}

/** A bare connection to the same file. */
export interface Floor {
  query(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): void;
}

export async function openFloor(file: string, threads: number): Promise<Floor> {
  const instance = await DuckDBInstance.create(file, { threads: String(threads), access_mode: 'READ_ONLY' });
  const connection: DuckDBConnection = await instance.connect();
  return {
    query: async (sql) => {
      const statement = await connection.prepare(sql);
      await (await statement.run()).fetchAllChunks();
      statement.destroySync();
    },
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRows(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
