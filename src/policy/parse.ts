/** A policy file or object to a `Policy`, checked whole; or every reason why it is none. */
import { dataDigest, policyDigest } from './digest.ts';
import { POLICY_FIELDS } from './fields.ts';
import type { PolicyInput } from './input.ts';
import type { PolicyNode } from './node.ts';
import { rememberSource } from './places.ts';
import type { Policy } from './policy.ts';
import { Problems } from './problems.ts';
import { readDataset } from './read-dataset.ts';
import { readFields, readNamed } from './read-fields.ts';
import { readObject } from './read-object.ts';
import { readPrincipal } from './read-principals.ts';
import { readYaml } from './read-yaml.ts';

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
  return build(readObject(object, problems), problems);
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
  const listed = found.datasets === undefined ? [] : readNamed(found.datasets, 'datasets', 'network: { … }', problems);
  const datasets = listed.map((named) => readDataset(named, problems)).filter((dataset) => dataset !== null);
  const names = listed.map(({ name }) => name);
  const principals =
    found.principals === undefined
      ? []
      : readNamed(found.principals, 'principals', 'dr-lee: { budgets: [ … ] }', problems)
          .map((named) => readPrincipal(named, names, problems))
          .filter((principal) => principal !== null);
  if (problems.count > 0) return null;
  const parts = {
    datasets: new Map(datasets.map((dataset) => [dataset.name, freeze(dataset)])),
    principals: new Map(principals.map((principal) => [principal.name, freeze(principal)])),
  };
  return Object.freeze({ digest: policyDigest(parts), dataDigest: dataDigest(parts), ...parts });
}

/** Freezes plain data all the way down, through the values of maps. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of value instanceof Map ? value.values() : Object.values(value)) freeze(member);
  return Object.freeze(value);
}
