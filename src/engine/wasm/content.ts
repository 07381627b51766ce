/** A digest of a table's rows by SQL, for tables that are in no file. */
import type { Dataset, Table } from '../../policy/policy.ts';
import { type Attachments, tableKey } from '../attach.ts';

/** A query for one text that depends on the rows of an attached table and not on their order; null when it is not attached. */
export function contentQuery(dataset: Dataset, table: Table, attached: Attachments): string | null {
  const found = attached.tables.get(tableKey(dataset.name, table.name));
  if (found === undefined) return null;
  const row = [...found.columns.values()].map((column) => column.name);
  const hash = row.length === 0 ? '0' : `hash(ROW(${row.join(', ')}))`;
  const digits = `md5(CAST(${hash} AS VARCHAR))`;
  const half = (start: number): string => `sum(CAST('0x' || substr(${digits}, ${start}, 15) AS BIGINT))`;
  const text = `concat(count(*), ':', coalesce(${half(1)}, 0), ':', coalesce(${half(16)}, 0))`;
  return `SELECT ${text} AS "x0" FROM ${found.from}`;
}
