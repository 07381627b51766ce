/** One data set: its tables, whom it protects, and how much of one unit may enter an answer. */
import type { Declared } from './declared.ts';
import { CONTRIBUTION_FIELDS, DATASET_FIELDS, GROUPS_MOST } from './fields/dataset.ts';
import { foldName } from './fold-name.ts';
import { withLinkColumns } from './link-columns.ts';
import { linkConsent } from './link-consent.ts';
import { linkDisjoint } from './link-disjoint.ts';
import { type Drafts, linkThrough, linkUnit } from './link-tables.ts';
import type { PolicyNode } from './node.ts';
import type { Contribution, Dataset } from './policy.ts';
import type { Problems } from './problems.ts';
import { type Named, readFields, readNamed } from './read-fields.ts';
import { readBudget, readDelta } from './read-limit.ts';
import { readPath } from './read-path.ts';
import { readDatasetPurposes } from './read-purposes.ts';
import { readTable } from './read-table.ts';
import { readWhole } from './read-value.ts';

/** Cells of fewer than eleven persons are not shown by the rule of the US Medicare agency, the strictest in wide use. */
const MINIMUM_UNITS_DEFAULT = 11;

/** Reads a data set. Null, with problems, when a part without which it means nothing is wrong. */
export function readDataset(named: Named, declared: Declared, problems: Problems): Dataset | null {
  const { value: node, path, name } = named;
  const found = readFields(node, path, DATASET_FIELDS, problems);
  if (found === null) return null;
  const source = found.source === undefined ? null : readPath(found.source, `${path}.source`, problems);
  const contribution =
    found.contribution === undefined ? null : readContribution(found.contribution, `${path}.contribution`, problems);
  const budget = found.budget === undefined ? null : readBudget(found.budget, `${path}.budget`, problems);
  const purposes =
    found.purposes === undefined ? null : readDatasetPurposes(found.purposes, `${path}.purposes`, declared, problems);
  const minimumUnits =
    found.minimumUnits === undefined
      ? MINIMUM_UNITS_DEFAULT
      : readWhole(found.minimumUnits, `${path}.minimumUnits`, DATASET_FIELDS.minimumUnits.example, problems);
  const defaultDelta =
    found.defaultDelta === undefined ? null : readDelta(found.defaultDelta, false, `${path}.defaultDelta`, problems);
  if (found.tables === undefined) return null;
  const { drafts, isWhole } = readTables(found.tables, named, found.source !== undefined, declared, problems);
  const tables = withLinkColumns(linkThrough(drafts, problems));
  // Where a table could not be read, whether it holds the unit is unknown, and its own problems are reported.
  const linked = <T>(at: PolicyNode | undefined, link: (at: PolicyNode) => T | null): T | null =>
    at === undefined || !isWhole ? null : link(at);
  const unit = linked(found.unit, (at) => linkUnit(at, `${path}.unit`, drafts, problems));
  const consent = linked(found.consent, (at) => linkConsent(at, `${path}.consent`, drafts, declared, problems));
  const disjoint = linked(found.disjoint, (at) => linkDisjoint(at, `${path}.disjoint`, drafts, problems));
  if (unit === null || contribution === null || minimumUnits === null) return null;
  const own = { name, source, unit, contribution, budget, minimumUnits, defaultDelta };
  return { ...own, purposes, consent, disjoint, tables };
}

/** Tables by folded name, and whether every listed one could be read. */
function readTables(
  node: PolicyNode,
  { name, path }: Named,
  hasSource: boolean,
  declared: Declared,
  problems: Problems,
): { readonly drafts: Drafts; readonly isWhole: boolean } {
  const listed = readNamed(node, `${path}.tables`, 'person: { unit: person_id }', problems);
  if (listed.length === 0) {
    problems.atKey(node, `${path}.tables`, 'The data set lists no table.', `Write ${DATASET_FIELDS.tables.example}.`);
  }
  const read = listed
    .map((table) => readTable(table, name, hasSource, declared, problems))
    .filter((table) => table !== null);
  const drafts = new Map(read.map((draft) => [foldName(draft.table.name), draft]));
  return { drafts, isWhole: drafts.size === listed.length && listed.length > 0 };
}

function readContribution(node: PolicyNode, path: string, problems: Problems): Contribution | null {
  const found = readFields(node, path, CONTRIBUTION_FIELDS, problems);
  if (found?.groups === undefined || found.rows === undefined) return null;
  const groups = readWhole(found.groups, `${path}.groups`, CONTRIBUTION_FIELDS.groups.example, problems, GROUPS_MOST);
  const rows = readWhole(found.rows, `${path}.rows`, CONTRIBUTION_FIELDS.rows.example, problems);
  return groups === null || rows === null ? null : { groups, rows };
}
