/** An array indexed by several keys would be as large as the product of their ranges: such groupings get none. */
import { expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { type DuckDbAdapter, duckDbEngine, type Job } from '../../src/engine/duckdb-engine.ts';
import { parametersOf } from '../../src/options.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { ample, UNSPECIFIED } from '../charge/fixtures.ts';
import { NETWORK } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);
const STORED = { key: 'BIGINT', integer: 'BIGINT', double: 'DOUBLE', text: 'VARCHAR', date: 'DATE' } as const;

/** The job that a question becomes, on an engine that reads nothing. */
async function jobOf(sql: string): Promise<Job> {
  const jobs: Job[] = [];
  const adapter: DuckDbAdapter = {
    name: 'listening',
    texts: 'written',
    host: {
      locate: async (_, table) => {
        const own = [...table.columns.values()].map(({ name, type }) => ({ name, type }));
        const listed = new Set(own.map(({ name }) => name));
        const joins = ['person_id', 'visit_id'].filter((name) => !listed.has(name));
        const columns = [...own, ...joins.map((name) => ({ name, type: 'key' as const }))];
        return {
          from: table.name,
          columns: columns.map(({ name, type }) => ({
            name,
            type: STORED[(type ?? 'key') as keyof typeof STORED] ?? 'BIGINT',
          })),
          text: false,
        };
      },
      execute: async () => undefined,
    },
    run: async (job) => {
      jobs.push(job);
      return {
        rows: 0,
        columns: job.columns.map(() => ({ kind: 'integers', integers: new BigInt64Array(), missing: null })),
      };
    },
    lock: async () => undefined,
    fingerprint: async () => '',
    close: async () => undefined,
  };
  const { plan } = makePlan(ask(sql, POLICY), POLICY, parametersOf({ epsilon: 1, delta: 1e-8 }, null, null), sql);
  const ledger = await openLedger(memoryStore());
  const warrant = await ledger.reserve({
    ...UNSPECIFIED,
    accounts: [ample('network', 'p')],
    amount: { epsilon: 1n, delta: 0n },
    event: plan.event,
    plan: plan.digest,
    principal: 'p',
    dataset: 'network',
    version: '',
    policy: '',
    time: '2026-01-01T00:00:00.000Z',
  });
  const engine = duckDbEngine(adapter, { portableHash: false });
  for (const dataset of POLICY.datasets.values()) await engine.attach(POLICY, dataset);
  await engine.prepare(plan, 1n).run(warrant, {});
  return jobs[0] as Job;
}

it.each([
  ['SELECT COUNT(*), SUM(cost) FROM visit', true],
  ['SELECT sex, COUNT(*) FROM person GROUP BY sex', true],
  ['SELECT AVG(m) FROM (SELECT person_id, max(cost) AS m FROM visit GROUP BY person_id)', true],
  [
    'SELECT AVG(m) FROM (SELECT v.person_id, max(v.cost) AS m FROM person p JOIN visit v ON p.person_id = v.person_id GROUP BY v.person_id)',
    true,
  ],
  ['SELECT sex, birth_year, COUNT(*) FROM person GROUP BY sex, birth_year', false],
  ['SELECT ward, COUNT(*) FROM visit GROUP BY ward', false],
  [
    'SELECT AVG(m) FROM (SELECT person_id, year(start_date) AS y, max(cost) AS m FROM visit GROUP BY person_id, y)',
    false,
  ],
  [
    'SELECT COUNT(*) FROM person p WHERE EXISTS (SELECT 1 FROM (SELECT person_id, ward FROM visit GROUP BY person_id, ward) v WHERE v.person_id = p.person_id)',
    false,
  ],
])('%s: %s', async (sql, single) => {
  expect((await jobOf(sql)).byOneColumn).toBe(single);
});
