/** The type a column of a table has in questions. */
import type { Dataset, PolicyColumn, Table } from './policy.ts';

/**
 * `key`, opaque, for the unit, listed or not. A column that ties a table to its unit has the type it is listed with, here
 * or in the table it leads to, so that the two compare; `key` where neither lists it.
 */
export function columnType(dataset: Dataset, table: Table, name: string): PolicyColumn['type'] | 'key' {
  const { unit } = table;
  if (unit?.kind === 'column' && unit.column === name) return 'key';
  const listed = table.columns.get(name);
  if (listed !== undefined) return listed.type;
  const target = unit?.kind === 'through' && unit.on === name ? dataset.tables.get(unit.table) : undefined;
  return target === undefined ? 'key' : columnType(dataset, target, name);
}
