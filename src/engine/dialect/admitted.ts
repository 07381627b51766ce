/** Whose rows a scan shows. */
import type { AdmittedUnits, TableRelation } from '../../ask/ir.ts';
import type { Value } from '../../ask/types.ts';
import { invariant } from '../../errors.ts';
import type { AttachedTable, PrintContext } from './context.ts';
import { storeAs } from './convert.ts';
import { printLiteral } from './literal.ts';
import { canonical, type Printed } from './printed.ts';

/** A table that tells who is admitted: what one row of it permits, and what it takes back; both NULL where it says nothing. */
interface Register {
  readonly name: string;
  readonly table: AttachedTable;
  readonly permits: string;
  readonly refuses: string | null;
}

/**
 * What follows the table in FROM, so that of all rows with a unit those of admitted units are left, each as often as it was.
 * Empty where all units are admitted, and for tables that reach their unit through another one: that one's scan, which they
 * are joined to, shows admitted units alone.
 *
 * GROUP BY lists every admitted unit once, whatever was declared: that makes a join as good as a condition, and DuckDB is
 * twice as fast with it.
 */
export function printAdmitted(relation: TableRelation, table: AttachedTable, context: PrintContext): string {
  const { units } = relation;
  if (units === undefined || table.unit === null) return '';
  const unit = columnOf(table, table.unit);
  const registers = registersOf(units, relation.dataset, context);
  const isOwn = ({ name, table: { unique } }: Register): boolean => unique && name === relation.table;
  const joined = registers.filter((one) => !isOwn(one)).map((one) => joinTo(unit, one, context.alias()));
  const own = registers.filter(isOwn).map(single);
  return `${joined.join('')}${own.length === 0 ? '' : ` WHERE ${own.join(' AND ')}`}`;
}

function registersOf({ consent, part }: AdmittedUnits, dataset: string, context: PrintContext): readonly Register[] {
  const register = (name: string, column: string, permits: readonly Value[], refusals: readonly Value[]): Register => {
    const table = context.options.table(dataset, name);
    invariant(table !== null, 'every table of a question is attached');
    const value = columnOf(table, column);
    return {
      name,
      table,
      permits: oneOf(value, permits, context),
      refuses: refusals.length === 0 ? null : oneOf(value, refusals, context),
    };
  };
  return [
    ...(consent === null ? [] : [register(consent.table, consent.column, consent.permits, consent.refusals)]),
    ...(part === null ? [] : [register(part.table, part.column, [part.value.value], [])]),
  ];
}

function oneOf(column: Printed, values: readonly Value[], context: PrintContext): string {
  if (values.length === 0) return 'FALSE';
  const listed = values.map((value) => storeAs(printLiteral(value, column.type, context.texts), column.stored).sql);
  return `(${canonical(column).sql} IN (${listed.join(', ')}))`;
}

/** Of a table with one row per unit. */
function single({ permits, refuses }: Register): string {
  return refuses === null ? permits : `${permits} AND NOT ${refuses}`;
}

function joinTo(unit: Printed, { table, permits, refuses }: Register, alias: string): string {
  invariant(table.unit !== null, 'who is admitted stands in a table that holds the unit');
  const own = columnOf(table, table.unit);
  const alike = unit.stored === own.stored;
  const [left, right] = alike ? [unit, own] : [storeAs(unit, 'VARCHAR'), storeAs(own, 'VARCHAR')];
  const taken = refuses === null ? '' : ` AND NOT coalesce(bool_or(${refuses}), FALSE)`;
  const rest = ` GROUP BY ${own.sql} HAVING bool_or(${permits})${taken}`;
  const admitted = `SELECT ${right.sql} AS "unit" FROM ${table.from} WHERE ${own.sql} IS NOT NULL${rest}`;
  return ` JOIN (${admitted}) AS ${alias} ON ${left.sql} = ${alias}."unit"`;
}

function columnOf(table: AttachedTable, name: string): Printed {
  const column = table.columns.get(name);
  invariant(column !== undefined, 'every column of a question is attached');
  return { ...column.nature, sql: column.name };
}
