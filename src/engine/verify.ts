/** What a policy declares of its data, checked by SQL that gauze wrote; outside any question, once per data version. */
import type { Dataset, Table } from '../policy/policy.ts';
import { type Attachments, tableKey } from './attach.ts';
import { clean } from './dialect/printed.ts';

/** A declaration: in words if it fails, and a query that counts what breaks it. */
export interface Declaration {
  readonly words: string;
  /** One row, one BIGINT: 0 where the declaration holds. */
  readonly sql: string;
}

/** Everything declared: `unique` tables, keys of public tables and keys that others reach the unit through, `nullable: false` columns. */
export function declarationsOf(dataset: Dataset, attached: Attachments): readonly Declaration[] {
  const declarations = new Map<string, Declaration>();
  const add = (declaration: Declaration): void => {
    declarations.set(declaration.words, declaration);
  };
  for (const table of dataset.tables.values()) {
    if (table.unique && table.unit?.kind === 'column') add(unique(dataset, table, table.unit.column, attached));
    if (table.key !== null) add(unique(dataset, table, table.key, attached));
    if (table.unit?.kind === 'through') {
      const target = dataset.tables.get(table.unit.table);
      if (target !== undefined) add(unique(dataset, target, table.unit.on, attached));
    }
    for (const column of table.columns.values()) {
      if (!column.nullable) add(complete(dataset, table, column.name, attached));
    }
  }
  return [...declarations.values()];
}

function unique(dataset: Dataset, table: Table, column: string, attached: Attachments): Declaration {
  const { from, sql } = place(dataset, table, column, attached);
  return {
    words: `${table.name}.${column}: not unique, or missing in some row`,
    sql: `SELECT CAST(count(*) - count(DISTINCT ${sql}) AS BIGINT) AS "x0" FROM ${from}`,
  };
}

function complete(dataset: Dataset, table: Table, column: string, attached: Attachments): Declaration {
  const { from, sql } = place(dataset, table, column, attached);
  return {
    words: `${table.name}.${column}: missing in some row`,
    sql: `SELECT CAST(count(*) - count(${sql}) AS BIGINT) AS "x0" FROM ${from}`,
  };
}

function place(dataset: Dataset, table: Table, column: string, attached: Attachments): { from: string; sql: string } {
  const found = attached.tables.get(tableKey(dataset.name, table.name));
  const source = found?.columns.get(column);
  if (found === undefined || source === undefined) throw new Error('Declarations are checked on attached tables.');
  return { from: found.from, sql: clean({ ...source.nature, sql: source.name }).sql };
}
