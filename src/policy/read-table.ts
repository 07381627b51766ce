/** One table with its columns. What it says about other tables is checked in `link-tables.ts`. */
import type { Declared } from './declared.ts';
import { BY_FIELDS } from './fields/column.ts';
import { TABLE_FIELDS, THROUGH_FIELDS } from './fields/table.ts';
import { foldName } from './fold-name.ts';
import { nearest } from './nearest.ts';
import type { PolicyNode } from './node.ts';
import type { Bounds, PolicyColumn, Table, TableUnit } from './policy.ts';
import type { Problems } from './problems.ts';
import { type ColumnDraft, readBounds, readColumn } from './read-column.ts';
import { type Named, printName, readFields, readName, readNamed } from './read-fields.ts';
import { readPath } from './read-path.ts';
import { readFlag, readValue } from './read-value.ts';
import type { TypedValue } from './value.ts';

/** A table as read, with the nodes that later checks point at. */
export interface TableDraft {
  readonly table: Table;
  readonly named: Named;
  /** The value of `unit`, or null where there is none. */
  readonly unit: PolicyNode | null;
  /** Columns as listed, by folded name, also those with problems. */
  readonly listed: ReadonlyMap<string, Named>;
}

/** Reads a table of a data set; null, with problems, when it is no map. */
export function readTable(
  named: Named,
  dataset: string,
  hasSource: boolean,
  declared: Declared,
  problems: Problems,
): TableDraft | null {
  const { value: node, path, name } = named;
  const found = readFields(node, path, TABLE_FIELDS, problems);
  if (found === null) return null;
  const before = problems.count;
  const isPublic = readFlag(found.public, false, `${path}.public`, problems);
  const isKnown = problems.count === before;
  const unique = readFlag(found.unique, false, `${path}.unique`, problems);
  const unit = found.unit === undefined ? null : readUnit(found.unit, `${path}.unit`, problems);
  if (isPublic) refuseUnit(found.unit, unique ? found.unique : undefined, path, problems);
  else if (found.unit === undefined && isKnown) {
    problems.atKey(
      node,
      path,
      'The table says neither whose its rows are nor that it is public.',
      'Write unit: and the column that holds the privacy unit, or public: true.',
    );
  }
  const file = found.file === undefined ? null : readFile(found.file, `${path}.file`, problems);
  if (found.file === undefined && !hasSource) {
    problems.atKey(
      node,
      path,
      'The table names no file, and its data set has no source.',
      `Write file: ${name}.parquet here, or source: and a DuckDB file in the data set.`,
    );
  }
  const listed =
    found.columns === undefined ? [] : readNamed(found.columns, `${path}.columns`, 'sex: { type: text }', problems);
  const drafts = listed.map((column) => readColumn(column, declared, problems)).filter((draft) => draft !== null);
  const columns = linkBounds(drafts, listed, problems);
  const key = found.key === undefined ? null : readKey(found.key, `${path}.key`, isPublic, listed, problems);
  const table: Table = {
    name,
    dataset,
    file,
    public: isPublic,
    key,
    unit: isPublic ? null : unit,
    unique: unique && !isPublic,
    columns: new Map(columns.map((column) => [column.name, asUnit(column, unit)])),
  };
  return {
    table,
    named,
    unit: found.unit ?? null,
    listed: new Map(listed.map((column) => [foldName(column.name), column])),
  };
}

/** The unit's column never becomes output or key, also where an officer lists it. */
function asUnit(column: PolicyColumn, unit: TableUnit | null): PolicyColumn {
  const isUnit = unit?.kind === 'column' && foldName(unit.column) === foldName(column.name);
  return isUnit && column.use !== 'join' ? { ...column, use: 'join' } : column;
}

function refuseUnit(
  unit: PolicyNode | undefined,
  unique: PolicyNode | undefined,
  path: string,
  problems: Problems,
): void {
  if (unit !== undefined) {
    problems.atKey(unit, `${path}.unit`, 'A public table has no unit.', 'Remove unit, or public: true.');
  }
  if (unique !== undefined) {
    problems.atKey(
      unique,
      `${path}.unique`,
      'A public table has no unit to be unique.',
      'Remove unique. If a column holds each value once, say so with key, such as key: code.',
    );
  }
}

/** The listed column that is the key of a public table. */
function readKey(
  node: PolicyNode,
  path: string,
  isPublic: boolean,
  listed: readonly Named[],
  problems: Problems,
): string | null {
  if (!isPublic) {
    problems.atKey(
      node,
      path,
      'Only a public table has a key; rows of this one belong to units.',
      'Remove key; unique: true says that a table has one row for each unit.',
    );
    return null;
  }
  if (node.kind === 'list') {
    problems.atValue(
      node,
      path,
      'A key is one column that holds each value once.',
      'Name that column, such as key: code; where only several columns together tell rows apart, remove key.',
    );
    return null;
  }
  const name = readName(node, path, problems);
  if (name === null) return null;
  const column = listed.find((one) => foldName(one.name) === foldName(name));
  if (column !== undefined) return column.name;
  const meant = nearest(
    name,
    listed.map((one) => one.name),
  );
  problems.atValue(
    node,
    path,
    `The table lists no column ${printName(name)}.`,
    meant === null
      ? 'Name a column of this table, and list it under columns.'
      : `Write key: ${printName(meant)}, or list the column.`,
  );
  return null;
}

function readUnit(node: PolicyNode, path: string, problems: Problems): TableUnit | null {
  if (node.kind !== 'map') {
    const column = readName(node, path, problems);
    return column === null ? null : { kind: 'column', column };
  }
  const found = readFields(node, path, THROUGH_FIELDS, problems);
  if (found?.through === undefined || found.on === undefined) return null;
  const table = readName(found.through, `${path}.through`, problems);
  const on = readName(found.on, `${path}.on`, problems);
  return table === null || on === null ? null : { kind: 'through', table, on };
}

/** Endings by which the engine knows how to read a file. */
const READABLE = /\.(?:parquet|parq|pq|(?:csv|tsv)(?:\.gz)?)$/i;
const DATABASE = /\.(?:duckdb|ddb|db)$/i;

/** Whether a file or glob is Parquet or CSV by its name. */
export function isTableFile(file: string): boolean {
  return READABLE.test(file);
}

function readFile(node: PolicyNode, path: string, problems: Problems): string | null {
  const file = readPath(node, path, problems);
  if (file === null || isTableFile(file)) return file;
  problems.atValue(
    node,
    path,
    `${printName(file)} is neither Parquet nor CSV by its name.`,
    DATABASE.test(file)
      ? 'Name a DuckDB file once, as the source of the data set, and leave file out.'
      : 'Write a file or glob that ends in .parquet or .csv.',
  );
  return null;
}

/** Reads bounds by code now that the deciding columns are known. */
function linkBounds(
  drafts: readonly ColumnDraft[],
  listed: readonly Named[],
  problems: Problems,
): readonly PolicyColumn[] {
  return drafts.map((draft) =>
    draft.by === null ? draft.column : { ...draft.column, boundsBy: readBy(draft, draft.by, drafts, listed, problems) },
  );
}

function readBy(
  draft: ColumnDraft,
  node: PolicyNode,
  drafts: readonly ColumnDraft[],
  listed: readonly Named[],
  problems: Problems,
): PolicyColumn['boundsBy'] {
  const path = `${draft.named.path}.bounds`;
  const found = readFields(node, path, BY_FIELDS, problems);
  if (found?.by === undefined || found.of === undefined) return null;
  const name = readName(found.by, `${path}.by`, problems);
  if (name === null) return null;
  const others = drafts.filter((other) => other !== draft).map((other) => other.column);
  const by = others.find((column) => foldName(column.name) === foldName(name));
  if (by === undefined) {
    // A column that is listed with problems of its own has them reported already.
    if (listed.some((column) => column.name !== draft.column.name && foldName(column.name) === foldName(name)))
      return null;
    const meant = nearest(
      name,
      others.map((column) => column.name),
    );
    problems.atValue(
      found.by,
      `${path}.by`,
      `The table lists no other column ${printName(name)}.`,
      meant === null ? 'Name a column of the same table, and list it.' : `Write by: ${printName(meant)}.`,
    );
    return null;
  }
  return { column: by.name, of: readOf(found.of, draft.column, by, `${path}.of`, problems) };
}

function readOf(
  node: PolicyNode,
  column: PolicyColumn,
  by: PolicyColumn,
  path: string,
  problems: Problems,
): readonly { readonly key: TypedValue; readonly bounds: Bounds }[] {
  if (node.kind !== 'map' || node.entries.length === 0) {
    problems.atKey(
      node,
      path,
      `Bounds are needed for at least one ${printName(by.name)}.`,
      'Write for example { a1c: [3, 20] }.',
    );
    return [];
  }
  const of = new Map<TypedValue['value'], { key: TypedValue; bounds: Bounds }>();
  for (const entry of node.entries) {
    const value = readValue(entry.key, by.type, path, problems);
    if (value === undefined) continue;
    const bounds = readBounds(entry.value, column.type, column.step, `${path}.${printName(entry.key.text)}`, problems);
    if (of.has(value))
      problems.add(entry.key.span, path, `${entry.key.text} stands here twice.`, 'Keep one of the two.');
    else if (bounds !== null) of.set(value, { key: { type: by.type, value }, bounds });
  }
  return [...of.values()];
}
