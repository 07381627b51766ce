/** Which columns of a table stand for the unit or for a verified link key. */
import type { Relation, TableRelation } from '../ask/ir.ts';
import { invariant } from '../errors.ts';
import type { Dataset, Policy, Table } from '../policy/policy.ts';

/** A table of the policy and its data set. */
export interface Declared {
  readonly dataset: Dataset;
  readonly table: Table;
}

/** The declaration behind a scan. */
export function declarationOf(relation: TableRelation, policy: Policy): Declared {
  const dataset = policy.datasets.get(relation.dataset);
  const table = dataset?.tables.get(relation.table);
  invariant(dataset !== undefined && table !== undefined, 'a table of the tree is a table of the policy');
  return { dataset, table };
}

/** Link key of a table's column: equal for columns whose equal values lie in rows of one unit; null for other columns. */
export function linkKeyOf({ dataset, table }: Declared, column: string): string | null {
  if (table.unit === null) return null;
  if (table.unit.kind === 'column' && table.unit.column === column) return unitKeyOf(dataset);
  if (table.unit.kind === 'through' && table.unit.on === column) {
    const target = dataset.tables.get(table.unit.table);
    invariant(target !== undefined, 'a table is linked through a table of its data set');
    return linkKeyOf({ dataset, table: target }, column) ?? keyOf(dataset, target, column);
  }
  return isLinkTarget({ dataset, table }, column) ? keyOf(dataset, table, column) : null;
}

/** Link key of the unit itself. */
export function unitKeyOf(dataset: Dataset): string {
  return keyOf(dataset, null);
}

/** Names may hold any character, so they are told apart by more than one between them. */
function keyOf(dataset: Dataset, table: Table | null, column = ''): string {
  return JSON.stringify([dataset.name, table?.name ?? null, column]);
}

/** Whether another table reaches its unit through this column, so that it is verified to be unique and never NULL. */
export function isLinkTarget({ dataset, table }: Declared, column: string): boolean {
  return [...dataset.tables.values()].some(
    ({ unit }) => unit?.kind === 'through' && unit.table === table.name && unit.on === column,
  );
}

/** Name that a researcher writes for the unit of a relation's first protected table. */
export function unitNameIn(relation: Relation, policy: Policy): string {
  const table = firstTable(relation, policy);
  return table === null ? 'the unit' : ownUnitName(declarationOf(table, policy));
}

/** The table's own unit column, or the data set's where the table reaches it through another. */
export function ownUnitName({ dataset, table }: Declared): string {
  return table.unit?.kind === 'column' ? table.unit.column : dataset.unit.column;
}

/** Leftmost protected scan under a relation. */
export function firstTable(relation: Relation, policy: Policy): TableRelation | null {
  switch (relation.kind) {
    case 'table':
      return declarationOf(relation, policy).table.public ? null : relation;
    case 'one-row':
    case 'values':
    case 'released':
      return null;
    case 'join':
    case 'set':
      return firstTable(relation.left, policy) ?? firstTable(relation.right, policy);
    default:
      return firstTable(relation.input, policy);
  }
}
