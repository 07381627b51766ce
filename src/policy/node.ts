/** What a policy file and a policy object have in common: a tree of lists, maps and scalars as written. */
import type { Span } from '../errors.ts';

/** A part of the policy. `span` is null for policies given as objects; `key` is the place of the key that leads here. */
export type PolicyNode = ScalarNode | ListNode | MapNode;

interface Placed {
  readonly span: Span | null;
  readonly key: Span | null;
}

/** A scalar as written. `quoted` is true where the writer said that it is text, whatever it looks like. */
export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly text: string;
  readonly quoted: boolean;
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly items: readonly PolicyNode[];
}

export interface MapNode extends Placed {
  readonly kind: 'map';
  readonly entries: readonly { readonly key: ScalarNode; readonly value: PolicyNode }[];
}

/** What a scalar without quotes is read as by YAML 1.2 (core schema, §10.3.2). */
export type ScalarKind = 'null' | 'boolean' | 'number' | 'text';

/** Kind of a scalar; quoted ones are text. */
export function kindOf(node: ScalarNode): ScalarKind {
  if (node.quoted) return 'text';
  if (/^(?:|~|null|Null|NULL)$/.test(node.text)) return 'null';
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(node.text)) return 'boolean';
  if (/^(?:[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+)$/.test(node.text)) return 'number';
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(node.text)) return 'number';
  return /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(node.text) ? 'number' : 'text';
}

/** True for a key that was written with nothing behind it. */
export function isEmpty(node: PolicyNode): boolean {
  return node.kind === 'scalar' && kindOf(node) === 'null';
}
