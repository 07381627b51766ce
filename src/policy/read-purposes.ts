/** Purposes that a data set may be asked for. */
import type { Declared } from './declared.ts';
import { DATASET_FIELDS, DATASET_PURPOSE_FIELDS } from './fields/dataset.ts';
import { isEmpty, type PolicyNode } from './node.ts';
import type { BudgetLimit, Dataset } from './policy.ts';
import type { Problems } from './problems.ts';
import { printName, readFields } from './read-fields.ts';
import { readKnown, readKnownList } from './read-known.ts';
import { readBudget } from './read-limit.ts';

/** A list of purposes, or a map with a budget for each; null, with a problem, when it is neither. */
export function readDatasetPurposes(
  node: PolicyNode,
  path: string,
  declared: Declared,
  problems: Problems,
): Dataset['purposes'] {
  if (node.kind !== 'map') {
    const names = readKnownList(node, declared.purposes, path, DATASET_FIELDS.purposes.example, problems);
    return names === null ? null : new Map([...names].map((name) => [name, null]));
  }
  const purposes = new Map<string, BudgetLimit | null>();
  for (const { key, value } of node.entries) {
    const name = readKnown(key, declared.purposes, path, problems);
    const at = `${path}.${printName(key.text)}`;
    const limit = readPurposeBudget(value, at, problems);
    if (name === null) continue;
    if (purposes.has(name)) problems.add(key.span, at, `${printName(name)} stands here twice.`, 'Keep one of the two.');
    purposes.set(name, limit);
  }
  return purposes;
}

function readPurposeBudget(node: PolicyNode, path: string, problems: Problems): BudgetLimit | null {
  if (isEmpty(node)) return null;
  const found = readFields(node, path, DATASET_PURPOSE_FIELDS, problems);
  return found?.budget === undefined ? null : readBudget(found.budget, `${path}.budget`, problems);
}
