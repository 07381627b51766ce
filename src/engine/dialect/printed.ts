/** A printed expression with what its SQL value can still be: that decides which guards the next operation needs. */
import type { SqlType } from '../../ask/types.ts';

/** DuckDB's type of a printed value. */
export type Stored = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'DATE' | 'TIMESTAMP';

/** What is known of a value beside its SQL. */
export interface Nature {
  readonly type: SqlType;
  readonly stored: Stored;
  /** Ends of an integer's range, proven by storage width or by the operation; meaningless for other types. */
  readonly low: bigint;
  readonly high: bigint;
  /** The SQL value may be NaN, which the tree reads as NULL. */
  readonly nan: boolean;
  /** The SQL value may be infinite (doubles). */
  readonly infinite: boolean;
  /** The SQL value may be a date or timestamp that is infinite or outside the years 0001–9999, read as NULL. */
  readonly wild: boolean;
}

/** SQL of one value. `sql` can stand as an operand of any operator without parentheses. */
export interface Printed extends Nature {
  readonly sql: string;
}

export const INTEGER_LOW: bigint = -(1n << 63n);
export const INTEGER_HIGH: bigint = (1n << 63n) - 1n;
/** Rows, characters and positions that fit in any machine's memory. */
export const COUNT_HIGH: bigint = 1n << 47n;

/** Storage of a type of the tree. Keys are BIGINT or VARCHAR as the data has them; VARCHAR where nothing else is known. */
export function storedAs(type: SqlType): Stored {
  switch (type) {
    case 'integer':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'text':
    case 'key':
    case 'null':
      return 'VARCHAR';
  }
}

/** A value of this type about which nothing bad is left to say: no NaN, no wild date, full integer range. */
export function natureOf(type: SqlType, over: Partial<Nature> = {}): Nature {
  return {
    type,
    stored: storedAs(type),
    low: INTEGER_LOW,
    high: INTEGER_HIGH,
    nan: false,
    infinite: type === 'double',
    wild: false,
    ...over,
  };
}

export function printed(sql: string, type: SqlType, over: Partial<Nature> = {}): Printed {
  return { ...natureOf(type, over), sql };
}

/** An integer whose range follows from the operation; beyond 64 bits it must have been made NULL already. */
export function integer(sql: string, low: bigint, high: bigint): Printed {
  return printed(sql, 'integer', {
    low: low < INTEGER_LOW ? INTEGER_LOW : low,
    high: high > INTEGER_HIGH ? INTEGER_HIGH : high,
  });
}

/**
 * A wider whole number as 64 bits, NULL where they do not hold it. DuckDB (1.5.6) compares `TRY_CAST(x AS BIGINT) > 7` as
 * `x > 7`, which is true where the cast is NULL; an operation around the cast keeps it.
 */
export function narrowed(sql: string): string {
  return `(TRY_CAST(${sql} AS BIGINT) | 0)`;
}

/** The integer that a printed constant denotes; null for everything that is no constant. */
export function constantOf(value: Printed): bigint | null {
  const digits = /^CAST\((-?\d+) AS BIGINT\)$/.exec(value.sql)?.[1];
  return digits === undefined ? null : BigInt(digits);
}

/** Operands longer than this are named once instead of being written twice, so that SQL grows linearly with the tree. */
const WRITTEN_TWICE_MAX = 160;

/**
 * Uses operands several times in `body` without writing long ones several times: a lambda over a one-element list names
 * them. `body` may refer to nothing else but constants.
 */
export function naming(operands: readonly string[], body: (...names: string[]) => string): string {
  if (operands.reduce((length, sql) => length + sql.length, 0) <= WRITTEN_TWICE_MAX) return body(...operands);
  if (operands.length === 1) return `list_transform([${operands[0]}], lambda v: ${body('v')})[1]`;
  const fields = operands.map((sql, index) => `'f${index}': ${sql}`).join(', ');
  return `list_transform([{${fields}}], lambda v: ${body(...operands.map((_, index) => `v.f${index}`))})[1]`;
}

/** The same value with NaN and wild dates turned into NULL. */
export function clean(value: Printed): Printed {
  if (value.nan) {
    const sql = naming([value.sql], (x) => `(CASE WHEN isnan(${x}) THEN NULL ELSE ${x} END)`);
    return { ...value, sql, nan: false };
  }
  if (value.wild) return { ...value, sql: withinYears(value), wild: false };
  return value;
}

/** Clean, and with one zero for both signs: for grouping, comparing for identity and removing duplicates. */
export function canonical(value: Printed): Printed {
  const cleaned = clean(value);
  return cleaned.stored === 'DOUBLE' ? { ...cleaned, sql: `(${cleaned.sql} + 0e0)` } : cleaned;
}

/** True when `canonical` would change the SQL. */
export function needsCanonical(nature: Nature): boolean {
  return nature.nan || nature.wild || nature.stored === 'DOUBLE';
}

function withinYears(value: Printed): string {
  const [low, high] =
    value.stored === 'DATE'
      ? ["DATE '0001-01-01'", "DATE '9999-12-31'"]
      : ["TIMESTAMP '0001-01-01 00:00:00'", "TIMESTAMP '9999-12-31 23:59:59.999999'"];
  return naming([value.sql], (x) => `(CASE WHEN ${x} BETWEEN ${low} AND ${high} THEN ${x} END)`);
}
