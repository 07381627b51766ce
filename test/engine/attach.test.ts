/** Columns are found as DuckDB compares names: ASCII letters in either case, all others exactly. */
import { expect, it } from 'vitest';
import { type Attachments, attachTables, type SourceHost } from '../../src/engine/attach.ts';
import { policyFromObject } from '../../src/policy/index.ts';

const policy = policyFromObject({
  gauze: 1,
  datasets: {
    clinic: {
      source: 'clinic.duckdb',
      unit: 'person.id',
      contribution: { groups: 1, rows: 1 },
      tables: { person: { unit: 'id', unique: true, columns: { dose_k: { type: 'integer', bounds: [0, 9] } } } },
    },
  },
});

/** What is attached from a table with these columns beside the unit, as SQL. */
async function attached(...names: readonly string[]): Promise<string> {
  const ran: string[] = [];
  const columns = ['id', ...names].map((name) => ({ name, type: 'BIGINT' }));
  const host: SourceHost = {
    locate: async () => ({ from: '"person"', columns, text: false }),
    execute: async (sql) => {
      ran.push(sql);
    },
  };
  const attachments: Attachments = { tables: new Map(), withdrawn: new Map(), holders: new Map() };
  const [dataset] = policy.datasets.values();
  if (dataset === undefined) throw new Error('the policy has a data set');
  await attachTables(policy, dataset, [], host, attachments);
  return ran.join('\n');
}

it('takes another case where one column is meant', async () => {
  expect(await attached('Dose_K')).toContain('"Dose_K"');
  expect(await attached('DOSE_K', 'dose_k')).toContain('"dose_k"');
  await expect(attached('DOSE_K', 'Dose_K')).rejects.toMatchObject({ code: 'POLICY_INVALID' });
});

it('takes no letter for another that Unicode folds to it', async () => {
  // The Kelvin sign is k in lower case.
  await expect(attached('dose_\u212a')).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  expect(await attached('dose_\u212a', 'DOSE_K')).toContain('"DOSE_K"');
});
