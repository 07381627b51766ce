/**
 * Written statements, each with what must happen: refused before anything is read, with a stable code, a place in the
 * text and a next step; or accepted with a plan. Answers on data are the concern of the black-box suite.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { GauzeError, locate } from '../../src/errors.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK } from '../policy/network.ts';

interface Statement {
  readonly sql: string;
  readonly expect: 'refuse' | 'accept';
  readonly code?: string;
  readonly why: string;
}

const STATEMENTS = JSON.parse(readFileSync(new URL('hostile.json', import.meta.url), 'utf8')) as readonly Statement[];
const policy = parsePolicy(NETWORK, { file: 'network.yaml' });
const PARAMETERS = {
  epsilon: { numerator: 1n, denominator: 2n },
  delta: null,
  accuracy: null,
  epsilonByAggregate: null,
  contribution: { groups: null, rows: null },
  level: 0.95,
  defaultDelta: { numerator: 1n, denominator: 100_000_000n },
};

/** The refusal, or null where there is a plan. */
function refusal(sql: string): GauzeError | null {
  try {
    makePlan(ask(sql, policy), policy, PARAMETERS, sql);
    return null;
  } catch (error) {
    const located = locate(error, sql);
    if (located instanceof GauzeError) return located;
    throw error;
  }
}

it('are at least 220, all different', () => {
  expect(STATEMENTS.length).toBeGreaterThanOrEqual(220);
  expect(new Set(STATEMENTS.map(({ sql }) => sql)).size).toBe(STATEMENTS.length);
});

it.each(STATEMENTS.map((one) => [one.why, one.sql.slice(0, 120), one] as const))('%s: %s', (_why, _text, statement) => {
  const error = refusal(statement.sql);
  expect(error === null ? 'accept' : 'refuse', error?.message ?? statement.sql.slice(0, 300)).toBe(statement.expect);
  if (error === null) return;
  expect(error.code).toMatch(/^(?:QUERY|BOUND|POLICY)_/);
  if (statement.code !== undefined) expect(error.code, error.message).toBe(statement.code);
  expect(error.message.length > 0 && error.next.length > 0).toBe(true);
  expect(`${error.message} ${error.next}`).not.toMatch(/(?:Parser|Binder|Catalog|Conversion) Error|undefined|\[object/);
  if (error.at !== null) {
    const lines = statement.sql.split('\n');
    expect(error.at.line).toBeLessThanOrEqual(lines.length);
    expect(error.at.column).toBeLessThanOrEqual(Array.from(lines[error.at.line - 1] ?? '').length + 1);
  }
});
