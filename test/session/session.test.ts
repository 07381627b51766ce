/** One question's walk, from text to answer, over real files: what is charged, recalled, kept and refused. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import type { Engine, PreparedRead } from '../../src/engine/engine.ts';
import type { GauzeError } from '../../src/errors.ts';
import { freeze, inOffice } from '../../src/index/office.node.ts';
import {
  memoryStore,
  type OpenOptions,
  open,
  registerData,
  type Session,
  verifyReceipt,
} from '../../src/index.node.ts';
import { writeNetwork } from '../docs/database.ts';
import { NETWORK } from '../policy/network.ts';

const COUNT = 'SELECT COUNT(*) AS n FROM visit';
const TWO = NETWORK.replace(
  'principals:',
  'principals:\n  dr-roy:\n    budgets: [ { dataset: network, epsilon: 1, delta: 1e-6 } ]',
);

let data = '';
let folder = '';
let policy = '';
const sessions: Session[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'gauze-session-data-'));
  await writeNetwork(data);
});

beforeEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'gauze-session-'));
  policy = join(folder, 'network.yaml');
  writeFileSync(join(folder, 'network.duckdb'), readFileSync(join(data, 'network.duckdb')));
  writeFileSync(policy, TWO);
});

afterAll(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  for (const made of [data, folder]) rmSync(made, { recursive: true, force: true });
});

async function session(options: Partial<OpenOptions> = {}): Promise<Session> {
  const opened = await open({ policy, as: 'dr-lee', ...options });
  sessions.push(opened);
  return opened;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: GauzeError) => error.code ?? String(error),
  );
}

async function spentBy(opened: Session): Promise<readonly number[]> {
  return (await opened.budget()).map(({ spent }) => spent.epsilon);
}

/** An engine that counts its reads, notes how long they may take, and can be made to fail. */
async function watched(): Promise<
  Engine & { reads: number; failing: boolean; unprintable: boolean; timeout: number | undefined }
> {
  const native = await openNative({ policyDirectory: folder });
  const engine = {
    ...native,
    reads: 0,
    failing: false,
    unprintable: false,
    timeout: undefined as number | undefined,
    prepare: (...plan: Parameters<Engine['prepare']>): PreparedRead => {
      if (engine.unprintable) throw new Error('No such function: canary');
      const read = native.prepare(...plan);
      return {
        run: (warrant, limits) => {
          engine.reads += 1;
          engine.timeout = limits.timeout;
          if (engine.failing) throw new Error('Binder Error: canary');
          return read.run(warrant, limits);
        },
      };
    },
  };
  return engine;
}

describe('an answer', () => {
  it('has a table, intervals, its cost, what remains and a signed receipt', async () => {
    const lee = await session();
    const release = await lee.query('SELECT ward, COUNT(*) AS n FROM visit GROUP BY ward', { epsilon: 0.5 });
    expect(release.table.numRows).toBe(3);
    expect(tableToIPC(release.table).length).toBeGreaterThan(0);
    expect(release.columns.map(({ name, type, noisy }) => [name, type, noisy])).toEqual([
      ['ward', 'text', false],
      ['n', 'integer', true],
    ]);
    const { low, high, level } = release.intervals.n!;
    expect(level).toBe(0.95);
    release.columns[1]!.values.forEach((value, row) => {
      expect(Number(low[row])).toBeLessThan(Number(value));
      expect(Number(high[row])).toBeGreaterThan(Number(value));
    });
    expect(release.cost).toMatchObject({ epsilon: 0.5, delta: 0 });
    expect(release.remaining?.epsilon).toBe(9.5);
    expect(verifyReceipt(release.receipt!)).toBe(true);
    const forged = { ...release.receipt!, body: { ...release.receipt!.body, principal: 'dr-who' } };
    expect(verifyReceipt(forged)).toBe(false);
  });

  it('of public tables alone is exact and free', async () => {
    const lee = await session();
    const release = await lee.query('SELECT code, name FROM code_name ORDER BY code');
    expect(release.cost).toMatchObject({ epsilon: 0, delta: 0 });
    expect(release.receipt).toBeNull();
    expect(await spentBy(lee)).toEqual([0, 0]);
  });

  it('keeps integers as integers and negative counts as they are, unless clipped', async () => {
    const lee = await session();
    const empty = "SELECT COUNT(*) AS n FROM visit WHERE ward = 'icu' AND ward = 'surgery'";
    let negative = 0;
    for (let i = 1; i <= 12; i++) {
      const { columns } = await lee.query(empty, { epsilon: `0.1${String(i).padStart(3, '0')}` });
      expect(typeof columns[0]!.values[0]).toBe('bigint');
      if ((columns[0]!.values[0] as bigint) < 0n) negative += 1;
    }
    // Each is negative with probability near 1/2: 12 of one sign happen once in 2,000 runs.
    expect(negative).toBeGreaterThan(0);
    const { columns } = await lee.query(empty, { epsilon: '0.1001', clip: true });
    expect(columns[0]!.values[0] as bigint).toBeGreaterThanOrEqual(0n);
  });

  it('comes with stages and nothing else while it is made', async () => {
    const lee = await session();
    const stages: string[] = [];
    await lee.query(COUNT, { epsilon: 0.1, onProgress: (stage) => stages.push(stage) });
    expect(stages).toEqual(['planned', 'charged', 'read', 'released']);
  });
});

describe('asked again', () => {
  it('is the stored answer at no cost, in other words too', async () => {
    const lee = await session();
    const first = await lee.query('SELECT ward, COUNT(*) AS n FROM visit WHERE cost > 10 GROUP BY ward', {
      epsilon: 0.5,
    });
    const again = await lee.query(
      'WITH v AS (SELECT * FROM visit) SELECT count(*) AS many, v.ward AS w FROM v WHERE 10 < v.cost GROUP BY 2 ORDER BY w',
      { epsilon: '0.50', level: 0.9 },
    );
    expect(again.recalled).toBe(true);
    expect(again.cost).toMatchObject({ epsilon: 0, delta: 0 });
    const values = new Map(first.columns[0]!.values.map((ward, row) => [ward, first.columns[1]!.values[row]]));
    again.columns[1]!.values.forEach((ward, row) => {
      expect(again.columns[0]!.values[row]).toBe(values.get(ward));
    });
    expect(await spentBy(lee)).toEqual([0.5, 0.5]);
  });

  it('is the same answer in another process, and after a budget changed', async () => {
    const first = await (await session()).query(COUNT, { epsilon: 0.5 });
    writeFileSync(policy, TWO.replace('epsilon: 10,', 'epsilon: 12,'));
    const again = await (await session()).query(COUNT, { epsilon: 0.5 });
    expect(again.recalled).toBe(true);
    expect(again.columns[0]!.values).toEqual(first.columns[0]!.values);
  });

  it('by another principal is charged on his own account, the data set not again', async () => {
    const first = await (await session()).query(COUNT, { epsilon: 0.5 });
    const roy = await session({ as: 'dr-roy' });
    const second = await roy.query(COUNT, { epsilon: 0.5 });
    expect(second.columns[0]!.values).toEqual(first.columns[0]!.values);
    expect(second.cost.epsilon).toBe(0.5);
    expect(await spentBy(roy)).toEqual([0.5, 0.5]);
    expect((await roy.query(COUNT, { epsilon: 0.5 })).cost.epsilon).toBe(0);
    expect(await codeOf(roy.query('SELECT COUNT(*) AS n FROM lab', { epsilon: 0.6 }))).toBe('BUDGET_EXHAUSTED');
  });

  it('by whoever paid for an earlier draw, whose answer is lost, is charged for the new one', async () => {
    const [lee, roy] = [await session(), await session({ as: 'dr-roy' })];
    await lee.query(COUNT, { epsilon: 0.25 });
    rmSync(join(folder, 'network.gauze', 'answers'), { recursive: true });
    await roy.query(COUNT, { epsilon: 0.25 });
    const again = await lee.query(COUNT, { epsilon: 0.25 });
    expect(again.recalled).toBe(false);
    expect((await spentBy(lee))[0]).toBe(0.5);
    expect((await lee.query(COUNT, { epsilon: 0.25 })).recalled).toBe(true);
  });

  it('with other noise is another answer', async () => {
    const lee = await session();
    await lee.query(COUNT, { epsilon: 0.5 });
    expect((await lee.query(COUNT, { epsilon: 0.6 })).recalled).toBe(false);
    expect(await spentBy(lee)).toEqual([1.1, 1.1]);
  });

  it('is not released when its file was changed', async () => {
    const lee = await session();
    await lee.query(COUNT, { epsilon: 0.5 });
    const answers = join(folder, 'network.gauze', 'answers');
    const [name] = readdirSync(answers);
    const path = join(answers, name!);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(/\d(?=[^\d]*$)/, (digit) => String((Number(digit) + 1) % 10)),
    );
    expect(await codeOf(lee.query(COUNT, { epsilon: 0.5 }))).toBe('CRYPTO_SIGNATURE');
    expect(await spentBy(lee)).toEqual([0.5, 0.5]);
  });
});

describe('a charge', () => {
  it('comes before the read, and stays when the read fails', async () => {
    const engine = await watched();
    const lee = await session({ engine });
    engine.failing = true;
    const error = await lee.query(COUNT, { epsilon: 0.5 }).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain('Binder');
    expect(await spentBy(lee)).toEqual([0.5, 0.5]);
  });

  it('is not made for what cannot be printed for the engine', async () => {
    const engine = await watched();
    const lee = await session({ engine });
    engine.unprintable = true;
    const error = await lee.query(COUNT, { epsilon: 0.5 }).catch((thrown: unknown) => thrown as GauzeError);
    expect(error).toMatchObject({
      code: 'INTERNAL_INVARIANT',
      message: expect.stringContaining('Nothing was charged'),
    });
    expect(String(error)).not.toContain('canary');
    expect(engine.reads).toBe(0);
    expect(await spentBy(lee)).toEqual([0, 0]);
    engine.unprintable = false;
    expect((await lee.query(COUNT, { epsilon: 0.5 })).cost.epsilon).toBe(0.5);
  });

  it('opens data for ten minutes, or as long as the session or the question says', async () => {
    const engine = await watched();
    const lee = await session({ engine });
    await lee.query(COUNT, { epsilon: 0.5 });
    expect(engine.timeout).toBe(600_000);
    const patient = await session({ engine: await watched(), timeout: 3_600_000 });
    expect((await patient.query(COUNT, { epsilon: 0.5 })).recalled).toBe(true);
    const [own, endless] = [await watched(), await watched()];
    await (await session({ engine: own, timeout: 3_600_000 })).query(COUNT, { epsilon: 0.6 });
    expect(own.timeout).toBe(3_600_000);
    await (await session({ engine: endless, timeout: 3_600_000 })).query(COUNT, { epsilon: 0.7, timeout: Infinity });
    expect(endless.timeout).toBe(Infinity);
    expect(await codeOf(session({ timeout: -1 }))).toBe('BUDGET_INVALID');
  });

  it('is not made for what is refused, and nothing is read', async () => {
    const engine = await watched();
    const lee = await session({ engine });
    for (const [sql, code] of [
      ['SELECT cost FROM visit', 'QUERY_NOT_AGGREGATE'],
      ['SELECT SUM(visit_id) FROM visit', 'POLICY_COLUMN'],
      ['SELEC 1', 'QUERY_SYNTAX'],
    ] as const) {
      expect([sql, await codeOf(lee.query(sql, { epsilon: 0.5 }))]).not.toEqual([sql, 'no error']);
      expect(code).toBeTruthy();
    }
    expect(await codeOf(lee.query(COUNT, { epsilon: 11 }))).toBe('BUDGET_EXHAUSTED');
    expect(engine.reads).toBe(0);
    expect(await spentBy(lee)).toEqual([0, 0]);
  });

  it('is not made by explain, which reads nothing', async () => {
    const engine = await watched();
    const lee = await session({ engine });
    const explanation = await lee.explain('SELECT city, AVG(birth_year) FROM person GROUP BY city', { epsilon: 0.5 });
    expect(explanation).toMatchObject({ accepted: true, cost: { epsilon: 0.5, delta: 1e-8 }, affordable: true });
    expect((await lee.explain(COUNT, { epsilon: 11 })).affordable).toBe(false);
    expect(engine.reads).toBe(0);
    expect(await spentBy(lee)).toEqual([0, 0]);
  });

  it('of a stopped question stays', async () => {
    const lee = await session();
    const abort = new AbortController();
    const stopped = lee.query(COUNT, {
      epsilon: 0.25,
      signal: abort.signal,
      onProgress: (stage) => {
        if (stage === 'charged') abort.abort();
      },
    });
    expect(await codeOf(stopped)).toBe('ENGINE_ABORTED');
    expect(await spentBy(lee)).toEqual([0.25, 0.25]);
  });

  it('of a question whose data set was stopped while it was read stays, and nothing is handed out', async () => {
    const engine = await watched();
    const stopping = {
      ...engine,
      prepare: (...plan: Parameters<Engine['prepare']>): PreparedRead => ({
        run: async (warrant, limits) => {
          const sealed = await engine.prepare(...plan).run(warrant, limits);
          await inOffice({ policy }, [], (office) => freeze(office, 'network', 'complaint', 'freeze'));
          return sealed;
        },
      }),
    };
    const lee = await session({ engine: stopping });
    expect(await codeOf(lee.query(COUNT, { epsilon: 0.5 }))).toBe('DATASET_FROZEN');
    expect((await spentBy(lee))[0]).toBe(0.5);
  });

  it('of a question stopped before is not made', async () => {
    const lee = await session();
    expect(await codeOf(lee.query(COUNT, { epsilon: 0.25, signal: AbortSignal.abort() }))).not.toBe('no error');
    expect(await spentBy(lee)).toEqual([0, 0]);
  });

  it('stands when the time is up', async () => {
    const lee = await session({ timeout: 1 });
    const slow =
      'SELECT COUNT(*) AS n FROM visit a JOIN visit b ON a.person_id = b.person_id JOIN visit c ON b.person_id = c.person_id JOIN visit d ON c.person_id = d.person_id';
    const code = await codeOf(lee.query(slow, { epsilon: 0.25 }));
    expect(['ENGINE_TIMEOUT', 'no error']).toContain(code);
    expect(await spentBy(lee)).toEqual([0.25, 0.25]);
  });

  it('falls on a data set’s cap that both share', async () => {
    writeFileSync(policy, TWO.replace('budget: { epsilon: 20, delta: 1e-5 }', 'budget: { epsilon: 1, delta: 1e-5 }'));
    const lee = await session();
    await lee.query(COUNT, { epsilon: 0.75 });
    const roy = await session({ as: 'dr-roy' });
    const error: GauzeError = await roy
      .query('SELECT COUNT(*) AS n FROM lab', { epsilon: 0.5 })
      .catch((thrown) => thrown);
    expect(error.code).toBe('BUDGET_EXHAUSTED');
    expect(error.next).toContain('0.25');
    expect(await codeOf(roy.query('SELECT COUNT(*) AS n FROM lab', { epsilon: 0.25 }))).toBe('no error');
  });
});

describe('the data', () => {
  it('that changed since registration close the data set until it is registered again', async () => {
    const lee = await session();
    const first = await lee.query(COUNT, { epsilon: 0.5 });
    const { DuckDBInstance } = await import('@duckdb/node-api');
    await lee.close();
    sessions.splice(0);
    const instance = await DuckDBInstance.create(join(folder, 'network.duckdb'));
    const connection = await instance.connect();
    await connection.run('DELETE FROM lab');
    connection.closeSync();
    instance.closeSync();
    expect(await codeOf(open({ policy, as: 'dr-lee' }))).toBe('POLICY_DATASET');
    expect(await registerData({ policy })).toEqual(['network']);
    const opened = await session();
    const second = await opened.query(COUNT, { epsilon: 0.5 });
    expect(second.recalled).toBe(false);
    expect(await spentBy(opened)).toEqual([1, 1]);
    expect(second.receipt!.body.version).not.toBe(first.receipt!.body.version);
  });

  it('that break a declaration close the data set, naming the column', async () => {
    writeFileSync(
      policy,
      TWO.replace('bounds: [1900, 2025] }', 'bounds: [1900, 2025], nullable: false }').replace(
        'ward: { type: text, values: [surgery, medicine, icu] }',
        'ward: { type: text, values: [surgery, medicine, icu], nullable: false }',
      ),
    );
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(join(folder, 'network.duckdb'));
    const connection = await instance.connect();
    await connection.run('UPDATE visit SET ward = NULL WHERE visit_id = (SELECT MIN(visit_id) FROM visit)');
    connection.closeSync();
    instance.closeSync();
    const error: GauzeError = await open({ policy, as: 'dr-lee' }).catch((thrown) => thrown);
    expect(error.code).toBe('POLICY_DATASET');
    expect(error.message).toContain('visit.ward');
    // It stays closed, and says the same, without looking again.
    expect((await open({ policy, as: 'dr-lee' }).catch((thrown) => thrown)).message).toBe(error.message);
  });
});

describe('two who ask at once', () => {
  it('get the same answer, and one session pays once', async () => {
    const lee = await session();
    const [a, b] = await Promise.all([lee.query(COUNT, { epsilon: 0.25 }), lee.query(COUNT, { epsilon: 0.25 })]);
    expect(b.columns[0]!.values).toEqual(a.columns[0]!.values);
    expect(await spentBy(lee)).toEqual([0.25, 0.25]);
    const roy = await session({ as: 'dr-roy' });
    const another = await session();
    const sql = 'SELECT COUNT(*) AS n FROM lab';
    const [c, d] = await Promise.all([another.query(sql, { epsilon: 0.5 }), roy.query(sql, { epsilon: 0.5 })]);
    expect(d.columns[0]!.values).toEqual(c.columns[0]!.values);
  });
});

describe('options', () => {
  it.each([
    ['signal', { signal: 'x' }],
    ['onProgress', { onProgress: 'x' }],
    ['timeout', { timeout: -1 }],
    ['intervals', { intervals: 'both' }],
    ['epsilon', { epsilon: '0.0000000000001' }],
  ])('that cannot be kept are refused before the charge: %s', async (_, more) => {
    const lee = await session();
    expect(await codeOf(lee.query(COUNT, { epsilon: 0.25, ...more } as never))).toBe('BUDGET_INVALID');
    expect(await spentBy(lee)).toEqual([0, 0]);
  });

  it('that throw do not cost the answer', async () => {
    const lee = await session();
    const onProgress = (): void => {
      throw new Error('mine');
    };
    expect((await lee.query(COUNT, { epsilon: 0.25, onProgress })).columns[0]!.values).toHaveLength(1);
  });

  it('name an engine there is', async () => {
    expect(await codeOf(open({ policy, as: 'dr-lee', engine: 'foo' as never }))).toBe('USAGE');
  });
});

describe('after a left join to a public table', () => {
  it('the rows that met none have their group', async () => {
    const lee = await session();
    const sql =
      "SELECT COALESCE(k.name, 'other') AS name, COUNT(*) AS n FROM lab l LEFT JOIN code_name k ON l.code = k.code AND k.code = 'a1c' GROUP BY 1";
    const { columns } = await lee.query(sql, { epsilon: 1 });
    const n = new Map(columns[0]!.values.map((name, row) => [name, Number(columns[1]!.values[row])]));
    const codes = await lee.query("SELECT COUNT(*) AS n FROM lab WHERE code = 'sbp'", { epsilon: 1 });
    expect(Math.abs(n.get('other')! - Number(codes.columns[0]!.values[0]))).toBeLessThan(2000);
    expect(n.get('other')).toBeGreaterThan(1000);
  });
});

describe('one row per person', () => {
  it('is checked also where the person is reached through another table', async () => {
    writeFileSync(
      policy,
      TWO.replace(
        'unit: { through: visit, on: visit_id }',
        'unit: { through: visit, on: visit_id }\n        unique: true',
      ),
    );
    const error: GauzeError = await open({ policy, as: 'dr-lee' }).catch((thrown) => thrown);
    expect(error.code).toBe('POLICY_DATASET');
    expect(error.message).toContain('lab: more than one row for a person_id');
  });
});

describe('a session', () => {
  it('keeps key and journal for the owner alone', async () => {
    const lee = await session();
    await lee.query(COUNT, { epsilon: 0.5 });
    const state = join(folder, 'network.gauze');
    const { statSync } = await import('node:fs');
    expect(statSync(join(state, 'key')).mode & 0o777).toBe(0o600);
    expect(statSync(state).mode & 0o777).toBe(0o700);
    expect(existsSync(join(state, 'journal'))).toBe(true);
  });

  it('opens with a policy as an object, a store, an engine and a clock', async () => {
    const { parse } = await import('yaml');
    const engine = await openNative({ policyDirectory: folder });
    const clock = (): Date => new Date('2026-01-02T03:04:05Z');
    const lee = await session({ policy: parse(NETWORK), ledger: memoryStore(), engine, clock });
    const release = await lee.query(COUNT, { epsilon: 0.5 });
    expect(release.receipt!.body.time).toBe('2026-01-02T03:04:05.000Z');
  });

  it('is of no use once closed, and takes nothing but questions', async () => {
    const lee = await session();
    expect(await codeOf(lee.query(42 as never, { epsilon: 0.5 }))).toBe('USAGE');
    expect(await codeOf(lee.query(null as never, { epsilon: 0.5 }))).toBe('USAGE');
    await lee.close();
    await lee.close();
    expect(await codeOf(lee.query(COUNT, { epsilon: 0.5 }))).toBe('USAGE');
    expect(await codeOf(lee.budget())).toBe('USAGE');
  });

  it('is for principals of the policy', async () => {
    expect(await codeOf(open({ policy, as: 'dr-who' }))).toBe('POLICY_PRINCIPAL');
  });

  it.each([
    ['2 * COUNT(*) AS n', 100],
    ['COUNT(*) / 10 AS n', 5],
    ["COUNT(*) FILTER (WHERE ward = 'icu') - COUNT(*) FILTER (WHERE ward = 'surgery') AS n", 300],
    ['SUM(cost) AS n', 2000000],
  ])('meets an accuracy in the answer’s own units, without waste: %s', async (output, accuracy) => {
    const lee = await session();
    const { intervals } = await lee.query(`SELECT ${output} FROM visit`, { accuracy });
    const half = (Number(intervals.n!.high[0]) - Number(intervals.n!.low[0])) / 2;
    expect(half).toBeLessThanOrEqual(accuracy * 1.0001);
    expect(half).toBeGreaterThan(accuracy * 0.85);
  });

  it.each([
    ['SUM(cost) / COUNT(*)', {}],
    ["100.0 * COUNT(*) FILTER (WHERE ward = 'icu') / COUNT(*)", {}],
    ['AVG(cost)', {}],
    ['COUNT(*)', { intervals: 'joint' as const }],
  ])(
    'refuses an accuracy that depends on private counts, or on how many intervals there are: %s',
    async (output, more) => {
      const lee = await session();
      const code = await codeOf(lee.query(`SELECT ${output} FROM visit`, { accuracy: 10, ...more }));
      expect(['BOUND_NO_MECHANISM', 'BUDGET_INVALID']).toContain(code);
      expect(await spentBy(lee)).toEqual([0, 0]);
    },
  );

  it('reads what was asked exactly: epsilon per aggregate, accuracy, parameters', async () => {
    const lee = await session();
    const each = await lee.query('SELECT COUNT(*) AS n, SUM(cost) AS dollars FROM visit', {
      epsilon: { n: '0.1', dollars: 0.3 },
    });
    expect(each.cost.epsilon).toBe(0.4);
    const wanted = await lee.query(COUNT, { accuracy: 60 });
    const { low, high } = wanted.intervals.n!;
    expect(Number(high[0]) - Number(low[0])).toBeLessThanOrEqual(120);
    expect(Number(high[0]) - Number(low[0])).toBeGreaterThan(110);
    const named = await lee.query('SELECT COUNT(*) AS n FROM visit WHERE ward = $ward', {
      epsilon: 0.1,
      params: { ward: 'icu' },
    });
    const placed = await lee.query('SELECT COUNT(*) AS n FROM visit WHERE ward = ?', { epsilon: 0.1, params: ['icu'] });
    expect(placed.recalled).toBe(true);
    expect(placed.columns[0]!.values).toEqual(named.columns[0]!.values);
  });
});
