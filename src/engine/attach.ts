/** Tables of a policy as views with canonical columns, under names of gauze's own. */
import { columnType } from '../policy/column-type.ts';
import { foldName } from '../policy/fold-name.ts';
import type { Dataset, Policy, Table } from '../policy/policy.ts';
import type { AttachedTable } from './dialect/duckdb.ts';
import { quoted } from './dialect/literal.ts';
import { unfit } from './failures.ts';
import { type Mapped, mapColumn, mapText, type Wanted, type ZoneReader } from './mapping.ts';

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
  readonly zones: ZoneReader;
}

/** What is attached, by data set and table. */
export interface Attachments {
  readonly tables: Map<string, AttachedTable & { readonly public: boolean }>;
}

/** Key of `Attachments.tables`. */
export function tableKey(dataset: string, table: string): string {
  return JSON.stringify([dataset, table]);
}

/**
 * Attaches the tables of a data set, and the public tables of all others: a question may join those.
 *
 * @throws GauzeError POLICY_INVALID naming the table or column that the data do not have as the policy says
 */
export async function attachTables(
  policy: Policy,
  dataset: Dataset,
  host: SourceHost,
  attached: Attachments,
): Promise<void> {
  for (const owner of policy.datasets.values()) {
    for (const table of owner.tables.values()) {
      if (owner.name !== dataset.name && !table.public) continue;
      const key = tableKey(owner.name, table.name);
      if (attached.tables.has(key)) continue;
      const source = await host.locate(owner, table);
      const number = attached.tables.size;
      attached.tables.set(key, { ...(await attachTable(owner, table, source, number, host)), public: table.public });
    }
  }
}

async function attachTable(
  dataset: Dataset,
  table: Table,
  source: SourceTable,
  number: number,
  host: SourceHost,
): Promise<AttachedTable> {
  const columns = new Map<string, { name: string; nature: Mapped['nature'] }>();
  const items: string[] = [];
  for (const [name, wanted] of wantedColumns(dataset, table)) {
    const found = findColumn(source, name);
    if (found === null) {
      throw unfit(wanted.place, 'the data have no such column', 'Correct the name, or leave the column out.');
    }
    const mapped = source.text
      ? mapText(quoted(found.name), wanted)
      : mapColumn(quoted(found.name), found.type, wanted, host.zones);
    const alias = `"k${columns.size}"`;
    columns.set(name, { name: alias, nature: mapped.nature });
    items.push(`${mapped.sql} AS ${alias}`);
  }
  const from = `"gauze"."t${number}"`;
  const select = `SELECT ${items.length === 0 ? '1 AS "one"' : items.join(', ')} FROM ${source.from}`;
  // Text is parsed once, when attached; everything else is read in place.
  await host.execute(`CREATE ${source.text ? 'TABLE' : 'VIEW'} ${from} AS ${select}`);
  return { from, columns };
}

/** Listed columns, the unit, and the columns that links to the unit need. */
function wantedColumns(dataset: Dataset, table: Table): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const want = (name: string, zone: string | null): void => {
    const type = columnType(table, name);
    if (!wanted.has(name)) wanted.set(name, { place: `${dataset.name}.${table.name}.${name}`, type, zone });
  };
  for (const column of table.columns.values()) want(column.name, column.zone);
  if (table.unit?.kind === 'column') want(table.unit.column, null);
  if (table.unit?.kind === 'through') want(table.unit.on, null);
  for (const other of dataset.tables.values()) {
    if (other.unit?.kind === 'through' && other.unit.table === table.name) want(other.unit.on, null);
  }
  return wanted;
}

/** The column of this name; in another case only where exactly one is meant. */
function findColumn(source: SourceTable, name: string): { name: string; type: string } | null {
  const exact = source.columns.find((column) => column.name === name);
  if (exact !== undefined) return exact;
  const folded = source.columns.filter((column) => foldName(column.name) === foldName(name));
  return folded.length === 1 ? (folded[0] ?? null) : null;
}
