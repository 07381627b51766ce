/** Link columns that a table does not list itself. */
import { foldName } from './fold-name.ts';
import type { PolicyColumn, Table } from './policy.ts';

/**
 * Tables that reach their unit through another, with the column they are joined on: where a table does not list it, it
 * is of the type that the other table says, so that a question can write the same join.
 */
export function withLinkColumns(tables: ReadonlyMap<string, Table>): ReadonlyMap<string, Table> {
  return new Map([...tables].map(([name, table]) => [name, withLinkColumn(table, tables)]));
}

function withLinkColumn(table: Table, tables: ReadonlyMap<string, Table>): Table {
  const { unit, columns } = table;
  if (unit?.kind !== 'through') return table;
  const folded = foldName(unit.on);
  if ([...columns.keys()].some((name) => foldName(name) === folded)) return table;
  const target = tables.get(unit.table)?.columns.get(unit.on);
  if (target === undefined) return table;
  const link: PolicyColumn = {
    ...target,
    values: null,
    bounds: null,
    boundsBy: null,
    step: null,
    nullable: true,
    use: 'join',
  };
  return { ...table, columns: new Map([[link.name, link], ...columns]) };
}
