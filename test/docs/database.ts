/** A small, seeded network.duckdb for the policy of the documentation. Nobody in it is real. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { SAMPLE_STATEMENTS } from '../../src/cli/demo/sample.ts';

/** Writes `network.duckdb` into a folder; the same rows each time. */
export async function writeNetwork(folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(folder, 'network.duckdb'));
  const connection = await instance.connect();
  for (const sql of SAMPLE_STATEMENTS) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

/** Writes the policy of the documentation beside it. */
export function writePolicy(folder: string, text: string): void {
  writeFileSync(join(folder, 'network.yaml'), text);
}
