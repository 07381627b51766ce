/** Cells: what stands in the database, and what the tree reads there. */
import type { SqlType, Value } from '../../src/ask/types.ts';

/** A cell to store; dates and timestamps may also be `infinite` or long before the calendar; or SQL and its meaning. */
export type Raw = Value | 'infinite' | 'BC' | Cell;

/** A cell as SQL beside what it means. */
export interface Cell {
  readonly sql: string;
  readonly value: Value;
}

const LAST_DAY = 2_932_896;
const FIRST_DAY = -719_162;
const DAY = 86_400_000_000n;

/** A cell as SQL, and as the tree reads it: NaN and dates outside the calendar are NULL. */
export function cell(value: Raw, type: SqlType): Cell {
  if (value === null) return { sql: 'NULL', value: null };
  if (typeof value === 'object') return value;
  switch (type) {
    case 'double':
      return {
        sql: `CAST('${Object.is(value, -0) ? '-0' : value}' AS DOUBLE)`,
        value: Number.isNaN(value as number) ? null : value,
      };
    case 'text':
      return { sql: text(String(value)), value };
    case 'key':
      return { sql: typeof value === 'string' ? text(value) : String(value), value };
    case 'date':
      return dateCell(value);
    case 'timestamp':
      return momentCell(value);
    default:
      return { sql: String(value), value };
  }
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function dateCell(value: Exclude<Raw, null | Cell>): Cell {
  if (value === 'infinite') return { sql: "DATE 'infinity'", value: null };
  if (value === 'BC') return { sql: "DATE '0044-03-15 (BC)'", value: null };
  const days = value as number;
  const sql = `DATE '1970-01-01' + CAST(${days} AS INTEGER)`;
  return { sql, value: days < FIRST_DAY || days > LAST_DAY ? null : days };
}

function momentCell(value: Exclude<Raw, null | Cell>): Cell {
  if (value === 'infinite') return { sql: "TIMESTAMP '-infinity'", value: null };
  if (value === 'BC') return { sql: "TIMESTAMP '0044-03-15 (BC) 10:00:00'", value: null };
  const micros = value as bigint;
  const outside = micros < BigInt(FIRST_DAY) * DAY || micros >= BigInt(LAST_DAY + 1) * DAY;
  return { sql: `make_timestamp(${micros}::BIGINT)`, value: outside ? null : micros };
}
