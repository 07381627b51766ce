/** Types that the OMOP CDM gives its columns (versions 5.3 and 5.4), for files that hold none. */
import { foldName } from '../fold-name.ts';
import { type DraftTable, isUntyped } from './catalog.ts';

/** Columns whose name ends like another type's, or like none. */
const NAMED: Readonly<Record<string, string>> = {
  vocabulary_id: 'VARCHAR',
  domain_id: 'VARCHAR',
  concept_class_id: 'VARCHAR',
  relationship_id: 'VARCHAR',
  reverse_relationship_id: 'VARCHAR',
  unique_device_id: 'VARCHAR',
  production_id: 'VARCHAR',
  year_of_birth: 'INTEGER',
  month_of_birth: 'INTEGER',
  day_of_birth: 'INTEGER',
  days_supply: 'INTEGER',
  refills: 'INTEGER',
  gap_days: 'INTEGER',
  drug_exposure_count: 'INTEGER',
  condition_occurrence_count: 'INTEGER',
  min_levels_of_separation: 'INTEGER',
  max_levels_of_separation: 'INTEGER',
  box_size: 'INTEGER',
  value_as_number: 'DOUBLE',
  range_low: 'DOUBLE',
  range_high: 'DOUBLE',
  quantity: 'DOUBLE',
  dose_value: 'DOUBLE',
  amount_value: 'DOUBLE',
  numerator_value: 'DOUBLE',
  denominator_value: 'DOUBLE',
};

const ENDINGS: readonly (readonly [ending: string, type: string])[] = [
  ['_datetime', 'TIMESTAMP'],
  ['_date', 'DATE'],
  ['_id', 'BIGINT'],
];

/** The table with the types of the CDM, where its file holds text alone. */
export function typedByOmop(table: DraftTable): DraftTable {
  if (!isUntyped(table)) return table;
  const columns = table.columns.map(({ name, type }) => ({ name, type: typeOf(foldName(name)) ?? type }));
  return { ...table, columns };
}

function typeOf(name: string): string | null {
  if (Object.hasOwn(NAMED, name)) return NAMED[name]!;
  return ENDINGS.find(([ending]) => name.endsWith(ending))?.[1] ?? null;
}
