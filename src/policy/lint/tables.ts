/** Tables and columns: unused, wrongly public, or better not listed. */
import { foldName } from '../fold-name.ts';
import { directIdentifier } from '../identifier.ts';
import type { Dataset, Policy, Table } from '../policy.ts';
import { type LintFinding, tablesOf, usableColumns } from './finding.ts';

/** Below five units a private group is small enough to be guessed at. */
const MINIMUM_UNITS_LOW = 5;

/** Groups shown from very few units. */
export function* minimumUnitsLow(policy: Policy): Generator<LintFinding> {
  for (const dataset of policy.datasets.values()) {
    if (dataset.minimumUnits >= MINIMUM_UNITS_LOW) continue;
    yield {
      code: 'MINIMUM_UNITS_LOW',
      severity: 'warning',
      where: `datasets.${dataset.name}.minimumUnits`,
      message: `Privately selected groups may stand for as few as ${dataset.minimumUnits} units.`,
      next: 'Write at least 5; health statistics use 5 to 11.',
    };
  }
}

/** Policies without anything to ask. */
export function* policyEmpty(policy: Policy): Generator<LintFinding> {
  if (policy.datasets.size > 0) return;
  yield {
    code: 'POLICY_EMPTY',
    severity: 'warning',
    where: 'datasets',
    message: 'The policy has no data set.',
    next: 'Write one, or start from gauze init FILE.',
  };
}

/** Tables that nothing can be asked of. */
export function* tableUnused(policy: Policy): Generator<LintFinding> {
  for (const { dataset, table, where } of tablesOf(policy)) {
    if (table.columns.size > 0 || isReferredTo(dataset, table)) continue;
    yield {
      code: 'TABLE_UNUSED',
      severity: 'note',
      where,
      message: table.public
        ? 'No column of this public table is listed, so nothing can be read from it.'
        : 'No column of this table is listed: its rows and units can be counted, and nothing else.',
      next: 'List the columns that are needed, or remove the table.',
    };
  }
}

function isReferredTo(dataset: Dataset, table: Table): boolean {
  const through = [...dataset.tables.values()].some(
    ({ unit }) => unit?.kind === 'through' && unit.table === table.name,
  );
  return through || dataset.unit.table === table.name;
}

/** A public table that holds a unit's column is hardly public. */
export function* publicWithUnit(policy: Policy): Generator<LintFinding> {
  for (const { dataset, table, where } of tablesOf(policy)) {
    const unit = [...table.columns.keys()].find((name) => foldName(name) === foldName(dataset.unit.column));
    if (!table.public || unit === undefined) continue;
    yield {
      code: 'TABLE_PUBLIC_WITH_UNIT',
      severity: 'warning',
      where,
      message: `The table is public, so it is read without any protection, and it lists ${unit}, the privacy unit.`,
      next: `If its rows belong to units, write unit: ${unit} instead of public: true.`,
    };
  }
}

/** The unit's own table not declared unique: joins to it then need bounds that cost accuracy. */
export function* uniqueMissing(policy: Policy): Generator<LintFinding> {
  for (const { dataset, table, where } of tablesOf(policy)) {
    if (table.name !== dataset.unit.table || table.unique) continue;
    yield {
      code: 'UNIQUE_MISSING',
      severity: 'note',
      where,
      message:
        'The table of the privacy unit is not declared to hold one row for each unit; answers from it are noisier.',
      next: 'If it does, write unique: true; it is verified at registration.',
    };
  }
}

/** Declarations without effect on columns that are only joined on. */
export function* joinIdle(policy: Policy): Generator<LintFinding> {
  for (const { table, where } of tablesOf(policy)) {
    const unit = table.unit?.kind === 'column' ? foldName(table.unit.column) : null;
    for (const column of table.columns.values()) {
      const place = `${where}.columns.${column.name}`;
      if (foldName(column.name) === unit) {
        yield {
          code: 'UNIT_LISTED',
          severity: 'note',
          where: place,
          message: 'This is the privacy unit: it can be joined and counted without being listed, and is never shown.',
          next: 'Remove the line.',
        };
      } else if (
        column.use === 'join' &&
        (column.values !== null || column.bounds !== null || column.boundsBy !== null || column.step !== null)
      ) {
        yield {
          code: 'JOIN_DECLARATION_IDLE',
          severity: 'note',
          where: place,
          message:
            'A column used for joins alone is never grouped by or added up: its values, bounds or step do nothing.',
          next: 'Remove them, or remove use: join.',
        };
      }
    }
  }
}

/** Names that promise a direct identifier or free text. */
export function* identifierListed(policy: Policy): Generator<LintFinding> {
  for (const { column, where } of usableColumns(policy)) {
    const reason = directIdentifier(column.name);
    if (reason === null || column.values !== null || column.type === 'boolean') continue;
    yield {
      code: 'IDENTIFIER_LISTED',
      severity: 'warning',
      where,
      message: `By its name the column holds ${reason}. No statistic needs it.`,
      next: 'Remove the line, or write use: join if tables are joined on it.',
    };
  }
}

/** Two data sets over the same file: what is learnt from both about one person adds up, and no budget sees it. */
export function* sourceShared(policy: Policy): Generator<LintFinding> {
  const first = new Map<string, string>();
  for (const { dataset, table } of tablesOf(policy)) {
    const file = table.public ? null : (table.file ?? dataset.source);
    if (file === null) continue;
    const other = first.get(file) ?? dataset.name;
    first.set(file, other);
    if (other === dataset.name) continue;
    first.set(file, dataset.name);
    yield {
      code: 'SOURCE_SHARED',
      severity: 'warning',
      where: `datasets.${dataset.name}`,
      message: `${dataset.name} and ${other} read the same file: a unit in both loses the sum of both budgets.`,
      next: 'Put the tables into one data set, or count both budgets together.',
    };
  }
}
