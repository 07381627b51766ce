/**
 * P1–P4 and P6: bounded questions on native DuckDB against plain queries over the same file with as many threads.
 * F0 is the plain query without COUNT(DISTINCT unit), F1 the same with it.
 */
import { openNative } from '../src/engine/duckdb-native.node.ts';
import { interleaved, type Timing } from './interleave.ts';
import { openFloor, planOf, type Reader, readerOf } from './reader.ts';
import { assertBounded, assertUniform } from './reference.ts';
import type { Figure } from './report.ts';
import { benchPolicy, ROWS, THREADS, tableFile } from './table.ts';

/** At least seven for figures that are quoted. */
const ROUNDS = Number(process.env.GAUZE_BENCH_ROUNDS ?? 7);

interface Case {
  readonly id: string;
  readonly what: string;
  readonly key: string | null;
  readonly dataset: 'visits' | 'people';
  readonly floor: 'F0' | 'F1';
  readonly bar: number;
  readonly stretch: number;
}

const CASES: readonly Case[] = [
  { id: 'P1', what: 'unique unit, 10 groups', key: 'g10', dataset: 'people', floor: 'F0', bar: 3, stretch: 2.4 },
  { id: 'P1', what: 'unique unit, 1,000 groups', key: 'g1k', dataset: 'people', floor: 'F0', bar: 3, stretch: 2.4 },
  { id: 'P1', what: 'unique unit, 100,000 groups', key: 'g100k', dataset: 'people', floor: 'F0', bar: 3, stretch: 2.4 },
  { id: 'P2', what: 'ungrouped', key: null, dataset: 'visits', floor: 'F1', bar: 1.8, stretch: 1.2 },
  { id: 'P3', what: '≤ 20 % of units over L0', key: 'gl', dataset: 'visits', floor: 'F1', bar: 1.7, stretch: 1.4 },
  { id: 'P4', what: '≥ 90 % over, 10 groups', key: 'g10', dataset: 'visits', floor: 'F1', bar: 2.6, stretch: 2 },
  { id: 'P4', what: '≥ 90 % over, 1,000 groups', key: 'g1k', dataset: 'visits', floor: 'F1', bar: 2.6, stretch: 2 },
  { id: 'P4', what: '≥ 90 % over, 100,000 groups', key: 'g100k', dataset: 'visits', floor: 'F1', bar: 2.6, stretch: 2 },
];

const TWO: readonly string[] = ['COUNT(*)', 'SUM(v)'];
const FIVE: readonly string[] = [...TWO, 'AVG(v)', 'COUNT(DISTINCT unit_id)', 'SUM(iv)'];

/** Measures the plans. @throws Error when a statistic differs from the slow reference */
export async function scans(): Promise<Figure[]> {
  const file = await tableFile(ROWS);
  const policy = benchPolicy(file);
  const engine = await openNative({ threads: THREADS });
  const floor = await openFloor(file, THREADS);
  try {
    for (const dataset of policy.datasets.values()) await engine.attach(policy, dataset);
    const reader = await readerOf(engine);
    const plan = (aggregates: readonly string[], { dataset, key }: Pick<Case, 'dataset' | 'key'>) =>
      planOf(`SELECT ${list(key, aggregates)} FROM ${dataset}.t${by(key)}`, policy);
    await assertUniform(reader, policy, floor);
    const figures: Figure[] = [];
    for (const one of CASES) {
      const aggregates = ['COUNT(*)', 'SUM(v)', 'AVG(v)', ...(one.floor === 'F1' ? ['COUNT(DISTINCT unit_id)'] : [])];
      const planned = plan(aggregates, one);
      await assertBounded(planned, reader, floor, one.key, one.dataset === 'people' ? 'rid' : 'unit_id');
      const plain = `SELECT ${list(one.key, aggregates)} FROM t${by(one.key)}`;
      const timings = await race(reader, planned, () => floor.query(plain));
      figures.push(ratio(one, `${one.what} / ${one.floor}`, timings.gauze, timings.floor));
    }
    const [two, five] = [TWO, FIVE].map((aggregates) => plan(aggregates, { dataset: 'visits', key: 'gl' }));
    if (two === undefined || five === undefined) throw new Error('Both plans exist.');
    const timings = await race(reader, five, async () => reader.run(two, await reader.warrant(two)));
    const p6 = { id: 'P6', bar: 1.5, stretch: 1.3 };
    return [...figures, ratio(p6, 'five aggregates / two, same plan', timings.gauze, timings.floor)];
  } finally {
    floor.close();
    await engine.close();
  }
}

function list(key: string | null, aggregates: readonly string[]): string {
  return [...(key === null ? [] : [key]), ...aggregates].join(', ');
}

function by(key: string | null): string {
  return key === null ? '' : ` GROUP BY ${key}`;
}

async function race(
  reader: Reader,
  plan: Parameters<Reader['run']>[0],
  floor: () => Promise<unknown>,
): Promise<Record<'gauze' | 'floor', Timing>> {
  let warrant = await reader.warrant(plan);
  return interleaved(ROUNDS, { gauze: () => reader.run(plan, warrant), floor }, async () => {
    warrant = await reader.warrant(plan);
  });
}

function ratio(
  { id, bar, stretch }: Pick<Case, 'id' | 'bar' | 'stretch'>,
  what: string,
  measured: Timing,
  floor: Timing,
): Figure {
  const times = [measured.wall, floor.wall] as const;
  const [figure, cpu] = [measured.wall / floor.wall, measured.cpu / floor.cpu];
  return { id, what, figure, unit: '×', bar, stretch, more: false, cpu, times };
}
