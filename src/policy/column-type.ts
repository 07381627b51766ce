/** The type a column of a table has in questions. */
import type { PolicyColumn, Table } from './policy.ts';

/** `key`, opaque, for the unit, listed or not. Links are among the columns (`withLinkColumns`), of the type they lead to. */
export function columnType(table: Table, name: string): PolicyColumn['type'] | 'key' {
  const isUnit = table.unit?.kind === 'column' && table.unit.column === name;
  return isUnit ? 'key' : (table.columns.get(name)?.type ?? 'key');
}
