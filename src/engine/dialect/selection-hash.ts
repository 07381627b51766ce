/** Which pairs of an over-limit unit are kept: a salted hash of the pair, uniform over groups. */
import { invariant } from '../../errors.ts';
import type { Nature } from './printed.ts';

/** A value of the pair: SQL and storage. */
export interface Hashed {
  readonly sql: string;
  readonly stored: Nature['stored'];
}

/**
 * A BIGINT ≥ 0 that depends on the salt and the values alone.
 *
 * DuckDB's `hash(a, b, …)` only XORs its last argument in, so its result is hashed once more: without that some groups
 * would be kept four times as often as others.
 *
 * Portable form, for comparing engines: the first 15 hexadecimal digits of MD5 over the UTF-8 text made of the salt in
 * decimal digits and ";", then every value: "-;" for NULL, "t<bytes>:<text>" for text, "i<decimal>;" for integers,
 * "d<text>;" for doubles as CAST AS VARCHAR shows them, "b1;" or "b0;", "y<days since 1970-01-01>;" for dates and
 * "m<microseconds since 1970-01-01>;" for timestamps.
 */
export function selectionHash(salt: bigint, values: readonly Hashed[], portable: boolean): string {
  invariant(salt >= 0n && salt < 1n << 64n, 'a salt has 64 bits');
  if (!portable) {
    const all = [`CAST(${salt} AS UBIGINT)`, ...values.map((value) => value.sql)].join(', ');
    return `CAST(hash(hash(${all})) >> 1 AS BIGINT)`;
  }
  const text = [`'${salt};'`, ...values.map(piece)].join(' || ');
  return `CAST('0x' || substr(md5(${text}), 1, 15) AS BIGINT)`;
}

function piece({ sql, stored }: Hashed): string {
  return `coalesce(${shown(sql, stored)}, '-;')`;
}

function shown(sql: string, stored: Nature['stored']): string {
  switch (stored) {
    case 'VARCHAR':
      return `'t' || strlen(${sql}) || ':' || ${sql}`;
    case 'BIGINT':
      return `'i' || ${sql} || ';'`;
    case 'DOUBLE':
      return `'d' || CAST(${sql} AS VARCHAR) || ';'`;
    case 'BOOLEAN':
      return `'b' || CAST(${sql} AS INTEGER) || ';'`;
    case 'DATE':
      return `'y' || (${sql} - DATE '1970-01-01') || ';'`;
    case 'TIMESTAMP':
      return `'m' || epoch_us(${sql}) || ';'`;
  }
}
