/** The digest follows the meaning and nothing else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parsePolicy } from '../../src/policy/index.ts';
import { NETWORK, rewritten } from './network.ts';

const DIGEST = parsePolicy(NETWORK).digest;

/** The same tree with the keys of every map in another order. */
function reordered(value: unknown, rank: (key: string) => number): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, rank));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([key, member]) => [key, reordered(member, rank)]));
}

test('is SHA-256 in hex, and what it was in every version: journals name it', () => {
  expect(DIGEST).toMatch(/^[\da-f]{64}$/);
  expect(DIGEST).toBe('04bf6aa708c5bb45de9a18429f57a9c74f08920a049631f29f3288bc9cf88672');
});

test('does not change with the order of keys', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const rank = (key: string): number =>
        [...key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0) + seed) % 9973, seed);
      expect(parsePolicy(stringify(reordered(parse(NETWORK), rank))).digest).toBe(DIGEST);
    }),
    { numRuns: 30 },
  );
});

describe('does not change with', () => {
  const same: readonly (readonly [string, string])[] = [
    ['gauze: 1', '# A comment.\n\ngauze: 1 # and another'],
    ['epsilon: 20', 'epsilon: 2e1'],
    ['step: 0.01', 'step: "1e-2"'],
    ['[0, 50000]', '[0.0, 5e4]'],
    ['values: [F, M]', 'values: ["F", M]'],
    ['minimumUnits: 11', ''],
    ['visit_id: { type: integer, use: join }', 'visit_id: { use: join, type: integer, nullable: true }'],
    ['through: visit', 'through: VISIT'],
  ];
  for (const [from, to] of same)
    test(to.trim() || 'a default left out', () => expect(parsePolicy(rewritten(from, to)).digest).toBe(DIGEST));
});

describe('changes with', () => {
  const other: readonly (readonly [string, string])[] = [
    ['epsilon: 20', 'epsilon: 20.000000000001'],
    ['step: 0.01', 'step: 0.02'],
    ['[0, 50000]', '[0, 50001]'],
    ['values: [F, M]', 'values: [M, F]'],
    ['values: [F, M]', 'values: [F, M, null]'],
    ['minimumUnits: 11', 'minimumUnits: 12'],
    ['use: join }', 'use: any }'],
    ['unique: true', 'unique: false'],
    ['a1c: [3, 20]', 'a1c: [4, 20]'],
    ['groups: 4', 'groups: 5'],
    ['dr-lee', 'dr-li'],
    ['network.duckdb', 'network2.duckdb'],
  ];
  for (const [from, to] of other) {
    test(`${from} → ${to}`, () => expect(parsePolicy(rewritten(from, to)).digest).not.toBe(DIGEST));
  }

  test('null among the values against the text "null"', () => {
    const [a, b] = ['null', '"null"'].map(
      (word) => parsePolicy(rewritten('values: [F, M]', `values: [F, ${word}]`)).digest,
    );
    expect(a).not.toBe(b);
  });
});

describe('the digest of the data sets alone', () => {
  const same = (from: string, to: string): [string, string] => {
    const [a, b] = [NETWORK, rewritten(from, to)].map((text) => parsePolicy(text).dataDigest);
    return [a as string, b as string];
  };

  test.each([
    ['epsilon: 10, delta: 1e-6', 'epsilon: 12, delta: 1e-6'],
    ['dr-lee', 'dr-who'],
    ['budget: { epsilon: 20, delta: 1e-5 }', 'budget: { epsilon: 25, delta: 1e-5 }'],
  ])('does not change with budgets and principals: %s', (from, to) => {
    const [a, b] = same(from, to);
    expect(b).toBe(a);
  });

  test.each([
    ['minimumUnits: 11', 'minimumUnits: 12'],
    ['rows: 20', 'rows: 21'],
    ['bounds: [0, 50000]', 'bounds: [0, 60000]'],
  ])('changes with what answers depend on: %s', (from, to) => {
    const [a, b] = same(from, to);
    expect(b).not.toBe(a);
  });
});
