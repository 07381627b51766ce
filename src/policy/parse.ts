/** A policy file or object to a `Policy`, checked whole; or every reason why it is none. */
import { checkOfficers } from './check-officers.ts';
import { declaredNames } from './declared.ts';
import { dataDigest, policyDigest } from './digest.ts';
import { POLICY_FIELDS } from './fields/policy.ts';
import type { PolicyInput } from './input.ts';
import type { PolicyNode } from './node.ts';
import type { Policy } from './policy.ts';
import { printNode } from './print-node.ts';
import { Problems } from './problems.ts';
import { readDataset } from './read-dataset.ts';
import { type Named, readFields, readNamed } from './read-fields.ts';
import { readGovernance, readPurpose, readTerms } from './read-governance.ts';
import { readBudget } from './read-limit.ts';
import { readObject } from './read-object.ts';
import { readPrincipal } from './read-principals.ts';
import { isTooLong, readYaml } from './read-yaml.ts';
import { rememberSource } from './source.ts';

/** Where a policy comes from; the name stands in messages. */
export interface ParseOptions {
  readonly file?: string;
}

/**
 * Parses and checks a policy written as YAML 1.2 or JSON. File names in it stay as written, relative to the policy.
 *
 * @param text - the whole file
 * @returns the policy, frozen, with its digest
 * @throws GauzeError POLICY_INVALID with every problem in the message, and the first one's line and column in `at`
 */
export function parsePolicy(text: string, options: ParseOptions = {}): Policy {
  // A byte order mark would shift the columns of the first line.
  const content = text.startsWith('\ufeff') ? text.slice(1) : text;
  const problems = new Problems(options.file ?? null, content);
  const node = readYaml(content, problems);
  const policy = build(node, problems);
  if (node !== null) rememberSource(policy, { file: options.file ?? null, text: content, node });
  return policy;
}

/**
 * Checks a policy given as a plain object with the keys of the file. Numbers are read as the decimals JavaScript prints;
 * dates and timestamps are ISO text.
 *
 * @throws GauzeError POLICY_INVALID as `parsePolicy`, with the path of each problem and no line
 */
export function policyFromObject(object: PolicyInput, options: ParseOptions = {}): Policy {
  const problems = new Problems(options.file ?? null, null);
  const node = readObject(object, problems);
  const text = node === null ? '' : printNode(node);
  // The text is what is kept of it, so it must be one that can be read again.
  const policy = build(isTooLong(text, problems) ? null : node, problems);
  if (node !== null) rememberSource(policy, { file: options.file ?? null, text, node });
  return policy;
}

function build(node: PolicyNode | null, problems: Problems): Policy {
  const policy = node === null ? null : readPolicy(node, problems);
  problems.throwIfAny();
  // Reading gives null only with a problem, and problems have thrown.
  return policy as Policy;
}

function readPolicy(node: PolicyNode, problems: Problems): Policy | null {
  const found = readFields(node, '', POLICY_FIELDS, problems);
  if (found === null) return null;
  if (found.gauze !== undefined && !(found.gauze.kind === 'scalar' && found.gauze.text === '1')) {
    problems.atValue(found.gauze, 'gauze', 'This version of the policy format is not known.', 'Write gauze: 1.');
  }
  const listed = (key: 'purposes' | 'terms' | 'datasets' | 'principals', example: string): readonly Named[] =>
    found[key] === undefined ? [] : readNamed(found[key], key, example, problems);
  const purposesListed = listed('purposes', 'research: {}');
  const termsListed = listed('terms', 'dua-2026: { recipient: University X, expires: 2027-12-31 }');
  const datasetsListed = listed('datasets', 'network: { … }');
  const declared = declaredNames(namesOf(purposesListed), namesOf(termsListed), namesOf(datasetsListed));
  const budget = found.budget === undefined ? null : readBudget(found.budget, 'budget', problems);
  const governance = readGovernance(found, problems);
  const purposes = purposesListed.map((named) => readPurpose(named, problems));
  const terms = termsListed.map((named) => readTerms(named, declared, problems));
  const datasets = new Map(datasetsListed.map((named) => [named.name, readDataset(named, declared, problems)]));
  const principals = listed('principals', 'dr-lee: { budgets: [ … ] }')
    .map((named) => readPrincipal(named, declared, datasets, problems))
    .filter((principal) => principal !== null);
  if (problems.count === 0) checkOfficers(governance, principals, found, problems);
  if (problems.count > 0) return null;
  const parts = {
    datasets: byName([...datasets.values()]),
    principals: byName(principals),
    budget: freeze(budget),
    purposes: byName(purposes),
    terms: byName(terms),
    governance: freeze(governance),
  };
  return Object.freeze({ digest: policyDigest(parts), dataDigest: dataDigest(parts), ...parts });
}

function namesOf(listed: readonly Named[]): readonly string[] {
  return listed.map(({ name }) => name);
}

function byName<T extends { readonly name: string }>(parts: readonly (T | null)[]): ReadonlyMap<string, T> {
  return new Map(parts.filter((part) => part !== null).map((part) => [part.name, freeze(part)]));
}

/** Freezes plain data all the way down, through the values of maps. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of value instanceof Map ? value.values() : Object.values(value)) freeze(member);
  return Object.freeze(value);
}
