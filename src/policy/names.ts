/** Names of tables as a question writes them. */
import { foldName } from './fold-name.ts';
import { nearest } from './nearest.ts';
import type { Dataset, Policy, Table } from './policy.ts';

/** What a name stands for. `candidates` are the full names it could mean; `meant` the closest name there is. */
export type TableMatch =
  | { readonly kind: 'found'; readonly dataset: Dataset; readonly table: Table }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly string[] }
  | { readonly kind: 'unknown'; readonly meant: string | null };

/**
 * Finds a table by its name alone, where that is unambiguous over the data sets of the policy, or in the data set named.
 * Names are compared as DuckDB compares them, without case.
 */
export function findTable(policy: Policy, name: string, dataset?: string): TableMatch {
  const datasets = [...policy.datasets.values()].filter(
    (candidate) => dataset === undefined || foldName(candidate.name) === foldName(dataset),
  );
  const matches: { dataset: Dataset; table: Table }[] = [];
  for (const candidate of datasets) {
    const table = inDataset(candidate, name);
    if (table !== null) matches.push({ dataset: candidate, table });
  }
  if (matches.length === 1) return { kind: 'found', ...matches[0]! };
  if (matches.length > 1) {
    return { kind: 'ambiguous', candidates: matches.map((match) => `${match.dataset.name}.${match.table.name}`) };
  }
  if (datasets.length === 0) return { kind: 'unknown', meant: meantDataset(policy, name, dataset) };
  const known = datasets.flatMap((candidate) => [...candidate.tables.keys()]);
  const meant = nearest(name, known);
  return { kind: 'unknown', meant: meant === null || dataset === undefined ? meant : `${datasets[0]!.name}.${meant}` };
}

function inDataset(dataset: Dataset, name: string): Table | null {
  const exact = dataset.tables.get(name);
  if (exact !== undefined) return exact;
  const folded = foldName(name);
  for (const table of dataset.tables.values()) if (foldName(table.name) === folded) return table;
  return null;
}

function meantDataset(policy: Policy, name: string, dataset: string | undefined): string | null {
  const meant = dataset === undefined ? null : nearest(dataset, policy.datasets.keys());
  if (meant !== null) return `${meant}.${name}`;
  const holders = [...policy.datasets.values()].filter((one) => inDataset(one, name) !== null);
  return holders.length === 1 ? name : null;
}
