/** Journals for tests: one as the ledger writes it, and others written by hand with whatever key. */

import { accountsFor } from '../../src/charge/account.ts';
import type { Content } from '../../src/charge/entry.ts';
import { GENESIS, type ReadEntry, readEntry, writeEntry } from '../../src/charge/journal.ts';
import type { Ledger, Reservation, Store } from '../../src/charge/ledger.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { nativeKey } from '../../src/crypto/sign.node.ts';
import type { SigningKey } from '../../src/crypto/sign.ts';
import { accept, approve, freeze, noteExport } from '../../src/govern/acts.ts';
import { bringIntoForce } from '../../src/govern/in-force.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import type { Policy } from '../../src/policy/policy.ts';

export const KEY: SigningKey = nativeKey(new Uint8Array(32).fill(1));
export const OTHER: SigningKey = nativeKey(new Uint8Array(32).fill(2));
export const KIM: SigningKey = nativeKey(new Uint8Array(32).fill(3));
export const ITO: SigningKey = nativeKey(new Uint8Array(32).fill(4));
export const LEE: SigningKey = nativeKey(new Uint8Array(32).fill(5));

const TABLES = `
    tables:
      person:
        unit: person_id
        unique: true
        columns:
          site: { type: text, values: [north, south] }
          zip: { type: text }
          birth_year: { type: integer, bounds: [1900, 2025] }
          hiv_status: { type: boolean, sensitive: hiv, purposes: [research] }`;

/** Two officers must sign what widens it; one researcher has accepted terms, another needs none. */
export const RULES: string = `gauze: 1
contact: privacy@hospital.example
budget: { epsilon: 40, delta: 1e-5 }
approval: { secondOfficer: true }
purposes:
  research: { description: Ethics-approved studies, sensitive: [hiv] }
  quality: { description: Quality of care in our own hospitals }
terms:
  dua-2026: { recipient: University X, purposes: [research], expires: 2027-12-31 }
datasets:
  network:
    source: network.duckdb
    unit: person.person_id
    contribution: { groups: 4, rows: 20 }
    budget: { epsilon: 20, delta: 1e-5 }
    purposes: { research: { budget: { epsilon: 10, delta: 1e-6 } }, quality: {} }
    disjoint: person.site${TABLES}
principals:
  dr-lee:
    purposes: [research]
    deny: [network.person.zip]
    terms: [dua-2026]
    key: ${LEE.publicKey}
    until: 2027-06-30
    budgets: [ { dataset: network, epsilon: 1, delta: 1e-6, renews: month } ]
  ms-park:
    purposes: [quality]
    budgets: [ { dataset: network, rho: 0.05, delta: 1e-6 } ]
  dr-kim: { roles: [officer], key: ${KIM.publicKey} }
  mr-ito: { roles: [officer, steward], key: ${ITO.publicKey} }
  ms-roy: { roles: [auditor] }
`;

/** The rules with another budget for everybody: wider. */
export const WIDER: string = RULES.replace('epsilon: 20', 'epsilon: 30');

/** A charge of ε in thousandths for a plan, as a session asks for it. */
export function charge(
  policy: Policy,
  milli: number,
  plan: string,
  time: string,
  more: Partial<Reservation> = {},
): Reservation {
  const principal = more.principal ?? 'dr-lee';
  const purpose = more.purpose ?? (principal === 'dr-lee' ? 'research' : 'quality');
  return {
    accounts: accountsFor(policy, 'network', principal, purpose),
    event: { kind: 'discrete-laplace', scale: ['1000', String(milli)], l1: '1' },
    amount: { epsilon: BigInt(milli) * 10n ** 9n, delta: 0n },
    plan,
    principal,
    dataset: 'network',
    purpose,
    part: null,
    columns: ['person.birth_year'],
    question: 'SELECT AVG(birth_year) FROM person WHERE site = ?',
    version: 'v1',
    policy: policy.digest,
    time,
    ...more,
  };
}

/** A journal that the ledger wrote, with an entry of nearly every kind. */
export async function written(
  key: SigningKey | null = KEY,
): Promise<{ readonly bytes: Uint8Array; readonly ledger: Ledger }> {
  const store = memoryStore();
  const ledger = await openLedger(store, { key });
  const rules = parsePolicy(RULES);
  const act = (by: string, day: number, policy = rules) => ({ ledger, policy, by, now: new Date(at(day)) });
  await bringIntoForce(ledger, rules, 'dr-kim', new Date(at(1)));
  await ledger.state(() => ({
    kind: 'data',
    dataset: 'network',
    version: 'v1',
    withdrawal: false,
    by: 'mr-ito',
    time: at(1),
  }));
  await accept(act('dr-lee', 2), 'dua-2026', LEE);
  await answered(ledger, charge(rules, 300, 'a', at(3)));
  await answered(ledger, charge(rules, 100, 'b', at(3), { principal: 'ms-park' }));
  await ledger.recharge(
    charge(rules, 300, 'a', at(4), {
      principal: 'ms-park',
      accounts: accountsFor(rules, 'network', 'ms-park', 'quality').filter(({ id }) => id.principal !== null),
    }),
  );
  const refused = { principal: 'dr-lee', dataset: 'network', purpose: 'research', policy: rules.digest };
  await ledger.state(() => ({
    kind: 'refuse',
    code: 'BUDGET_EXHAUSTED',
    question: 'SELECT COUNT(*) FROM person',
    ...refused,
    time: at(4),
  }));
  await freeze(act('dr-kim', 5), 'network', 'a complaint', 'freeze');
  await freeze(act('dr-kim', 6), 'network', 'settled', 'unfreeze');
  const part = { table: 'person', column: 'site', value: 'north' };
  await answered(ledger, charge(rules, 600, 'c', at(7), { part }));
  await answered(ledger, charge(rules, 650, 'd', at(7), { part: { ...part, value: 'south' } }));
  const wider = parsePolicy(WIDER);
  await approve(act('dr-kim', 8, wider), KIM);
  await approve(act('mr-ito', 8, wider), ITO);
  await bringIntoForce(ledger, wider, 'dr-kim', new Date(at(9)));
  // A month later the budget of dr-lee has started anew.
  await answered(ledger, charge(wider, 900, 'e', at(40)));
  await noteExport(act('ms-roy', 41), 'evidence', 'f'.repeat(64), { from: at(1), to: at(41) });
  return { bytes: await fileOf(store), ledger };
}

/** ISO time of a day of 2026, counted from 1. */
export function at(day: number): string {
  return new Date(Date.UTC(2026, 0, day, 12)).toISOString();
}

async function answered(ledger: Ledger, reservation: Reservation): Promise<void> {
  const warrant = await ledger.reserve(reservation);
  await ledger.settle(warrant, { outcome: 'released', answer: 'x', time: reservation.time });
}

/** The file that a journal with these entries is. */
export async function fileOf(store: Store): Promise<Uint8Array> {
  return joined(await store.read(0));
}

/** What the entries of a file say. */
export function contentsOf(bytes: Uint8Array): Content[] {
  let previous = GENESIS;
  return linesIn(bytes).map((line, sequence): Content => {
    const read: ReadEntry = readEntry(line, sequence, previous);
    previous = read.hash;
    return read.entry.content;
  });
}

/**
 * A file with these entries, chained anew and signed with the key of each. What settles an entry that has another hash by
 * now settles the newest charge.
 */
export function forged(
  contents: readonly Content[],
  keyOf: (index: number) => SigningKey | null = () => KEY,
): Uint8Array {
  let previous = GENESIS;
  let charged = GENESIS;
  const hashes = new Set<string>();
  return joined(
    contents.map((given, sequence) => {
      const isStale = given.kind === 'settle' && !hashes.has(given.reservation);
      const content = isStale ? { ...given, reservation: charged } : given;
      const { bytes, hash } = writeEntry({ sequence, previous, content }, keyOf(sequence));
      previous = hash;
      hashes.add(hash);
      if (content.kind === 'reserve') charged = hash;
      return bytes;
    }),
  );
}

export function linesIn(bytes: Uint8Array): Uint8Array[] {
  return Buffer.from(bytes)
    .toString('latin1')
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(line, 'latin1'));
}

export function joined(lines: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
}
