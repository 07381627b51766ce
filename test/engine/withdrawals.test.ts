/** Units that have withdrawn are gone from every view, on both engines; a changed list is a changed data set. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../../src/charge/ledger.ts';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { openWasm } from '../../src/engine/duckdb-wasm.node.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { fingerprintWithout, type Withdrawals } from '../../src/engine/withdrawals.ts';
import { type Dataset, type Policy, policyFromObject } from '../../src/policy/index.ts';
import { planOf } from '../conformance/compare.ts';
import { richLedger, runPlan } from '../conformance/statistics.ts';
import { type WorldTables, writeTables } from '../conformance/world.ts';

const KEY = new Uint8Array(32).fill(7);
const whole = { stored: 'INTEGER', type: 'key' } as const;
const text = { stored: 'VARCHAR', type: 'key' } as const;
const UNITS = 300_000;

/** The same persons as numbers, as texts, and in a file of text; rows that reach them, and a large table. */
const TABLES: WorldTables = {
  person: {
    columns: { id: whole, sex: { stored: 'VARCHAR', type: 'text' } },
    rows: [1n, 2n, 3n, 42n, null].map((id) => ({ id, sex: 'F' })),
  },
  note: {
    columns: { id: text, w: { stored: 'BIGINT', type: 'integer' } },
    rows: ['1', '1', '2', '042', '42', '', "o'neil", 'ä', null].map((id) => ({ id, w: 1n })),
  },
  visit: {
    columns: { id: whole, nr: whole, ward: { stored: 'VARCHAR', type: 'text' } },
    rows: [1n, 1n, 2n, 3n, 42n].map((id, at) => ({ id, nr: BigInt(at), ward: 'icu' })),
  },
  lab: {
    columns: { nr: whole, code: { stored: 'VARCHAR', type: 'text' } },
    rows: [0n, 0n, 1n, 2n, 3n, 4n, 4n].map((nr) => ({ nr, code: 'a' })),
  },
};

const POLICY: Policy = policyFromObject({
  gauze: 1,
  datasets: {
    clinic: {
      source: 'data.duckdb',
      unit: 'person.id',
      contribution: { groups: 1, rows: 5 },
      tables: {
        person: { unit: 'id', columns: { sex: { type: 'text', values: ['F'] } } },
        note: { unit: 'id', columns: { w: { type: 'integer', bounds: [0, 1] } } },
        visit: { unit: 'id', columns: { nr: { type: 'integer', use: 'join' }, ward: { type: 'text' } } },
        lab: { unit: { through: 'visit', on: 'nr' }, columns: { code: { type: 'text' } } },
        letter: { file: 'letters.csv', unit: 'id', columns: { kind: { type: 'text' } } },
        big: { unit: 'id', columns: { v: { type: 'integer', bounds: [0, 9] } } },
      },
    },
  },
});
const dataset = POLICY.datasets.get('clinic') as Dataset;

let folder: string;
let ledger: Ledger;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gauze-withdrawn-'));
  const big = `CREATE TABLE big AS SELECT i AS id, i % 10 AS v FROM range(${UNITS}) AS r(i)`;
  await writeTables(join(folder, 'data.duckdb'), TABLES, [big]);
  writeFileSync(join(folder, 'letters.csv'), 'id,kind\n1,x\nletters-only,y\n042,z\n,x\n');
  ledger = await richLedger();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ENGINES = [
  ['native', () => openNative({ policyDirectory: folder, threads: 1 })],
  ['wasm', () => openWasm({ policyDirectory: folder })],
] as const;

describe.each(ENGINES)('%s', (_name, open) => {
  /** Numbers of rows of tables, without the units listed. */
  async function counts(withdrawn: Withdrawals, tables: readonly string[]): Promise<Record<string, bigint>> {
    const engine = await open();
    try {
      await engine.attach(POLICY, dataset, withdrawn);
      const found: Record<string, bigint> = {};
      for (const table of tables) {
        const plan = planOf(`SELECT COUNT(*) FROM ${table}`, POLICY);
        if (plan === null) throw new Error('The question is refused.');
        const { groups } = await runPlan(plan, engine, ledger, 1n);
        found[table] = groups[0]?.[0]?.[0]?.statistics[0] ?? -1n;
      }
      return found;
    } finally {
      await engine.close();
    }
  }

  it('leaves out their rows, however each table stores them', async () => {
    const tables = ['person', 'note', 'visit', 'lab', 'letter'];
    expect(await counts([], tables)).toEqual({ person: 4n, note: 8n, visit: 5n, lab: 7n, letter: 3n });
    // As the column casts to text: 042 is nobody where units are numbers, and somebody else than 42 where they are texts.
    const list = ['1', '042', 'stranger', '', "o'neil", 'ä', '1'];
    expect(await counts(list, tables)).toEqual({ person: 3n, note: 2n, visit: 3n, lab: 4n, letter: 1n });
  });

  it('takes long lists', { timeout: 120_000 }, async () => {
    const list = Array.from({ length: 100_000 }, (_, i) => String(3 * i));
    expect(await counts(list, ['big'])).toEqual({ big: BigInt(UNITS - 100_000) });
  });

  it('has a fingerprint of its own for every list, whatever its order', async () => {
    const fingerprint = async (withdrawn: Withdrawals): Promise<string> => {
      const engine: Engine = await open();
      try {
        await engine.attach(POLICY, dataset, withdrawn);
        return await engine.fingerprint(dataset, KEY);
      } finally {
        await engine.close();
      }
    };
    const [none, two] = [await fingerprint([]), await fingerprint(['2', '1'])];
    expect(two).not.toBe(none);
    expect(await fingerprint(['1', '2', '1'])).toBe(two);
    expect(two).toBe(fingerprintWithout(none, ['1', '2'], KEY));
  });

  it('finds those of a list whom any table holds, each once, left out or not', async () => {
    const engine = await open();
    try {
      await engine.attach(POLICY, dataset, ['1', '3']);
      const found = (...units: Withdrawals): Promise<number> => engine.withdrawnFound(dataset, units);
      // 1 and 3 are left out already; 042 and ä are texts of notes, o'neil is nobody's number.
      expect(await found('1', '3', '042', 'ä', "o'neil", '1', 'stranger', '0007')).toBe(5);
      expect(await found('letters-only', '1')).toBe(2);
      expect(await found(String(UNITS - 1), String(UNITS))).toBe(1);
      expect(await found('0002', '2 ', '"2"', '2.0')).toBe(0);
      expect(await found()).toBe(0);
      const plan = planOf('SELECT COUNT(*) FROM person', POLICY);
      if (plan === null) throw new Error('The question is refused.');
      const { groups } = await runPlan(plan, engine, ledger, 1n);
      expect(groups[0]?.[0]?.[0]?.statistics[0]).toBe(2n);
      await expect(found('1')).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
    } finally {
      await engine.close();
    }
  });

  it('says what is false of those that are left alone', async () => {
    const engine = await open();
    try {
      const unique = policyFromObject({
        gauze: 1,
        datasets: {
          clinic: {
            source: 'data.duckdb',
            unit: 'note.id',
            contribution: { groups: 1, rows: 5 },
            tables: { note: { unit: 'id', unique: true, columns: { w: { type: 'integer', nullable: false } } } },
          },
        },
      });
      const owner = unique.datasets.get('clinic') as Dataset;
      await engine.attach(unique, owner, ['1']);
      const broken = await engine.verify(owner);
      // One row has no unit; the two rows of unit 1 are gone.
      expect(broken).toEqual([{ kind: 'unique', table: 'note', column: 'id' }]);
    } finally {
      await engine.close();
    }
  });
});

describe('a fingerprint with a list', () => {
  it('is keyed, and tells lists apart that look alike when joined', () => {
    const of = (units: Withdrawals, key = KEY): string => fingerprintWithout('00', units, key);
    expect(of([])).toBe('00');
    expect(of(['1'])).not.toBe(of(['1'], new Uint8Array(32)));
    expect(of(['1'])).not.toBe(of(['2']));
    expect(of(['a,b'])).not.toBe(of(['a', 'b']));
    expect(of(['a', ''])).not.toBe(of(['a']));
  });
});
