/** Names that must be among those known: data sets, purposes, terms, roles, topics. */
import { foldName } from './fold-name.ts';
import { nearest } from './nearest.ts';
import { isEmpty, type PolicyNode } from './node.ts';
import type { Problems } from './problems.ts';
import { printName, readName } from './read-fields.ts';

/** Names that are known, and how they are spoken of. */
export interface Known<T extends string = string> {
  readonly names: readonly T[];
  readonly one: string;
  readonly many: string;
  /** Where to declare another; null where the list is fixed. */
  readonly declare: string | null;
}

/** The known name that a node holds, spelled as declared; null, with a problem, when it is none. */
export function readKnown<T extends string>(
  node: PolicyNode,
  known: Known<T>,
  path: string,
  problems: Problems,
): T | null {
  const name = readName(node, path, problems);
  if (name === null) return null;
  const found = known.names.find((candidate) => foldName(candidate) === foldName(name));
  if (found !== undefined) return found;
  const meant = nearest(name, known.names);
  const all = `The ${known.many} are ${known.names.map(printName).join(', ') || 'none'}.`;
  const declare = known.declare === null ? '' : ` Or declare it: ${known.declare}.`;
  problems.atValue(
    node,
    path,
    known.declare === null
      ? `There is no ${known.one} ${printName(name)}.`
      : `The policy has no ${known.one} ${printName(name)}.`,
    meant === null ? `${all}${declare}` : `Write ${printName(meant)}.`,
  );
  return null;
}

/** A list of known names, each once; null, with a problem, when it is no list. Names with problems are left out. */
export function readKnownList<T extends string>(
  node: PolicyNode,
  known: Known<T>,
  path: string,
  example: string,
  problems: Problems,
): ReadonlySet<T> | null {
  if (node.kind !== 'list') {
    problems.atKey(
      node,
      path,
      isEmpty(node) ? 'Nothing is written here.' : `The ${known.many} are a list.`,
      `Write for example ${example}.`,
    );
    return null;
  }
  const found = new Set<T>();
  node.items.forEach((item, index) => {
    const at = `${path}[${index}]`;
    const name = readKnown(item, known, at, problems);
    if (name === null) return;
    if (found.has(name)) problems.atValue(item, at, `${printName(name)} is listed twice.`, 'Remove one of the two.');
    found.add(name);
  });
  return found;
}
