/** Height of a parsed question, measured without recursion. */
import { TREE_HEIGHT_MAX, tooLarge } from './refuse.ts';
import type { Spanned, Statement } from './syntax.ts';

interface Placed {
  readonly node: Readonly<Record<string, unknown>>;
  readonly height: number;
}

/**
 * Refuses a tree that is taller than its readers may recurse: chains of operators, joins and set operations grow a
 * tree without nesting the text.
 *
 * @throws SpannedError QUERY_TOO_LARGE
 */
export function checkHeight(statement: Statement): void {
  const open: Placed[] = [{ node: { query: statement.query }, height: 0 }];
  for (let placed = open.pop(); placed !== undefined; placed = open.pop()) {
    const { node } = placed;
    const height = 'kind' in node ? placed.height + 1 : placed.height;
    if (height > TREE_HEIGHT_MAX) {
      throw tooLarge(
        (node as unknown as Spanned).span,
        `The question chains or nests more than ${TREE_HEIGHT_MAX} levels of operators, joins and queries.`,
        'Split the chain with parentheses or WITH, or put the list into a public table of the policy.',
      );
    }
    for (const key in node) {
      const child = node[key];
      // Spans, names and frames end the tree.
      if (typeof child === 'object' && child !== null && !('start' in child) && !('quoted' in child)) {
        open.push({ node: child as Placed['node'], height });
      }
    }
  }
}
