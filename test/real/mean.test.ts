/** Shares as means of 0 and 1: centred at a half, and not cut to whole rows where a person has more rows than count. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { multiply, rational, toNumber } from '../../src/dp/rational.ts';
import { memoryStore, open } from '../../src/index.node.ts';
import { policyFromObject } from '../../src/policy/index.ts';

const PERSONS = 200;
const VISITS = 15;
const EARLY = 7;
const ROWS = 10;
const SHARE = 'SELECT AVG(CASE WHEN early = 1 THEN 1 ELSE 0 END) AS share FROM visit';

const POLICY = policyFromObject({
  gauze: 1,
  datasets: {
    clinic: {
      unit: 'visit.person_id',
      contribution: { groups: 4, rows: ROWS },
      tables: {
        visit: {
          file: 'visit.csv',
          unit: 'person_id',
          columns: {
            early: { type: 'integer', bounds: [0, 1] },
            days: { type: 'integer', bounds: [1, 14] },
            band: { type: 'text', values: ['[0-10)', '[10-20)', '[20-30)'] },
          },
        },
      },
    },
  },
  principals: { analyst: { budgets: [{ dataset: 'clinic', epsilon: 10_000 }] } },
});

describe('a share', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gauze-mean-'));
    const rows = Array.from({ length: PERSONS * VISITS }, (_, row) => {
      const visit = row % VISITS;
      return `${Math.floor(row / VISITS)},${visit < EARLY ? 1 : 0},${1 + (visit % 14)},[0-10)`;
    });
    writeFileSync(join(folder, 'visit.csv'), `person_id,early,days,band\n${rows.join('\n')}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['CASE WHEN early = 1 THEN 1 ELSE 0 END', 0.5],
    ['days', 6.5],
    ["try_cast(substring(band, 2, strpos(band, '-') - 2) AS INTEGER)", 10],
  ])('of %s moves by half its range for every row', (x, half) => {
    const sql = `SELECT AVG(${x}) FROM visit`;
    const { questions } = makePlan(
      ask(sql, POLICY),
      POLICY,
      {
        epsilon: rational(1n),
        delta: null,
        accuracy: null,
        epsilonByAggregate: null,
        contribution: { groups: null, rows: null },
        level: 0.95,
        defaultDelta: rational(0n),
      },
      sql,
    ).plan;
    const [derivation] = questions[0]?.derived ?? [];
    const moves = questions[0]?.measurements[0]?.map((one) => one?.sensitivity.l1 ?? 0n) ?? [];
    expect(derivation?.kind).toBe('mean');
    const step = derivation?.kind === 'mean' ? derivation.step : rational(0n);
    const inUnits = moves.map((l1) => toNumber(multiply(rational(l1), step)));
    expect(inUnits).toContain(half * ROWS);
  });

  it('keeps its fraction where sums are scaled down to the bound on rows', async () => {
    const gauze = await open({ policy: POLICY, as: 'analyst', directory: folder, ledger: memoryStore() });
    const { columns } = await gauze.query(SHARE, { epsilon: 10_000 });
    expect(Math.abs(Number(columns[0]?.values[0]) - EARLY / VISITS)).toBeLessThan(0.005);
    await gauze.close();
  });
});
