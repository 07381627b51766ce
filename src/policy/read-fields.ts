/** Maps with known keys, and maps from names. */
import type { Fields } from './fields/field.ts';
import { foldName } from './fold-name.ts';
import { nearest } from './nearest.ts';
import { isEmpty, kindOf, type MapNode, type PolicyNode, type ScalarNode } from './node.ts';
import type { Problems } from './problems.ts';

/** Values of the keys that are there. */
export type Found<F extends Fields> = { readonly [K in keyof F]?: PolicyNode };

/**
 * Reads a map whose keys are known. Unknown keys, missing keys and anything but a map are problems; null only when it is
 * no map at all.
 */
export function readFields<F extends Fields>(
  node: PolicyNode,
  path: string,
  fields: F,
  problems: Problems,
): Found<F> | null {
  const known = Object.keys(fields);
  if (node.kind !== 'map') {
    const examples = known.filter((name) => fields[name]?.required).map((name) => fields[name]?.example);
    problems.atKey(
      node,
      path,
      isEmpty(node) ? 'Nothing is written here.' : 'This must be a map of keys.',
      `Write for example { ${examples.length > 0 ? examples.join(', ') : fields[known[0]!]?.example} }.`,
    );
    return null;
  }
  const found = new Map<string, PolicyNode>();
  const mistyped = new Set<string>();
  for (const { key, value } of node.entries) {
    if (known.includes(key.text)) found.set(key.text, value);
    else {
      const meant = nearest(key.text, known);
      if (meant !== null) mistyped.add(meant);
      unknownKey(key, path, meant, known, problems);
    }
  }
  for (const name of known) {
    if (fields[name]?.required === true && !found.has(name) && !mistyped.has(name)) {
      problems.atKey(node, path, `${name} is missing.`, `Write ${fields[name]?.example}.`);
    }
  }
  return Object.fromEntries(found) as Found<F>;
}

function unknownKey(
  key: ScalarNode,
  path: string,
  meant: string | null,
  known: readonly string[],
  problems: Problems,
): void {
  const all = `The keys here are ${known.join(', ')}.`;
  problems.add(
    key.span,
    path,
    `There is no key ${printName(key.text)} here.`,
    meant === null ? all : `Write ${meant}. ${all}`,
  );
}

/** One named entry; `path` leads to it. */
export interface Named {
  readonly name: string;
  readonly key: ScalarNode;
  readonly value: PolicyNode;
  readonly path: string;
}

/**
 * Entries of a map from names (data sets, tables, columns, principals), in the order written. Names that are none, and
 * names that differ in case alone, are problems and left out. An empty value is an empty map.
 */
export function readNamed(node: PolicyNode, path: string, example: string, problems: Problems): readonly Named[] {
  if (isEmpty(node)) return [];
  if (node.kind !== 'map') {
    problems.atKey(node, path, 'This must be a map from names.', `Write for example ${example}.`);
    return [];
  }
  const seen = new Map<string, string>();
  const named: Named[] = [];
  for (const { key, value } of (node as MapNode).entries) {
    const name = readName(key, path, problems);
    if (name === null) continue;
    const folded = foldName(name);
    const other = seen.get(folded);
    if (other !== undefined) {
      problems.add(
        key.span,
        path,
        `${printName(name)} and ${printName(other)} are one name: case does not tell names apart.`,
        'Remove or rename one of them.',
      );
      continue;
    }
    seen.set(folded, name);
    named.push({ name, key, value, path: path === '' ? name : `${path}.${printName(name)}` });
  }
  return named;
}

/** A name: any SQL identifier, which quoted may hold almost anything. Null, with a problem, when it is none. */
export function readName(node: PolicyNode, path: string, problems: Problems): string | null {
  if (node.kind !== 'scalar') {
    problems.atValue(
      node,
      path,
      'A name must stand here.',
      'Write one name, in quotes if it holds special characters.',
    );
    return null;
  }
  const kind = kindOf(node);
  if (node.text === '') {
    problems.atKey(node, path, 'A name is missing here.', 'Write the name as the database has it.');
    return null;
  }
  if (kind !== 'text') {
    problems.atValue(
      node,
      path,
      `${node.text} is read as ${kind === 'null' ? 'nothing' : `a ${kind}`}, and a name must stand here.`,
      `Write "${node.text}" in quotes.`,
    );
    return null;
  }
  if (node.text.length > NAME_LENGTH_MAX || UNPRINTABLE.test(node.text)) {
    problems.atValue(
      node,
      path,
      `A name has at most ${NAME_LENGTH_MAX} characters, and no line breaks or control characters.`,
      'Rename it in the database, for example with a view.',
    );
    return null;
  }
  return node.text;
}

/** A name as it is put into messages: quoted where it is more than letters, digits, _ and -. */
export function printName(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name) ? name : JSON.stringify(name);
}

const NAME_LENGTH_MAX = 255;

/** Control characters, line separators, and surrogates without their pair. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Whether a name can stand in a policy. */
export function isUsableName(name: string): boolean {
  return name !== '' && name.length <= NAME_LENGTH_MAX && !UNPRINTABLE.test(name);
}
