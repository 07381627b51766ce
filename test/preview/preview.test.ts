/** A preview says what answers turn out to be, and reads nothing for it. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rational } from '../../src/dp/rational.ts';
import { optimalSelector } from '../../src/dp/selection/optimal.ts';
import { seededBits } from '../../src/dp/simulation/seeded.ts';
import type { GauzeError } from '../../src/errors.ts';
import { previewIn } from '../../src/index/study.node.ts';
import { open, type Session } from '../../src/index.node.ts';
import { parsePolicy } from '../../src/policy/index.ts';
import { toJSON } from '../../src/release/serialize.ts';
import { leastEpsilon } from '../../src/session/preview/least-epsilon.ts';
import { type Preview, type PreviewOptions, previewQuestion } from '../../src/session/preview/preview.ts';
import { writeNetwork, writePolicy } from '../docs/database.ts';
import { NETWORK, rewritten } from '../policy/network.ts';

const POLICY = parsePolicy(NETWORK);
const BY_SEX = 'SELECT sex, COUNT(*) AS n FROM person GROUP BY sex';
const BY_CITY = 'SELECT city, COUNT(*) AS n FROM person GROUP BY city';
const MEAN = 'SELECT sex, AVG(birth_year) AS mean FROM person GROUP BY sex';

function preview(sql: string, options: PreviewOptions): Preview {
  return previewQuestion(POLICY, { as: 'dr-lee' }, sql, options);
}

function refusal(work: () => unknown): GauzeError {
  try {
    work();
  } catch (error) {
    return error as GauzeError;
  }
  throw new Error('Nothing was refused.');
}

/** Least m with P[|X| > m] = 2q^(m+1)/(1+q) ≤ 5 %, q = e^(−ε): from the law alone. */
function countWidth(epsilon: number): number {
  const q = Math.exp(-epsilon);
  for (let m = 0; ; m++) if ((2 * q ** (m + 1)) / (1 + q) <= 0.05) return m;
}

describe('half-widths', () => {
  it('of a count of persons are those of discrete Laplace noise, at any ε', () => {
    for (const epsilon of [0.05, 0.1, 0.5, 1, 3]) {
      expect(preview(BY_SEX, { epsilon }).columns).toEqual({ n: { halfWidth: countWidth(epsilon), level: 0.95 } });
    }
  });

  it('fall along a curve, in order of ε whatever order is given', () => {
    const { curve } = preview(BY_CITY, { epsilon: 1, curve: [2, 0.1, 0.5, '1'] });
    expect(curve.map(({ epsilon }) => epsilon)).toEqual([0.1, 0.5, 1, 2]);
    const widths = curve.map(({ columns }) => columns.n!.halfWidth!);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(new Set(widths).size).toBe(4);
    const sizes = curve.map(({ groups }) => groups[0]!.sizeFor[1]!.units!);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('of means are not known without a size, and fall as the size grows', () => {
    expect(preview(MEAN, { epsilon: 1 }).columns.mean!.halfWidth).toBeNull();
    const { columns, sizes } = preview(MEAN, { epsilon: 1, sizes: [10_000, 100, 1000] });
    const widths = sizes.map((at) => at.columns.mean!.halfWidth!);
    expect(sizes.map(({ size }) => size)).toEqual([100, 1000, 10_000]);
    expect(widths[0]! / widths[2]!).toBeGreaterThan(80);
    expect(columns.mean!.halfWidth).toBe(widths[0]);
  });

  it('of what is computed from counts are worked out as in an answer; what cannot be says why', () => {
    const squares = 'SELECT n * n AS square FROM (SELECT COUNT(*) AS n FROM person) AS x';
    // ± 3 around a noisy count that is at most 1002 with 95 %: from 999² to 1005².
    expect(preview(squares, { epsilon: 1, sizes: [1000] }).columns.square!.halfWidth).toBe((1005 ** 2 - 999 ** 2) / 2);
    const hidden = preview(`${MEAN} HAVING COUNT(*) > 5000`, { epsilon: 1, sizes: [1000] });
    expect(hidden.columns.mean!.halfWidth).toBeNull();
    expect(hidden.notes.at(-1)).toContain('No width is told of mean');
    expect(preview(MEAN, { epsilon: 1, sizes: [1000] }).notes.join()).not.toContain('No width');
  });

  it('are refused as the question would be, with the place', () => {
    const error = refusal(() => preview('SELECT COUNT(*) FROM persons', { epsilon: 1 }));
    expect([error.code, error.at]).toEqual(['QUERY_UNKNOWN_NAME', { line: 1, column: 22, length: 7 }]);
    expect(refusal(() => preview(BY_SEX, {})).code).toBe('BUDGET_INVALID');
    expect(refusal(() => preview(BY_SEX, { epsilon: 1, sizes: [0] })).code).toBe('BUDGET_INVALID');
  });
});

describe('the chance that a group is shown', () => {
  it('by the optimal rule is 0 below the minimum, δ at it, then the recurrence', () => {
    const [epsilon, delta, k] = [0.25, 1e-3, 11];
    const selector = optimalSelector(rational(1n, 4n), rational(1n, 1000n), k);
    let p = 0;
    for (let n = k; n < k + 60; n++) {
      p = Math.min(Math.exp(epsilon) * p + delta, 1 - (1 - p - delta) / Math.exp(epsilon), 1);
      expect(selector.chance(BigInt(n))).toBeCloseTo(p, 9);
    }
    expect(selector.chance(BigInt(k - 1))).toBe(0);
    // An average has no noisy count of persons to compare, so its groups are drawn: at δ = 1e-8 and its part of ε.
    const { groups } = preview('SELECT city, AVG(birth_year) AS a FROM person GROUP BY city', { epsilon: 0.5 });
    const [{ chance: first }, { chance: next }] = groups[0]!.shown.slice(1) as unknown as [
      { chance: number },
      { chance: number },
    ];
    expect(first).toBeCloseTo(1e-8, 18);
    expect(next).toBeGreaterThan(first * 12);
  });

  it('is how often groups are kept', () => {
    const selector = optimalSelector(rational(1n, 2n), rational(1n, 100n), 5);
    const bits = seededBits('groups');
    for (const n of [8n, 11n, 14n]) {
      let kept = 0;
      for (let i = 0; i < 4000; i++) if (selector.keep(n, bits)) kept += 1;
      const chance = selector.chance(n);
      expect(Math.abs(kept / 4000 - chance)).toBeLessThan(4.5 * Math.sqrt((chance * (1 - chance)) / 4000) + 1e-9);
    }
  });

  it('of a threshold is the tail of the noisy count beyond it', () => {
    const { groups } = preview(BY_CITY, { epsilon: 1 });
    const [{ shown, sizeFor, minimumUnits }] = groups as [Preview['groups'][number]];
    expect(minimumUnits).toBe(11);
    // T is the least with P[1 + X ≥ T − 10] ≤ 1e-8; at n = T half the noise and the atom at 0 are enough.
    const q = Math.exp(-1);
    let tail = 1;
    while (q ** tail / (1 + q) > 1e-8) tail += 1;
    const threshold = 1 + tail + 10;
    expect(sizeFor[0]!.units).toBe(threshold);
    const at55 = shown.find(({ units }) => units === 55)!.chance;
    expect(at55).toBeCloseTo(1 - q ** (55 - threshold + 1) / (1 + q), 12);
  });

  it('is not told of public keys, whose groups are all shown', () => {
    expect(preview(BY_SEX, { epsilon: 1 }).groups).toEqual([]);
  });
});

describe('the smallest ε', () => {
  it('for an accuracy reaches it, and a little less does not', () => {
    const { accuracy } = preview(BY_SEX, { epsilon: 1, accuracy: 10 }).epsilonFor;
    expect(preview(BY_SEX, { epsilon: accuracy!.epsilon }).columns.n!.halfWidth).toBeLessThanOrEqual(10);
    expect(preview(BY_SEX, { epsilon: (accuracy!.epsilon * 0.999).toFixed(9) }).columns.n!.halfWidth).toBeGreaterThan(
      10,
    );
  });

  it('for an accuracy of a mean needs a size', () => {
    const error = refusal(() => preview(MEAN, { accuracy: 1 }));
    expect([error.code, error.next]).toEqual(['BOUND_NO_MECHANISM', expect.stringContaining('--size')]);
    const { epsilonFor, columns } = preview(MEAN, { accuracy: 1, sizes: [1000] });
    expect(columns.mean!.halfWidth).toBeLessThanOrEqual(1);
    const less = (epsilonFor.accuracy!.epsilon * 0.99).toFixed(9);
    expect(preview(MEAN, { epsilon: less, sizes: [1000] }).columns.mean!.halfWidth).toBeGreaterThan(1);
  });

  it('for showing groups shows them, and a little less does not; groups below the minimum nothing shows', () => {
    const { show } = preview(BY_CITY, {
      epsilon: 1,
      show: [
        { units: 20, chance: 0.95 },
        { units: 10, chance: 0.5 },
      ],
    }).epsilonFor;
    const chance = (epsilon: number): number =>
      preview(BY_CITY, { epsilon: epsilon.toFixed(9), sizes: [20] }).groups[0]!.shown.find(({ units }) => units === 20)!
        .chance;
    expect(chance(show[0]!.epsilon!)).toBeGreaterThanOrEqual(0.95);
    expect(chance(show[0]!.epsilon! * 0.998)).toBeLessThan(0.95);
    expect(show[1]!.epsilon).toBeNull();
  });

  it('is searched from anywhere', () => {
    for (const start of [rational(1n, 1_000_000n), rational(1n), rational(5000n)]) {
      const found = leastEpsilon(({ numerator, denominator }) => numerator * 10n >= denominator * 7n, start)!;
      expect(Number(found.numerator) / Number(found.denominator)).toBeGreaterThanOrEqual(0.7);
      expect(Number(found.numerator) / Number(found.denominator)).toBeLessThan(0.7002);
    }
    expect(leastEpsilon(() => false)).toBeNull();
  });
});

describe('beside answers', () => {
  let folder = '';
  let session: Session;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gauze-preview-'));
    await writeNetwork(folder);
    writePolicy(folder, rewritten('epsilon: 10, delta', 'epsilon: 15, delta'));
    session = await open({ policy: join(folder, 'network.yaml'), as: 'dr-lee' });
  });

  afterAll(async () => {
    await session.close();
    rmSync(folder, { recursive: true });
  });

  it('counts and sums have intervals of just the width that was previewed', async () => {
    const sql =
      'SELECT ward, COUNT(*) AS n, SUM(cost) AS total, COUNT(*) - COUNT(DISTINCT person_id) AS more FROM visit GROUP BY ward';
    const { columns } = preview(sql, { epsilon: 1 });
    const { intervals } = await session.query(sql, { epsilon: 1 });
    for (const [name, { low, high }] of Object.entries(intervals)) {
      low.forEach((from, row) => {
        const half = (high[row]! - from!) / 2;
        expect(half).toBeCloseTo(columns[name]!.halfWidth!, -Math.log10(half * 1e-9));
      });
    }
    expect(Object.keys(columns)).toEqual(['n', 'total', 'more']);
  });

  it('a mean is no wider than at the size of its released count', async () => {
    const sql = 'SELECT sex, AVG(birth_year) AS mean, COUNT(*) AS n FROM person GROUP BY sex';
    const release = await session.query(sql, { epsilon: 4 });
    const { low, high } = release.intervals.mean!;
    release.columns[2]!.values.forEach((count, row) => {
      const half = (high[row]! - low[row]!) / 2;
      const { columns } = preview(sql, { epsilon: 4, sizes: [Number(count)] });
      expect(half).toBeLessThanOrEqual(columns.mean!.halfWidth! * (1 + 1e-9));
      // The widths of means near the middle of their bounds are narrower: told is the widest, at a bound.
      expect(half).toBeGreaterThan(columns.mean!.halfWidth! / 4);
    });
  });

  it('sizes come from a stored answer, as a release or as its JSON, and only from counts', async () => {
    const answer = await session.query(BY_SEX, { epsilon: 1 });
    const [least] = [...answer.columns[1]!.values].map(Number).sort((a, b) => a - b);
    const fromRelease = preview(MEAN, { epsilon: 1, from: { answer } });
    const fromJson = preview(MEAN, { epsilon: 1, from: { answer: toJSON(answer) } });
    expect(fromRelease.sizes[0]!.size).toBe(Math.max(1, least!));
    expect(fromJson).toEqual(fromRelease);
    expect(refusal(() => preview(MEAN, { epsilon: 1, from: { answer, column: 'sex' } })).code).toBe('USAGE');
    expect(refusal(() => preview(MEAN, { epsilon: 1, from: { answer: {} as never } })).code).toBe('USAGE');
  });

  it('a policy file alone is enough, and nothing is written beside it', () => {
    const lonely = mkdtempSync(join(tmpdir(), 'gauze-preview-'));
    writeFileSync(join(lonely, 'network.yaml'), NETWORK);
    const seen = previewIn({ policy: join(lonely, 'network.yaml'), as: 'dr-lee' }, BY_SEX, { epsilon: 0.5 });
    expect(JSON.parse(JSON.stringify(seen)).columns).toEqual({ n: { halfWidth: 6, level: 0.95 } });
    expect(readdirSync(lonely)).toEqual(['network.yaml']);
    rmSync(lonely, { recursive: true });
  });
});
