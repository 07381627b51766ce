/** Columns closed to a principal. */
import { PRINCIPAL_FIELDS } from './fields/principal.ts';
import { foldName } from './fold-name.ts';
import { nearest } from './nearest.ts';
import { isEmpty, type PolicyNode } from './node.ts';
import type { ColumnName, Dataset } from './policy.ts';
import type { Problems } from './problems.ts';
import { printName } from './read-fields.ts';

/** Every column of a table. */
const ALL = '*';

/** What a name stands for: columns, or what is wrong and what to write. */
type Reading = { readonly columns: readonly ColumnName[] } | { readonly what: string; readonly next: string };

/**
 * A list of `dataset.table.column` and `dataset.table.*`, as columns, each once.
 *
 * @param datasets - by name; null for those that could not be read, whose columns are not known
 */
export function readDeny(
  node: PolicyNode,
  datasets: ReadonlyMap<string, Dataset | null>,
  path: string,
  problems: Problems,
): readonly ColumnName[] {
  if (node.kind !== 'list') {
    const what = isEmpty(node) ? 'Nothing is written here.' : 'The denied columns are a list.';
    problems.atKey(node, path, what, `Write for example ${PRINCIPAL_FIELDS.deny.example}.`);
    return [];
  }
  const denied = new Map<string, ColumnName>();
  node.items.forEach((item, index) => {
    const at = `${path}[${index}]`;
    const reading = readDenied(item.kind === 'scalar' ? item.text : '', datasets);
    if ('what' in reading) problems.atValue(item, at, reading.what, reading.next);
    else for (const one of reading.columns) denied.set(JSON.stringify([one.dataset, one.table, one.column]), one);
  });
  return [...denied.values()];
}

/** Names may hold dots themselves, so every pair of dots is tried as the two between. */
function readDenied(text: string, datasets: ReadonlyMap<string, Dataset | null>): Reading {
  const splits = splitsInThree(text);
  if (splits.length === 0) {
    return {
      what: 'A column is denied by its data set, its table and its name.',
      next: 'Write dataset.table.column, such as network.person.zip, or network.person.* for all that the table lists.',
    };
  }
  const readings = splits.map((split) => readSplit(split, datasets));
  return readings.find((reading) => 'columns' in reading) ?? readings.find((reading) => 'next' in reading)!;
}

function splitsInThree(text: string): readonly ColumnName[] {
  const dots = [...text.matchAll(/\./g)].map(({ index }) => index);
  return dots
    .flatMap((first) =>
      dots
        .filter((second) => second > first)
        .map((second) => ({
          dataset: text.slice(0, first),
          table: text.slice(first + 1, second),
          column: text.slice(second + 1),
        })),
    )
    .filter(({ dataset, table, column }) => dataset !== '' && table !== '' && column !== '');
}

function readSplit(split: ColumnName, datasets: ReadonlyMap<string, Dataset | null>): Reading {
  const name = spelled(split.dataset, datasets.keys());
  const dataset = name === null ? undefined : datasets.get(name);
  if (name === null || dataset === undefined) {
    return unknown('The policy has no data set', split.dataset, datasets.keys());
  }
  if (dataset === null) return { columns: [] };
  const table = dataset.tables.get(spelled(split.table, dataset.tables.keys()) ?? '');
  if (table === undefined) {
    return unknown(`The data set ${printName(name)} lists no table`, split.table, dataset.tables.keys());
  }
  const of = (column: string): ColumnName => ({ dataset: name, table: table.name, column });
  const column = spelled(split.column, table.columns.keys());
  if (column !== null) return { columns: [of(column)] };
  if (split.column === ALL) return { columns: [...table.columns.keys()].map(of) };
  if (table.unit?.kind === 'column' && foldName(table.unit.column) === foldName(split.column)) {
    return {
      what: `${printName(split.column)} is the privacy unit, which is never shown.`,
      next: 'Remove it: it need not be denied.',
    };
  }
  return unknown(`The table ${printName(table.name)} lists no column`, split.column, table.columns.keys());
}

/** The declared spelling of a name. */
function spelled(name: string, known: Iterable<string>): string | null {
  for (const candidate of known) if (foldName(candidate) === foldName(name)) return candidate;
  return null;
}

function unknown(what: string, name: string, known: Iterable<string>): Reading {
  const all = [...known];
  const meant = nearest(name, all);
  return {
    what: `${what} ${printName(name)}.`,
    next:
      meant === null ? `There are ${all.map(printName).join(', ') || 'none'}.` : `Write ${printName(meant)} for it.`,
  };
}
