/** duckdb-wasm in Node: the same statistics as native DuckDB from DuckDB, Parquet and CSV files, and nothing else readable. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { openWasm } from '../../src/engine/duckdb-wasm.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { GauzeError } from '../../src/errors.ts';
import type { Dataset, Policy } from '../../src/policy/index.ts';
import { planOf } from '../conformance/compare.ts';
import { richLedger, runPlan, shown } from '../conformance/statistics.ts';
import { type HospitalFiles, makeHospital, policyOver, QUESTIONS, runNative } from './hospital-files.ts';

let hospital: HospitalFiles;
beforeAll(async () => {
  hospital = await makeHospital();
});
afterAll(() => hospital.remove());

const SALT = 0x9e37_79b9_7f4a_7c15n;
const datasetOf = (policy: Policy): Dataset => policy.datasets.get('hospital') as Dataset;

async function withEngine<T>(engine: Promise<Engine>, work: (engine: Engine) => Promise<T>): Promise<T> {
  const opened = await engine;
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Fingerprint of the data, and statistics of every question as text. */
async function readAll(engine: Promise<Engine>, policy: Policy): Promise<readonly string[]> {
  return withEngine(engine, async (opened) => {
    const dataset = datasetOf(policy);
    await opened.attach(policy, dataset);
    expect(await opened.verify(dataset)).toEqual([]);
    const lines = [await opened.fingerprint(dataset, new Uint8Array(32))];
    const ledger = await richLedger();
    for (const sql of QUESTIONS) {
      const plan = planOf(sql, policy);
      if (plan === null) throw new Error(`refused: ${sql}`);
      lines.push(sql, ...shown(await runPlan(plan, opened, ledger, SALT)));
    }
    return lines;
  });
}

/** The error that work ends with. */
async function errorOf(work: Promise<unknown>): Promise<GauzeError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GauzeError);
  return error as GauzeError;
}

test.each(['duckdb', 'parquet', 'csv'] as const)('%s files: wasm and native agree', async (kind) => {
  const policy = hospital.policies.get(kind) as Policy;
  const options = { policyDirectory: hospital.folder, portableHash: true };
  const native = await readAll(openNative({ ...options, threads: 2 }), policy);
  expect(native.length).toBeGreaterThan(2 * QUESTIONS.length + 1);
  expect(await readAll(openWasm(options), policy)).toEqual(native);
});

describe('what cannot be read is refused:', () => {
  let folder: string;
  let engine: Engine;
  const attach = (policy: Policy): Promise<void> => engine.attach(policy, datasetOf(policy));

  beforeAll(async () => {
    folder = join(hospital.folder, 'unreadable');
    mkdirSync(folder);
    engine = await openWasm({ policyDirectory: folder });
  });
  afterAll(() => engine.close());

  test('a newer storage version, with a rewrite that works', async () => {
    const [old, newer] = [join(hospital.folder, 'hospital.duckdb'), join(folder, 'hospital.duckdb')];
    await runNative(':memory:', [
      `ATTACH '${old}' AS old (READ_ONLY)`,
      `ATTACH '${newer}' AS newer (STORAGE_VERSION 'latest')`,
      'COPY FROM DATABASE old TO newer',
    ]);
    const error = await errorOf(attach(policyOver({})));
    expect(error.code).toBe('ENGINE_UNAVAILABLE');
    expect(error.message).toMatch(/^The DuckDB file hospital\.duckdb has storage version \d+, which/);
    const statements = [...error.next.matchAll(/(?:ATTACH|COPY)[^;]*/g)].map(([statement]) =>
      statement.replace('old.duckdb', newer).replace('new.duckdb', join(folder, 'rewritten.duckdb')),
    );
    expect(statements.length).toBe(3);
    await runNative(':memory:', statements);
    copyFileSync(join(folder, 'rewritten.duckdb'), newer);
    const policy = policyOver({});
    await withEngine(openWasm({ policyDirectory: folder }), (opened) => opened.attach(policy, datasetOf(policy)));
  });

  test.each([
    ['a file that is no DuckDB file', {}, 'ENGINE_UNAVAILABLE', 'hospital.duckdb is not a DuckDB file.'],
    ['a file that is not there', { patient: 'none.parquet' }, 'POLICY_INVALID', 'there is no file none.parquet'],
    [
      'a file that is no Parquet',
      { patient: 'bad.parquet' },
      'ENGINE_UNAVAILABLE',
      'The data of hospital cannot be read.',
    ],
    ['a table without a column', { patient: 'visit.csv' }, 'POLICY_INVALID', 'the data have no such column'],
  ])('%s', async (_, files, code, words) => {
    writeFileSync(join(folder, 'hospital.duckdb'), 'canary'.repeat(1000));
    writeFileSync(join(folder, 'bad.parquet'), 'canary'.repeat(1000));
    writeFileSync(join(folder, 'visit.csv'), 'canary\n1\n');
    const error = await errorOf(attach(policyOver(files)));
    expect({ code: error.code, message: error.message }).toEqual({ code, message: expect.stringContaining(words) });
    expect(`${error.message} ${error.next}`).not.toContain('canary');
  });
});
