/** The key of a public table: a join on it costs nothing, and what it promises is verified. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStore, open, type Session } from '../../src/index.node.ts';
import type { PolicyInput } from '../../src/policy/index.ts';

const policy = (key: string | null, concepts = 'concept.csv'): PolicyInput => ({
  gauze: 1,
  datasets: {
    clinic: {
      unit: 'person.person_id',
      contribution: { groups: 4, rows: 20 },
      tables: {
        person: {
          file: 'person.csv',
          unit: 'person_id',
          unique: true,
          columns: { sex_id: { type: 'integer', values: [1, 2] } },
        },
        visit: { file: 'visit.csv', unit: 'person_id', columns: { kind_id: { type: 'integer' } } },
        concept: {
          file: concepts,
          public: true,
          ...(key === null ? {} : { key }),
          columns: { concept_id: { type: 'integer' }, name: { type: 'text' } },
        },
      },
    },
  },
  principals: { analyst: { budgets: [{ dataset: 'clinic', epsilon: 10_000, delta: 1e-6 }] } },
});

describe('the key of a public table', () => {
  let folder = '';
  const opened = (input: PolicyInput): Promise<Session> =>
    open({ policy: input, as: 'analyst', directory: folder, ledger: memoryStore() });
  const halfWidth = async (input: PolicyInput, sql: string): Promise<number | null | undefined> => {
    const gauze = await opened(input);
    try {
      return (await gauze.explain(sql, { epsilon: 1 })).expected[0]?.halfWidth;
    } finally {
      await gauze.close();
    }
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gauze-key-'));
    writeFileSync(join(folder, 'person.csv'), 'person_id,sex_id\n1,1\n2,2\n3,1\n4,9\n');
    writeFileSync(join(folder, 'visit.csv'), 'person_id,kind_id\n1,3\n1,3\n2,4\n3,3\n');
    writeFileSync(join(folder, 'concept.csv'), 'concept_id,name\n1,F\n2,M\n3,ward\n4,icu\n9,other\n');
    writeFileSync(join(folder, 'twice.csv'), 'concept_id,name\n1,F\n1,female\n2,M\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const SEXES = 'SELECT c.name, COUNT(*) AS n FROM person p JOIN concept c ON c.concept_id = p.sex_id GROUP BY c.name';

  it('keeps one row per person in a join on it', async () => {
    rmSync(join(folder, 'registration.json'), { force: true });
    expect(await halfWidth(policy('concept_id'), SEXES)).toBe(3);
    rmSync(join(folder, 'registration.json'), { force: true });
    expect(await halfWidth(policy(null), SEXES)).toBeGreaterThan(100);
  });

  it('limits the groups to what the protected column can hold', async () => {
    rmSync(join(folder, 'registration.json'), { force: true });
    const kinds =
      'SELECT name, COUNT(DISTINCT person_id) FROM visit JOIN concept ON concept_id = kind_id WHERE kind_id IN (3, 4) GROUP BY name';
    expect(await halfWidth(policy('concept_id'), kinds)).toBe(6);
  });

  it('shows the names that public values of the protected column have, and no others', async () => {
    rmSync(join(folder, 'registration.json'), { force: true });
    const gauze = await opened(policy('concept_id'));
    const answer = await gauze.query(`${SEXES} ORDER BY 1`, { epsilon: 10_000 });
    expect(answer.columns.map((column) => column.values)).toEqual([
      ['F', 'M'],
      [2n, 1n],
    ]);
    await gauze.close();
  });

  it('closes the data set where a value stands twice', async () => {
    rmSync(join(folder, 'registration.json'), { force: true });
    await expect(opened(policy('concept_id', 'twice.csv'))).rejects.toMatchObject({
      code: 'POLICY_DATASET',
      message: expect.stringContaining('concept.concept_id: not unique'),
    });
  });
});
