/** The generator is only useful if what it makes is valid: every question parses, and DuckDB binds it. */
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { parse } from '../../src/ask/sql/parse.ts';
import { generateQuestion, seeded } from './grammar.ts';

const SCHEMA = `
  CREATE SCHEMA network; SET schema = 'network';
  CREATE TABLE person (person_id BIGINT, sex VARCHAR, birth_year BIGINT, city VARCHAR);
  CREATE TABLE visit (person_id BIGINT, visit_id BIGINT, start_date DATE, ward VARCHAR, cost DOUBLE);
  CREATE TABLE lab (visit_id BIGINT, code VARCHAR, value DOUBLE);
  CREATE TABLE code_name (code VARCHAR, name VARCHAR);`;

it('generated questions parse, are many, and come again from the same seed', () => {
  const random = seeded(1);
  const questions = Array.from({ length: 3000 }, () => generateQuestion(random));
  for (const question of questions) expect(() => parse(question), question).not.toThrow();
  expect(new Set(questions).size).toBeGreaterThan(2500);
  expect(generateQuestion(seeded(77))).toBe(generateQuestion(seeded(77)));
});

it('generated questions bind in DuckDB', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(SCHEMA);
  const random = seeded(2);
  const unbound: string[] = [];
  for (let i = 0; i < 600; i++) {
    const question = generateQuestion(random);
    try {
      const prepared = await connection.prepare(question);
      prepared.destroySync();
    } catch (error) {
      unbound.push(`${question}\n  ${String(error)}`);
    }
  }
  connection.closeSync();
  instance.closeSync();
  expect(unbound).toEqual([]);
});

it('generated questions use every construct they promise', () => {
  const random = seeded(3);
  const all = Array.from({ length: 2000 }, () => generateQuestion(random))
    .join('\n')
    .toUpperCase();
  for (const construct of [
    'LEFT JOIN',
    'FULL JOIN',
    'USING (',
    'NOT IN (SELECT',
    'NOT EXISTS (',
    'WITH ',
    'OVER (',
    'ROWS BETWEEN',
    'QUALIFY',
    'HAVING',
    'ROLLUP',
    'CUBE',
    'GROUPING SETS',
    'FILTER (WHERE',
    'UNION ALL',
    'INTERSECT',
    'EXCEPT',
    'CASE WHEN',
    'INTERVAL',
    'EXTRACT(',
    'COUNT(DISTINCT',
    'SELECT DISTINCT',
    'GROUP BY ALL',
    'LIMIT',
    'OFFSET',
    'ILIKE',
    'IS DISTINCT FROM',
  ]) {
    expect(all).toContain(construct);
  }
});
