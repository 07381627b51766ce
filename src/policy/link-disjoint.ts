/** The column that splits the units of a data set into parts. */
import { splitsOf } from './dotted.ts';
import { foldName } from './fold-name.ts';
import type { Drafts } from './link-tables.ts';
import { nearest } from './nearest.ts';
import type { PolicyNode } from './node.ts';
import type { Dataset } from './policy.ts';
import type { Problems } from './problems.ts';
import { printName } from './read-fields.ts';
import type { TableDraft } from './read-table.ts';

/**
 * Table and column of `disjoint: table.column`. Null, with a problem, unless it is a column with public values of a table
 * that holds each unit itself, in one row: only then has a unit one value.
 */
export function linkDisjoint(node: PolicyNode, path: string, drafts: Drafts, problems: Problems): Dataset['disjoint'] {
  const splits = splitsOf(node.kind === 'scalar' ? node.text : '');
  if (splits.length === 0) {
    problems.atKey(node, path, 'This is a table and its column.', 'Write table.column, such as person.site.');
    return null;
  }
  const candidates = splits
    .map((split) => ({ draft: drafts.get(foldName(split.table)), column: split.column }))
    .filter((one): one is { draft: TableDraft; column: string } => one.draft !== undefined);
  const found = candidates.find(({ draft, column }) => draft.listed.has(foldName(column))) ?? candidates[0];
  if (found === undefined) {
    const meant = nearest(
      splits[0]!.table,
      [...drafts.values()].map(({ table }) => table.name),
    );
    problems.atValue(
      node,
      path,
      `The data set lists no table ${printName(splits[0]!.table)}.`,
      meant === null ? 'Name the table that has one row for each unit.' : `Write ${meant}.${splits[0]!.column}.`,
    );
    return null;
  }
  return splitsUnits(found.draft, found.column, node, path, problems);
}

function splitsUnits(
  { table, listed }: TableDraft,
  column: string,
  node: PolicyNode,
  path: string,
  problems: Problems,
): Dataset['disjoint'] {
  const named = printName(table.name);
  const refuse = (what: string, next: string): null => {
    problems.atValue(node, path, what, next);
    return null;
  };
  if (!listed.has(foldName(column))) {
    const meant = nearest(column, table.columns.keys());
    return refuse(
      `The table ${named} lists no column ${printName(column)}.`,
      meant === null ? 'List it there, with its values.' : `Write ${table.name}.${meant}, or list the column.`,
    );
  }
  const found = [...table.columns.values()].find(({ name }) => foldName(name) === foldName(column));
  // Problems of a table's unit and of a column are reported where they stand.
  if (found === undefined || (table.unit === null && !table.public)) return null;
  if (table.public || table.unit?.kind !== 'column' || !table.unique) {
    return refuse(
      `The table ${named} is not declared to hold each unit itself, in one row: a unit could be in several parts.`,
      table.unit?.kind === 'column'
        ? `Write unique: true in ${named}, if it is so.`
        : 'Name a column of the table that has one row for each unit.',
    );
  }
  if (found.values === null) {
    return refuse(
      `${named}.${printName(found.name)} has no public values, so the parts are not known beforehand.`,
      `List them: ${printName(found.name)}: { type: ${found.type}, values: [ … ] }.`,
    );
  }
  return { table: table.name, column: found.name };
}
