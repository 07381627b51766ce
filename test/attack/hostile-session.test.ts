/**
 * Every written statement through the whole session, on databases that differ in one person. What is refused is refused
 * alike, what is answered has the same shape, keys, cost and notes; no text shows a value of that person or a word of the
 * engine's own; and nothing accepted fails in the engine, for such a failure would depend on the data.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { open, type Session } from '../../src/index.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { canaryIn, engineWordIn } from './canaries.ts';
import { makeNeighbours, type Neighbour, RICH } from './neighbours.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

interface Statement {
  readonly sql: string;
  readonly expect: 'refuse' | 'accept';
  readonly code?: string;
  readonly why: string;
}

/** Generous: many tests share few processors. */
const MOST_MS = 20_000;
const STATEMENTS = JSON.parse(readFileSync(new URL('hostile.json', import.meta.url), 'utf8')) as readonly Statement[];
const policy = parsePolicy(RICH, { file: 'network.yaml' });
const clock = (): Date => new Date('2026-01-02T03:04:05Z');

describe.each([
  ['full', ['extreme', 'ordinary']],
  ['empty', ['low', 'nothing']],
] as const)('%s network and its neighbours', (base, persons) => {
  let neighbours: Awaited<ReturnType<typeof makeNeighbours>>;
  let sessions: readonly (readonly [Neighbour, Session])[];
  const outcomes = new Map<string, readonly Outcome[]>();

  beforeAll(async () => {
    neighbours = await makeNeighbours([base], persons);
    sessions = await Promise.all(
      neighbours.all.map(
        async (one) => [one, await open({ policy: one.policy, as: 'dr-lee', engine: 'native', clock })] as const,
      ),
    );
    const runs = sessions.map(async ([one, session]) => {
      const done: Outcome[] = [];
      for (const { sql } of STATEMENTS) done.push(await outcomeOf(session, policy, sql, { epsilon: '0.5' }));
      outcomes.set(one.name, done);
    });
    await Promise.all(runs);
  }, 600_000);
  afterAll(async () => {
    for (const [, session] of sessions) await session.close();
    neighbours.remove();
  });

  it('does what is written', () => {
    const wrong = every(({ expect: wanted, code }, outcome) =>
      outcome.accepted === (wanted === 'accept') && (code === undefined || outcome.code === code || outcome.accepted)
        ? null
        : `${outcome.code ?? 'accepted'}`,
    );
    expect(wrong).toEqual([]);
  });

  it('never fails inside, nor takes long', () => {
    expect(every((_, { code }) => (code !== null && /^(?:ENGINE|INTERNAL|LEDGER)/.test(code) ? code : null))).toEqual(
      [],
    );
    expect(every((_, { took }) => (took > MOST_MS ? `${took} ms` : null))).toEqual([]);
  });

  it('shows no canary and no word of the engine', () => {
    const shown = every(({ sql }, { texts, accepted }) => {
      for (const text of texts) {
        const canary = canaryIn(text);
        if (canary !== null) return `${canary}: ${text.slice(0, 400)}`;
        const word = accepted ? null : engineWordIn(text, sql);
        if (word !== null) return `${word}: ${text.slice(0, 400)}`;
      }
      return null;
    });
    expect(shown).toEqual([]);
  });

  it('tells no neighbour from another', () => {
    const plain = outcomes.get(`${base}/none`) ?? [];
    for (const person of persons) {
      const other = outcomes.get(`${base}/${person}`) ?? [];
      for (const [index, statement] of STATEMENTS.entries()) {
        expect(other[index]?.status, `${person}: ${statement.sql.slice(0, 200)}`).toEqual(plain[index]?.status);
      }
    }
  });

  it('writes no canary beside the policy', () => {
    for (const [{ folder, name }] of sessions) {
      const files = filesUnder(join(folder, 'network.gauze'));
      expect(files.length).toBeGreaterThan(50);
      for (const file of files) expect(canaryIn(readFileSync(file, 'latin1')), `${name}: ${file}`).toBeNull();
    }
  });

  it('charges alike', async () => {
    const standings = await Promise.all(sessions.map(([, session]) => session.budget()));
    for (const one of standings) expect(one).toEqual(standings[0]);
  });

  /** Complaints over all statements on all neighbours, with the statement. */
  function every(complaint: (statement: Statement, outcome: Outcome) => string | null): readonly string[] {
    return [...outcomes].flatMap(([name, done]) =>
      STATEMENTS.flatMap((statement, index) => {
        const said = complaint(statement, done[index] as Outcome);
        return said === null ? [] : [`${name}: ${statement.sql.slice(0, 300)}\n  ${said}`];
      }),
    );
  }
});

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}
