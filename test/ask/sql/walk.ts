/** Every node of a syntax tree with what it is and where it stands. Tests only. */

import type { Statement } from '../../../src/ask/sql/syntax.ts';
import type { Span } from '../../../src/errors.ts';

export interface Placed {
  readonly kind: string;
  readonly span: Span;
  readonly node: Record<string, unknown>;
  readonly parent: Placed | null;
}

/** Nodes that have a kind and a span, parents first, in the order of their fields. */
export function nodesOf(root: Statement): readonly Placed[] {
  const nodes: Placed[] = [];
  const visit = (value: unknown, parent: Placed | null): void => {
    if (Array.isArray(value)) for (const one of value) visit(one, parent);
    else if (typeof value === 'object' && value !== null) {
      const node = value as Record<string, unknown>;
      let placed = parent;
      if (typeof node.kind === 'string' && node.span !== undefined) {
        placed = { kind: node.kind, span: node.span as Span, node, parent };
        nodes.push(placed);
      }
      // The statement's list of parameters repeats nodes of the tree.
      for (const [key, child] of Object.entries(node)) if (key !== 'parameters') visit(child, placed);
    }
  };
  visit(root, null);
  return nodes;
}

/** `kind: text` of every node below the SELECT. */
export function slicesOf(text: string, root: Statement): readonly string[] {
  const above = new Set(['statement', 'query', 'select', 'item']);
  return nodesOf(root)
    .filter(({ kind }) => !above.has(kind))
    .map(({ kind, span }) => `${kind}: ${text.slice(span.start, span.end)}`);
}

/** The tree without places, for comparison. */
export function bare(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => (/[sS]pan$/.test(key) ? undefined : inner)));
}
