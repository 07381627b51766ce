/** What `gauze init` writes for data it has never seen opens, and answers a question, as it stands. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftCatalog } from '../../src/engine/catalog.node.ts';
import { memoryStore, open } from '../../src/index.node.ts';
import { draftPolicy } from '../../src/policy/index.ts';
import { DATA } from './bench.ts';

if (DATA === null) console.log('First policies of real data are skipped: GAUZE_DATA_DIR names no folder.');

describe.skipIf(DATA === null)('the first policy of', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gauze-init-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['omop-gibleed', 'SELECT gender_concept_id, COUNT(*) AS n FROM person GROUP BY 1', 2],
    ['omop-synthea27', 'SELECT COUNT(DISTINCT person_id) AS n FROM visit_occurrence', 1],
    ['diabetes130', 'SELECT COUNT(*) AS n FROM encounters', 1],
  ])('%s', async (name, sql, rows) => {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, draftPolicy(await draftCatalog(join(DATA as string, name), folder)));
    const gauze = await open({ policy: file, as: 'analyst', ledger: memoryStore() });
    try {
      const answer = await gauze.query(sql, { epsilon: 1 });
      expect(answer.columns.find((column) => column.name === 'n')?.values).toHaveLength(rows);
    } finally {
      await gauze.close();
    }
  });

  it.each(['adult', 'pums-ca-1000', 'datashield-sim'])('%s asks for the unit, which no name tells', async (name) => {
    const text = draftPolicy(await draftCatalog(join(DATA as string, name), folder));
    expect(text).toContain('unit: TABLE.WHICH_COLUMN');
  });
});
