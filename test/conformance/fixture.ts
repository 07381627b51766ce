/** Tables made twice from the same cells: as a DuckDB file for engines, as arrays for the interpreter. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { SqlType, Value } from '../../src/ask/types.ts';
import type { Dataset, Policy, PolicyColumn, Table, TableUnit } from '../../src/policy/policy.ts';
import type { Database, StoredRow } from './interpreter/database.ts';

/** A column: DuckDB's type, the policy's type (null: not listed), and its cells as SQL beside what they mean. */
export interface FixtureColumn {
  readonly stored: string;
  readonly type: PolicyColumn['type'] | null;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly sql: string;
  readonly value: Value;
}

export interface FixtureTable {
  readonly unit: TableUnit | null;
  readonly unique?: boolean;
  readonly columns: Readonly<Record<string, FixtureColumn>>;
}

const LAST_DAY = 2_932_896;
const FIRST_DAY = -719_162;

/** A cell as SQL, and as the tree reads it: NaN and dates outside the calendar are NULL. */
export function cell(value: Value | 'infinite' | 'BC', type: SqlType): Cell {
  if (value === null) return { sql: 'NULL', value: null };
  switch (type) {
    case 'double':
      return { sql: `CAST('${value}' AS DOUBLE)`, value: Number.isNaN(value as number) ? null : value };
    case 'text':
      return { sql: `'${String(value).replaceAll("'", "''")}'`, value };
    case 'date':
      return dateCell(value);
    case 'timestamp':
      return momentCell(value);
    default:
      return { sql: String(value), value };
  }
}

function dateCell(value: Value): Cell {
  if (value === 'infinite') return { sql: "DATE 'infinity'", value: null };
  if (value === 'BC') return { sql: "DATE '0044-03-15 (BC)'", value: null };
  const days = value as number;
  return { sql: `DATE '1970-01-01' + CAST(${days} AS INTEGER)`, value: days < FIRST_DAY || days > LAST_DAY ? null : days };
}

function momentCell(value: Value): Cell {
  if (value === 'infinite') return { sql: "TIMESTAMP '-infinity'", value: null };
  if (value === 'BC') return { sql: "TIMESTAMP '0044-03-15 (BC) 10:00:00'", value: null };
  const micros = value as bigint;
  const day = 86_400_000_000n;
  const outside = micros < BigInt(FIRST_DAY) * day || micros >= BigInt(LAST_DAY + 1) * day;
  return { sql: `make_timestamp(${micros}::BIGINT)`, value: outside ? null : micros };
}

/** A folder with `data.duckdb`, its policy, and the same tables for the interpreter. */
export interface Fixture {
  readonly folder: string;
  readonly policy: Policy;
  readonly dataset: Dataset;
  readonly database: Database;
  remove(): void;
}

export const DATASET = 'net';

/** Writes a fixture. */
export async function makeFixture(tables: Readonly<Record<string, FixtureTable>>, unitOf: string): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'gauze-fixture-'));
  const instance = await DuckDBInstance.create(join(folder, 'data.duckdb'));
  const connection = await instance.connect();
  for (const [name, { columns }] of Object.entries(tables)) {
    const listed = Object.entries(columns);
    await connection.run(`CREATE TABLE "${name}" (${listed.map(([column, { stored }]) => `"${column}" ${stored}`).join(', ')})`);
    const rows = listed[0]![1].cells.length;
    for (let start = 0; start < rows; start += 200) {
      const values = Array.from({ length: Math.min(200, rows - start) }, (_, row) =>
        `(${listed.map(([, { cells }]) => cells[start + row]!.sql).join(', ')})`,
      );
      await connection.run(`INSERT INTO "${name}" VALUES ${values.join(', ')}`);
    }
  }
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  const [table, column] = unitOf.split('.') as [string, string];
  const dataset: Dataset = {
    name: DATASET,
    source: 'data.duckdb',
    unit: { table, column },
    contribution: { groups: 2, rows: 3 },
    budget: null,
    minimumUnits: 3,
    defaultDelta: null,
    tables: new Map(Object.entries(tables).map(([name, one]) => [name, policyTable(name, one)])),
  };
  return {
    folder,
    dataset,
    policy: { digest: 'fixture', datasets: new Map([[DATASET, dataset]]), principals: new Map() },
    database: databaseOf(tables),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function policyTable(name: string, { unit, unique, columns }: FixtureTable): Table {
  const listed = Object.entries(columns).flatMap(([column, { type }]): [string, PolicyColumn][] =>
    type === null
      ? []
      : [
          [
            column,
            { name: column, type, values: null, bounds: null, boundsBy: null, step: null, nullable: true, use: 'any', zone: null },
          ],
        ],
  );
  return {
    name,
    dataset: DATASET,
    file: null,
    public: unit === null,
    unit,
    unique: unique ?? false,
    columns: new Map(listed),
  };
}

function databaseOf(tables: Readonly<Record<string, FixtureTable>>): Database {
  const rows = new Map(
    Object.entries(tables).map(([name, { columns }]) => {
      const listed = Object.entries(columns);
      const all = listed[0]![1].cells.map(
        (_, row): StoredRow => Object.fromEntries(listed.map(([column, { cells }]) => [column, cells[row]!.value])),
      );
      return [name, all];
    }),
  );
  return { rows: (_, table) => rows.get(table) ?? [] };
}
