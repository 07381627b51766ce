/** A journal that sessions and officers wrote under governed rules, with everything allowed in it: no check may accuse it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nativeVerify } from '../../src/crypto/sign.node.ts';
import { verifyChain } from '../../src/evidence/chain.ts';
import { ReceiptPlaces } from '../../src/evidence/receipt-place.ts';
import { accept, approve, freeze } from '../../src/govern/acts.ts';
import { rotateKey } from '../../src/govern/keys.node.ts';
import { inOffice } from '../../src/index/office.node.ts';
import { type OpenOptions, open } from '../../src/index.node.ts';
import type { Receipt, Release } from '../../src/release/release.ts';
import { writeNetwork } from '../docs/database.ts';
import { rewritten } from '../policy/network.ts';
import { ITO, KIM, LEE } from './chains.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauze-governed-'));
const policy = join(folder, 'network.yaml');
const state = join(folder, 'network.gauze');
const RULES = rewritten(
  'principals:\n  dr-lee:\n',
  `principals:
  ms-park:
    purposes: [quality]
    budgets: [ { dataset: network, rho: 0.5, delta: 1e-6, renews: quarter } ]
  dr-kim: { roles: [officer], key: ${KIM.publicKey} }
  mr-ito: { roles: [officer, auditor], key: ${ITO.publicKey} }
  dr-lee:
    purposes: [research, quality]
    terms: [dua]
    key: ${LEE.publicKey}
    until: 2199-12-31
`,
  rewritten(
    'minimumUnits: 11 ',
    'purposes: { research: { budget: { epsilon: 8, delta: 1e-6 } }, quality: {} }\n    disjoint: person.sex\n    minimumUnits: 11 ',
    rewritten(
      'gauze: 1\n',
      `gauze: 1
budget: { epsilon: 50, delta: 1e-4 }
approval: { secondOfficer: true }
ledger: { anchor: elsewhere }
purposes: { research: { description: Studies }, quality: {} }
terms: { dua: { recipient: University X, expires: 2199-12-31, purposes: [research, quality] } }
`,
    ),
  ),
);
const releases: Release[] = [];

async function asked(options: Partial<OpenOptions>, questions: readonly (readonly [string, object])[]): Promise<void> {
  const session = await open({ policy, as: 'dr-lee', ...options });
  try {
    for (const [sql, how] of questions) {
      const release = await session.query(sql, { epsilon: 0.2, ...how }).catch(() => null);
      if (release !== null) releases.push(release);
    }
  } finally {
    await session.close();
  }
}

beforeAll(async () => {
  await writeNetwork(folder);
  writeFileSync(policy, RULES);
  const officer = { policy, as: 'dr-kim' } as const;
  const count = 'SELECT sex, COUNT(*) AS n FROM person GROUP BY sex';
  await asked({ purpose: 'research' }, [[count, {}]]);
  expect(releases).toHaveLength(0);
  await inOffice({ policy, as: 'dr-lee' }, [], (office) => accept(office, 'dua', LEE));
  const cities = 'SELECT city, COUNT(DISTINCT person_id) AS n FROM person GROUP BY city';
  await asked({ purpose: 'research' }, [
    [count, {}],
    [count, {}],
    [count, { purpose: 'quality' }],
    [cities, { epsilon: 1, delta: '1e-8' }],
    ['SELECT AVG(cost) AS c FROM visit', { part: 'F' }],
    ['SELECT AVG(cost) AS c FROM visit', { part: 'M' }],
    ['SELECT COUNT(*) AS n FROM visit', { epsilon: 90 }],
  ]);
  await asked({ as: 'ms-park', purpose: 'quality' }, [
    [count, {}],
    ['SELECT ward, SUM(cost) AS c FROM visit GROUP BY ward', { epsilon: 0.3, delta: '1e-7' }],
  ]);
  await inOffice(officer, ['officer'], (office) => freeze(office, 'network', 'why', 'freeze'));
  await asked({ purpose: 'research' }, [[count, {}]]);
  await inOffice(officer, ['officer'], (office) => freeze(office, 'network', 'why', 'unfreeze'));
  writeFileSync(policy, RULES.replace('epsilon: 20', 'epsilon: 25'));
  await inOffice(officer, ['officer'], (office) => approve(office, KIM));
  await inOffice({ policy, as: 'mr-ito' }, ['officer'], (office) => approve(office, ITO));
  await inOffice(officer, ['officer'], (office) => rotateKey(office, state));
  await asked({ purpose: 'research' }, [
    [count, {}],
    ['SELECT COUNT(*) AS n FROM lab', {}],
  ]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is valid with the first key and the last, under the officer’s anchor, and knows every receipt', async () => {
  const journal = readFileSync(join(state, 'journal'));
  const places = releases.map(({ receipt }) => new ReceiptPlaces(receipt as Receipt));
  const verdict = await verifyChain(journal, {
    verify: nativeVerify,
    anchor: readFileSync(join(folder, 'elsewhere'), 'utf8'),
    seen: (read) => {
      for (const place of places) place.see(read);
    },
  });
  expect(verdict.firstBad).toBeNull();
  expect(verdict.publicKeys.map(({ reason }) => reason)).toEqual(['first', 'rotated']);
  for (const { publicKey } of verdict.publicKeys) {
    expect(await verifyChain(journal, { publicKey, verify: nativeVerify })).toMatchObject({ valid: true });
  }
  expect(releases.length).toBeGreaterThanOrEqual(9);
  expect(places.map((place) => place.fault())).toEqual(places.map(() => null));
  const said = journal.toString();
  for (const kind of ['recharge', 'refuse', 'freeze', 'approve', 'accept', 'policy', 'data']) {
    expect(said, kind).toContain(`"kind":"${kind}"`);
  }
  expect(said).toContain('"part":{"column":"sex"');
});
