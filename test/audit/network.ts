/** A small hospital network and its neighbours: each canary is one unit more, made to break a bound if any can be broken. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { type PolicyInput, policyFromObject } from '../../src/policy/index.ts';
import type { Policy } from '../../src/policy/policy.ts';

/** Bounds are small, so that a bound missed by one shows: 3 groups instead of 2 is half as much again. */
const BOUND = { groups: 2, rows: 2 };
const MINIMUM_UNITS = 3;

const budget = { epsilon: 10_000, delta: '0.5' };

const POLICY: PolicyInput = {
  gauze: 1,
  datasets: {
    network: {
      source: 'network.duckdb',
      unit: 'person.person_id',
      contribution: BOUND,
      minimumUnits: MINIMUM_UNITS,
      tables: {
        person: {
          unit: 'person_id',
          unique: true,
          columns: {
            sex: { type: 'text', values: ['F', 'M'] },
            birth_year: { type: 'integer', bounds: [1900, 2025] },
            city: { type: 'text' },
          },
        },
        visit: {
          unit: 'person_id',
          columns: {
            visit_id: { type: 'integer', use: 'join' },
            start_date: { type: 'date', bounds: ['2020-01-01', '2021-12-31'] },
            ward: { type: 'text', values: ['surgery', 'medicine', 'icu', 'er', 'day'] },
            reason: { type: 'text' },
            cost: { type: 'double', bounds: [0, 10], step: 1 },
            score: { type: 'double', bounds: [-5, 5], step: '0.5' },
          },
        },
        lab: {
          unit: { through: 'visit', on: 'visit_id' },
          columns: {
            code: { type: 'text' },
            value: { type: 'double', bounds: { by: 'code', of: { a1c: [3, 20], sbp: [50, 250] } }, step: 1 },
          },
        },
        code_name: { public: true, columns: { code: { type: 'text' }, name: { type: 'text' } } },
      },
    },
  },
  principals: {
    auditor: { budgets: [{ dataset: 'network', ...budget }] },
    poor: { budgets: [{ dataset: 'network', epsilon: 1, delta: '1e-6' }] },
  },
};

/** Rows every neighbour shares: 24 units, most of them beyond the bounds. Nobody has the reason `fall`, two live in Edge. */
const BASE = `
CREATE TABLE person (person_id BIGINT, sex VARCHAR, birth_year INTEGER, city VARCHAR);
CREATE TABLE visit (visit_id BIGINT, person_id BIGINT, start_date DATE, ward VARCHAR, reason VARCHAR, cost DOUBLE, score DOUBLE);
CREATE TABLE lab (visit_id BIGINT, code VARCHAR, value DOUBLE);
CREATE TABLE code_name (code VARCHAR, name VARCHAR);
INSERT INTO code_name VALUES ('a1c', 'glucose'), ('a1c', 'sugar'), ('sbp', 'pressure'), (NULL, 'none');
INSERT INTO person SELECT i, CASE WHEN i % 2 = 0 THEN 'F' ELSE 'M' END, 1950 + i, CASE WHEN i < 3 THEN 'Edge' ELSE 'Town' END FROM range(1, 25) r(i);
INSERT INTO visit SELECT p * 100 + v, p, DATE '2020-01-10' + CAST(v * 20 + p AS INTEGER),
  (['surgery', 'medicine', 'icu', 'er'])[1 + CAST((p + v) % 4 AS INTEGER)], (['chest', 'knee'])[1 + CAST(p % 2 AS INTEGER)], (p + v) % 11, (v - 2)
  FROM range(1, 25) r(p), range(0, 4) s(v);
INSERT INTO lab SELECT visit_id, CASE WHEN visit_id % 2 = 0 THEN 'a1c' ELSE 'sbp' END, 5 + visit_id % 9 FROM visit;
`;

/** The unit's rows come first or last in the order of units, so that a rule that looks at others' rows would see it. */
const FIRST = 0;
const LAST = 1000;

/** One unit more, by what it is made to break. */
export type Canary = 'heavy' | 'low' | 'odd' | 'alone' | 'edge' | 'bare' | 'orphan';

/** What is inserted for it. */
const CANARIES: Readonly<Record<Canary, string>> = {
  /** In every ward and for every reason, many times, at the top of every range and beyond. */
  heavy: heavy(LAST, `CASE v % 3 WHEN 0 THEN 1e308 WHEN 1 THEN 'Infinity'::DOUBLE ELSE 10 END`, '5'),
  /** The same at the bottom of every range, and first of all units. */
  low: heavy(FIRST, `CASE v % 3 WHEN 0 THEN -1e308 WHEN 1 THEN '-Infinity'::DOUBLE ELSE 0 END`, '-1e9'),
  /** Values that are none. */
  odd: heavy(
    LAST,
    `CASE v % 3 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN NULL ELSE 'NaN'::DOUBLE END`,
    `'NaN'::DOUBLE`,
    true,
  ),
  /** Alone with a city and a reason of its own. */
  alone: `INSERT INTO person VALUES (${LAST}, 'F', 1980, 'Alone'); INSERT INTO visit VALUES (7000, ${LAST}, DATE '2020-05-05', 'day', 'fall', 7, 2);`,
  /** The unit that brings a city to the least number of units. */
  edge: `INSERT INTO person VALUES (${LAST}, 'M', 1980, 'Edge'); INSERT INTO visit VALUES (7000, ${LAST}, DATE '2020-05-05', 'icu', 'knee', 7, 2);`,
  /** A person without any row elsewhere. */
  bare: `INSERT INTO person VALUES (${LAST}, 'F', 1900, 'Town');`,
  /** Rows elsewhere without a person. */
  orphan: `INSERT INTO visit SELECT 7000 + v, ${LAST}, DATE '2020-05-05', 'icu', 'chest', 10, 5 FROM range(0, 18) s(v);`,
};

export const CANARY_NAMES: readonly Canary[] = Object.keys(CANARIES) as Canary[];

function heavy(unit: number, cost: string, score: string, missing = false): string {
  const orMissing = (sql: string): string => (missing ? `CASE WHEN v % 2 = 0 THEN ${sql} END` : sql);
  return `
INSERT INTO person VALUES (${unit}, ${missing ? 'NULL' : `'F'`}, ${missing ? 'NULL' : '2500'}, ${missing ? 'NULL' : `'Town'`});
INSERT INTO visit SELECT 7000 + v, ${unit}, DATE '2020-01-01' + CAST(v * 11 % 900 AS INTEGER),
  ${orMissing(`(['surgery', 'medicine', 'icu', 'er', 'day', 'attic'])[1 + CAST(v % 6 AS INTEGER)]`)},
  ${orMissing(`(['chest', 'knee', 'fall', 'other'])[1 + CAST(v // 6 % 4 AS INTEGER)]`)}, ${cost}, ${score} FROM range(0, 96) s(v);
INSERT INTO lab SELECT 7000 + v, ${orMissing(`(['a1c', 'sbp', 'odd'])[1 + CAST(v % 3 AS INTEGER)]`)}, ${cost} FROM range(0, 96) s(v), range(0, 3) t(w);`;
}

/** One database: the base, or the base and a canary. */
export interface Neighbour {
  readonly engine: Engine;
  readonly folder: string;
  close(): Promise<void>;
}

export const policy: Policy = policyFromObject(POLICY);

/** Writes a database and opens an engine on it. */
export async function makeNeighbour(canary: Canary | null): Promise<Neighbour> {
  const folder = mkdtempSync(join(tmpdir(), 'gauze-audit-'));
  const instance = await DuckDBInstance.create(join(folder, 'network.duckdb'));
  const connection = await instance.connect();
  await connection.run(BASE + (canary === null ? '' : CANARIES[canary]));
  connection.closeSync();
  instance.closeSync();
  const engine = await openNative({ policyDirectory: folder, threads: 1 });
  for (const dataset of policy.datasets.values()) await engine.attach(policy, dataset);
  return {
    engine,
    folder,
    close: async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
