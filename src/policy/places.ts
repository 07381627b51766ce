/** Where declarations stand in a policy's file, for what the data later show to be wrong. */
import { type Position, positionOf, type Span } from '../errors.ts';
import type { PolicyNode } from './node.ts';
import type { Dataset, Policy } from './policy.ts';

/** A place as errors print it, `network.yaml:12:9`, and in parts. */
export interface Place {
  readonly file: string;
  readonly at: Position;
  readonly text: string;
}

interface Source {
  readonly file: string | null;
  readonly text: string;
  readonly node: PolicyNode;
}

const SOURCES = new WeakMap<Policy, Source>();

/** Keeps what a policy was read from; policies given as objects have no places. */
export function rememberSource(policy: Policy, source: Source): void {
  SOURCES.set(policy, source);
}

/**
 * The place of a declaration: of a data set, a table or a column; null where it has none.
 *
 * @param keys - names from the data set on, such as `['network', 'visit', 'cost']`; a column that is not listed stands at
 * the table's `unit`
 * @param key - a key of the table instead, such as `unique`
 */
export function placeOf(policy: Policy, keys: readonly string[], key: string | null = null): Place | null {
  const source = SOURCES.get(policy);
  if (source === undefined) return null;
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

/**
 * The place of a declaration that does not hold of the data.
 *
 * @param failure - begins with `table.column:` or `table:`, as registration words it
 */
export function failurePlace(policy: Policy, dataset: Dataset, failure: string): Place | null {
  for (const table of dataset.tables.values()) {
    const unit = table.unit?.kind === 'column' ? table.unit.column : null;
    const keyed = [
      [table.key, 'key'],
      [table.unique ? unit : null, 'unique'],
    ] as const;
    const own = keyed.find(([column]) => column !== null && failure.startsWith(`${table.name}.${column}: not unique`));
    if (own !== undefined) return placeOf(policy, [dataset.name, table.name], own[1]);
    if (failure.startsWith(`${table.name}: `)) return placeOf(policy, [dataset.name, table.name], 'unique');
    const column = [...table.columns.keys(), unit].find((name) => failure.startsWith(`${table.name}.${name}: `));
    if (typeof column === 'string') return placeOf(policy, [dataset.name, table.name, column]);
  }
  return placeOf(policy, [dataset.name]);
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
