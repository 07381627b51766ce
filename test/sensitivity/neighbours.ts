/** Databases that differ by the rows of single privacy units, in one file, so that one engine answers over all of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdmittedUnits } from '../../src/ask/ir.ts';
import type { Value } from '../../src/ask/types.ts';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { openWasm } from '../../src/engine/duckdb-wasm.node.ts';
import type { Engine, Readable } from '../../src/engine/engine.ts';
import { type Dataset, type Policy, policyFromObject, type Table } from '../../src/policy/index.ts';
import type { Raw } from '../conformance/cells.ts';
import { admits } from '../conformance/interpreter/admitted.ts';
import { databaseOf, type WorldParts, type WorldTables, writeTables } from '../conformance/world.ts';

/** A world with some units present or gone: variant v lacks unit i of `gone` where bit i of v is set. */
export interface Neighbours {
  readonly policy: Policy;
  readonly engine: Engine;
  /** Units that some variants lack. */
  readonly gone: readonly Raw[];
  readonly variants: number;
  /** Whether a unit is among those that a question is about. */
  counts(unit: Raw, units: AdmittedUnits): boolean;
  close(): Promise<void>;
}

/** Opens all variants of a world. Table `t` of variant v is stored as `t_v`. */
export async function openNeighbours(
  parts: WorldParts,
  gone: readonly Raw[],
  engineName: 'native' | 'wasm',
): Promise<Neighbours> {
  const folder = mkdtempSync(join(tmpdir(), 'gauze-neighbours-'));
  const policy = policyFromObject(parts.policy);
  const dataset = [...policy.datasets.values()][0] as Dataset;
  const variants = 2 ** gone.length;
  await writeTables(join(folder, 'data.duckdb'), allVariants(parts.tables, dataset, gone, variants));
  const place = { policyDirectory: folder, portableHash: false };
  const engine = engineName === 'native' ? await openNative({ ...place, threads: 1 }) : await openWasm(place);
  const stored: Dataset = { ...dataset, tables: storedTables(dataset, variants) };
  const { withdrawn = [] } = parts;
  await engine.attach({ ...policy, datasets: new Map([[dataset.name, stored]]) }, stored, withdrawn);
  const database = databaseOf(parts.tables, dataset, withdrawn);
  return {
    policy,
    engine,
    gone,
    variants,
    counts: (unit, units) => !withdrawn.includes(String(unit)) && admits(units, unit as Value, dataset.name, database),
    close: async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function allVariants(tables: WorldTables, dataset: Dataset, gone: readonly Raw[], variants: number): WorldTables {
  const stored: [string, WorldTables[string]][] = [];
  for (let variant = 0; variant < variants; variant++) {
    const left = without(
      tables,
      dataset,
      gone.filter((_, index) => lacks(variant, index)),
    );
    for (const [name, table] of Object.entries(left)) {
      // A table is a set of rows: how they are stored must not matter, so neighbours are stored in opposite orders.
      const rows = variant.toString(2).replaceAll('0', '').length % 2 === 0 ? table.rows : [...table.rows].reverse();
      if (dataset.tables.get(name)?.public !== true) stored.push([storedName(name, variant), { ...table, rows }]);
      else if (variant === 0) stored.push([name, table]);
    }
  }
  return Object.fromEntries(stored);
}

/** Whether a variant lacks unit `index` of those gone. */
export function lacks(variant: number, index: number): boolean {
  return ((variant >> index) & 1) === 1;
}

function storedName(table: string, variant: number): string {
  return `${table}_${variant}`;
}

function storedTables(dataset: Dataset, variants: number): ReadonlyMap<string, Table> {
  const tables = new Map<string, Table>();
  for (const [name, table] of dataset.tables) {
    if (table.public) tables.set(name, table);
    else {
      for (let variant = 0; variant < variants; variant++) {
        const { unit } = table;
        const reached = unit?.kind === 'through' ? { ...unit, table: storedName(unit.table, variant) } : unit;
        tables.set(storedName(name, variant), { ...table, name: storedName(name, variant), unit: reached });
      }
    }
  }
  return tables;
}

/** Tables without the rows of some units, and without the rows that reach them through other tables. */
export function without(tables: WorldTables, dataset: Dataset, gone: readonly Raw[]): WorldTables {
  const kept = new Map<string, WorldTables[string]>();
  const keep = (name: string): WorldTables[string] => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const table = tables[name] as WorldTables[string];
    const unit = dataset.tables.get(name)?.unit ?? null;
    const rows = table.rows.filter((row) => {
      if (unit === null) return true;
      if (unit.kind === 'column') return !gone.includes(row[unit.column] ?? null);
      const link = row[unit.on] ?? null;
      const target = (tables[unit.table] as WorldTables[string]).rows;
      const there = (keep(unit.table) as WorldTables[string]).rows;
      const owner = target.find((one) => link !== null && one[unit.on] === link);
      return owner === undefined || there.includes(owner);
    });
    kept.set(name, { ...table, rows });
    return { ...table, rows };
  };
  return Object.fromEntries(Object.keys(tables).map((name) => [name, keep(name)]));
}

/** The questions of a plan over the tables of one variant, with every group shown whatever its number of units. */
export function inVariant(
  questions: Readable['questions'],
  { policy }: Neighbours,
  variant: number,
): Readable['questions'] {
  const isProtected = (dataset: string, table: string): boolean =>
    policy.datasets.get(dataset)?.tables.get(table)?.public === false;
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renamed);
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, renamed(part)]));
    const table = copy as { kind?: string; dataset?: string; table?: string; units?: AdmittedUnits };
    return table.kind === 'table' && isProtected(table.dataset ?? '', table.table ?? '')
      ? {
          ...table,
          table: storedName(table.table ?? '', variant),
          ...(table.units === undefined ? {} : { units: unitsIn(table.units, variant) }),
        }
      : copy;
  };
  return questions.map(({ bounded }) => ({
    bounded: { ...(renamed(bounded) as typeof bounded), minimumUnits: null },
  }));
}

function unitsIn({ consent, part }: AdmittedUnits, variant: number): AdmittedUnits {
  return {
    consent: consent === null ? null : { ...consent, table: storedName(consent.table, variant) },
    part: part === null ? null : { ...part, table: storedName(part.table, variant) },
  };
}
