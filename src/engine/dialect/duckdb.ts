/** The DuckDB dialect: trees in, statements out. Nothing here takes text that a user wrote as SQL. */
import type { Relation } from '../../ask/ir.ts';
import type { DialectOptions, Statement } from './context.ts';
import { canonical } from './printed.ts';
import { makeContext } from './relation.ts';
import { carried, type Transport } from './transport.ts';

export { type BoundedStatement, printBounded, printDomain } from './bounded.ts';
export type { AttachedTable, DialectOptions, Statement } from './context.ts';

/** A relation's rows in order, each column in a form that travels exactly. */
export interface RowsStatement extends Statement {
  readonly columns: readonly Transport[];
}

/** Prints a relation whose rows are put out as they are (public tables only; the caller checks). */
export function printRows(relation: Relation, options: DialectOptions): RowsStatement {
  const context = makeContext(options);
  const rows = context.printRelation(relation, context);
  const columns = relation.columns.map((column) => carried(canonical(context.column(column.id))));
  const items = columns.map(({ sql }, index) => `${sql} AS "x${index}"`);
  return {
    sql: `SELECT ${items.length === 0 ? '1 AS "one"' : items.join(', ')} FROM (${rows}) AS "answer"`,
    parameters: context.texts.parameters,
    columns: columns.map(({ transport }) => transport),
  };
}
