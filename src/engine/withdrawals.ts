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

/** Rows of a table as they were before anybody withdrew, and the column that holds their unit. */
export interface UnitRows {
  /** Its columns under gauze's names. */
  readonly select: string;
  readonly unit: { readonly name: string; readonly stored: Stored };
}

/** Puts a list into a table of gauze's own, named after `label`: its name, for `withoutWithdrawn`. */
export async function storeWithdrawals(
  units: Withdrawals,
  label: number | 'asked',
  execute: (sql: string) => Promise<void>,
): Promise<string> {
  const name = `"gauze"."w${label}"`;
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
 */
export function withoutWithdrawn({ select, unit }: UnitRows, list: string): string {
  return `SELECT "s".* FROM (${select}) AS "s" ANTI JOIN ${list} AS "w" ON ${isListed(unit)}`;
}

/** How many units of a list any of the tables holds, as one number. */
export function countListed(tables: readonly UnitRows[], list: string): string {
  const found = tables.map(
    ({ select, unit }) => `SELECT "w"."text" FROM ${list} AS "w" SEMI JOIN (${select}) AS "s" ON ${isListed(unit)}`,
  );
  return `SELECT COUNT(DISTINCT "text") FROM (${['SELECT CAST(NULL AS VARCHAR) AS "text"', ...found].join(' UNION ALL ')})`;
}

/** Whether row `s` is of a unit in line `w` of a list. */
function isListed({ name, stored }: UnitRows['unit']): string {
  const [own, other] = stored === 'BIGINT' ? [`"s".${name}`, '"whole"'] : [`CAST("s".${name} AS VARCHAR)`, '"text"'];
  return `${own} = "w".${other}`;
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
