import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/ask/types.ts';
import type { Plan } from '../../src/bound/plan.ts';
import { rational } from '../../src/dp/rational.ts';
import { discreteLaplaceSampler } from '../../src/dp/sampler/discrete-laplace.ts';
import { keepProbability } from '../../src/dp/selection/optimal.ts';
import { Sealed } from '../../src/engine/sealed.ts';
import { gridOf } from '../../src/release/grid.ts';
import { measure } from '../../src/release/measure.ts';
import type { NoisyAnswer } from '../../src/release/noisy.ts';
import { fromStored, toStored } from '../../src/release/stored.ts';
import { scripted, words } from '../statistics/words.ts';
import { COUNT, gaussian, laplace, plan, question, SUM, scaled, seal, sealedSets, shuffled, UNITS } from './support.ts';

const SEX = { name: 'sex', type: 'text', domain: { kind: 'list', values: ['M', 'F', null] } } as const;
const YEAR = { name: 'year', type: 'integer', domain: { kind: 'span', low: 2020n, high: 2023n } } as const;
const CITY = { name: 'city', type: 'text', domain: null } as const;

const rows = (answer: NoisyAnswer, set = 0): Value[][] => {
  const { groups, keys } = answer.questions[0]!.sets[set]!;
  return Array.from({ length: groups }, (_, group) => keys.map((values) => values[group]!));
};

describe('public groups', () => {
  const asked = plan([
    question({ keys: [SEX, YEAR], statistics: [COUNT], mechanisms: [laplace(2)], derived: [scaled(0)] }),
  ]);
  const data: Value[][] = [
    ['F', 2021n, 50n],
    ['M', 2023n, 7n],
    [null, 2020n, 9n],
  ];

  it('are every combination, in declared order, empty ones too', () => {
    const answer = measure(asked, seal(sealedSets(2, data)), words('grid'));
    expect(rows(answer)).toEqual(
      ['M', 'F', null].flatMap((sex) => [2020n, 2021n, 2022n, 2023n].map((year) => [sex, year])),
    );
  });

  it('hold the exact value plus the noise drawn for their place, whatever the data', () => {
    const noise = new Float64Array(12);
    discreteLaplaceSampler(rational(2n)).fill(words('law'), noise);
    const expected = [...noise];
    for (const [place, value] of [
      [5, 50],
      [3, 7],
      [8, 9],
    ] as const)
      expected[place]! += value;
    expect([...measure(asked, seal(sealedSets(2, data)), words('law')).questions[0]!.sets[0]!.statistics[0]!]).toEqual(
      expected,
    );
    expect([...measure(asked, seal(sealedSets(2, [])), words('law')).questions[0]!.sets[0]!.statistics[0]!]).toEqual([
      ...noise,
    ]);
  });

  it('of a chain of counts get noise on what each counts more than the one before', () => {
    const parts = { keys: [SEX], statistics: [SUM, COUNT, COUNT], mechanisms: [laplace(2), laplace(2), laplace(2)] };
    const asked = question({ ...parts, derived: [scaled(0)] });
    const counts: Value[][] = [
      ['F', 100n, 3n, 10n],
      ['M', 50n, 7n, 7n],
    ];
    const exact = (nested: boolean): number[][] => {
      const measured = (data: Value[][]): number[][] =>
        measure(
          plan([{ ...asked, vectors: [{ statistics: [1, 2], nested }] }]),
          seal(sealedSets(1, data)),
          words('chain'),
        ).questions[0]!.sets[0]!.statistics.map((column) => [...(column as Float64Array)]);
      const noise = measured([]);
      return measured(counts).map((column, at) => column.map((value, group) => value - noise[at]![group]!));
    };
    // Groups: M, F, NULL.
    expect(exact(false)).toEqual([
      [50, 100, 0],
      [7, 3, 0],
      [7, 10, 0],
    ]);
    expect(exact(true)).toEqual([
      [50, 100, 0],
      [7, 3, 0],
      [0, 7, 0],
    ]);
  });

  it('of several chains get noise on the differences within each', () => {
    const parts = {
      keys: [SEX],
      statistics: [COUNT, COUNT, COUNT, COUNT, COUNT],
      mechanisms: Array(5).fill(laplace(2)),
    };
    const vectors = [
      { statistics: [0, 1], nested: true },
      { statistics: [2, 4], nested: false },
    ];
    const asked = { ...question({ ...parts, derived: [scaled(0)] }), vectors };
    const chained = { ...asked, vectors: [...vectors.slice(0, 1), { statistics: [2, 4], nested: true }] };
    const first = (one: typeof asked, data: Value[][]): number[] =>
      measure(plan([one]), seal(sealedSets(1, data)), words('chains')).questions[0]!.sets[0]!.statistics.map((column) =>
        Number(column![0]),
      );
    const exact = (one: typeof asked): number[] => {
      const noise = first(one, []);
      return first(one, [['M', 5n, 9n, 20n, 100n, 50n]]).map((value, at) => value - noise[at]!);
    };
    expect(exact(asked)).toEqual([5, 4, 20, 100, 50]);
    expect(exact(chained)).toEqual([5, 4, 20, 100, 30]);
  });

  it('do not depend on the order of the engine, nor on rows outside the domain', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const mixed = shuffled([...data, ['X', 2021n, 99n], ['F', 1999n, 99n]] as Value[][], seed);
        const text = (input: Value[][]): string => toStored(measure(asked, seal(sealedSets(2, input)), words('order')));
        expect(text(mixed)).toBe(text(data));
      }),
      { numRuns: 20 },
    );
  });

  it('of no keys are one row, even over nothing; dates and public relations enumerate', () => {
    const total = plan([question({ statistics: [COUNT], mechanisms: [laplace(1)], derived: [scaled(0)] })]);
    expect(measure(total, seal(sealedSets(0, [])), words('one')).questions[0]!.sets[0]!.groups).toBe(1);
    const keys = [
      { name: 'day', type: 'date', domain: { kind: 'span', low: 19000n, high: 19001n } },
      {
        name: 'code',
        type: 'text',
        domain: {
          kind: 'relation',
          relation: { kind: 'one-row', columns: [], span: { start: 0, end: 0 } },
          most: null,
        },
      },
    ] as const;
    const dated = plan([question({ keys, statistics: [COUNT], mechanisms: [laplace(1)], derived: [scaled(0)] })]);
    const answer = measure(dated, seal(sealedSets(2, []), [null, ['b', 'a', '𝒳', '\uffee', 'b']]), words('dates'));
    expect(rows(answer)).toEqual([19000, 19001].flatMap((day) => ['a', 'b', '\uffee', '𝒳'].map((code) => [day, code])));
  });

  it('keep absent keys of grouping sets NULL, set after set', () => {
    const rollup = plan([
      question({
        keys: [SEX, YEAR],
        sets: [[0, 1], [1], []],
        statistics: [COUNT],
        mechanisms: [laplace(2)],
        derived: [scaled(0)],
      }),
    ]);
    const answer = measure(rollup, seal(sealedSets(2, data, [[null, 2021n, 50n]], [[null, null, 66n]])), words('sets'));
    expect(rows(answer, 1)).toEqual([2020n, 2021n, 2022n, 2023n].map((year) => [null, year]));
    expect(rows(answer, 2)).toEqual([[null, null]]);
  });

  it('beyond a million are refused', () => {
    const big = { name: 'n', type: 'integer', domain: { kind: 'span', low: 0n, high: 1_000_000n } } as const;
    const asked = question({ keys: [big], statistics: [], mechanisms: [], derived: [] });
    expect(() => gridOf(asked.bounded.keys, [0], [null], sealedSets(1, [])[0]!)).toThrow(/more than 1000000/);
  });
});

describe('noise', () => {
  it('is exact where doubles are not: sums beyond 2^53, scales beyond 2^42', () => {
    const asked = (mechanism: ReturnType<typeof laplace>): Plan =>
      plan([question({ statistics: [SUM], mechanisms: [mechanism], derived: [scaled(0)] })]);
    const value = 2n ** 61n + 1n;
    const noise = new Float64Array(1);
    discreteLaplaceSampler(rational(5n)).fill(words('big'), noise);
    const answer = measure(asked(laplace(5)), seal(sealedSets(0, [[value]])), words('big'));
    expect(answer.questions[0]!.sets[0]!.statistics[0]).toEqual([value + BigInt(noise[0]!)]);
    const wide = { kind: 'discrete-laplace', scale: rational(2n ** 44n) } as const;
    const drawn = discreteLaplaceSampler(wide.scale).sample(words('wide'));
    const answered = measure(asked(wide), seal(sealedSets(0, [[3n]])), words('wide'));
    expect(answered.questions[0]!.sets[0]!.statistics[0]).toEqual([3n + drawn]);
  });

  it('is read from typed arrays as from lists', () => {
    const asked = plan([
      question({ keys: [YEAR], statistics: [COUNT], mechanisms: [gaussian(9)], derived: [scaled(0)] }),
    ]);
    const [set] = sealedSets(1, [
      [2021n, 5n],
      [2020n, 6n],
    ]);
    const typed = { ...set!, statistics: [BigInt64Array.from([5n, 6n])] };
    expect(toStored(measure(asked, seal([typed]), words('typed')))).toBe(
      toStored(measure(asked, seal([set!]), words('typed'))),
    );
  });

  it('is nowhere emitted for statistics that only select', () => {
    const asked = plan([
      question({
        keys: [CITY],
        statistics: [UNITS, COUNT],
        mechanisms: [null, laplace(1)],
        derived: [scaled(1)],
        selection: [
          { kind: 'optimal', units: 0, epsilon: rational(8n), delta: rational(1n, 10n), groups: 1, minimumUnits: 2 },
        ],
      }),
    ]);
    const answer = measure(asked, seal(sealedSets(1, [['a', 400n, 400n]])), words('null'));
    expect(answer.questions[0]!.sets[0]!.statistics[0]).toBeNull();
    expect(answer.questions[0]!.sets[0]!.statistics[1]).toHaveLength(1);
  });
});

describe('private groups', () => {
  const optimal = {
    kind: 'optimal',
    units: 0,
    epsilon: rational(1n),
    delta: rational(1n, 1000n),
    groups: 1,
    minimumUnits: 5,
  } as const;
  const asked = plan([
    question({
      keys: [CITY],
      statistics: [UNITS],
      mechanisms: [laplace(1)],
      selection: [optimal],
      derived: [scaled(0)],
    }),
  ]);

  it('are kept with probability π(n − k + 1), never below k units, in key order', () => {
    const counts = [4, 5, 8, 10, 12, 40];
    const candidates = counts.flatMap((count) =>
      Array.from({ length: 3000 }, (_, i): Value[] => [`${count}-${i}`, BigInt(count)]),
    );
    const answer = measure(asked, seal(sealedSets(1, shuffled(candidates, 5))), words('selection'));
    const names = answer.questions[0]!.sets[0]!.keys[0] as string[];
    expect(names).toEqual([...names].sort());
    for (const count of counts) {
      const kept = names.filter((name) => name.startsWith(`${count}-`)).length;
      const p = keepProbability(optimal.epsilon, optimal.delta, count - 4);
      // z = 6.1, two-sided 1e-9.
      expect(Math.abs(kept - 3000 * p)).toBeLessThanOrEqual(6.1 * Math.sqrt(3000 * p * (1 - p)) + 1e-9);
    }
  });

  it('pass a threshold by their released noisy count alone, and k by the exact one', () => {
    const threshold = plan([
      question({
        keys: [CITY],
        statistics: [UNITS],
        mechanisms: [laplace(2)],
        derived: [scaled(0)],
        selection: [
          { kind: 'threshold', units: 0, threshold: 14n, delta: rational(1n, 1000n), groups: 1, minimumUnits: 5 },
        ],
      }),
    ]);
    const data = Array.from({ length: 400 }, (_, i): Value[] => [String(i).padStart(3, '0'), BigInt(i % 20)]);
    const noise = new Float64Array(400);
    discreteLaplaceSampler(rational(2n)).fill(words('threshold'), noise);
    const expected = data
      .filter(([, units], i) => Number(units) + noise[i]! >= 14 && Number(units) >= 5)
      .map(([name]) => name);
    const answer = measure(threshold, seal(sealedSets(1, data)), words('threshold'));
    expect(answer.questions[0]!.sets[0]!.keys[0]).toEqual(expected);
    for (const noisy of answer.questions[0]!.sets[0]!.statistics[0]!) expect(Number(noisy)).toBeGreaterThanOrEqual(14);
  });

  it('beside public keys are the tuples that were found and kept, in the order of both', () => {
    const mixed = plan([
      question({
        keys: [SEX, CITY],
        statistics: [UNITS],
        mechanisms: [laplace(1)],
        derived: [scaled(0)],
        selection: [{ ...optimal, epsilon: rational(20n), delta: rational(1n, 2n) }],
      }),
    ]);
    const data: Value[][] = [
      ['F', 'b', 900n],
      ['M', null, 900n],
      ['F', 'a', 900n],
      ['M', 'c', 900n],
      ['Z', 'c', 900n],
    ];
    const answer = measure(mixed, seal(sealedSets(2, data)), words('mixed'));
    expect(rows(answer)).toEqual([
      ['M', 'c'],
      ['M', null],
      ['F', 'a'],
      ['F', 'b'],
    ]);
  });

  it('are never shown without a selection', () => {
    const broken = plan([
      question({ keys: [CITY], statistics: [COUNT], mechanisms: [laplace(1)], derived: [scaled(0)] }),
    ]);
    expect(() => measure(broken, seal(sealedSets(1, [])), scripted([]))).toThrow(/Internal invariant/);
  });
});

describe('the box', () => {
  it('opens once, and nothing released leads back to it', () => {
    const asked = plan([question({ statistics: [COUNT], mechanisms: [laplace(1)], derived: [scaled(0)] })]);
    const sealed = seal(sealedSets(0, [[5n]]));
    const answer = measure(asked, sealed, words('once'));
    expect(() => measure(asked, sealed, words('once'))).toThrow();
    const seen = new Set<unknown>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      expect(value).not.toBeInstanceOf(Sealed);
      for (const key of Reflect.ownKeys(value)) visit((value as Record<PropertyKey, unknown>)[key]);
    };
    visit(answer);
  });

  it('stored answers come back to the last bit', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.string({ unit: 'binary' }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(value), fc.array(fc.maxSafeInteger()), fc.array(fc.bigInt()), (keys, doubles, integers) => {
        const answer: NoisyAnswer = {
          questions: [
            { sets: [{ groups: keys.length, keys: [keys], statistics: [Float64Array.from(doubles), integers, null] }] },
          ],
        };
        expect(fromStored(toStored(answer))).toEqual(answer);
      }),
    );
    for (const text of ['', '{}', '{"format":"gauze-answer-1"}', 'null'])
      expect(() => fromStored(text)).toThrow(/stored answer/);
  });
});
