/** `gauze sample`: the network of the documentation and its policy, so that every line there can be typed as it stands. */

import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { GauzeError } from '../../errors.ts';
import { nativeDuckDb, overParquet, tablesInWasm, writeDatabase } from '../demo/database.ts';
import {
  SAMPLE_PERSONS,
  SAMPLE_POLICY,
  SAMPLE_POLICY_FILE,
  SAMPLE_SOURCE,
  SAMPLE_STATEMENTS,
  SAMPLE_TABLES,
} from '../demo/sample.ts';
import { fail, print } from '../output.ts';
import { proseWidth, wrapped } from '../wrap.ts';

/** Writes data and policy into a folder: a DuckDB file, or Parquet files with `wasm`. Never overwrites; exit code. */
export async function sample(folder: string, flags: { readonly engine?: 'native' | 'wasm' }): Promise<number> {
  try {
    const native = flags.engine === 'wasm' ? null : await nativeDuckDb();
    const data = native === null ? SAMPLE_TABLES.map((table) => `${table}.parquet`) : [SAMPLE_SOURCE];
    const taken = [...data, SAMPLE_POLICY_FILE].map((name) => join(folder, name)).find((path) => existsSync(path));
    if (taken !== undefined) {
      throw new GauzeError('USAGE', {
        message: `${taken} exists already.`,
        next: 'Name another folder: gauze sample FOLDER',
      });
    }
    makeFolder(folder);
    if (native !== null) await writeDatabase(native, join(folder, SAMPLE_SOURCE), SAMPLE_STATEMENTS);
    else await writeParquet(folder);
    const policy = join(folder, SAMPLE_POLICY_FILE);
    writeFileSync(policy, native === null ? overParquet(SAMPLE_POLICY, SAMPLE_SOURCE, SAMPLE_TABLES) : SAMPLE_POLICY);
    report(folder, data, policy);
    return 0;
  } catch (thrown) {
    return fail(thrown, null, 'table');
  }
}

/** @throws GauzeError USAGE */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch {
    throw new GauzeError('USAGE', {
      message: `Nothing can be written to the folder ${folder}.`,
      next: 'Name a folder that you may write to.',
    });
  }
}

async function writeParquet(folder: string): Promise<void> {
  const database = await tablesInWasm(SAMPLE_STATEMENTS);
  try {
    await database.write(folder, SAMPLE_TABLES);
  } finally {
    await database.close();
  }
}

function report(folder: string, data: readonly string[], policy: string): void {
  const files = data.map((name) => join(folder, name)).join(', ');
  print([
    ...wrapped(
      `${files} and ${policy} are written: ${SAMPLE_PERSONS.toLocaleString('en-US')} made-up persons and their policy.`,
      proseWidth(),
    ),
    'Ask them:',
    '  gauze query "SELECT sex, COUNT(*) AS persons FROM person GROUP BY sex" \\',
    `    --policy ${relative('.', policy)} --as dr-lee --epsilon 0.5`,
  ]);
}
