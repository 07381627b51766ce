/** Who may ask, and how much each may learn. */
import { PRINCIPAL_BUDGET_FIELDS, PRINCIPAL_FIELDS } from './fields.ts';
import { foldName } from './fold-name.ts';
import { nearest } from './nearest.ts';
import type { PolicyNode } from './node.ts';
import type { BudgetLimit, Principal } from './policy.ts';
import type { Problems } from './problems.ts';
import { type Named, printName, readFields, readName } from './read-fields.ts';
import { readLimit } from './read-limit.ts';

/** Reads a principal; `datasets` are the names that the policy lists, also of data sets with problems. */
export function readPrincipal(named: Named, datasets: readonly string[], problems: Problems): Principal | null {
  const { value: node, path, name } = named;
  const found = readFields(node, path, PRINCIPAL_FIELDS, problems);
  if (found === null) return null;
  const budgets =
    found.budgets === undefined ? new Map() : readBudgets(found.budgets, datasets, `${path}.budgets`, problems);
  return { name, budgets };
}

function readBudgets(
  node: PolicyNode,
  datasets: readonly string[],
  path: string,
  problems: Problems,
): ReadonlyMap<string, BudgetLimit> {
  const budgets = new Map<string, BudgetLimit>();
  if (node.kind !== 'list') {
    problems.atKey(node, path, 'Budgets are a list.', `Write ${PRINCIPAL_FIELDS.budgets.example}.`);
    return budgets;
  }
  const seen = new Set<string>();
  node.items.forEach((item, index) => {
    const at = `${path}[${index}]`;
    const found = readFields(item, at, PRINCIPAL_BUDGET_FIELDS, problems);
    if (found === null) return;
    const limit = readLimit(found, at, problems);
    const dataset =
      found.dataset === undefined ? null : readDatasetName(found.dataset, datasets, `${at}.dataset`, problems);
    if (dataset === null || found.dataset === undefined) return;
    if (seen.has(dataset)) {
      problems.atValue(
        found.dataset,
        `${at}.dataset`,
        `${printName(dataset)} has a budget for this principal already.`,
        'Keep one budget for each data set.',
      );
    } else if (limit !== null) budgets.set(dataset, limit);
    seen.add(dataset);
  });
  return budgets;
}

function readDatasetName(
  node: PolicyNode,
  datasets: readonly string[],
  path: string,
  problems: Problems,
): string | null {
  const name = readName(node, path, problems);
  if (name === null) return null;
  const dataset = datasets.find((candidate) => foldName(candidate) === foldName(name));
  if (dataset !== undefined) return dataset;
  const meant = nearest(name, datasets);
  problems.atValue(
    node,
    path,
    `The policy has no data set ${printName(name)}.`,
    meant === null
      ? `The data sets are ${datasets.map(printName).join(', ') || 'none'}.`
      : `Write ${printName(meant)}.`,
  );
  return null;
}
