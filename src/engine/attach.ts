/** Tables of a policy as views with canonical columns, under names of gauze's own. */
import { invariant } from '../errors.ts';
import { columnType } from '../policy/column-type.ts';
import { foldName } from '../policy/fold-name.ts';
import type { Bounds, Dataset, Policy, Table } from '../policy/policy.ts';
import type { AttachedTable } from './dialect/duckdb.ts';
import { quoted } from './dialect/literal.ts';
import type { Within } from './dialect/local-time.ts';
import { unfit } from './failures.ts';
import { type Mapped, mapColumn, mapText, type Wanted } from './mapping.ts';
import { Misfits } from './misfits.ts';
import { storeWithdrawals, type UnitRows, type Withdrawals, withoutWithdrawn } from './withdrawals.ts';

/** Where a table's rows come from, as an adapter found them. */
export interface SourceTable {
  /** SQL that stands in FROM. */
  readonly from: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** True for text files: every column is text, and is read once. */
  readonly text: boolean;
}

/** The part of attaching that differs between engines. */
export interface SourceHost {
  /** Finds a table. @throws GauzeError POLICY_INVALID when file or table is missing */
  locate(dataset: Dataset, table: Table): Promise<SourceTable>;
  execute(sql: string): Promise<void>;
}

/** What is attached, by data set and table. */
export interface Attachments {
  readonly tables: Map<string, AttachedTable & { readonly public: boolean }>;
  /** Units left out, by data set, and the table that lists them; null where there are none. */
  readonly withdrawn: Map<string, { readonly units: Withdrawals; readonly list: string | null }>;
  /** Tables that hold their unit, by data set, with the rows of everybody. */
  readonly holders: Map<string, readonly UnitRows[]>;
}

/** Key of `Attachments.tables`. */
export function tableKey(dataset: string, table: string): string {
  return JSON.stringify([dataset, table]);
}

/**
 * Attaches the tables of a data set, and the public tables of all others: a question may join those.
 *
 * @param withdrawn - units whose rows are left out
 * @throws GauzeError POLICY_INVALID naming every table and column that the data do not have as the policy says
 */
export async function attachTables(
  policy: Policy,
  dataset: Dataset,
  withdrawn: Withdrawals,
  host: SourceHost,
  attached: Attachments,
): Promise<void> {
  const left = await listOf(dataset, withdrawn, host, attached);
  const misfits = new Misfits();
  try {
    for (const owner of policy.datasets.values()) {
      for (const table of owner.tables.values()) {
        if (owner.name !== dataset.name && !table.public) continue;
        if (!attached.tables.has(tableKey(owner.name, table.name)))
          await attachTable(owner, table, left, host, attached, misfits);
      }
    }
  } finally {
    // What was found before a file turned out to be no data file is told first.
    misfits.throwIfAny(policy);
  }
}

/** The table that lists who is left out of a data set; null where nobody is. */
async function listOf(
  { name }: Dataset,
  units: Withdrawals,
  host: SourceHost,
  { withdrawn }: Attachments,
): Promise<string | null> {
  const known = withdrawn.get(name);
  if (known !== undefined) {
    invariant(known.units.join() === units.join(), 'a data set is attached with one list of withdrawals');
    return known.list;
  }
  const list = units.length === 0 ? null : await storeWithdrawals(units, withdrawn.size, (sql) => host.execute(sql));
  withdrawn.set(name, { units, list });
  return list;
}

/** Attaches a table without the units that `left` lists; what does not fit of it is left to `misfits`. */
async function attachTable(
  owner: Dataset,
  table: Table,
  left: string | null,
  host: SourceHost,
  attached: Attachments,
  misfits: Misfits,
): Promise<void> {
  const source = await misfits.attempt([owner.name, table.name], () => host.locate(owner, table));
  if (source === undefined) return;
  const mapped = await mapTable(owner, table, source, misfits);
  const unit = table.unit?.kind === 'column' ? table.unit.column : null;
  const { select, columns } = selectOf(mapped, source);
  const held = unit === null ? undefined : columns.get(unit);
  const everybody = held === undefined ? null : { select, unit: { name: held.name, stored: held.nature.stored } };
  const rows = left === null || everybody === null ? select : withoutWithdrawn(everybody, left);
  const from = `"gauze"."t${attached.tables.size}"`;
  // Text is parsed once, when attached; everything else is read in place.
  await host.execute(`CREATE ${source.text ? 'TABLE' : 'VIEW'} ${from} AS ${rows}`);
  if (everybody !== null) {
    attached.holders.set(owner.name, [...(attached.holders.get(owner.name) ?? []), everybody]);
  }
  attached.tables.set(tableKey(owner.name, table.name), {
    from,
    columns,
    unit,
    unique: table.unique,
    public: table.public,
  });
}

/** Every column that is wanted of a table, as it is read; those that do not fit are left to `misfits`. */
async function mapTable(
  dataset: Dataset,
  table: Table,
  source: SourceTable,
  misfits: Misfits,
): Promise<ReadonlyMap<string, Mapped>> {
  const columns = new Map<string, Mapped>();
  for (const [name, wanted] of wantedColumns(dataset, table)) {
    const mapped = await misfits.attempt([dataset.name, table.name, name], () => {
      const found = findColumn(source, name);
      if (found === null) {
        throw unfit(wanted.place, 'the data have no such column', 'Correct the name, or leave the column out.');
      }
      return source.text ? mapText(quoted(found.name), wanted) : mapColumn(quoted(found.name), found.type, wanted);
    });
    if (mapped !== undefined) columns.set(name, mapped);
  }
  return columns;
}

/** All rows of a table, its columns under gauze's names. */
function selectOf(
  mappings: ReadonlyMap<string, Mapped>,
  source: SourceTable,
): Pick<AttachedTable, 'columns'> & Pick<UnitRows, 'select'> {
  const columns = new Map<string, { name: string; nature: Mapped['nature'] }>();
  const items: string[] = [];
  for (const [name, mapped] of mappings) {
    const alias = `"k${columns.size}"`;
    columns.set(name, { name: alias, nature: mapped.nature });
    items.push(`${mapped.sql} AS ${alias}`);
  }
  const select = `SELECT ${items.length === 0 ? '1 AS "one"' : items.join(', ')} FROM ${source.from}`;
  return { select, columns };
}

/** Listed columns, the unit, and the columns that links to the unit need. */
function wantedColumns(dataset: Dataset, table: Table): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const want = (name: string): void => {
    const type = columnType(table, name);
    const declared = table.columns.get(name);
    const within = type === 'timestamp' ? momentsOf(declared?.bounds ?? null) : null;
    const place = `${dataset.name}.${table.name}.${name}`;
    if (!wanted.has(name)) wanted.set(name, { place, type, zone: declared?.zone ?? null, within });
  };
  for (const column of table.columns.values()) want(column.name);
  if (table.unit?.kind === 'column') want(table.unit.column);
  if (table.unit?.kind === 'through') want(table.unit.on);
  for (const other of dataset.tables.values()) {
    if (other.unit?.kind === 'through' && other.unit.table === table.name) want(other.unit.on);
  }
  return wanted;
}

function momentsOf(bounds: Bounds | null): Within | null {
  if (typeof bounds?.low !== 'bigint' || typeof bounds.high !== 'bigint') return null;
  return { low: bounds.low, high: bounds.high };
}

/** The column of this name; in another case only where exactly one is meant. */
function findColumn(source: SourceTable, name: string): { name: string; type: string } | null {
  const exact = source.columns.find((column) => column.name === name);
  if (exact !== undefined) return exact;
  const folded = source.columns.filter((column) => foldName(column.name) === foldName(name));
  return folded.length === 1 ? (folded[0] ?? null) : null;
}
