/** Where declarations stand in a policy's file, for what the data later show to be wrong. */
import { type Position, positionOf, type Span } from '../errors.ts';
import type { Declaration } from './declaration.ts';
import type { PolicyNode } from './node.ts';
import type { Dataset, Policy } from './policy.ts';
import { type Source, sourceOf } from './source.ts';

/** A place as errors print it, `network.yaml:12:9`, and in parts. */
export interface Place {
  readonly file: string;
  readonly at: Position;
  readonly text: string;
}

/**
 * The place of a declaration: of a data set, a table or a column; null where it has none.
 *
 * @param keys - names from the data set on, such as `['network', 'visit', 'cost']`; a column that is not listed stands at
 * the table's `unit`
 * @param key - a key of the table instead, such as `unique`
 */
export function placeOf(policy: Policy, keys: readonly string[], key: string | null = null): Place | null {
  const source = sourceOf(policy);
  if (source === null) return null;
  const [dataset, table, column] = keys;
  const declared = at(at(source.node, 'datasets'), dataset);
  const listed = table === undefined ? declared : (at(at(declared, 'tables'), table) ?? declared);
  const wanted = key ?? (table === undefined ? 'source' : column === undefined ? 'file' : null);
  const node =
    (column === undefined || key !== null ? null : (at(at(listed, 'columns'), column) ?? at(listed, 'unit'))) ??
    (wanted === null ? null : at(listed, wanted)) ??
    listed;
  const span = node?.key ?? node?.span ?? null;
  return span === null ? null : printed(source, span);
}

/** The place of a declaration that does not hold of the data. */
export function declarationPlace(policy: Policy, dataset: Dataset, { kind, table, column }: Declaration): Place | null {
  const declared = dataset.tables.get(table);
  const keyed = kind === 'unique' && declared?.key === column;
  const unit = declared?.unit?.kind === 'column' ? declared.unit.column : null;
  const unique = kind === 'one-row' || (kind === 'unique' && declared?.unique === true && unit === column);
  if (keyed || unique) return placeOf(policy, [dataset.name, table], keyed ? 'key' : 'unique');
  return placeOf(policy, [dataset.name, table, column]);
}

function at(node: PolicyNode | null, key: string | undefined): PolicyNode | null {
  if (node?.kind !== 'map' || key === undefined) return null;
  return node.entries.find((entry) => entry.key.text === key)?.value ?? null;
}

function printed({ file, text }: Source, span: Span): Place {
  const position = positionOf(text, span);
  const name = file ?? 'policy';
  return { file: name, at: position, text: `${name}:${position.line}:${position.column}` };
}
