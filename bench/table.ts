/** The table that everything is measured on: seeded, skewed, dirty; made inside DuckDB and kept in the temporary folder. */
import { existsSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type PolicyInput, policyFromObject } from '../src/policy/index.ts';
import type { Policy } from '../src/policy/policy.ts';

/** Rows of the large table; `GAUZE_BENCH_ROWS` says otherwise (10000000 for the documented figures). */
export const ROWS: number = Number(process.env.GAUZE_BENCH_ROWS ?? 2_000_000);
export const THREADS: number = Number(process.env.GAUZE_BENCH_THREADS ?? 2);

/** Twenty rows a unit in the mean, squared skew: most have few, some have hundreds. */
const ROWS_PER_UNIT = 20;

/**
 * A DuckDB file of `rows` rows: keys of 10, 1,000 and 100,000 values with Zipf-like shares, `gl` of which most units touch
 * at most four, `gfix` that depends on the unit alone, doubles with NULL, NaN, infinities and outliers.
 */
export async function tableFile(rows: number): Promise<string> {
  const file = join(tmpdir(), `gauze-bench-${rows}.duckdb`);
  if (existsSync(file)) return file;
  const draft = `${file}.${process.pid}`;
  const instance = await DuckDBInstance.create(draft, { threads: String(THREADS) });
  const connection = await instance.connect();
  await connection.run(
    'CREATE MACRO u01(i, k) AS ((hash((i * 16 + k)::UBIGINT) >> 11)::DOUBLE / 9007199254740992.0::DOUBLE)',
  );
  await connection.run(generator(rows, Math.max(1, Math.floor(rows / ROWS_PER_UNIT))));
  connection.closeSync();
  instance.closeSync();
  renameSync(draft, file);
  return file;
}

function generator(rows: number, units: number): string {
  return `CREATE TABLE t AS
    WITH r AS (SELECT i, u01(i,1) u1, u01(i,2) u2, u01(i,3) u3, u01(i,4) u4, u01(i,5) u5,
                      u01(i,6) u6, u01(i,7) u7, u01(i,8) u8 FROM range(${rows}) x(i)),
    s AS (SELECT *, least(floor(${units} * u1 * u1), ${units} - 1)::INTEGER AS unit_id FROM r)
    SELECT unit_id, i AS rid,
      floor(pow(11, u2))::INTEGER - 1 AS g10,
      floor(pow(1001, u3))::INTEGER - 1 AS g1k,
      floor(pow(100001, u4))::INTEGER - 1 AS g100k,
      CASE WHEN u8 < 0.985 THEN (hash((unit_id * 8 + 7)::UBIGINT) % 997)::INTEGER + (u8 * 3.04)::INTEGER
           ELSE (u7 * 999)::INTEGER END AS gl,
      (hash((unit_id * 8 + 9)::UBIGINT) % 10)::INTEGER AS gfix,
      CASE WHEN u5 < 0.02 THEN NULL WHEN u5 < 0.021 THEN 'NaN'::DOUBLE WHEN u5 < 0.0211 THEN 'Infinity'::DOUBLE
           WHEN u5 < 0.0221 THEN 1e9 * (u6 - 0.5)
           ELSE round(120 + 20 * sqrt(-2 * ln(u6 + 1e-12)) * cos(6.283185307179586 * u7), 2) END AS v,
      (u6 * 200)::INTEGER AS iv
    FROM s`;
}

/** Data set `visits`: a unit has many rows. Data set `people`: every row is a unit of its own. Four groups, twenty rows. */
export function benchPolicy(source: string): Policy {
  const columns = {
    g10: { type: 'integer', bounds: [0, 9] },
    g1k: { type: 'integer', bounds: [0, 999] },
    g100k: { type: 'integer', bounds: [0, 99_999] },
    gl: { type: 'integer', bounds: [0, 999] },
    v: { type: 'double', bounds: [0, 300], step: 0.01 },
    iv: { type: 'integer', bounds: [0, 200] },
  };
  const common = { source, budget: { epsilon: 10_000, delta: 1e-3 }, minimumUnits: 11 };
  const budget = { epsilon: 10_000, delta: 1e-3 };
  return policyFromObject({
    gauze: 1,
    datasets: {
      visits: {
        ...common,
        unit: 't.unit_id',
        contribution: { groups: 4, rows: 20 },
        tables: { t: { unit: 'unit_id', columns } },
      },
      people: {
        ...common,
        unit: 't.rid',
        contribution: { groups: 1, rows: 1 },
        tables: { t: { unit: 'rid', unique: true, columns } },
      },
    },
    principals: {
      bench: {
        budgets: [
          { dataset: 'visits', ...budget },
          { dataset: 'people', ...budget },
        ],
      },
    },
  } as unknown as PolicyInput);
}
