/** A share of the written statements on duckdb-wasm: what native DuckDB does with them, and no neighbour told apart. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { memoryStore, open, type Session } from '../../src/index.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { canaryIn } from './canaries.ts';
import { makeNeighbours, RICH } from './neighbours.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

interface Statement {
  readonly sql: string;
  readonly expect: 'refuse' | 'accept';
}

const ALL = JSON.parse(readFileSync(new URL('hostile.json', import.meta.url), 'utf8')) as readonly Statement[];
const policy = parsePolicy(RICH, { file: 'network.yaml' });
const share = (kind: Statement['expect'], step: number): readonly Statement[] =>
  ALL.filter(({ expect: wanted }) => wanted === kind).filter((_, index) => index % step === 0);
const STATEMENTS = [...share('accept', 3), ...share('refuse', 40)];

let neighbours: Awaited<ReturnType<typeof makeNeighbours>>;
let sessions: readonly Session[] = [];
const outcomes: Outcome[][] = [];

beforeAll(async () => {
  neighbours = await makeNeighbours(['full'], ['extreme']);
  const [plain, hostile] = neighbours.all;
  sessions = await Promise.all(
    (
      [
        [plain, 'native'],
        [plain, 'wasm'],
        [hostile, 'wasm'],
      ] as const
    ).map(([one, engine]) =>
      open({
        policy: one?.policy ?? '',
        as: 'dr-lee',
        engine,
        clock: () => new Date(0),
        ledger: memoryStore(),
        directory: `${one?.folder}/${engine}`,
      }),
    ),
  );
  for (const session of sessions) {
    const done: Outcome[] = [];
    for (const { sql } of STATEMENTS) done.push(await outcomeOf(session, policy, sql, { epsilon: '0.5' }));
    outcomes.push(done);
  }
}, 600_000);
afterAll(async () => {
  for (const session of sessions) await session.close();
  neighbours.remove();
});

it('does what native DuckDB does, on both neighbours', () => {
  for (const [index, { sql }] of STATEMENTS.entries()) {
    const [native, ...wasm] = outcomes.map((done) => done[index]?.status);
    for (const status of wasm) expect(status, sql.slice(0, 300)).toEqual(native);
  }
});

it('shows no canary', () => {
  const shown = outcomes.flat().flatMap(({ texts }) => texts.map(canaryIn).filter((canary) => canary !== null));
  expect(shown).toEqual([]);
});
