/** A policy's tree as JSON text, which is YAML too. */
import { yamlText } from './init/print-name.ts';
import type { PolicyNode } from './node.ts';

/** Text that reads as the same tree: quoted scalars in quotes, others as they were written. Indented by two. */
export function printNode(node: PolicyNode): string {
  return `${printed(node, '\n')}\n`;
}

function printed(node: PolicyNode, line: string): string {
  switch (node.kind) {
    case 'scalar':
      return node.quoted ? yamlText(node.text) : node.text;
    case 'list':
      return enclosed(
        '[',
        node.items.map((item) => printed(item, `${line}  `)),
        ']',
        line,
      );
    case 'map':
      return enclosed(
        '{',
        node.entries.map(({ key, value }) => `${yamlText(key.text)}: ${printed(value, `${line}  `)}`),
        '}',
        line,
      );
  }
}

function enclosed(open: string, parts: readonly string[], close: string, line: string): string {
  return parts.length === 0 ? `${open}${close}` : `${open}${line}  ${parts.join(`,${line}  `)}${line}${close}`;
}
