/**
 * Whole questions on neighbours, many times: text → plan → engine → noise → answer, as a session does it. The engine runs
 * once per salt, and its sealed statistics are measured again and again with fresh noise. Both neighbours share the salts:
 * a correct selection is private for every fixed salt, hence for every mixture of them. Planted bugs enter at seams
 * between rooms; nothing in src knows of them.
 */
import { createHash } from 'node:crypto';
import { DuckDBConnection } from '@duckdb/node-api';
import { ask } from '../../src/ask/index.ts';
import type { BoundedQuestion } from '../../src/bound/bounded.ts';
import type { Plan } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { accountsFor, amountOf } from '../../src/charge/account.ts';
import type { Ledger } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { toNumber } from '../../src/dp/rational.ts';
import type { Bits } from '../../src/dp/sampler/bits.ts';
import type { Observation } from '../../src/dp/simulation/auditor.ts';
import { type EngineResult, Sealed } from '../../src/engine/sealed.ts';
import { parametersOf, type QueryOptions } from '../../src/options.ts';
import { answerOf } from '../../src/release/answer.ts';
import { measure } from '../../src/release/measure.ts';
import { UNSPECIFIED } from '../charge/fixtures.ts';
import { type Neighbour, policy } from './network.ts';
import { observe } from './observe.ts';

/** A question as a researcher asks it. */
export interface Asked {
  readonly sql: string;
  readonly options: QueryOptions;
}

/** Places between rooms where a bug is planted. */
export interface Seams {
  /** What is measured: noise, selection, prices. */
  readonly plan?: (plan: Plan) => Plan;
  /** What the engine is asked to bound. */
  readonly read?: (bounded: BoundedQuestion) => BoundedQuestion;
  /** What DuckDB is handed. */
  readonly statement?: (sql: string) => string;
  /** The source of every answer's noise. */
  readonly bits?: () => Bits;
}

/** The claim under audit, and how to see one more answer. */
export interface Sampler {
  readonly claim: { readonly epsilon: number; readonly delta: number };
  sample(runs: number, bits: Bits): Promise<Observation[]>;
}

/** Prepares a question on one neighbour: plans it, and reads once per salt. */
export async function makeSampler(
  neighbour: Neighbour,
  { sql, options }: Asked,
  salts: readonly bigint[],
  seams: Seams = {},
): Promise<Sampler> {
  const dataset = policy.datasets.get('network') ?? null;
  const limit = policy.principals.get('auditor')?.budgets.get('network') ?? null;
  const relation = ask(sql, policy, options.params === undefined ? {} : { parameters: options.params });
  const { plan: claimed } = makePlan(relation, policy, parametersOf(options, dataset, limit), sql);
  const plan = seams.plan?.(claimed) ?? claimed;
  const results = await withStatements(seams.statement, () => readAll(neighbour, claimed, salts, seams));
  const answered = {
    level: options.level ?? 0.95,
    intervals: options.intervals ?? ('each' as const),
    clip: options.clip ?? false,
    readPublic: (relation: Parameters<Neighbour['engine']['readPublic']>[0]) =>
      neighbour.engine.readPublic(relation, {}),
  };
  return {
    claim: { epsilon: toNumber(plan.cost.epsilon), delta: toNumber(plan.cost.delta) },
    async sample(runs, source) {
      const seen: Observation[] = [];
      for (let run = 0; run < runs; run++) {
        const result = results[run % results.length] as EngineResult;
        const bits = seams.bits?.() ?? source;
        seen.push(observe(await answerOf(plan, measure(plan, Sealed.seal(result), bits), answered)));
      }
      return seen;
    },
  };
}

/** 64 bits of a digest each: the same for both neighbours, unrelated from one to the next. */
export function saltsOf(seed: string, count: number): readonly bigint[] {
  return Array.from({ length: count }, (_, index) =>
    createHash('sha256').update(`${seed}:${index}`).digest().readBigUInt64LE(),
  );
}

async function readAll(
  { engine }: Neighbour,
  plan: Plan,
  salts: readonly bigint[],
  { read }: Seams,
): Promise<EngineResult[]> {
  const asked = {
    ...plan,
    questions: plan.questions.map((question) => ({ bounded: read?.(question.bounded) ?? question.bounded })),
  };
  const results: EngineResult[] = [];
  for (const salt of salts) {
    const ledger = await openLedger(memoryStore());
    const warrant = await ledger.reserve(reservationOf(plan));
    results.push(Sealed.unseal(await engine.prepare(asked, salt).run(warrant, {})));
  }
  return results;
}

function reservationOf(plan: Plan): Parameters<Ledger['reserve']>[0] {
  return {
    ...UNSPECIFIED,
    accounts: accountsFor(policy, 'network', 'auditor', null),
    event: plan.event,
    amount: amountOf(plan.cost),
    plan: plan.digest,
    principal: 'auditor',
    dataset: 'network',
    version: '1',
    policy: policy.digest,
    time: '2026-01-01T00:00:00Z',
  };
}

/** Alters every statement between the engine and DuckDB while `work` runs. */
async function withStatements<T>(alter: Seams['statement'], work: () => Promise<T>): Promise<T> {
  if (alter === undefined) return work();
  const { prepare } = DuckDBConnection.prototype;
  const failures: unknown[] = [];
  DuckDBConnection.prototype.prepare = function altered(sql: string) {
    try {
      return prepare.call(this, alter(sql));
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
  try {
    return await work();
  } catch (error) {
    // The engine hides what went wrong below it.
    throw failures[0] ?? error;
  } finally {
    DuckDBConnection.prototype.prepare = prepare;
  }
}
