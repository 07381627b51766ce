/**
 * Memory of one bounded question over many rows: `GAUZE_BENCH_ROWS=100000000 npx tsx bench/memory.ts`. DuckDB may hold
 * 3.2 GB and spills beyond; the figure is the peak of the whole process.
 */
import { openNative } from '../src/engine/duckdb-native.node.ts';
import { Sealed } from '../src/engine/sealed.ts';
import { planOf, readerOf } from './reader.ts';
import { markdown } from './report.ts';
import { benchPolicy, ROWS, THREADS, tableFile } from './table.ts';

const LIMIT = process.env.GAUZE_BENCH_MEMORY ?? '3200MB';
const KEY = process.env.GAUZE_BENCH_KEY ?? 'g100k';

const policy = benchPolicy(await tableFile(ROWS));
const engine = await openNative({ threads: THREADS, memoryLimit: LIMIT });
for (const dataset of policy.datasets.values()) await engine.attach(policy, dataset);
const reader = await readerOf(engine);
const plan = planOf(
  `SELECT ${KEY}, COUNT(*), SUM(v), AVG(v), COUNT(DISTINCT unit_id) FROM visits.t GROUP BY ${KEY}`,
  policy,
);
const start = performance.now();
const sealed = await reader.run(plan, await reader.warrant(plan));
const seconds = (performance.now() - start) / 1000;
const groups = Sealed.unseal(sealed).questions[0]?.sets[0]?.groups ?? 0;
await engine.close();
const gibibytes = process.resourceUsage().maxRSS / 2 ** 20;
const what = `${ROWS.toLocaleString('en')} rows by ${KEY} (${groups} groups) in ${seconds.toFixed(0)} s, DuckDB limited to ${LIMIT}`;
console.log(markdown([{ id: 'memory', what, figure: gibibytes, unit: 'GiB', bar: 4, stretch: 4, more: false }]));
