/** Small worlds: a policy, tables with hostile cells, the same rows in DuckDB for engines and as arrays for the interpreter. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { SqlType } from '../../src/ask/types.ts';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { openWasm } from '../../src/engine/duckdb-wasm.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type Dataset, type Policy, type PolicyInput, policyFromObject } from '../../src/policy/index.ts';
import { type Cell, cell, type Raw } from './cells.ts';
import type { Database, StoredRow } from './interpreter/database.ts';

/** A column as DuckDB stores it and as the policy reads it; `key` for units and links. */
export interface WorldColumn {
  readonly stored: string;
  readonly type: SqlType;
}

/** A table: cells by column, in rows. */
export interface WorldTable {
  readonly columns: Readonly<Record<string, WorldColumn>>;
  readonly rows: readonly Readonly<Record<string, Raw>>[];
}

export type WorldTables = Readonly<Record<string, WorldTable>>;

/** Everything a question needs to be asked and answered twice. */
export interface World {
  readonly policy: Policy;
  readonly dataset: Dataset;
  readonly database: Database;
  /** Engines over the tables, with the portable selection hash. */
  readonly engines: readonly Engine[];
  close(): Promise<void>;
}

/** What `openWorld` needs: a policy as an object whose one data set has `source: data.duckdb`, and its tables. */
export interface WorldParts {
  readonly policy: PolicyInput;
  readonly tables: WorldTables;
  /** Units that have withdrawn. */
  readonly withdrawn?: readonly string[];
}

/** Writes the tables and opens every engine over them; pairs are selected by the portable hash, or by DuckDB's own. */
export async function openWorld(
  { policy: object, tables, withdrawn = [] }: WorldParts,
  hash: 'portable' | 'own' = 'portable',
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'gauze-world-'));
  await writeTables(join(folder, 'data.duckdb'), tables);
  const policy = policyFromObject(object);
  const dataset = [...policy.datasets.values()][0] as Dataset;
  const place = { policyDirectory: folder, portableHash: hash === 'portable' };
  const engines = [await openNative({ ...place, threads: 1 }), await openWasm(place)];
  for (const engine of engines) await engine.attach(policy, dataset, withdrawn);
  return {
    policy,
    dataset,
    database: databaseOf(tables, dataset, withdrawn),
    engines,
    close: async () => {
      for (const engine of engines) await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A DuckDB file of the tables. */
export async function writeTables(path: string, tables: WorldTables, more: readonly string[] = []): Promise<void> {
  const instance = await DuckDBInstance.create(path, { threads: '1' });
  const connection = await instance.connect();
  const statements = [...Object.entries(tables).flatMap(([name, table]) => tableSql(name, table)), ...more];
  await connection.run(['BEGIN', ...statements, 'COMMIT', 'CHECKPOINT'].join(';\n'));
  connection.closeSync();
  instance.closeSync();
}

function tableSql(name: string, { columns, rows }: WorldTable): string[] {
  const listed = Object.entries(columns);
  const create = `CREATE TABLE "${name}" (${listed.map(([column, { stored }]) => `"${column}" ${stored}`).join(', ')})`;
  if (rows.length === 0) return [create];
  const values = rows.map((row) => `(${listed.map(([column, { type }]) => cellOf(row, column, type).sql).join(', ')})`);
  return [create, `INSERT INTO "${name}" VALUES ${values.join(', ')}`];
}

function cellOf(row: Readonly<Record<string, Raw>>, column: string, type: SqlType): Cell {
  return cell(row[column] ?? null, type);
}

/** The tables as the tree reads them: NaN and dates outside the calendar are NULL, withdrawn units are gone. */
export function databaseOf(tables: WorldTables, dataset: Dataset, withdrawn: readonly string[]): Database {
  const unitColumn = (table: string): string | null => {
    const unit = dataset.tables.get(table)?.unit;
    return unit?.kind === 'column' ? unit.column : null;
  };
  const read = new Map<string, readonly StoredRow[]>(
    Object.entries(tables).map(([name, { columns, rows }]) => {
      const listed = Object.entries(columns);
      const cells = rows.map(
        (row): StoredRow =>
          Object.fromEntries(listed.map(([column, { type }]) => [column, cellOf(row, column, type).value])),
      );
      const unit = unitColumn(name);
      return [
        name,
        cells.filter((row) => unit === null || !withdrawn.includes(String(row[unit])) || row[unit] === null),
      ];
    }),
  );
  return { rows: (_dataset, table) => read.get(table) ?? [], unitColumn: (_dataset, table) => unitColumn(table) };
}
