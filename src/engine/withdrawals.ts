/** Units that have left a data set, by the word of its holder: none of their rows is ever read. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Stored } from './dialect/printed.ts';

/**
 * Units of one data set that have withdrawn, each as DuckDB casts it to VARCHAR (`'42'`, not `'042'`, for the whole number
 * 42), in any order. A new list is a new data version.
 */
export type Withdrawals = readonly string[];

/** Units told to the engine at once. */
const CHUNK = 10_000;

/** Puts a list into a table of gauze's own: its name, for `withoutWithdrawn`. */
export async function storeWithdrawals(
  units: Withdrawals,
  number: number,
  execute: (sql: string) => Promise<void>,
): Promise<string> {
  const name = `"gauze"."w${number}"`;
  await execute(`CREATE TABLE ${name} ("text" VARCHAR, "whole" BIGINT)`);
  const listed = sortedOnce(units);
  for (let start = 0; start < listed.length; start += CHUNK) {
    // Hexadecimal digits alone: nothing in a list is ever read as SQL.
    const digits = listed.slice(start, start + CHUNK).map((unit) => bytesToHex(new TextEncoder().encode(unit)));
    const texts = `SELECT decode(unhex("d")) AS "t" FROM (SELECT unnest(string_split('${digits.join(',')}', ',')) AS "d")`;
    // '042' is not how 42 casts to text.
    const whole = 'CASE WHEN CAST(TRY_CAST("t" AS BIGINT) AS VARCHAR) = "t" THEN TRY_CAST("t" AS BIGINT) END';
    await execute(`INSERT INTO ${name} SELECT "t", ${whole} FROM (${texts})`);
  }
  return name;
}

/**
 * Rows of a table without those of withdrawn units. Tables that reach their unit through another keep theirs: they are
 * never read but joined to the table that holds the unit, and find nobody there.
 *
 * @param select - rows of a table, its columns under gauze's names
 * @param unit - the column that holds the unit, and how it is stored
 */
export function withoutWithdrawn(
  select: string,
  unit: { readonly name: string; readonly stored: Stored },
  list: string,
): string {
  const [own, other] =
    unit.stored === 'BIGINT' ? [`"s".${unit.name}`, '"whole"'] : [`CAST("s".${unit.name} AS VARCHAR)`, '"text"'];
  return `SELECT "s".* FROM (${select}) AS "s" ANTI JOIN ${list} AS "w" ON ${own} = "w".${other}`;
}

/**
 * A data set's fingerprint with its list in it; as it was where nobody has withdrawn. The list is hashed under the secret
 * key: who withdrew cannot be tried out on it.
 */
export function fingerprintWithout(fingerprint: string, units: Withdrawals, key: Uint8Array): string {
  if (units.length === 0) return fingerprint;
  const text = `gauze withdrawals v1\n${JSON.stringify([fingerprint, ...sortedOnce(units)])}`;
  return bytesToHex(hmac(sha256, key, new TextEncoder().encode(text)));
}

function sortedOnce(units: Withdrawals): readonly string[] {
  return [...new Set(units)].sort();
}
