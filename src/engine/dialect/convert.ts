/** Conversions between the types of the tree: total, with one rounding rule. What does not convert is NULL. */
import type { SqlType } from '../../ask/types.ts';
import { clean, integer, naming, type Printed, printed, type Stored, storedAs } from './printed.ts';

const WHOLE = '[ ]*[+-]?[0-9]+[ ]*';
const DECIMAL = '[ ]*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,4})?[ ]*';
const DAY = '[ ]*[0-9]{4}-[0-9]{2}-[0-9]{2}[ ]*';
const MOMENT = '[ ]*[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?)?[ ]*';

/**
 * CAST of the tree.
 * text → integer: decimal digits, or a decimal number rounded half away from zero; → double: a decimal number;
 * → boolean: true/t/yes/y/1, false/f/no/n/0 in any case; → date: YYYY-MM-DD; → timestamp: that, and HH:MM[:SS[.ffffff]].
 * Spaces around are ignored. double → integer rounds half away from zero. Numbers → boolean: is it other than zero.
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
      return from.stored === 'VARCHAR' ? printed(from.sql, 'text') : printed(`CAST(${from.sql} AS VARCHAR)`, 'text');
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
      return printed(
        naming(
          [from.sql],
          (x) =>
            `(CASE WHEN regexp_full_match(${x}, '${WHOLE}') THEN TRY_CAST(${x} AS BIGINT) ` +
            `WHEN regexp_full_match(${x}, '${DECIMAL}') THEN TRY_CAST(round(TRY_CAST(${x} AS DOUBLE)) AS BIGINT) END)`,
        ),
        'integer',
      );
    default:
      return impossible('integer');
  }
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
      return printed(
        naming(
          [from.sql],
          (x) => `(CASE WHEN regexp_full_match(${x}, '${DECIMAL}') THEN TRY_CAST(${x} AS DOUBLE) END)`,
        ),
        'double',
      );
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
      return printed(
        naming(
          [`lower(trim(${from.sql}, ' '))`],
          (x) =>
            `(CASE WHEN ${x} IN ('true', 't', 'yes', 'y', '1') THEN TRUE ` +
            `WHEN ${x} IN ('false', 'f', 'no', 'n', '0') THEN FALSE END)`,
        ),
        'boolean',
      );
    default:
      return impossible('boolean');
  }
}

function toDate(from: Printed): Printed {
  if (from.stored === 'TIMESTAMP') return printed(`CAST(${from.sql} AS DATE)`, 'date');
  if (from.stored !== 'VARCHAR') return impossible('date');
  const sql = naming(
    [from.sql],
    (x) => `(CASE WHEN regexp_full_match(${x}, '${DAY}') THEN TRY_CAST(${x} AS DATE) END)`,
  );
  return clean(printed(sql, 'date', { wild: true }));
}

function toTimestamp(from: Printed): Printed {
  if (from.stored === 'DATE') return printed(`CAST(${from.sql} AS TIMESTAMP)`, 'timestamp');
  if (from.stored !== 'VARCHAR') return impossible('timestamp');
  const sql = naming(
    [from.sql],
    (x) => `(CASE WHEN regexp_full_match(${x}, '${MOMENT}') THEN TRY_CAST(${x} AS TIMESTAMP) END)`,
  );
  return clean(printed(sql, 'timestamp', { wild: true }));
}

/** Pairs of types between which nothing converts. */
function impossible(to: SqlType): Printed {
  return printed(`CAST(NULL AS ${storedAs(to)})`, to, { infinite: false });
}
