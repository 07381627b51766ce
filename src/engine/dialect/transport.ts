/** How values leave the engine without losing a bit. */
import type { Printed } from './printed.ts';

/** Column of a result: how to read it. `halves` are two BIGINT columns, value = high · 2^62 + low. */
export type Transport = 'text' | 'bigint' | 'halves' | 'double' | 'boolean' | 'days';

/** No database holds more (unit, group) pairs or rows. */
const PAIRS_BITS = 36n;
export const ROWS_MOST: bigint = 1n << PAIRS_BITS;
const HALF: bigint = 1n << 62n;

/** A value of the tree in a form every client library hands over exactly. */
export function carried(value: Printed): { readonly sql: string; readonly transport: Transport } {
  switch (value.stored) {
    case 'VARCHAR':
      return { sql: value.sql, transport: 'text' };
    case 'BIGINT':
      return { sql: value.sql, transport: 'bigint' };
    case 'DOUBLE':
      return { sql: value.sql, transport: 'double' };
    case 'BOOLEAN':
      return { sql: value.sql, transport: 'boolean' };
    case 'DATE':
      return { sql: `CAST(${value.sql} - DATE '1970-01-01' AS INTEGER)`, transport: 'days' };
    case 'TIMESTAMP':
      return { sql: `epoch_us(${value.sql})`, transport: 'bigint' };
  }
}

/** A sum over pairs, each at most `reach` in size: one BIGINT where it provably fits, else two. */
export function carriedSum(
  sql: string,
  reach: bigint,
): { readonly sql: readonly string[]; readonly transport: Transport } {
  const total = `coalesce(${sql}, 0)`;
  if (reach << PAIRS_BITS < 1n << 63n) return { sql: [`CAST(${total} AS BIGINT)`], transport: 'bigint' };
  return {
    sql: [`CAST(${total} // ${HALF} AS BIGINT)`, `CAST(${total} % ${HALF} AS BIGINT)`],
    transport: 'halves',
  };
}
