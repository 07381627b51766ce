/** What the page of the browser tests can do; runs in the browser, over gauze's browser entry alone. */
import { AsyncDuckDB, type AsyncDuckDBConnection, VoidLogger } from '@duckdb/duckdb-wasm';
import { type DataSource, GauzeError, open, registerData, type Session } from '../../src/index.ts';

const BUNDLE = {
  mainModule: new URL('/duckdb-eh.wasm', location.href),
  mainWorker: new URL('/duckdb-browser-eh.worker.js', location.href),
  parquet: new URL('/parquet_wasm_bg.wasm', location.href),
};

/** How a page can come by its data. */
export type Kind = 'duckdb' | 'parquet' | 'csv' | 'connection';

/** What a question came to: an answer in plain values, or the code of the refusal. */
export interface Outcome {
  readonly error: string | null;
  readonly rows: readonly (readonly (string | number | null)[])[];
  readonly cost: number;
  readonly remaining: number | null;
  readonly recalled: boolean;
  readonly stages: readonly string[];
}

/** Options of a question that can travel to the page; `abortAt`: the stage at which it is aborted. */
export interface Wish {
  readonly epsilon: number;
  readonly timeout?: number;
  readonly abortAt?: string;
}

let session: Session | null = null;
let connection: AsyncDuckDBConnection | null = null;

async function bytesOf(name: string): Promise<Blob> {
  return (await fetch(`/data/${name}`)).blob();
}

/** DuckDB as a Blob, Parquet as bytes, CSV by address. */
async function sourcesOf(kind: Kind): Promise<Record<string, DataSource>> {
  if (kind === 'duckdb') return { 'hospital.duckdb': new File([await bytesOf('hospital.duckdb')], 'any name') };
  if (kind === 'csv') {
    const names = ['patient.csv', 'visit.csv.gz', 'ward_name.csv'];
    return Object.fromEntries(names.map((name) => [name, new URL(`/data/${name}`, location.href)]));
  }
  if (kind === 'connection') return {};
  const sources: Record<string, DataSource> = {};
  for (const name of ['patient', 'visit-1', 'visit-2', 'ward_name']) {
    sources[`${name}.parquet`] = new Uint8Array(await (await bytesOf(`${name}.parquet`)).arrayBuffer());
  }
  return sources;
}

/** A database of the page's own, with many visits. */
async function ownConnection(): Promise<AsyncDuckDBConnection> {
  if (connection !== null) return connection;
  const database = new AsyncDuckDB(new VoidLogger(), new Worker(BUNDLE.mainWorker));
  await database.instantiate(String(BUNDLE.mainModule));
  await database.open({ path: ':memory:' });
  const made = await database.connect();
  for (const sql of [
    'CREATE TABLE patient AS SELECT i AS person_id, 1950 AS birth_year, CAST(NULL AS VARCHAR) AS sex FROM range(1, 40001) AS r(i)',
    `CREATE TABLE visit AS SELECT i AS visit_id, 1 + i % 40000 AS person_id, DATE '2020-01-01' AS start_date,
     TIMESTAMP '2020-01-01 00:00:00' + INTERVAL (i) SECOND AS arrived, 'ward ' || i % 1000 AS ward, true AS urgent,
     i % 50 / 2 AS cost FROM range(1000000) AS r(i)`,
    "CREATE TABLE ward_name AS SELECT 'ward 1' AS ward, 'one' AS name",
  ]) {
    await made.query(sql);
  }
  connection = made;
  return made;
}

async function outcome(work: () => Promise<Omit<Outcome, 'error' | 'stages'>>, stages: string[]): Promise<Outcome> {
  try {
    return { error: null, stages, ...(await work()) };
  } catch (error) {
    const code = error instanceof GauzeError ? error.code : String(error);
    return { error: code, rows: [], cost: 0, remaining: null, recalled: false, stages };
  }
}

const page = {
  /** Opens a session; the code of the error, or null. */
  open: async (policy: string, kind: Kind, name: string): Promise<string | null> => {
    try {
      const own = kind === 'connection' ? { connection: await ownConnection() } : { bundle: BUNDLE };
      session = await open({ policy, as: 'tester', name, sources: await sourcesOf(kind), ...own });
      return null;
    } catch (error) {
      return error instanceof GauzeError ? `${error.code}: ${error.message}` : String(error);
    }
  },
  register: async (policy: string, kind: Kind, name: string): Promise<readonly string[]> =>
    registerData({ policy, name, bundle: BUNDLE, sources: await sourcesOf(kind) }),
  close: async (): Promise<void> => session?.close(),
  ask: (sql: string, { abortAt, ...wish }: Wish): Promise<Outcome> => {
    const stages: string[] = [];
    const controller = new AbortController();
    return outcome(async () => {
      const release = await (session as Session).query(sql, {
        ...wish,
        signal: controller.signal,
        onProgress: (stage) => {
          stages.push(stage);
          if (stage === abortAt) setTimeout(() => controller.abort());
        },
      });
      const rows = release.columns[0]?.values.map((_, row) =>
        release.columns.map(({ values }) => {
          const value = values[row] ?? null;
          return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : value;
        }),
      );
      return {
        rows: rows ?? [],
        cost: release.cost.epsilon,
        remaining: release.remaining?.epsilon ?? null,
        recalled: release.recalled,
      };
    }, stages);
  },
  /** A statement of the page's own, on its own connection: the first value. */
  own: async (sql: string): Promise<string> => String((await connection?.query(sql))?.getChildAt(0)?.get(0)),
  /** Timers that fired meanwhile: the page stays alive. */
  ticks: async (milliseconds: number): Promise<number> => {
    const end = performance.now() + milliseconds;
    let ticks = 0;
    while (performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      ticks += 1;
    }
    return ticks;
  },
};

declare global {
  interface Window {
    gauzePage: typeof page;
  }
}

window.gauzePage = page;
