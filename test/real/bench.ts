/** The real data behind gauze and behind plain DuckDB. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { openWasm } from '../../src/engine/duckdb-wasm.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { memoryStore, open, parsePolicy, type Release, type Session } from '../../src/index.node.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { RealQuestion } from './question.ts';

/** Folder of the data sets; null where this machine has none. */
export const DATA: string | null = process.env.GAUZE_DATA_DIR ?? null;

export type EngineKind = 'native' | 'wasm';

const POLICIES = ['diabetes130', 'omop-gibleed', 'omop-synthea27', 'heart4', 'census'] as const;
const SETS = ['diabetes130', 'omop-gibleed', 'omop-synthea27', 'adult', 'pums-ca-1000'];

/** The data sets under the names the policies give them, in a folder of their own; nothing is copied but 920 rows. */
export class Bench {
  readonly folder: string;
  readonly #plain: DuckDBConnection;
  readonly #engines = new Map<EngineKind, Engine>();
  readonly #policies = new Map<string, Policy>();

  private constructor(folder: string, plain: DuckDBConnection) {
    this.folder = folder;
    this.#plain = plain;
  }

  static async open(data: string): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'gauze-real-'));
    for (const name of SETS) symlinkSync(join(data, name), join(folder, name));
    const plain = await (await DuckDBInstance.create()).connect();
    // The hospitals number their patients each from one: a person is a hospital and a number.
    await plain.run(
      `COPY (SELECT concat(site, '-', person_no) AS person, * FROM '${join(data, 'heart4', 'heart.parquet')}')
       TO '${join(folder, 'heart4.parquet')}' (FORMAT parquet)`,
    );
    return new Bench(folder, plain);
  }

  policy(name: RealQuestion['policy']): Policy {
    const known = this.#policies.get(name);
    if (known !== undefined) return known;
    const policy = parsePolicy(readFileSync(new URL(`${name}.yaml`, import.meta.url), 'utf8'));
    this.#policies.set(name, policy);
    return policy;
  }

  /** A session with a ledger and answers of its own, on an engine that all sessions share. */
  async session(name: RealQuestion['policy'], kind: EngineKind = 'native'): Promise<Session> {
    const engine = this.#engines.get(kind) ?? (await this.#attached(kind));
    const shared: Engine = { ...engine, attach: async () => undefined, close: async () => undefined };
    return open({ policy: this.policy(name), as: 'researcher', engine: shared, ledger: memoryStore() });
  }

  async #attached(kind: EngineKind): Promise<Engine> {
    const engine = await (kind === 'native' ? openNative : openWasm)({ policyDirectory: this.folder });
    this.#engines.set(kind, engine);
    for (const name of POLICIES) {
      const policy = this.policy(name);
      for (const dataset of policy.datasets.values()) await engine.attach(policy, dataset);
    }
    return engine;
  }

  /** Rows of plain SQL over the same tables, every value as text. */
  async plain(name: RealQuestion['policy'], sql: string): Promise<readonly Readonly<Record<string, string | null>>[]> {
    for (const { tables } of this.policy(name).datasets.values()) {
      for (const table of tables.values()) {
        await this.#plain.run(
          `CREATE OR REPLACE TEMP VIEW "${table.name}" AS SELECT * FROM '${join(this.folder, table.file ?? '')}'`,
        );
      }
    }
    const reader = await this.#plain.runAndReadAll(sql);
    const names = reader.columnNames();
    return reader
      .getRowsJson()
      .map((row) => Object.fromEntries(row.map((value, at) => [names[at], value === null ? null : String(value)])));
  }

  async close(): Promise<void> {
    for (const engine of this.#engines.values()) await engine.close();
    this.#plain.closeSync();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One figure of an answer. */
export interface Figure {
  /** Keys of its row and name of its column. */
  readonly place: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Asks a question with a given ε. */
export function askReal(session: Session, question: RealQuestion, epsilon: number): Promise<Release> {
  return session.query(question.sql, {
    epsilon,
    ...(question.params === undefined ? {} : { params: question.params }),
    ...(question.delta === undefined ? {} : { delta: question.delta }),
    ...(question.contribution === undefined ? {} : { contribution: question.contribution }),
  });
}

/** The noisy figures of an answer, by place. */
export function figuresOf(release: Release, keys: readonly string[]): readonly Figure[] {
  const keyColumns = keys.map((name) => release.columns.find((column) => column.name === name));
  const rows = release.columns[0]?.values.length ?? 0;
  const figures = release.columns.filter((column) => !keys.includes(column.name));
  return figures.flatMap(({ name, values }) =>
    Array.from({ length: rows }, (_, row): Figure => {
      const at = keyColumns.map((column) => String(column?.values[row]));
      const value = values[row] ?? null;
      return {
        place: placeOf(at, name),
        value: value === null ? null : Number(value),
        low: release.intervals[name]?.low[row] ?? null,
        high: release.intervals[name]?.high[row] ?? null,
      };
    }),
  );
}

/** The figures of plain SQL, by place. */
export function truthOf(
  rows: readonly Readonly<Record<string, string | null>>[],
  keys: readonly string[],
): ReadonlyMap<string, number | null> {
  const truth = new Map<string, number | null>();
  for (const row of rows) {
    const at = keys.map((name) => String(row[name]));
    for (const [name, value] of Object.entries(row)) {
      if (!keys.includes(name)) truth.set(placeOf(at, name), value === null ? null : Number(value));
    }
  }
  return truth;
}

function placeOf(at: readonly string[], name: string): string {
  return [...at, name].join(' · ');
}
