/** Where the consent of each unit stands. */
import type { Declared } from './declared.ts';
import { CONSENT_FIELDS } from './fields/dataset.ts';
import { foldName } from './fold-name.ts';
import type { Drafts } from './link-tables.ts';
import { nearest } from './nearest.ts';
import type { PolicyNode } from './node.ts';
import type { Consent, PolicyColumn } from './policy.ts';
import type { Problems } from './problems.ts';
import { printName, readFields, readName } from './read-fields.ts';
import { readKnown } from './read-known.ts';
import type { TableDraft } from './read-table.ts';
import { readValue } from './read-value.ts';
import type { Value } from './value.ts';

/** Reads `consent` against the tables of its data set; null, with problems, where it could not be followed. */
export function linkConsent(
  node: PolicyNode,
  path: string,
  drafts: Drafts,
  declared: Declared,
  problems: Problems,
): Consent | null {
  const found = readFields(node, path, CONSENT_FIELDS, problems);
  if (found?.table === undefined || found.column === undefined || found.purposes === undefined) return null;
  const draft = consentTable(found.table, `${path}.table`, drafts, problems);
  if (draft === null) return null;
  const column = consentColumn(found.column, `${path}.column`, draft, problems);
  if (column === null) return null;
  const purposes = readPermits(found.purposes, `${path}.purposes`, column, declared, problems);
  const refusals =
    found.refusals === undefined
      ? []
      : readScopes(found.refusals, `${path}.refusals`, column, CONSENT_FIELDS.refusals.example, problems);
  for (const [purpose, values] of purposes) {
    const both = values.find((value) => refusals.includes(value));
    if (both === undefined) continue;
    problems.atKey(
      found.purposes,
      `${path}.purposes.${printName(purpose)}`,
      `${both} stands here and among the refusals.`,
      'Remove one of the two: a refusal takes every consent back.',
    );
  }
  return { table: draft.table.name, column: column.name, purposes, refusals };
}

function consentTable(node: PolicyNode, path: string, drafts: Drafts, problems: Problems): TableDraft | null {
  const name = readName(node, path, problems);
  if (name === null) return null;
  const draft = drafts.get(foldName(name));
  if (draft === undefined) {
    const meant = nearest(
      name,
      [...drafts.values()].map(({ table }) => table.name),
    );
    problems.atValue(
      node,
      path,
      `The data set lists no table ${printName(name)}.`,
      meant === null ? 'List the table of consents under tables.' : `Write ${printName(meant)}.`,
    );
    return null;
  }
  const { table, unit } = draft;
  if (table.unit?.kind === 'column') return draft;
  if (table.public || (unit !== null && table.unit !== null)) {
    problems.atValue(
      node,
      path,
      table.public
        ? `The table ${printName(table.name)} is public, so it says nothing about any unit.`
        : `The table ${printName(table.name)} reaches its unit through another table.`,
      'Name a protected table that holds the unit in a column of its own.',
    );
  }
  return null;
}

function consentColumn(
  node: PolicyNode,
  path: string,
  { table, listed }: TableDraft,
  problems: Problems,
): PolicyColumn | null {
  const name = readName(node, path, problems);
  if (name === null) return null;
  const column = [...table.columns.values()].find((one) => foldName(one.name) === foldName(name));
  // A column that is listed with problems of its own has them reported already.
  if (column !== undefined || listed.has(foldName(name))) return column ?? null;
  const meant = nearest(name, table.columns.keys());
  problems.atValue(
    node,
    path,
    `The table ${printName(table.name)} lists no column ${printName(name)}.`,
    meant === null
      ? `List it there: ${printName(name)}: { type: text }.`
      : `Write ${printName(meant)}, or list the column.`,
  );
  return null;
}

function readPermits(
  node: PolicyNode,
  path: string,
  column: PolicyColumn,
  declared: Declared,
  problems: Problems,
): ReadonlyMap<string, readonly Value[]> {
  const permits = new Map<string, readonly Value[]>();
  if (node.kind !== 'map' || node.entries.length === 0) {
    problems.atKey(node, path, 'This is a map from purposes to values.', `Write ${CONSENT_FIELDS.purposes.example}.`);
    return permits;
  }
  for (const { key, value } of node.entries) {
    const purpose = readKnown(key, declared.purposes, path, problems);
    const at = `${path}.${printName(key.text)}`;
    const values = readScopes(value, at, column, `${key.text}: [ … ]`, problems);
    if (purpose === null) continue;
    if (permits.has(purpose))
      problems.add(key.span, at, `${printName(purpose)} stands here twice.`, 'Keep one of the two.');
    permits.set(purpose, values);
  }
  return permits;
}

/** Values of the consent column, each once. */
function readScopes(
  node: PolicyNode,
  path: string,
  column: PolicyColumn,
  example: string,
  problems: Problems,
): readonly Value[] {
  if (node.kind !== 'list' || node.items.length === 0) {
    problems.atKey(
      node,
      path,
      `Values of ${printName(column.name)} are a list with at least one entry.`,
      `Write for example ${example}.`,
    );
    return [];
  }
  const values = node.items.map((item, index) => readValue(item, column.type, `${path}[${index}]`, problems));
  return [...new Set(values.filter((value) => value !== undefined))];
}
