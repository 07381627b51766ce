/** Conversions between the types of the tree: total, with one rounding rule. What does not convert is NULL. */
import type { SqlType } from '../../ask/types.ts';
import { canonical, clean, integer, naming, type Printed, printed, type Stored, storedAs } from './printed.ts';

/**
 * CAST of the tree. Texts are read as DuckDB reads them; double → integer rounds half away from zero; numbers → boolean:
 * is it other than zero; dates and timestamps outside the years 0001–9999 are NULL.
 */
export function convert(value: Printed, to: SqlType): Printed {
  if (value.type === to) return value;
  if (value.type === 'null') return printed(`CAST(NULL AS ${storedAs(to)})`, to, { infinite: false });
  const from = clean(value);
  switch (to) {
    case 'integer':
      return toInteger(from);
    case 'double':
      return toDouble(from);
    case 'boolean':
      return toBoolean(from);
    case 'date':
      return toDate(from);
    case 'timestamp':
      return toTimestamp(from);
    case 'text':
      return from.stored === 'VARCHAR'
        ? printed(from.sql, 'text')
        : printed(`CAST(${canonical(from).sql} AS VARCHAR)`, 'text');
    case 'key':
      return printed(from.sql, 'key', { stored: from.stored });
    case 'null':
      return from;
  }
}

/** A key read as another kind of storage, so that keys stored differently can be compared. */
export function storeAs(value: Printed, stored: Stored): Printed {
  return value.stored === stored ? value : { ...value, stored, sql: `CAST(${value.sql} AS ${stored})` };
}

/** Nearest integer, half away from zero; NULL where 64 bits do not hold it. */
export function roundedToInteger(value: Printed): Printed {
  return printed(`TRY_CAST(round(${value.sql}) AS BIGINT)`, 'integer');
}

function toInteger(from: Printed): Printed {
  switch (from.stored) {
    case 'BIGINT':
      return integer(from.sql, from.low, from.high);
    case 'DOUBLE':
      return roundedToInteger(from);
    case 'BOOLEAN':
      return integer(`CAST(${from.sql} AS BIGINT)`, 0n, 1n);
    case 'VARCHAR':
      return wholeOfText(from.sql);
    default:
      return impossible('integer');
  }
}

/** duckdb-wasm reads '5e-324' as the whole number 1: what is as good as nothing is 0 on every engine. */
function wholeOfText(sql: string): Printed {
  const whole = naming(
    [sql],
    (x) => `(CASE WHEN abs(TRY_CAST(${x} AS DOUBLE)) < 1e-50 THEN CAST(0 AS BIGINT) ELSE TRY_CAST(${x} AS BIGINT) END)`,
  );
  return printed(whole, 'integer');
}

function toDouble(from: Printed): Printed {
  switch (from.stored) {
    case 'DOUBLE':
      return from;
    case 'BIGINT':
      return printed(`CAST(${from.sql} AS DOUBLE)`, 'double', { infinite: false });
    case 'BOOLEAN':
      return printed(`CAST(CAST(${from.sql} AS BIGINT) AS DOUBLE)`, 'double', { infinite: false });
    case 'VARCHAR':
      return printed(`TRY_CAST(${from.sql} AS DOUBLE)`, 'double', { nan: true });
    default:
      return impossible('double');
  }
}

function toBoolean(from: Printed): Printed {
  switch (from.stored) {
    case 'BOOLEAN':
      return from;
    case 'BIGINT':
      return printed(`(${from.sql} <> 0)`, 'boolean');
    case 'DOUBLE':
      return printed(`(${from.sql} <> 0e0)`, 'boolean');
    case 'VARCHAR':
      return printed(`TRY_CAST(${from.sql} AS BOOLEAN)`, 'boolean');
    default:
      return impossible('boolean');
  }
}

function toDate(from: Printed): Printed {
  if (from.stored === 'TIMESTAMP') return printed(`CAST(${from.sql} AS DATE)`, 'date');
  if (from.stored !== 'VARCHAR') return impossible('date');
  return printed(`TRY_CAST(${from.sql} AS DATE)`, 'date', { wild: true });
}

function toTimestamp(from: Printed): Printed {
  if (from.stored === 'DATE') return printed(`CAST(${from.sql} AS TIMESTAMP)`, 'timestamp');
  if (from.stored !== 'VARCHAR') return impossible('timestamp');
  return printed(`TRY_CAST(${from.sql} AS TIMESTAMP)`, 'timestamp', { wild: true });
}

/** Pairs of types between which nothing converts. */
function impossible(to: SqlType): Printed {
  return printed(`CAST(NULL AS ${storedAs(to)})`, to, { infinite: false });
}
