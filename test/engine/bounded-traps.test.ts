/** Traps of bounding by SQL, each of which some faster plan falls into. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { ask } from '../../src/ask/index.ts';
import type { Column, ColumnId, Expr, Item, Relation } from '../../src/ask/ir.ts';
import type { BoundedQuestion } from '../../src/bound/bounded.ts';
import type { Plan } from '../../src/bound/plan.ts';
import { makePlan } from '../../src/bound/planner.ts';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { memoryStore } from '../../src/charge/store/memory.ts';
import { openNative } from '../../src/engine/duckdb-native.node.ts';
import { type ExactSet, Sealed } from '../../src/engine/sealed.ts';
import { parametersOf } from '../../src/options.ts';
import { type PolicyInput, policyFromObject } from '../../src/policy/index.ts';
import { ample, UNSPECIFIED } from '../charge/fixtures.ts';
import * as tree from '../conformance/tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'gauze-traps-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

interface Options {
  readonly groups?: number;
  readonly cap?: number;
  readonly high?: number;
  readonly threads?: number;
  readonly by?: string;
  readonly salt?: bigint;
  /** Another source than the planner's: it drops rows without a unit at every scan, and no join brings them back. */
  readonly source?: (question: BoundedQuestion) => Relation;
}

/** Exact statistics of a question over `rows`, a SELECT of unit, g, v. */
async function exact(
  rows: string,
  aggregates: string,
  options: Options = {},
): Promise<{ plan: Plan; sets: readonly ExactSet[] }> {
  const file = join(folder, `${files++}.duckdb`);
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE t AS ${rows}`);
  connection.closeSync();
  instance.closeSync();
  const policy = policyFromObject({
    gauze: 1,
    datasets: {
      d: {
        source: file,
        unit: 't.unit',
        contribution: { groups: options.groups ?? 1, rows: options.cap ?? 20 },
        budget: { epsilon: 100, delta: 1e-5 },
        tables: {
          t: {
            unit: 'unit',
            columns: {
              g: { type: 'integer', bounds: [0, 99] },
              h: { type: 'integer', bounds: [0, 9] },
              v: { type: 'double', bounds: [0, options.high ?? 1000], step: 0.01 },
            },
          },
        },
      },
    },
    principals: { p: { budgets: [{ dataset: 'd', epsilon: 100, delta: 1e-6 }] } },
  } as unknown as PolicyInput);
  const by = options.by ?? 'GROUP BY g';
  const sql = `SELECT ${by === '' ? '' : 'g, '}${aggregates} FROM t ${by}`;
  const { plan } = makePlan(ask(sql, policy, {}), policy, parametersOf({ epsilon: 1 }, null, null), sql);
  const ledger = await openLedger(memoryStore());
  const warrant = await ledger.reserve({
    ...UNSPECIFIED,
    accounts: [ample('d', 'p')],
    amount: { epsilon: 1n, delta: 0n },
    event: plan.event,
    plan: plan.digest,
    principal: 'p',
    dataset: 'd',
    version: '',
    policy: '',
    time: '2026-01-01T00:00:00.000Z',
  });
  const engine = await openNative({ threads: options.threads ?? 2 });
  for (const dataset of policy.datasets.values()) await engine.attach(policy, dataset);
  const questions = plan.questions.map((question) => {
    const { bounded } = question;
    return { ...question, bounded: { ...bounded, source: options.source?.(bounded) ?? bounded.source } };
  });
  const sealed = await engine.prepare({ ...plan, questions }, options.salt ?? 77n).run(warrant, {});
  await engine.close();
  return { plan, sets: Sealed.unseal(sealed).questions[0]?.sets ?? [] };
}

function byKey(sets: readonly ExactSet[], statistic: number): Map<unknown, bigint> {
  const [set] = sets;
  return new Map(set?.keys[0]?.map((key, row) => [key, set.statistics[statistic]?.[row] as bigint]));
}

describe('selection of pairs', () => {
  it('keeps every group equally often: the last argument of a hash must be mixed in', async () => {
    const units = 30_000;
    const rows = `SELECT u AS unit, g, 0 AS h, 1.0::DOUBLE AS v FROM range(${units}) a(u), range(6) b(g)`;
    const kept = [...byKey((await exact(rows, 'COUNT(DISTINCT unit)')).sets, 0).values()].map(Number);
    expect(kept).toHaveLength(6);
    expect(kept.reduce((sum, n) => sum + n, 0)).toBe(units);
    const chi2 = kept.reduce((sum, n) => sum + (n - units / 6) ** 2 / (units / 6), 0);
    // χ² with 5 degrees of freedom exceeds 52 with probability 5·10⁻¹⁰.
    expect(chi2).toBeLessThan(52);
  });

  it('never lets a unit keep more groups than allowed', async () => {
    const rows = 'SELECT u AS unit, g, 0 AS h, 1.0::DOUBLE AS v FROM range(500) a(u), range(40) b(g)';
    for (const groups of [1, 3, 7]) {
      const { sets } = await exact(rows, 'COUNT(DISTINCT unit)', { groups });
      expect([...byKey(sets, 0).values()].reduce((sum, n) => sum + n, 0n)).toBe(BigInt(500 * groups));
    }
  });

  it('depends on the unit alone: without one unit the others keep what they kept', async () => {
    const rows = (without: number): string =>
      `SELECT u AS unit, g, 0 AS h, (u * 7 % 100)::DOUBLE AS v FROM range(60) a(u), range(30) b(g) WHERE u <> ${without}`;
    const all = byKey((await exact(rows(-1), 'SUM(v)', { groups: 2 })).sets, 0);
    const fewer = byKey((await exact(rows(13), 'SUM(v)', { groups: 2 })).sets, 0);
    const moved = [...all].filter(([key, sum]) => sum !== (fewer.get(key) ?? 0n));
    expect(moved.map(([key, sum]) => sum - (fewer.get(key) ?? 0n))).toEqual([9100n, 9100n]);
  });

  it('is drawn anew by another salt', async () => {
    const rows = 'SELECT u AS unit, g, 0 AS h, 1.0::DOUBLE AS v FROM range(200) a(u), range(30) b(g)';
    const one = byKey((await exact(rows, 'COUNT(DISTINCT unit)', { salt: 1n })).sets, 0);
    const two = byKey((await exact(rows, 'COUNT(DISTINCT unit)', { salt: 2n })).sets, 0);
    expect([...one]).not.toEqual([...two]);
  });

  it('drops rows without a unit instead of taking NULL for one unit in every group', async () => {
    const rows = 'SELECT NULL::INTEGER AS unit, g, 0 AS h, 1.0::DOUBLE AS v FROM range(30) b(g)';
    expect((await exact(rows, 'COUNT(*)', { groups: 2 })).sets[0]?.groups).toBe(0);
  });
});

describe('rows whose unit is NULL belong to nobody, whatever relation they come from', () => {
  const rows = `SELECT CASE WHEN g >= 50 THEN g END AS unit, g, 0 AS h, 1.0::DOUBLE AS v
    FROM (SELECT range AS g FROM range(30) UNION ALL VALUES (50), (51), (52))`;
  const scan = () => tree.table('d', 't', { unit: 'key', g: 'integer' });
  const named = (of: ReturnType<typeof scan>) => [of.by.unit as Column, of.by.g as Column] as const;
  const present = (of: ReturnType<typeof scan>): Relation =>
    tree.filter(of, tree.call('is-not-null', [tree.ref(of.by.unit as Column)]));

  /** A relation with the columns that stand for its units and its groups. */
  type Made = readonly [relation: Relation, unit: Expr, group: Expr];

  const renamed = (): Made => {
    const t = scan();
    const [unit, g] = named(t).map(tree.ref) as [Expr, Expr];
    return [t, unit, g];
  };
  const computed = (): Made => {
    const t = scan();
    const [unit, g] = named(t).map(tree.ref) as [Expr, Expr];
    const early = tree.call('lt', [g, tree.literal(52n)]);
    return [present(t), tree.caseWhen([[early, unit]], null), g];
  };
  const optional = (): Made => {
    const t = scan();
    const [unit, g] = named(t).map(tree.ref) as [Expr, Expr];
    const either = tree.call('or', [tree.call('is-not-null', [unit]), tree.call('ge', [g, tree.literal(0n)])]);
    return [tree.filter(t, either), unit, g];
  };
  const joined = (type: 'left' | 'full') => (): Made => {
    const [a, b] = [scan(), scan()];
    const same = tree.call('eq', [a, b].map((of) => tree.ref(named(of)[1])) as [Expr, Expr]);
    if (type === 'left') return [tree.join(type, a, present(b), same), tree.ref(named(b)[0]), tree.ref(named(a)[1])];
    return [tree.join(type, present(a), b, same), tree.ref(named(a)[0]), tree.ref(named(b)[1])];
  };
  const appended = (): Made => {
    const both = tree.setOperation('union-all', present(scan()), scan());
    const [unit, g] = both.columns.map(tree.ref) as [Expr, Expr];
    return [both, unit, g];
  };
  const rolled = (): Made => {
    const t = scan();
    const [unit, g] = named(t).map((one) => tree.item(one.name, tree.ref(one))) as [Item, Item];
    return [tree.group(present(t), [unit, g], [], [[0, 1], [1]]), tree.ref(unit.column), tree.ref(g.column)];
  };

  it.each<[string, () => Made, Record<number, bigint>]>([
    ['a renaming', renamed, { 50: 1n, 51: 1n, 52: 1n }],
    ['a computed unit', computed, { 50: 1n, 51: 1n }],
    ['a condition that NULL passes', optional, { 50: 1n, 51: 1n, 52: 1n }],
    ['the far side of a left join', joined('left'), { 50: 1n, 51: 1n, 52: 1n }],
    ['a side of a full join', joined('full'), { 50: 1n, 51: 1n, 52: 1n }],
    ['UNION ALL', appended, { 50: 2n, 51: 2n, 52: 2n }],
    ['grouping sets', rolled, { 50: 1n, 51: 1n, 52: 1n }],
  ])('%s', async (_, make, expected) => {
    const source = ({ unit, keys }: BoundedQuestion): Relation => {
      const [relation, ofUnit, ofGroup] = make();
      const wanted = (id: ColumnId, name: string, expr: Expr): Item => ({
        column: { id, name, type: expr.type, nullable: true },
        expr,
      });
      return tree.project(relation, [wanted(unit, 'unit', ofUnit), wanted(keys[0]?.column as ColumnId, 'g', ofGroup)]);
    };
    const { sets } = await exact(rows, 'COUNT(*)', { source });
    expect(Object.fromEntries([...byKey(sets, 0)].sort())).toEqual(expected);
  });
});

describe('sums', () => {
  const cells =
    "(VALUES (NULL::DOUBLE), ('NaN'::DOUBLE), ('Infinity'::DOUBLE), ('-Infinity'::DOUBLE), (-0.001), (1e300), (2.675))";

  it('leave out NULL and NaN, and clamp what is outside', async () => {
    const rows = `SELECT row_number() OVER () AS unit, 1 AS g, 0 AS h, c AS v FROM ${cells} x(c)`;
    const { sets } = await exact(rows, 'SUM(v), COUNT(v)', { high: 10 });
    expect(byKey(sets, 0).get(1n)).toBe(1000n + 0n + 0n + 1000n + 268n);
    expect(byKey(sets, 1).get(1n)).toBe(5n);
  });

  it('do not depend on the number of threads', async () => {
    const rows =
      'SELECT i % 5000 AS unit, i % 3 AS g, 0 AS h, (hash(i) % 99991)::DOUBLE / 100.0::DOUBLE AS v FROM range(400000) x(i)';
    const one = await exact(rows, 'SUM(v), AVG(v)', { threads: 1, groups: 3, cap: 1000 });
    const two = await exact(rows, 'SUM(v), AVG(v)', { threads: 2, groups: 3, cap: 1000 });
    for (const statistic of one.plan.questions[0]?.bounded.statistics.keys() ?? []) {
      expect(byKey(two.sets, statistic)).toEqual(byKey(one.sets, statistic));
    }
  });

  it.each([
    ['doubles', 300],
    ['doubles, with a limit on rows', 500_000],
    ['wide integers', 40_000_000],
  ])('are exact near their ends, in %s', async (_, high) => {
    const rows = `SELECT i // 50 AS unit, 1 AS g, 0 AS h, ${high}::DOUBLE - (i % 7)::DOUBLE / 100.0::DOUBLE AS v FROM range(10000) x(i)`;
    const { sets } = await exact(rows, 'SUM(v)', { high, cap: 100 });
    const missing = Array.from({ length: 10_000 }, (_, i) => i % 7).reduce((sum, n) => sum + n, 0);
    expect(byKey(sets, 0).get(1n)).toBe(BigInt(high) * 100n * 10_000n - BigInt(missing));
  });

  it('of small whole numbers are exact', async () => {
    const rows = 'SELECT i // 50 AS unit, 99 - i % 2 AS g, 0 AS h, 1.0::DOUBLE AS v FROM range(10000) x(i)';
    const { sets } = await exact(rows, 'SUM(g)', { cap: 100, by: '' });
    expect(Array.from(sets[0]?.statistics[0] ?? [])).toEqual([985_000n]);
  });

  it('of means are scaled down with their count, not cut: the mean of one unit stays its mean', async () => {
    const rows = 'SELECT 1 AS unit, 1 AS g, 0 AS h, 100.0::DOUBLE AS v FROM range(200) x(i)';
    const { plan, sets } = await exact(rows, 'AVG(v)', { high: 50_000 });
    const [question] = plan.questions;
    const [mean] = question?.derived ?? [];
    if (mean?.kind !== 'mean') throw new Error('An average is a mean.');
    const count = mean.count.reduce((sum, statistic) => sum + (byKey(sets, statistic).get(1n) ?? 0n), 0n);
    expect(count).toBe(20n);
    expect((byKey(sets, mean.sum).get(1n) ?? 0n) / count + mean.centre).toBe(10_000n);
  });
});

describe('coarser groups', () => {
  it('count a unit once, however many finer groups it is in', async () => {
    const rows = 'SELECT u AS unit, g, 0 AS h, 1.0::DOUBLE AS v FROM range(1000) a(u), range(4) b(g)';
    const { plan, sets } = await exact(rows, 'COUNT(DISTINCT unit)', { groups: 4, by: 'GROUP BY ROLLUP (g)' });
    const whole = plan.questions[0]?.bounded.sets.findIndex((set) => set.length === 0) ?? -1;
    expect(Array.from(sets[whole]?.statistics[0] ?? [])).toEqual([1000n]);
  });
});
