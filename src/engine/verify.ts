/** What a policy declares of its data, checked by SQL that gauze wrote; outside any question, once per data version. */
import { invariant } from '../errors.ts';
import type { Declaration } from '../policy/declaration.ts';
import type { Dataset, Table } from '../policy/policy.ts';
import { type Attachments, tableKey } from './attach.ts';
import { clean } from './dialect/printed.ts';

/** A declaration and a query that counts what breaks it. */
export interface Check {
  readonly declaration: Declaration;
  /** One row, one BIGINT: 0 where the declaration holds. */
  readonly sql: string;
}

/** Everything declared: `unique` tables, keys of public tables and keys that others reach the unit through, `nullable: false` columns. */
export function checksOf(dataset: Dataset, attached: Attachments): readonly Check[] {
  const checks = new Map<string, Check>();
  const add = (check: Check): void => {
    const { kind, table, column } = check.declaration;
    checks.set(JSON.stringify([kind, table, column]), check);
  };
  for (const table of dataset.tables.values()) {
    if (table.unique && table.unit?.kind === 'column') add(unique(dataset, table, table.unit.column, attached));
    if (table.unique && table.unit?.kind === 'through') add(oneRowPerUnit(dataset, table, attached));
    if (table.key !== null) add(unique(dataset, table, table.key, attached));
    if (table.unit?.kind === 'through') {
      const target = dataset.tables.get(table.unit.table);
      if (target !== undefined) add(unique(dataset, target, table.unit.on, attached));
    }
    for (const column of table.columns.values()) {
      if (!column.nullable) add(complete(dataset, table, column.name, attached));
    }
  }
  return [...checks.values()];
}

function unique(dataset: Dataset, table: Table, column: string, attached: Attachments): Check {
  const { from, sql } = place(dataset, table, column, attached);
  return {
    declaration: { kind: 'unique', table: table.name, column },
    sql: `SELECT CAST(count(*) - count(DISTINCT ${sql}) AS BIGINT) AS "x0" FROM ${from}`,
  };
}

/** Of a table that reaches its unit through others: rows joined along its links, counted against the units they reach. */
function oneRowPerUnit(dataset: Dataset, table: Table, attached: Attachments): Check {
  const own = (of: Table, column: string, alias: string): string => {
    const name = attached.tables.get(tableKey(dataset.name, of.name))?.columns.get(column)?.name;
    invariant(name !== undefined, 'declarations are checked on attached tables');
    return `CAST("${alias}".${name} AS VARCHAR)`;
  };
  let [near, depth] = [table, 0];
  let from = `${attached.tables.get(tableKey(dataset.name, table.name))?.from} AS "l0"`;
  while (near.unit?.kind === 'through') {
    const far = dataset.tables.get(near.unit.table);
    invariant(far !== undefined, 'a table is linked through a table of its data set');
    const [left, right] = [own(near, near.unit.on, `l${depth}`), own(far, near.unit.on, `l${depth + 1}`)];
    from += ` JOIN ${attached.tables.get(tableKey(dataset.name, far.name))?.from} AS "l${depth + 1}" ON ${left} = ${right}`;
    [near, depth] = [far, depth + 1];
  }
  invariant(near.unit?.kind === 'column', 'links lead to the table that holds the unit');
  const unit = own(near, near.unit.column, `l${depth}`);
  return {
    declaration: { kind: 'one-row', table: table.name, column: near.unit.column },
    sql: `SELECT CAST(count(${unit}) - count(DISTINCT ${unit}) AS BIGINT) AS "x0" FROM ${from}`,
  };
}

function complete(dataset: Dataset, table: Table, column: string, attached: Attachments): Check {
  const { from, sql } = place(dataset, table, column, attached);
  return {
    declaration: { kind: 'complete', table: table.name, column },
    sql: `SELECT CAST(count(*) - count(${sql}) AS BIGINT) AS "x0" FROM ${from}`,
  };
}

function place(dataset: Dataset, table: Table, column: string, attached: Attachments): { from: string; sql: string } {
  const found = attached.tables.get(tableKey(dataset.name, table.name));
  const source = found?.columns.get(column);
  invariant(found !== undefined && source !== undefined, 'declarations are checked on attached tables');
  return { from: found.from, sql: clean({ ...source.nature, sql: source.name }).sql };
}

/**
 * Statements that read every value of the tables in files, once: a value that cannot be read closes the data set when it is
 * registered, and fails no question later.
 */
export function fullReads(dataset: Dataset, attached: Attachments): readonly string[] {
  return [...dataset.tables.values()].flatMap((table) => {
    const found = table.file === null ? undefined : attached.tables.get(tableKey(dataset.name, table.name));
    if (found === undefined || found.columns.size === 0) return [];
    const columns = [...found.columns.values()].map(({ name }) => name);
    return [`SELECT CAST(count(hash(${columns.join(', ')})) AS BIGINT) AS "x0" FROM ${found.from}`];
  });
}
