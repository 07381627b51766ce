/**
 * Beside its noisy values an answer shows its price, what remains, notes, columns, stages, a receipt; a refused question
 * shows its refusal. None of it may differ between neighbours at all, so it is compared whole, on real sessions.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { loadOrCreateKeys } from '../../src/crypto/keys.node.ts';
import { GauzeError } from '../../src/errors.ts';
import { memoryAnswers } from '../../src/release/recall.ts';
import { makeSession, type Session } from '../../src/session.ts';
import { makeNeighbours } from './hunt.ts';
import { CANARY_NAMES, type Canary, type Neighbour, policy } from './network.ts';
import type { Asked } from './sampler.ts';
import { SCENARIOS } from './scenarios.ts';

const neighbours = makeNeighbours();
afterAll(() => neighbours.close());

async function sessionOn({ engine }: Neighbour): Promise<Session> {
  return makeSession({
    policy,
    principal: 'auditor',
    purpose: null,
    secret: new Uint8Array(32),
    engine,
    ledger: await openLedger(memoryStore()),
    key: loadOrCreateKeys(null).signing,
    versions: new Map([['network', '1']]),
    clock: () => new Date(0),
    timeout: null,
    answers: memoryAnswers(),
    close: async () => undefined,
  });
}

/** All that is neither noise nor signature. */
async function factsOf(session: Session, { sql, options }: Asked): Promise<unknown> {
  const stages: string[] = [];
  try {
    const { expected, words, notes } = await session.explain(sql, options);
    const answer = await session.query(sql, { ...options, onProgress: (stage) => stages.push(stage) });
    const again = await session.query(sql, options);
    return {
      expected,
      words,
      notes,
      stages,
      cost: answer.cost,
      remaining: [answer.remaining, again.remaining],
      recalled: [answer.recalled, again.recalled],
      columns: answer.columns.map(({ name, type, noisy }) => ({ name, type, noisy })),
      schema: answer.table.schema.fields.map((field) => [field.name, String(field.type), field.nullable]),
      metadata: [...answer.table.schema.metadata].filter(([name]) => name !== 'gauze.receipt'),
      intervals: Object.entries(answer.intervals).map(([name, { level }]) => [name, level]),
      receipt: { ...answer.receipt?.body, charge: null, head: null, answer: null },
      budget: await session.budget(),
    };
  } catch (error) {
    if (!(error instanceof GauzeError)) throw error;
    const { code, message, next, at, fields } = error;
    return { stages, refused: { code, message, next, at, fields }, budget: await session.budget() };
  }
}

/** A refusal that looked at the data first would tell neighbours apart. */
const REFUSED: readonly Asked[] = [
  'SELECT city FROM person',
  'SELECT person_id, COUNT(*) FROM visit GROUP BY person_id',
  'SELECT MAX(cost) FROM visit',
  'SELECT COUNT(*) FROM visit a JOIN person b ON a.cost = b.birth_year',
  'SELECT COUNT(*) FROM visit WHERE cost > random()',
  'SELECT COUNT(*) FROM nothing',
  'SELECT COUNT(*) FROM (SELECT person_id FROM visit ORDER BY cost LIMIT 5)',
  'SELECT COUNT(*) FROM (SELECT person_id, rank() OVER (ORDER BY cost) AS place FROM visit) WHERE place < 5',
  'SELECT COUNT(*) FROM visit WHERE EXISTS (SELECT 1 FROM visit WHERE cost > 100)',
  'SELECT COUNT(*) FROM visit WHERE cost IN (SELECT cost FROM visit)',
  'SELECT COUNT(*) FROM (SELECT ward FROM visit UNION SELECT ward FROM visit)',
  'SELECT COUNT(*) FROM person p, visit v WHERE p.birth_year < 1960',
  'SELECT COUNT(*) FROM (SELECT person_id, ntile(4) OVER (PARTITION BY person_id ORDER BY cost) AS part FROM visit)',
].map((sql) => ({ sql, options: { epsilon: 1 } }));
const DEAR: Asked = { sql: 'SELECT COUNT(*) FROM visit', options: { epsilon: 10_001 } };
const UNPRICED: Asked = { sql: 'SELECT COUNT(*) FROM visit', options: {} };
const LATE: Asked = { sql: 'SELECT COUNT(*) FROM visit', options: { epsilon: 1, signal: AbortSignal.abort() } };

describe.each<Canary>(CANARY_NAMES)('with and without the unit %s', (canary) => {
  let sessions: readonly [Session, Session];
  beforeAll(async () => {
    sessions = [await sessionOn(await neighbours.of(canary)), await sessionOn(await neighbours.of(null))];
  });

  it('every question has the same price, budget left, notes, columns, stages and receipt', async () => {
    for (const scenario of SCENARIOS) {
      const [first, second] = [await factsOf(sessions[0], scenario), await factsOf(sessions[1], scenario)];
      expect(first, scenario.name).toEqual(second);
      expect(first, scenario.name).not.toHaveProperty('refused');
    }
  });

  it('what is refused is refused in the same words at the same point', async () => {
    for (const asked of [...REFUSED, DEAR, UNPRICED]) {
      const [first, second] = [await factsOf(sessions[0], asked), await factsOf(sessions[1], asked)];
      expect(first, asked.sql).toEqual(second);
      expect(first, asked.sql).toHaveProperty('refused');
    }
    for (const session of sessions) await expect(session.query(LATE.sql, LATE.options)).rejects.toThrow();
  });

  it('the data set passes or fails its declarations alike', async () => {
    const dataset = policy.datasets.get('network');
    if (dataset === undefined) throw new Error('The policy of the audit names a data set.');
    const [first, second] = [await neighbours.of(canary), await neighbours.of(null)];
    expect(await first.engine.verify(dataset)).toEqual(await second.engine.verify(dataset));
  });
});
