/** Names and constants as SQL that cannot break out. */
import type { SqlType, Value } from '../../ask/types.ts';
import { invariant } from '../../errors.ts';
import { integer, type Printed, printed, storedAs } from './printed.ts';

/** Collects the texts of one statement: as `$n` parameters, or inside the SQL as hexadecimal bytes. */
export interface Texts {
  /** SQL that stands for a text. */
  place(text: string): string;
  /** Parameters in order, for `$1`, `$2` …; empty where texts stand inside the SQL. */
  readonly parameters: readonly string[];
}

/** Texts travel beside the SQL. */
export function boundTexts(): Texts {
  const parameters: string[] = [];
  const places = new Map<string, string>();
  return {
    parameters,
    place: (text) => {
      const formed = wellFormed(text);
      const known = places.get(formed);
      if (known !== undefined) return known;
      parameters.push(formed);
      const place = `CAST($${parameters.length} AS VARCHAR)`;
      places.set(formed, place);
      return place;
    },
  };
}

/** Texts stand in the SQL as bytes in hexadecimal digits: nothing in them is ever read as SQL. For engines without parameters. */
export function writtenTexts(): Texts {
  return {
    parameters: [],
    place: (text) => {
      if (text === '') return "''";
      const bytes = new TextEncoder().encode(wellFormed(text));
      const digits = Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
      return `decode('${digits}'::BLOB)`;
    },
  };
}

/** A name in double quotes. */
export function quoted(name: string): string {
  invariant(!name.includes('\0'), 'names hold no NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

/** A column of the tree: "c" and its number. */
export function columnName(id: number): string {
  invariant(Number.isSafeInteger(id) && id >= 0, 'column ids are counted from 0');
  return `"c${id}"`;
}

/** A constant of a type. */
export function printLiteral(value: Value, type: SqlType, texts: Texts): Printed {
  if (value === null) return printed(`CAST(NULL AS ${storedAs(type)})`, type, { infinite: false, low: 0n, high: 0n });
  switch (typeof value) {
    case 'string':
      return printed(texts.place(value), type);
    case 'boolean':
      return printed(value ? 'TRUE' : 'FALSE', type);
    case 'bigint':
      if (type === 'timestamp') return printed(`make_timestamp(${bigintSql(value)})`, type);
      if (type === 'key') return printed(bigintSql(value), type, { stored: 'BIGINT' });
      return integer(bigintSql(value), value, value);
    case 'number':
      if (type === 'date') return printed(`(DATE '1970-01-01' + CAST(${wholeSql(value)} AS INTEGER))`, type);
      return printed(doubleSql(value), type, { infinite: !Number.isFinite(value) });
  }
}

/** A name in the form of `foldName`: SQL's `lower` folds other letters too, which are different names to DuckDB. */
export function folded(name: string): string {
  return `translate(${name}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')`;
}

/** A 64-bit integer constant. */
export function bigintSql(value: bigint): string {
  invariant(BigInt.asIntN(64, value) === value, 'integer constants have 64 bits');
  return `CAST(${value} AS BIGINT)`;
}

/** A double constant, read back by the engine to the very same bits. */
export function doubleSql(value: number): string {
  invariant(!Number.isNaN(value), 'no constant is NaN');
  if (value === Infinity) return "CAST('Infinity' AS DOUBLE)";
  if (value === -Infinity) return "CAST('-Infinity' AS DOUBLE)";
  const digits = Math.abs(value).toExponential().replace('e+', 'e');
  return value < 0 || Object.is(value, -0) ? `(-${digits})` : digits;
}

function wholeSql(value: number): string {
  invariant(Number.isSafeInteger(value), 'dates are whole days');
  return String(value);
}

function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}
