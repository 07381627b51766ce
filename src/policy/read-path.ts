/** File names as a policy writes them. */
import { isEmpty, type PolicyNode } from './node.ts';
import type { Problems } from './problems.ts';

/** Whether a file name can stand in a policy. */
export function isUsablePath(file: string): boolean {
  return file !== '' && !/[\p{Cc}\p{Cs}]/u.test(file);
}

/** A file name, relative to the policy. */
export function readPath(
  node: PolicyNode,
  path: string,
  problems: Problems,
  example: string = 'data/network.duckdb',
): string | null {
  if (node.kind === 'scalar' && !isEmpty(node) && isUsablePath(node.text)) return node.text;
  problems.atKey(
    node,
    path,
    'A file name must stand here.',
    `Write a path relative to this policy, such as ${example}.`,
  );
  return null;
}
