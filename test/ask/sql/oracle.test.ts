/**
 * DuckDB as oracle. What gauze accepts DuckDB accepts, and both read the same tree: a text and its reading, printed with
 * every operand in parentheses, serialise equally.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEYWORD_CLASSES } from '../../../src/ask/sql/keywords.ts';
import { parse } from '../../../src/ask/sql/parse.ts';
import { generateQuestion, seeded } from '../../attack/grammar.ts';
import { CORPUS } from './corpus.ts';
import { printStatement } from './print-syntax.ts';

let instance: DuckDBInstance;
let run: (sql: string, values?: string[]) => Promise<unknown[][]>;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  run = async (sql, values = []) => (await connection.runAndReadAll(sql, values)).getRows() as unknown[][];
});

afterAll(() => instance.closeSync());

/** Places, hints and defaults spelled out, which are no part of the tree. */
const APART: ReadonlySet<string> = new Set(['query_location', 'materialized', 'schema', 'named_param_map']);

async function serialize(sql: string): Promise<string> {
  const [row] = await run('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  const tree = JSON.parse(String(row?.[0]), (key, value) =>
    APART.has(key) ? undefined : value === 'ASCENDING' ? 'ORDER_DEFAULT' : value,
  ) as { error: boolean };
  expect(tree.error, `${sql}\n${JSON.stringify(tree)}`).toBe(false);
  // Names of columns and functions compare without case; DuckDB keeps some of them as typed.
  return JSON.stringify(tree).toLowerCase();
}

describe('DuckDB', () => {
  it('has at least eighty questions to read', () => expect(CORPUS.length).toBeGreaterThanOrEqual(80));

  it.each(CORPUS)('reads %s alike', async (text) => {
    expect(await serialize(printStatement(parse(text), text))).toBe(await serialize(text));
  });

  it('reads generated questions alike', async () => {
    const random = seeded(11);
    for (let i = 0; i < 400; i++) {
      const text = generateQuestion(random);
      expect(await serialize(printStatement(parse(text), text)), text).toBe(await serialize(text));
    }
  });

  it('has the keywords gauze knows', async () => {
    const rows = await run('SELECT keyword_name, keyword_category FROM duckdb_keywords()');
    const theirs = rows.map(([word, category]) => `${String(word)} ${String(category)}`).sort();
    const ours = Object.entries(KEYWORD_CLASSES).flatMap(([category, words]) =>
      [...words].map((word) => `${word} ${category}`),
    );
    expect(ours.sort()).toEqual(theirs);
  });
});
