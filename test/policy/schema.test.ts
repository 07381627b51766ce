/** The published schema is the reader's own tables of keys, and accepts what the reader accepts. */
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parsePolicy, policySchema } from '../../src/policy/index.ts';
import { draftPolicy } from '../../src/policy/init.ts';
import { GOVERNED, governed } from './governed.ts';
import { NETWORK, rewritten } from './network.ts';

const FILE = new URL('../../schema/policy.schema.json', import.meta.url);

/** Zod reads neither conditions nor uniqueItems; the first are looked at on their own. */
function withoutConditions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutConditions);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'allOf' && key !== 'uniqueItems');
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutConditions(member)]));
}

const schema = z.fromJSONSchema(withoutConditions(policySchema()) as Parameters<typeof z.fromJSONSchema>[0]);

test('the published file is current (UPDATE_SCHEMA=1 writes it)', () => {
  const text = `${JSON.stringify(policySchema(), null, 2)}\n`;
  if (process.env.UPDATE_SCHEMA === '1') writeFileSync(FILE, text);
  expect(readFileSync(FILE, 'utf8')).toBe(text);
});

test('it accepts the documented policy', () => {
  expect(schema.safeParse(parse(NETWORK)).success).toBe(true);
});

test('it accepts the governed policy', () => {
  expect(schema.safeParse(parse(GOVERNED)).error).toBeUndefined();
  const listed = governed(
    '      research: { budget: { epsilon: 10, delta: 1e-6 } }\n      quality: {}',
    '      [quality]',
  );
  expect(schema.safeParse(parse(listed)).error).toBeUndefined();
});

test('it accepts every draft', () => {
  const column = fc.record({
    name: fc.constantFrom('age', 'sex', 'visit_id', 'day', 'note', 'concept_id'),
    type: fc.constantFrom('VARCHAR', 'INTEGER', 'DECIMAL(18,2)', 'DATE', 'TIMESTAMP WITH TIME ZONE', 'BLOB'),
  });
  fc.assert(
    fc.property(fc.array(column, { maxLength: 6 }), fc.boolean(), (columns, hasUnit) => {
      const unit = hasUnit ? [{ name: 'patient_id', type: 'BIGINT' }] : [];
      const text = draftPolicy({
        source: 'a.duckdb',
        tables: [{ name: 'visit', file: null, columns: [...unit, ...columns] }],
      });
      parsePolicy(text);
      expect(schema.safeParse(parse(text)).error).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

describe('it refuses', () => {
  const broken: readonly (readonly [what: string, from: string, to: string])[] = [
    ['another version', 'gauze: 1', 'gauze: 2'],
    ['an unknown key', 'minimumUnits: 11', 'minimalUnits: 11'],
    ['a missing contribution', 'contribution: { groups: 4, rows: 20 }', ''],
    ['no group', 'groups: 4', 'groups: 0'],
    ['an unknown type', 'sex: { type: text', 'sex: { type: varchar'],
    ['three bounds', '[1900, 2025]', '[1900, 2000, 2025]'],
    ['a budget without epsilon', 'epsilon: 20, ', ''],
  ];
  for (const [what, from, to] of broken) {
    test(what, () => {
      expect(schema.safeParse(parse(rewritten(from, to))).success).toBe(false);
    });
  }

  const misgoverned: readonly (readonly [what: string, from: string, to: string])[] = [
    ['epsilon and rho', 'rho: 0.05', 'epsilon: 1, rho: 0.05'],
    ['another span of time', 'renews: month', 'renews: year'],
    ['an unknown role', 'roles: [auditor]', 'roles: [king]'],
    ['an unknown topic', 'sensitive: hiv', 'sensitive: aids'],
    ['a short key', 'key: 3d4017c3', 'key: 3d'],
    ['terms without end', 'expires: 2027-12-31', ''],
    ['consent without purposes', 'purposes: { research: [research, all], quality: [all, care] }', ''],
    ['a denial without its table', 'network.person.zip', 'zip'],
  ];
  for (const [what, from, to] of misgoverned) {
    test(what, () => {
      expect(schema.safeParse(parse(governed(from, to))).success).toBe(false);
    });
  }
});

test('bounds, step and zone are kept to the types that have them', () => {
  const columns = find(policySchema(), ['datasets', 'tables', 'columns']);
  const forbidden = (columns.allOf as { if: Tree; then: Tree }[]).flatMap((rule) =>
    rule.if.properties.type.enum.flatMap((type: string) =>
      Object.keys(rule.then.properties).map((key) => `${type}.${key}`),
    ),
  );
  expect(forbidden.sort()).toEqual(
    [
      ...['boolean.bounds', 'boolean.step', 'boolean.zone', 'date.step', 'date.zone', 'double.zone', 'integer.zone'],
      ...['text.bounds', 'text.step', 'text.zone', 'timestamp.step'],
    ].sort(),
  );
});

test('every key says what it means', () => {
  const silent: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (key === 'properties' && !path.includes('/allOf/')) {
        for (const [name, property] of Object.entries<Tree>(member)) {
          if (typeof property.description !== 'string') silent.push(`${path}/${name}`);
        }
      }
      walk(member, `${path}/${key}`);
    }
  };
  walk(policySchema(), '');
  expect(silent).toEqual([]);
});

// biome-ignore lint/suspicious/noExplicitAny: trees of JSON, taken apart on purpose.
type Tree = any;

/** Schema of one entry of a map of names, followed through the levels. */
function find(root: Tree, path: readonly string[]): Tree {
  return path.reduce((at: Tree, name) => at.properties[name].additionalProperties, root);
}
