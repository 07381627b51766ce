/** Which units a question is about, by looking at every row of theirs. */
import type { AdmittedUnits } from '../../../src/ask/ir.ts';
import type { Value } from '../../../src/ask/types.ts';
import { type Database, identity, type StoredRow } from './database.ts';

/** Whether a unit is among those admitted. Units stored as numbers here and as texts there are the same by their text. */
export function admits({ consent, part }: AdmittedUnits, unit: Value, dataset: string, database: Database): boolean {
  const rowsOfUnit = (table: string): readonly StoredRow[] => {
    const column = database.unitColumn(dataset, table);
    if (column === null) throw new Error(`${table} does not hold the unit.`);
    return database.rows(dataset, table).filter((row) => row[column] != null && String(row[column]) === String(unit));
  };
  if (unit === null) return false;
  if (consent !== null) {
    const said = rowsOfUnit(consent.table).map((row) => row[consent.column] ?? null);
    const isOneOf = (values: readonly Value[]): boolean =>
      said.some((value) => value !== null && values.some((one) => identity(one) === identity(value)));
    if (!isOneOf(consent.permits) || isOneOf(consent.refusals)) return false;
  }
  if (part === null) return true;
  const [row, ...others] = rowsOfUnit(part.table);
  if (others.length > 0) throw new Error(`${part.table} has several rows of one unit.`);
  return row !== undefined && identity(row[part.column] ?? null) === identity(part.value.value);
}
