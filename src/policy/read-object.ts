/** A policy given as a plain object to the same tree as a policy file. */
import type { PolicyNode, ScalarNode } from './node.ts';
import type { Problems } from './problems.ts';

const DEPTH_MAX = 16;

/** Tree of a plain object, or null when it holds what no policy can hold. Members that are `undefined` are left out. */
export function readObject(value: unknown, problems: Problems): PolicyNode | null {
  const node = convert(value, '', 0, problems);
  return problems.count > 0 ? null : node;
}

function convert(value: unknown, path: string, depth: number, problems: Problems): PolicyNode | null {
  if (depth > DEPTH_MAX) {
    problems.add(null, path, 'The policy is nested too deeply here.', 'Give a plain tree of the documented form.');
    return null;
  }
  switch (typeof value) {
    case 'string':
      return scalar(value, true);
    case 'bigint':
    case 'boolean':
      return scalar(String(value), false);
    case 'number':
      return number(value, path, problems);
    case 'object':
      return value === null ? scalar('null', false) : container(value, path, depth, problems);
    default:
      problems.add(
        null,
        path,
        `A ${typeof value} is no part of a policy.`,
        'Give text, numbers, lists and plain objects.',
      );
      return null;
  }
}

/** The decimal JavaScript prints is what was typed, except beyond 2⁵³, where digits are lost before we see them. */
function number(value: number, path: string, problems: Problems): ScalarNode | null {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    problems.add(null, path, 'A whole number beyond 2^53 has lost digits.', 'Give it as a bigint, or as text.');
    return null;
  }
  if (!Number.isFinite(value)) {
    problems.add(null, path, 'A number must be finite.', 'Give a finite number.');
    return null;
  }
  return scalar(String(value), false);
}

function container(value: object, path: string, depth: number, problems: Problems): PolicyNode | null {
  // A cyclic object would branch for ever before it is refused as too deep.
  if (problems.count > 0) return null;
  if (Array.isArray(value)) {
    const items = Array.from(value, (item, index) => convert(item, `${path}[${index}]`, depth + 1, problems));
    return { kind: 'list', items: items.filter((item) => item !== null), span: null, key: null };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    problems.add(
      null,
      path,
      'Only plain objects are read.',
      'Give a plain object; write dates as text, such as 2025-12-31.',
    );
    return null;
  }
  const entries: { key: ScalarNode; value: PolicyNode }[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const node = convert(member, path === '' ? name : `${path}.${name}`, depth + 1, problems);
    if (node !== null) entries.push({ key: scalar(name, true), value: node });
  }
  return { kind: 'map', entries, span: null, key: null };
}

function scalar(text: string, quoted: boolean): ScalarNode {
  return { kind: 'scalar', text, quoted, span: null, key: null };
}
