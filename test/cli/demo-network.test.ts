/** The synthetic network: same seed, same rows; published marginals within tolerance; every trap present. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkStatements } from '../../src/cli/demo/network.ts';

const TABLES = ['person', 'visit', 'condition', 'drug', 'measurement', 'death', 'concept'];

async function build(persons: number, seed: string): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const statement of networkStatements(persons, seed)) await connection.run(statement);
  return connection;
}

async function digest(connection: DuckDBConnection): Promise<string[]> {
  const digests: string[] = [];
  for (const table of TABLES) {
    const reader = await connection.runAndReadAll(
      `SELECT md5(string_agg(t::VARCHAR, '|' ORDER BY t::VARCHAR)) FROM ${table} t`,
    );
    digests.push(String(reader.getRows()[0]?.[0]));
  }
  return digests;
}

it('gives the same rows for the same seed, and others for another', async () => {
  const [one, two, other] = [await build(2000, 'a'), await build(2000, 'a'), await build(2000, 'b')];
  expect(await digest(one)).toEqual(await digest(two));
  expect((await digest(one))[0]).not.toBe((await digest(other))[0]);
});

describe('at 20,000 persons', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await build(20_000, 'meridian');
  });
  afterAll(() => connection.closeSync());

  const figure = async (sql: string): Promise<number> =>
    Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0]);

  // Tolerances are four standard errors of the stated share, or the stated band; the seed is fixed, so nothing flakes.
  it.each([
    ['share of women', `SELECT avg((sex = 'F')::INT) FROM person`, 0.504, 0.015],
    [
      'diagnosed diabetes',
      `SELECT count(DISTINCT person_id) / 20000 FROM condition WHERE code IN ('E11', '44054006')`,
      0.097,
      0.01,
    ],
    ['visits per person', 'SELECT count(*) / 20000 FROM visit', 5.1, 0.4],
    ['length of an inpatient stay', `SELECT avg(los_days) FROM visit WHERE type = 'inpatient'`, 4.5, 0.5],
    ['site 5', 'SELECT avg((site_id = 5)::INT) FROM person', 0.025, 0.005],
    ['missing race', 'SELECT avg((race IS NULL)::INT) FROM person', 0.02, 0.004],
  ])('%s is as published', async (_, sql, expected, tolerance) => {
    expect(Math.abs((await figure(sql)) - expected)).toBeLessThan(tolerance);
  });

  it.each([
    ['T1', `SELECT count(*) FROM person WHERE link_token = 'trap-t1'`, 1],
    ['T2', `SELECT count(*) FROM person JOIN condition USING (person_id) WHERE zip3 = '059' AND code = 'B20'`, 4],
    ['T5', 'SELECT max(n) FROM (SELECT count(*) AS n FROM visit GROUP BY person_id)', 390],
    ['T6', 'SELECT max(cost_cents) FROM visit', 470_000_000],
    ['T11', 'SELECT count(*) FROM visit WHERE person_id IS NULL', 2],
    ['T14', `SELECT count(*) FROM person WHERE zip3 = '999'`, 1],
    ['T18', `SELECT count(*) FROM person WHERE contains(zip3, '<b>')`, 1],
  ])('trap %s is planted', async (_, sql, expected) => {
    expect(await figure(sql)).toBe(expected);
  });
});
