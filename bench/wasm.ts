/** P12: the same plans on duckdb-wasm and on native DuckDB with one thread, over the same file. */
import { openNative } from '../src/engine/duckdb-native.node.ts';
import { openWasm } from '../src/engine/duckdb-wasm.node.ts';
import type { Engine } from '../src/engine/engine.ts';
import { Sealed } from '../src/engine/sealed.ts';
import { interleaved } from './interleave.ts';
import { planOf, type Reader, readerOf } from './reader.ts';
import type { Figure } from './report.ts';
import { benchPolicy, tableFile } from './table.ts';

const ROUNDS = 7;
const WASM_ROWS = Number(process.env.GAUZE_BENCH_WASM_ROWS ?? 1_000_000);

const CASES: readonly (readonly [what: string, sql: string])[] = [
  ['bounded pairs', 'SELECT gl, COUNT(*), SUM(v), AVG(v), COUNT(DISTINCT unit_id) FROM visits.t GROUP BY gl'],
  ['unique unit', 'SELECT g1k, COUNT(*), SUM(v), AVG(v) FROM people.t GROUP BY g1k'],
];

/** Measures both engines. @throws Error when their statistics differ */
export async function wasm(): Promise<Figure[]> {
  const policy = benchPolicy(await tableFile(WASM_ROWS));
  const engines: Engine[] = [await openNative({ threads: 1 }), await openWasm()];
  const readers: Reader[] = [];
  for (const engine of engines) {
    for (const dataset of policy.datasets.values()) await engine.attach(policy, dataset);
    readers.push(await readerOf(engine));
  }
  const [native, web] = readers as [Reader, Reader];
  const figures: Figure[] = [];
  for (const [what, sql] of CASES) {
    const plan = planOf(sql, policy);
    const answers = [];
    for (const reader of readers) answers.push(statistics(await reader.run(plan, await reader.warrant(plan))));
    if (answers[0] !== answers[1]) throw new Error(`${what}: wasm and native differ.`);
    const warrants = new Map<Reader, Awaited<ReturnType<Reader['warrant']>>>();
    const run = (reader: Reader) => (): Promise<Sealed> => {
      const warrant = warrants.get(reader);
      if (warrant === undefined) throw new Error('Every run has a warrant.');
      return reader.run(plan, warrant);
    };
    const times = await interleaved(ROUNDS, { native: run(native), web: run(web) }, async () => {
      for (const reader of readers) warrants.set(reader, await reader.warrant(plan));
    });
    figures.push({
      id: 'P12',
      what: `${what}: wasm / native, one thread, ${WASM_ROWS.toLocaleString('en')} rows`,
      figure: times.web.wall / times.native.wall,
      cpu: times.web.cpu / times.native.cpu,
      times: [times.web.wall, times.native.wall],
      unit: '×',
      bar: 3,
      stretch: 2,
      more: false,
    });
  }
  for (const engine of engines) await engine.close();
  return figures;
}

/** Statistics by key, as text. */
function statistics(sealed: Sealed): string {
  const set = Sealed.unseal(sealed).questions[0]?.sets[0];
  const rows = Array.from({ length: set?.groups ?? 0 }, (_, row) =>
    [set?.keys[0]?.[row], ...(set?.statistics ?? []).map((column) => column[row])].join(),
  );
  return rows.sort().join(';');
}
