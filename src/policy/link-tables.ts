/** What tables of one data set say about each other: the unit's table, and units reached through other tables. */
import { splitsOf } from './dotted.ts';
import { foldName } from './fold-name.ts';
import { nearest } from './nearest.ts';
import type { MapNode, PolicyNode } from './node.ts';
import type { Table, TableUnit } from './policy.ts';
import type { Problems } from './problems.ts';
import { printName } from './read-fields.ts';
import type { TableDraft } from './read-table.ts';

/** Tables by folded name. */
export type Drafts = ReadonlyMap<string, TableDraft>;

/**
 * Table and column of `unit: table.column`. Names may hold dots themselves, so every dot is tried as the one between.
 * Null, with a problem, when the table is not there, is public, or holds its unit elsewhere.
 */
export function linkUnit(
  node: PolicyNode,
  path: string,
  drafts: Drafts,
  problems: Problems,
): { readonly table: string; readonly column: string } | null {
  const text = node.kind === 'scalar' ? node.text : '';
  const splits = splitsOf(text);
  if (splits.length === 0) {
    problems.atKey(
      node,
      path,
      'The unit is a table and its column.',
      'Write it as table.column, such as person.person_id.',
    );
    return null;
  }
  const candidates = splits
    .map((split) => ({ draft: drafts.get(foldName(split.table)), column: split.column }))
    .filter(({ draft }) => draft !== undefined);
  const found = candidates.find(({ draft, column }) => isUnitOf(draft?.table, column)) ?? candidates[0];
  const draft = found?.draft;
  if (found === undefined || draft === undefined) {
    const names = [...drafts.values()].map(({ table }) => table.name);
    const meant = nearest(splits[0]!.table, names);
    problems.atValue(
      node,
      path,
      `The data set lists no table ${printName(splits[0]!.table)}.`,
      meant === null ? 'List the table that holds the unit under tables.' : `Write ${meant}.${splits[0]!.column}.`,
    );
    return null;
  }
  return holdsUnit(draft, found.column, node, path, problems);
}

function isUnitOf(table: Table | undefined, column: string): boolean {
  return table?.unit?.kind === 'column' && foldName(table.unit.column) === foldName(column);
}

function holdsUnit(
  { table, unit }: TableDraft,
  column: string,
  node: PolicyNode,
  path: string,
  problems: Problems,
): { readonly table: string; readonly column: string } | null {
  if (table.unit?.kind === 'column') {
    if (isUnitOf(table, column)) return { table: table.name, column: table.unit.column };
    problems.atValue(
      node,
      path,
      `The unit is said to be ${printName(column)}, and the table ${printName(table.name)} says ${printName(table.unit.column)}.`,
      `Write ${table.name}.${table.unit.column} here, or unit: ${column} in the table.`,
    );
  } else if (table.public) {
    problems.atValue(
      node,
      path,
      `The table ${printName(table.name)} is public, so it holds no unit.`,
      'Name the protected table that has one row for each person.',
    );
  } else if (unit !== null && table.unit !== null) {
    problems.atValue(
      node,
      path,
      `The table ${printName(table.name)} reaches its unit through another table.`,
      'Name the table that holds the unit in a column of its own.',
    );
  }
  return null;
}

/** Tables with the names they refer to spelled as declared; problems where a reference leads nowhere. */
export function linkThrough(drafts: Drafts, problems: Problems): ReadonlyMap<string, Table> {
  const tables = new Map<string, Table>();
  for (const draft of drafts.values()) {
    const { unit } = draft.table;
    const linked =
      unit?.kind === 'through' ? { ...draft.table, unit: link(draft, unit, drafts, problems) } : draft.table;
    tables.set(linked.name, linked);
  }
  return tables;
}

type Through = Extract<TableUnit, { kind: 'through' }>;

function link(draft: TableDraft, unit: Through, drafts: Drafts, problems: Problems): TableUnit {
  const path = `${draft.named.path}.unit`;
  const target = drafts.get(foldName(unit.table));
  const node = draft.unit as MapNode;
  const throughNode = valueUnder(node, 'through');
  const onNode = valueUnder(node, 'on');
  if (target === undefined) {
    const names = [...drafts.values()].map(({ table }) => table.name).filter((name) => name !== draft.table.name);
    const meant = nearest(unit.table, names);
    problems.atValue(
      throughNode,
      `${path}.through`,
      `The data set lists no table ${printName(unit.table)}.`,
      meant === null ? 'Name a table of the same data set, and list it.' : `Write through: ${printName(meant)}.`,
    );
    return unit;
  }
  const named = printName(target.table.name);
  if (target.table.public) {
    problems.atValue(
      throughNode,
      `${path}.through`,
      `The table ${named} is public and holds no unit.`,
      'Name a protected table.',
    );
    return unit;
  }
  if (isCyclic(draft, drafts)) {
    problems.atValue(
      throughNode,
      `${path}.through`,
      `The way to the unit runs in a circle: ${named} reaches it through this table or through itself.`,
      'Let one of the tables name the column that holds the unit: unit: person_id.',
    );
    return unit;
  }
  checkOn(draft, target, unit, onNode, `${path}.on`, problems);
  const column = target.listed.get(foldName(unit.on));
  return { kind: 'through', table: target.table.name, on: column?.name ?? unit.on };
}

function valueUnder(node: MapNode, name: string): PolicyNode {
  return node.entries.find(({ key }) => key.text === name)?.value ?? node;
}

/** Whether following `through` from this table comes back to a table seen before. */
function isCyclic(start: TableDraft, drafts: Drafts): boolean {
  const seen = new Set<TableDraft>();
  for (let at: TableDraft | undefined = start; at !== undefined; ) {
    if (seen.has(at)) return true;
    seen.add(at);
    at = at.table.unit?.kind === 'through' ? drafts.get(foldName(at.table.unit.table)) : undefined;
  }
  return false;
}

/** The joined column must be listed where it is unique; the table that joins need not list it. */
function checkOn(
  draft: TableDraft,
  target: TableDraft,
  unit: Through,
  node: PolicyNode,
  path: string,
  problems: Problems,
): void {
  const named = printName(target.table.name);
  if (target.table.unit?.kind === 'column' && foldName(target.table.unit.column) === foldName(unit.on)) {
    problems.atValue(
      node,
      path,
      `${printName(unit.on)} is the unit itself, so no other table is needed to reach it.`,
      `Write unit: ${printName(unit.on)}.`,
    );
    return;
  }
  if (!target.listed.has(foldName(unit.on))) {
    const meant = nearest(unit.on, [...target.table.columns.keys()]);
    problems.atValue(
      node,
      path,
      `The table ${named} lists no column ${printName(unit.on)}.`,
      meant === null
        ? `List it there: ${printName(unit.on)}: { type: integer, use: join }.`
        : `Write on: ${printName(meant)}, or list ${printName(unit.on)} in ${named}.`,
    );
    return;
  }
  const [own, other] = [draft, target].map(({ table }) =>
    [...table.columns.values()].find((column) => foldName(column.name) === foldName(unit.on)),
  );
  if (own !== undefined && other !== undefined && own.type !== other.type) {
    problems.atValue(
      node,
      path,
      `${printName(unit.on)} is ${own.type} here and ${other.type} in ${named}.`,
      `Declare both as ${other.type}.`,
    );
  }
}
