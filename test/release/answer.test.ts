/**
 * Whole answers. Coverage: 20,000 noisy cells per case under 95 % intervals; one-sided binomial at 1e-9 (z = 6.0) fails
 * below 94.07 %. Words come from a fixed stream, so results do not flake.
 */
import { describe, expect, it } from 'vitest';
import type { Column, Relation } from '../../src/ask/ir.ts';
import type { Value } from '../../src/ask/types.ts';
import type { Derivation, Plan } from '../../src/bound/plan.ts';
import { halfWidth, type NoiseMechanism } from '../../src/dp/mechanism/noise.ts';
import { rational } from '../../src/dp/rational.ts';
import { Sealed } from '../../src/engine/sealed.ts';
import { type Answer, answerOf, uniqueNames } from '../../src/release/answer.ts';
import { measure } from '../../src/release/measure.ts';
import { preview } from '../../src/release/preview.ts';
import { toJSON } from '../../src/release/serialize.ts';
import { fromStored, toStored } from '../../src/release/stored.ts';
import { words } from '../statistics/words.ts';
import {
  aggregate,
  by,
  COUNT,
  call,
  cast,
  column,
  filter,
  gaussian,
  join,
  laplace,
  limit,
  lit,
  over,
  plan,
  project,
  question,
  ref,
  released,
  SUM,
  scaled,
  seal,
  sealedSets,
  sort,
  span,
  when,
} from './support.ts';

const OPTIONS = {
  level: 0.95,
  intervals: 'each',
  clip: false,
  readPublic: () => Promise.reject(new Error('nothing public')),
} as const;
const LEAST = 0.9407;

const range = (n: number) =>
  ({ name: 'i', type: 'integer', domain: { kind: 'span', low: 0n, high: BigInt(n - 1) } }) as const;

const MEAN: Derivation = {
  kind: 'mean',
  count: [0],
  sum: 1,
  step: rational(1n, 10n),
  centre: 50n,
  low: 30n,
  high: 200n,
};

/** Groups 0 … n−1 with the same true count and sum, asked through `answer`. */
async function simulated(
  label: string,
  n: number,
  truth: { count: bigint; sum: bigint },
  mechanisms: readonly [NoiseMechanism, NoiseMechanism],
  derived: readonly Derivation[],
  answer?: (leaf: Relation, columns: readonly Column[]) => Relation,
  options: Partial<typeof OPTIONS | { intervals: 'joint' } | { clip: true }> = {},
): Promise<Answer> {
  const asked = question({
    keys: [range(n)],
    statistics: [COUNT, SUM],
    mechanisms: [...mechanisms],
    derived,
    names: ['n', 's', 'm'],
  });
  const walked = plan([asked], answer?.(released(asked.columns), asked.columns));
  const data = Array.from({ length: n }, (_, i): Value[] => [BigInt(i), truth.count, truth.sum]);
  return answerOf(walked, measure(walked, seal(sealedSets(1, data)), words(label)), {
    ...OPTIONS,
    ...options,
  } as never);
}

function covered(answer: Answer, name: string, truth: number): number {
  const { low, high } = answer.intervals[name]!;
  return (
    low.filter((end, row) => (end ?? -Infinity) <= truth + 1e-9 && truth - 1e-9 <= (high[row] ?? Infinity)).length /
    low.length
  );
}

describe('coverage of whole answers', () => {
  it('counts, sums and means', async () => {
    const answer = await simulated(
      'values',
      20_000,
      { count: 60n, sum: 900n },
      [laplace(2), laplace(60)],
      [scaled(0), scaled(1, 0.1), MEAN],
    );
    expect(covered(answer, 'n', 60)).toBeGreaterThan(LEAST);
    expect(covered(answer, 's', 90)).toBeGreaterThan(LEAST);
    expect(covered(answer, 's', 90)).toBeLessThan(0.96);
    expect(covered(answer, 'm', 6.5)).toBeGreaterThan(LEAST);
    expect(covered(answer, 'm', 6.5)).toBeLessThan(0.97);
  });

  it('groups by the formula of their own key', async () => {
    const own = (label: string, first: Derivation, others: Derivation): Promise<Answer> => {
      if (first.kind === 'by-key' || others.kind === 'by-key') throw new Error('Formulas of one key.');
      const rest = Array.from({ length: 1999 }, (_, i) => ({ value: BigInt(i + 1), formula: others }));
      const derived: Derivation = { kind: 'by-key', key: 0, of: [{ value: 0n, formula: first }, ...rest] };
      return simulated(label, 2000, { count: 60n, sum: 900n }, [laplace(2), laplace(60)], [scaled(0), derived]);
    };
    const shifted: Derivation = { ...MEAN, step: rational(1n, 2n), centre: 100n, high: 400n };
    const means = await own('own means', MEAN, shifted);
    expect(means.columns[2]?.values[0]).toBeLessThan(20);
    expect(means.columns[2]?.values.slice(1).every((value) => Number(value) > 20)).toBe(true);
    expect(covered(means, 's', 57.5)).toBeGreaterThan(0.93);
    expect(covered(means, 's', 57.5)).toBeLessThan(0.98);
    // Whole numbers from a finer grid: rounded, with intervals that hold the true whole number.
    const third: Derivation = { kind: 'scaled', statistics: [1], step: rational(1n, 3n), type: 'integer' };
    const sums = await own('own sums', scaled(1), third);
    expect(sums.columns[2]?.values.every((value) => typeof value === 'number' || typeof value === 'bigint')).toBe(true);
    expect(sums.columns[2]?.values.every((value) => Number.isInteger(Number(value)))).toBe(true);
    expect(covered(sums, 's', 300)).toBeGreaterThan(0.93);
    expect(covered(sums, 's', 300)).toBeLessThan(0.98);
    expect(covered(sums, 's', 900)).toBeLessThan(0.1);
  });

  it('means of few rows, where some are undetermined', async () => {
    const answer = await simulated('few', 20_000, { count: 10n, sum: 100n }, [laplace(2), laplace(60)], [MEAN]);
    expect(covered(answer, 'n', 6)).toBeGreaterThan(LEAST);
    const { values } = answer.columns[1]!;
    const undetermined = values.filter((value) => value === null).length;
    expect(undetermined).toBeGreaterThan(100);
    const row = values.indexOf(null);
    expect([answer.intervals.n!.low[row], answer.intervals.n!.high[row]]).toEqual([3, 20]);
    expect(answer.notes.join()).toContain('too few rows');
  });

  it('ratios, weighted differences and totals of released values', async () => {
    const out = [column(20, 'share', 'double'), column(21, 'gap', 'double')] as const;
    const answer = await simulated(
      'derived',
      20_000,
      { count: 80n, sum: 30n },
      [laplace(2), laplace(3)],
      [scaled(0), scaled(1)],
      (leaf, [, n, s]) =>
        project(leaf, [
          [
            out[0],
            call(
              'divide',
              'double',
              call('multiply', 'double', lit(100), cast(ref(s!), 'double')),
              cast(ref(n!), 'double'),
            ),
          ],
          [
            out[1],
            call(
              'subtract',
              'double',
              cast(ref(n!), 'double'),
              call('multiply', 'double', lit(0.3), cast(ref(s!), 'double')),
            ),
          ],
        ]),
    );
    expect(covered(answer, 'share', 37.5)).toBeGreaterThan(LEAST);
    expect(covered(answer, 'gap', 71)).toBeGreaterThan(LEAST);
    const pairs = await simulated(
      'totals',
      20_000,
      { count: 5n, sum: 0n },
      [laplace(2), laplace(3)],
      [scaled(0), scaled(1)],
      (leaf, [i, n]) =>
        aggregate(
          leaf,
          [[column(20, 'pair', 'integer'), call('int-divide', 'integer', ref(i!), lit(4n))]],
          [
            [column(21, 'total', 'integer'), 'sum', [ref(n!)]],
            [column(22, 'mean', 'double'), 'avg', [ref(n!)]],
            [column(23, 'most', 'integer'), 'max', [ref(n!)]],
            [column(24, 'middle', 'double'), 'quantile-cont', [cast(ref(n!), 'double'), lit(0.5)]],
            [column(25, 'lower', 'integer'), 'quantile-disc', [ref(n!), lit(0.25)]],
            [column(26, 'first', 'integer'), 'first', [ref(n!)], null, [by(ref(i!))]],
            [column(27, 'spread', 'double'), 'var-samp', [cast(ref(n!), 'double')]],
            [column(28, 'common', 'integer'), 'mode', [ref(n!)]],
            [column(29, 'least', 'integer'), 'first', [ref(n!)]],
          ],
        ),
    );
    expect(pairs.columns[0]!.values).toHaveLength(5000);
    for (const [name, truth] of [
      ['total', 20],
      ['mean', 5],
      ['most', 5],
      ['middle', 5],
      ['lower', 5],
      ['first', 5],
    ] as const) {
      // 5,000 intervals: z = 6 is 1.85 points.
      expect(covered(pairs, name, truth)).toBeGreaterThan(0.931);
    }
    expect(covered(pairs, 'total', 20)).toBeLessThan(0.97);
    expect(covered(pairs, 'first', 5)).toBeLessThan(0.98);
    expect(covered(pairs, 'middle', 100)).toBe(0);
    // What noise could exchange for another value is open.
    for (const name of ['spread', 'common', 'least']) {
      expect(pairs.intervals[name]!.low.every((end) => end === null)).toBe(true);
    }
  });

  it('joint intervals hold together', async () => {
    let together = 0;
    for (let i = 0; i < 400; i++) {
      const answer = await simulated(
        `joint ${i}`,
        20,
        { count: 50n, sum: 10n },
        [laplace(2), gaussian(9)],
        [scaled(0), scaled(1)],
        undefined,
        { intervals: 'joint' },
      );
      if (covered(answer, 'n', 50) === 1 && covered(answer, 's', 10) === 1) together += 1;
    }
    // n = 400, z = 6: 0.95 − 6·√(0.95·0.05/400).
    expect(together / 400).toBeGreaterThan(0.884);
  });
});

describe('values', () => {
  const one = (
    count: bigint,
    sum: bigint,
    derived: readonly Derivation[],
    answer?: (leaf: Relation, columns: readonly Column[]) => Relation,
    options = {},
  ): Promise<Answer> =>
    simulated(`one ${count}`, 1, { count, sum }, [laplace(0.01), laplace(0.01)], derived, answer, options);

  it('are integers where the lattice is, doubles rounded once, means exact before one division', async () => {
    const answer = await one(7n, 2n ** 60n + 1n, [scaled(1), scaled(0, 0.1), { ...MEAN, sum: 0, high: 1000n }]);
    expect(answer.columns.map(({ values }) => values[0])).toEqual([0n, 2n ** 60n + 1n, 0.7, 5.1]);
    expect(answer.columns.map(({ noisy, type }) => [type, noisy])).toEqual([
      ['integer', false],
      ['integer', true],
      ['double', true],
      ['double', true],
    ]);
  });

  it('below zero stay, unless clipping is asked', async () => {
    const half = Number(halfWidth(laplace(0.01), 0.05));
    const kept = await one(-3n, 0n, [scaled(0)]);
    expect([kept.columns[1]!.values[0], kept.intervals.n!.low[0], kept.intervals.n!.high[0]]).toEqual([
      -3n,
      -3 - half,
      -3 + half,
    ]);
    const clipped = await one(-3n, -5n, [scaled(0), scaled(1)], undefined, { clip: true });
    expect([clipped.columns[1]!.values[0], clipped.intervals.n!.low[0], clipped.intervals.n!.high[0]]).toEqual([
      0n,
      0,
      0,
    ]);
    expect(clipped.columns[2]!.values[0]).toBe(-5n);
  });

  it('of CASE, COALESCE, rounding and extremes carry intervals', async () => {
    const width = 4;
    const answer = await simulated(
      'nonlinear',
      1,
      { count: 100n, sum: 40n },
      [laplace(2), laplace(2)],
      [scaled(0), scaled(1)],
      (leaf, [, n, s]) =>
        project(leaf, [
          [column(20, 'exact', 'integer'), lit(5n)],
          [column(21, 'coalesce', 'integer'), call('coalesce', 'integer', ref(n!), lit(0n))],
          [
            column(22, 'case', 'integer'),
            when('integer', [[call('gt', 'boolean', ref(n!), lit(0n)), ref(s!)]], lit(-1n)),
          ],
          [column(23, 'greatest', 'integer'), call('greatest', 'integer', ref(n!), lit(3n))],
          [
            column(24, 'round', 'double'),
            call('round', 'double', call('divide', 'double', cast(ref(n!), 'double'), lit(8)), lit(1n)),
          ],
          [column(25, 'truth', 'boolean'), call('gt', 'boolean', ref(n!), lit(50n))],
          [column(26, 'self', 'integer'), call('subtract', 'integer', ref(n!), ref(n!))],
          [column(27, 'null', 'double'), call('divide', 'double', cast(ref(n!), 'double'), lit(0))],
        ]),
    );
    const n = Number(answer.columns[1]!.values[0]);
    const m = Number(halfWidth(laplace(2), 0.05));
    expect(m).toBeGreaterThan(width);
    expect(answer.columns.map(({ noisy }) => noisy)).toEqual([false, true, true, true, true, true, true, true]);
    const ends = (name: string): unknown => [answer.intervals[name]!.low[0], answer.intervals[name]!.high[0]];
    expect(ends('coalesce')).toEqual([n - m, n + m]);
    expect(ends('greatest')).toEqual([n - m, n + m]);
    expect(ends('self')).toEqual([0, 0]);
    expect(ends('truth')).toEqual([null, null]);
    expect(ends('null')).toEqual([null, null]);
    // Two noises in play, so each has its interval at 97.5 %.
    const wide = Number(halfWidth(laplace(2), 0.025));
    const s = Number(answer.columns[2]!.values[0]);
    expect(ends('case')).toEqual([s - wide, s + wide]);
    const rounded = (x: number): number => Math.round(x * 10) / 10;
    const [low, high] = ends('round') as [number, number];
    expect([low, high]).toEqual([rounded((n - m) / 8), rounded((n + m) / 8)].map((x) => expect.closeTo(x, 9)));
  });

  it('filtered and sorted by noise keep their intervals; counts of what is left are not exact', async () => {
    const ask = (more: (leaf: Relation, columns: readonly Column[]) => Relation): Promise<Answer> =>
      simulated('filtered', 50, { count: 3n, sum: 0n }, [laplace(2), laplace(2)], [scaled(0)], more);
    const all = await ask((leaf) => leaf);
    const some = await ask((leaf, [, n]) =>
      limit(sort(filter(leaf, call('gt', 'boolean', ref(n!), lit(2n))), by(ref(n!), true)), 5),
    );
    const rows = all.columns[1]!.values.map((value, row) => [value, row] as const).filter(
      ([value]) => (value as bigint) > 2n,
    );
    rows.sort(([a, i], [b, j]) => (a === b ? i - j : (a as bigint) > (b as bigint) ? -1 : 1));
    expect(some.columns[0]!.values).toEqual(rows.slice(0, 5).map(([, row]) => BigInt(row)));
    expect(some.intervals.n!.low).toEqual(rows.slice(0, 5).map(([, row]) => all.intervals.n!.low[row]));
    const counted = await ask((leaf, [, n]) =>
      aggregate(
        filter(leaf, call('gt', 'boolean', ref(n!), lit(2n))),
        [],
        [[column(30, 'left', 'integer'), 'count-rows', []]],
      ),
    );
    expect(counted.columns[0]).toMatchObject({ noisy: true, values: [BigInt(rows.length)] });
    expect(counted.intervals.left!.low).toEqual([null]);
    const whole = await ask((leaf) => aggregate(leaf, [], [[column(30, 'groups', 'integer'), 'count-rows', []]]));
    expect(whole.columns[0]).toMatchObject({ noisy: false, values: [50n] });
    expect(whole.intervals).toEqual({});
  });

  it('running totals are linear, ranks by noise are noisy', async () => {
    const answer = await simulated(
      'window',
      4,
      { count: 30n, sum: 0n },
      [laplace(2), laplace(2)],
      [scaled(0)],
      (leaf, [i, n]) =>
        project(leaf, [
          [column(20, 'running', 'integer'), over('sum', 'integer', [ref(n!)], [], [by(ref(i!))])],
          [column(21, 'rank', 'integer'), over('rank', 'integer', [], [], [by(ref(n!), true)])],
          [column(22, 'row', 'integer'), over('row-number', 'integer', [], [], [by(ref(i!))])],
        ]),
    );
    const { low, high } = answer.intervals.running!;
    const halves = low.map((end, row) => (Number(high[row]) - Number(end)) / 2);
    expect(halves[0]).toBe(Number(halfWidth(laplace(2), 0.05)));
    expect([...halves].sort((a, b) => a - b)).toEqual(halves);
    expect(halves[3]).toBeLessThan(2.2 * halves[0]!);
    expect(answer.intervals.rank!.low).toEqual([null, null, null, null]);
    expect(answer.columns[2]!.noisy).toBe(false);
  });
});

describe('answers over public tables', () => {
  const weights = [column(51, 'i', 'integer'), column(52, 'w', 'double')];
  const table: Relation = {
    kind: 'table',
    dataset: 'public',
    table: 'weights',
    columns: weights,
    source: ['i', 'w'],
    span,
  };

  it('standardise with intervals', async () => {
    const asked = question({
      keys: [range(3)],
      statistics: [COUNT, SUM],
      mechanisms: [laplace(2), laplace(20)],
      derived: [MEAN, scaled(0)],
      names: ['m', 'n'],
    });
    const [i, m, n] = asked.columns;
    const joined = join('inner', released(asked.columns), table, call('eq', 'boolean', ref(i!), ref(weights[0]!)));
    const walked = plan(
      [asked],
      aggregate(
        joined,
        [],
        [
          [column(60, 'standardised', 'double'), 'sum', [call('multiply', 'double', ref(m!), ref(weights[1]!))]],
          [
            column(61, 'weighted', 'double'),
            'sum',
            [call('multiply', 'double', cast(ref(n!), 'double'), ref(weights[1]!))],
          ],
        ],
      ),
    );
    const data = [0n, 1n, 2n].map((key): Value[] => [key, 500n, 1000n * key]);
    let covers = 0;
    for (let run = 0; run < 300; run++) {
      const reads: Relation[] = [];
      const answer = await answerOf(walked, measure(walked, seal(sealedSets(1, data)), words(`standard ${run}`)), {
        ...OPTIONS,
        readPublic: async (relation) => {
          reads.push(relation);
          return {
            columns: weights,
            values: [
              [0n, 1n, 2n, 7n],
              [0.7, 0.22, 0.08, 1],
            ],
          };
        },
      });
      expect(reads).toEqual([table]);
      const truth = 0.7 * 5 + 0.22 * 5.2 + 0.08 * 5.4;
      covers += covered(answer, 'standardised', truth);
      const width = answer.intervals.weighted!.high[0]! - answer.intervals.weighted!.low[0]!;
      expect(width / 2).toBeLessThan(6);
    }
    // n = 300, z = 6.
    expect(covers / 300).toBeGreaterThan(0.874);
  });

  it('alone are exact and have no intervals', async () => {
    const answer = await answerOf(
      { ...plan([], table), dataset: null },
      { questions: [] },
      {
        ...OPTIONS,
        readPublic: async () => ({ columns: weights, values: [[1n], [0.5]] }),
      },
    );
    expect(answer.columns.map(({ noisy, values }) => [noisy, values])).toEqual([
      [false, [1n]],
      [false, [0.5]],
    ]);
    expect(answer.intervals).toEqual({});
  });
});

describe('a release', () => {
  it('is the same from the stored statistics, digest included, and leads to no sealed box', async () => {
    const asked = question({
      keys: [range(5)],
      statistics: [COUNT, SUM],
      mechanisms: [laplace(2), laplace(9)],
      derived: [scaled(0), MEAN],
    });
    const walked = plan([asked]);
    const sealed = seal(sealedSets(1, [[1n, 100n, 5n]]));
    const noisy = measure(walked, sealed, words('stored'));
    const [first, second] = await Promise.all(
      [noisy, fromStored(toStored(noisy))].map((one) => answerOf(walked, one, OPTIONS)),
    );
    expect(second!.columns).toEqual(first!.columns);
    expect(second!.digest).toBe(first!.digest);
    const facts = { cost: { epsilon: 1, delta: 0 }, policy: 'p', plan: 'd', receipt: null };
    const release = { table: first!.table(facts), columns: first!.columns, intervals: first!.intervals };
    expect(release.table.schema.metadata.get('gauze.plan')).toBe('d');
    const seen = new Set<unknown>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value) || ArrayBuffer.isView(value)) return;
      seen.add(value);
      expect(value).not.toBeInstanceOf(Sealed);
      for (const key of Reflect.ownKeys(value)) {
        const property = Object.getOwnPropertyDescriptor(value, key);
        if (property !== undefined && 'value' in property) visit(property.value);
      }
    };
    visit(release);
    expect(seen.size).toBeGreaterThan(20);
  });

  it('has distinct output names', () => {
    const named = ['a', 'a', 'a_1', 'b', 'a'].map((name, id) => column(id, name, 'text'));
    expect(uniqueNames(named)).toEqual(['a', 'a_2', 'a_1', 'b', 'a_3']);
  });

  it('prints as the command line promises', async () => {
    const columns = [
      column(1, 'day', 'date'),
      column(2, 'at', 'timestamp'),
      column(3, 'big', 'integer'),
      column(4, 'x', 'double'),
      column(5, 'b', 'boolean'),
      column(6, 'nothing', 'null'),
    ];
    const table: Relation = { kind: 'table', dataset: 'public', table: 't', columns, source: [], span };
    const answer = await answerOf(
      { ...plan([], table), dataset: null },
      { questions: [] },
      {
        ...OPTIONS,
        readPublic: async () => ({
          columns,
          values: [
            [19723, null],
            [1704067200000001n, 0n],
            [2n ** 53n + 1n, -5n],
            [-0, Number.POSITIVE_INFINITY],
            [true, null],
            [null, null],
          ],
        }),
      },
    );
    const json = toJSON({
      ...answer,
      table: null as never,
      cost: { epsilon: 0, delta: 0, event: { kind: 'composed', events: [] } },
      remaining: null,
      receipt: null,
      recalled: false,
    });
    expect(JSON.parse(JSON.stringify(json))).toEqual({
      columns: [
        ['day', 'date'],
        ['at', 'timestamp'],
        ['big', 'integer'],
        ['x', 'double'],
        ['b', 'boolean'],
        ['nothing', 'text'],
      ].map(([name, type]) => ({ name, type })),
      rows: [
        ['2024-01-01', '2024-01-01T00:00:00.000001', '9007199254740993', 0, true, null],
        [null, '1970-01-01T00:00:00', -5, 'Infinity', null, null],
      ],
      intervals: {},
      cost: { epsilon: 0, delta: 0 },
      remaining: null,
      notes: [],
      receipt: null,
    });
  });
});

describe('expected widths', () => {
  it('follow from the plan alone, and are those of the answer', async () => {
    const asked = question({
      keys: [range(3)],
      statistics: [COUNT, SUM],
      mechanisms: [laplace(2), laplace(30)],
      derived: [scaled(0), scaled(1, 0.1), MEAN],
      names: ['n', 's', 'm'],
    });
    const [i, n, s, m] = asked.columns;
    const walked: Plan = plan(
      [asked],
      sort(
        project(released(asked.columns), [
          [column(20, 'i', 'integer'), ref(i!)],
          [column(21, 'n', 'integer'), ref(n!)],
          [
            column(22, 'gap', 'double'),
            call('subtract', 'double', ref(s!), call('multiply', 'double', lit(2), cast(ref(n!), 'double'))),
          ],
          [column(23, 'm', 'double'), ref(m!)],
        ]),
        by(lit(1n)),
      ),
    );
    const expected = preview(walked, 0.9);
    expect(expected.map(({ name }) => name)).toEqual(['n', 'gap', 'm']);
    expect(expected[2]!.halfWidth).toBeNull();
    const answer = await answerOf(walked, measure(walked, seal(sealedSets(1, [])), words('preview')), {
      ...OPTIONS,
      level: 0.9,
    });
    for (const { name, halfWidth: half } of expected.slice(0, 2)) {
      expect((answer.intervals[name]!.high[0]! - answer.intervals[name]!.low[0]!) / 2).toBeCloseTo(half!, 9);
    }
  });
});
