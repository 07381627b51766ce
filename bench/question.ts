/** What a question costs beside its SQL: P7, P8, P9, and parsing with analysis. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableToIPC } from 'apache-arrow';
import { systemBits } from '../src/crypto/entropy.ts';
import { openNative } from '../src/engine/duckdb-native.node.ts';
import type { Engine } from '../src/engine/engine.ts';
import { Sealed } from '../src/engine/sealed.ts';
import { open } from '../src/index.node.ts';
import { answerOf } from '../src/release/answer.ts';
import { measure } from '../src/release/measure.ts';
import { median } from './interleave.ts';
import { planOf } from './reader.ts';
import type { Figure } from './report.ts';
import { benchPolicy, tableFile } from './table.ts';

const ROUNDS = 40;
const SMALL = 1000;
const MIDDLE = 200_000;

/** Measures whole questions and their parts. @throws Error when an answer does not have the groups it must have */
export async function questions(): Promise<Figure[]> {
  return [await overhead(), await smallest(), await manyGroups(), await analysis()];
}

/** Milliseconds of `query` calls over a table, and of the engine's read inside them. Every call has an ε of its own. */
async function session(rows: number, sql: string, groups: number): Promise<{ total: Spent[]; read: Spent[] }> {
  const file = await tableFile(rows);
  const directory = mkdtempSync(join(tmpdir(), 'gauze-bench-'));
  const timed = timedEngine(await openNative({ threads: 2 }));
  const gauze = await open({ policy: benchPolicy(file), as: 'bench', engine: timed.engine, directory });
  const total: Spent[] = [];
  for (let round = 0; round < ROUNDS + 5; round++) {
    const spent = stopwatch();
    const release = await gauze.query(sql, { epsilon: (1 + round / 1000).toFixed(3) });
    total.push(spent());
    if (release.table.numRows !== groups) throw new Error(`${release.table.numRows} groups, not ${groups}.`);
  }
  await gauze.close();
  rmSync(directory, { recursive: true });
  return { total: total.slice(5), read: timed.times.slice(5) };
}

function timedEngine(engine: Engine): { readonly engine: Engine; readonly times: Spent[] } {
  const times: Spent[] = [];
  const prepare: Engine['prepare'] = (plan, salt) => {
    const printing = stopwatch();
    const read = engine.prepare(plan, salt);
    const printed = printing();
    return {
      run: async (...args) => {
        const spent = stopwatch();
        try {
          return await read.run(...args);
        } finally {
          const { wall, cpu } = spent();
          times.push({ wall: printed.wall + wall, cpu: printed.cpu + cpu });
        }
      },
    };
  };
  return { engine: { ...engine, prepare }, times };
}

interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

/** Milliseconds since now, when called. */
function stopwatch(): () => Spent {
  const usage = process.cpuUsage();
  const start = performance.now();
  return () => {
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(usage);
    return { wall, cpu: (user + system) / 1000 };
  };
}

function medians(spent: readonly Spent[]): { figure: number; cpu: number } {
  return { figure: median(spent.map(({ wall }) => wall)), cpu: median(spent.map(({ cpu }) => cpu)) };
}

async function overhead(): Promise<Figure> {
  const sql = 'SELECT g1k, COUNT(*) AS n, SUM(v) AS total, AVG(v) AS mean FROM visits.t GROUP BY g1k';
  const { total, read } = await session(MIDDLE, sql, 1000);
  const rest = total.map((all, round) => ({
    wall: all.wall - (read[round]?.wall ?? 0),
    cpu: all.cpu - (read[round]?.cpu ?? 0),
  }));
  const what = '1,000 groups: a question less its reading (parse, proof, ledger, noise, intervals, Arrow, receipt)';
  return { id: 'P7', what, ...medians(rest), unit: 'ms', bar: 10, stretch: 5, more: false };
}

async function smallest(): Promise<Figure> {
  const sql = 'SELECT g10, COUNT(*) AS n, SUM(v) AS total FROM visits.t GROUP BY g10';
  const { total } = await session(SMALL, sql, 10);
  return {
    id: 'P8',
    what: 'end to end over 1,000 rows, warm',
    ...medians(total),
    unit: 'ms',
    bar: 12,
    stretch: 6,
    more: false,
  };
}

const GROUPS = 100_000;

async function manyGroups(): Promise<Figure> {
  const policy = benchPolicy(await tableFile(SMALL));
  const plan = planOf(
    'SELECT g100k, COUNT(*) AS n, SUM(v) AS total, SUM(iv) AS days FROM visits.t GROUP BY g100k',
    policy,
  );
  const keys = [Array.from({ length: GROUPS }, (_, group) => BigInt(group))];
  const width = plan.questions[0]?.bounded.statistics.length ?? 0;
  const statistics = Array.from({ length: width }, (_, at) =>
    BigInt64Array.from({ length: GROUPS }, (_, group) => BigInt((group * 7919 + at) % 100_000)),
  );
  const times: Spent[] = [];
  for (let round = 0; round < 12; round++) {
    const sealed = Sealed.seal({ questions: [{ sets: [{ groups: GROUPS, keys, statistics }] }], domains: [[null]] });
    const spent = stopwatch();
    const noisy = measure(plan, sealed, systemBits());
    const answer = await answerOf(plan, noisy, {
      level: 0.95,
      intervals: 'each',
      clip: false,
      readPublic: async () => ({ columns: [], values: [] }),
    });
    const table = answer.table({ cost: { epsilon: 1, delta: 0 }, policy: '', plan: plan.digest, receipt: null });
    if (round >= 2) times.push(spent());
    if (table.numRows !== GROUPS || tableToIPC(table).length < GROUPS * 32) throw new Error('Groups are missing.');
  }
  const what = '100,000 groups × 3 aggregates: noise, intervals, Arrow';
  return { id: 'P9', what, ...medians(times), unit: 'ms', bar: 150, stretch: 80, more: false };
}

const TWENTY_LINES = `WITH first_visit AS (
  SELECT
    unit_id,
    g10,
    v,
    row_number() OVER (PARTITION BY unit_id ORDER BY g1k, g10, v) AS n
  FROM visits.t
  WHERE v BETWEEN 20 AND 250
)
SELECT
  g10 AS clinic,
  CASE WHEN v < 90 THEN 'low' WHEN v < 140 THEN 'middle' ELSE 'high' END AS band,
  COUNT(*) AS people,
  AVG(v) AS mean,
  100.0 * COUNT(*) FILTER (WHERE v >= 160) / COUNT(*) AS percent
FROM first_visit
WHERE n = 1
  AND g10 IN (0, 1, 2, 3, 5, 8)
GROUP BY 1, 2
HAVING COUNT(*) > 20
ORDER BY clinic, people DESC`;

async function analysis(): Promise<Figure> {
  const policy = benchPolicy(await tableFile(SMALL));
  const times: Spent[] = [];
  for (let round = 0; round < 300; round++) {
    const spent = stopwatch();
    const plan = planOf(TWENTY_LINES.replace('20 AND 250', `20 AND ${250 + (round % 40)}`), policy);
    if (round >= 100) times.push(spent());
    if (plan.questions.length !== 1) throw new Error('The question has one scan.');
  }
  const what = 'parse and analysis of a question of 20 lines';
  return { id: 'parse', what, ...medians(times), unit: 'ms', bar: 2, stretch: 2, more: false };
}
