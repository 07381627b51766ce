/** One data set: its tables, whom it protects, and how much of one unit may enter an answer. */
import { CONTRIBUTION_FIELDS, DATASET_FIELDS, GROUPS_MOST, LIMIT_FIELDS } from './fields.ts';
import { foldName } from './fold-name.ts';
import { withLinkColumns } from './link-columns.ts';
import { linkThrough, linkUnit } from './link-tables.ts';
import type { PolicyNode } from './node.ts';
import type { BudgetLimit, Contribution, Dataset } from './policy.ts';
import type { Problems } from './problems.ts';
import { type Named, readFields, readNamed } from './read-fields.ts';
import { readDelta, readLimit } from './read-limit.ts';
import { readPath, readTable } from './read-table.ts';
import { readWhole } from './read-value.ts';

/** Cells of fewer than eleven persons are not shown by the rule of the US Medicare agency, the strictest in wide use. */
const MINIMUM_UNITS_DEFAULT = 11;

/** Reads a data set. Null, with problems, when a part without which it means nothing is wrong. */
export function readDataset(named: Named, problems: Problems): Dataset | null {
  const { value: node, path, name } = named;
  const found = readFields(node, path, DATASET_FIELDS, problems);
  if (found === null) return null;
  const source = found.source === undefined ? null : readPath(found.source, `${path}.source`, problems);
  const contribution =
    found.contribution === undefined ? null : readContribution(found.contribution, `${path}.contribution`, problems);
  const budget = found.budget === undefined ? null : readBudget(found.budget, `${path}.budget`, problems);
  const minimumUnits =
    found.minimumUnits === undefined
      ? MINIMUM_UNITS_DEFAULT
      : readWhole(found.minimumUnits, `${path}.minimumUnits`, DATASET_FIELDS.minimumUnits.example, problems);
  const defaultDelta =
    found.defaultDelta === undefined ? null : readDelta(found.defaultDelta, false, `${path}.defaultDelta`, problems);
  if (found.tables === undefined) return null;
  const listed = readNamed(found.tables, `${path}.tables`, 'person: { unit: person_id }', problems);
  if (listed.length === 0) {
    problems.atKey(
      found.tables,
      `${path}.tables`,
      'The data set lists no table.',
      `Write ${DATASET_FIELDS.tables.example}.`,
    );
  }
  const read = listed
    .map((table) => readTable(table, name, found.source !== undefined, problems))
    .filter((table) => table !== null);
  const drafts = new Map(read.map((draft) => [foldName(draft.table.name), draft]));
  const tables = withLinkColumns(linkThrough(drafts, problems));
  // Where a table could not be read, whether it holds the unit is unknown, and its own problems are reported.
  const unit =
    found.unit === undefined || drafts.size < listed.length || listed.length === 0
      ? null
      : linkUnit(found.unit, `${path}.unit`, drafts, problems);
  if (unit === null || contribution === null || minimumUnits === null) return null;
  return { name, source, unit, contribution, budget, minimumUnits, defaultDelta, tables };
}

function readContribution(node: PolicyNode, path: string, problems: Problems): Contribution | null {
  const found = readFields(node, path, CONTRIBUTION_FIELDS, problems);
  if (found?.groups === undefined || found.rows === undefined) return null;
  const groups = readWhole(found.groups, `${path}.groups`, CONTRIBUTION_FIELDS.groups.example, problems, GROUPS_MOST);
  const rows = readWhole(found.rows, `${path}.rows`, CONTRIBUTION_FIELDS.rows.example, problems);
  return groups === null || rows === null ? null : { groups, rows };
}

function readBudget(node: PolicyNode, path: string, problems: Problems): BudgetLimit | null {
  const found = readFields(node, path, LIMIT_FIELDS, problems);
  return found === null ? null : readLimit(found, path, problems);
}
