/** Policies given as plain objects. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rational } from '../../src/dp/rational.ts';
import { GauzeError } from '../../src/errors.ts';
import { type ColumnInput, type PolicyInput, parsePolicy, policyFromObject } from '../../src/policy/index.ts';
import { NETWORK } from './network.ts';

function withColumn(column: unknown): PolicyInput {
  return {
    gauze: 1,
    datasets: {
      d: {
        source: 'd.duckdb',
        unit: 't.p',
        contribution: { groups: 1, rows: 1 },
        tables: { t: { unit: 'p', columns: { x: column as ColumnInput } } },
      },
    },
  };
}

function refusal(object: unknown): GauzeError {
  try {
    policyFromObject(object as PolicyInput);
  } catch (error) {
    if (error instanceof GauzeError) return error;
    throw error;
  }
  throw new Error('The policy was accepted.');
}

test('the documented policy means the same as file and as object', () => {
  const object = parse(NETWORK) as PolicyInput;
  expect(policyFromObject(object).digest).toBe(parsePolicy(NETWORK).digest);
});

test('numbers are the decimals that JavaScript prints; text and bigint keep digits', () => {
  const policy = policyFromObject({
    ...withColumn({ type: 'integer', bounds: [-9223372036854775808n, '9223372036854775807'], step: 5 }),
    principals: { a: { budgets: [{ dataset: 'd', epsilon: 0.1, delta: 1e-7 }] } },
  });
  const { bounds, step } = policy.datasets.get('d')!.tables.get('t')!.columns.get('x')!;
  expect(bounds).toEqual({ low: -(2n ** 63n), high: 2n ** 63n - 1n });
  expect(step).toEqual(rational(5n));
  expect(policy.principals.get('a')!.budgets.get('d')).toEqual({
    epsilon: rational(1n, 10n),
    rho: null,
    delta: rational(1n, 10n ** 7n),
    renews: null,
  });
});

test('null and undefined: a value and nothing', () => {
  const policy = policyFromObject(withColumn({ type: 'text', values: ['a', null], bounds: undefined }));
  expect(policy.datasets.get('d')!.tables.get('t')!.columns.get('x')!.values).toEqual(['a', null]);
});

describe('refused with the path and no line', () => {
  const cases: readonly (readonly [column: unknown, path: string, message: string])[] = [
    [{ type: 'text', values: [1] }, 'values[0]', 'read as a number'],
    [{ type: 'text', values: ['a', 'a'] }, 'values[1]', 'listed twice'],
    [{ type: 'date', bounds: [new Date(0), new Date(1)] }, 'bounds[0]', 'plain objects'],
    [{ type: 'integer', bounds: [0, 2 ** 60] }, 'bounds[1]', 'lost digits'],
    [{ type: 'double', bounds: [0, Number.POSITIVE_INFINITY] }, 'bounds[1]', 'finite'],
    [{ type: 'double', bounds: [Number.NaN, 1] }, 'bounds[0]', 'finite'],
    [{ type: 'double', step: () => 1 }, 'step', 'function'],
    [{ type: 'boolean', nullable: 'false' }, 'nullable', 'true or false'],
    [new Map(), 'x', 'plain objects'],
  ];
  for (const [column, path, message] of cases) {
    test(`${path}: ${message}`, () => {
      const error = refusal(withColumn(column));
      expect(error.code).toBe('POLICY_INVALID');
      expect(error.at).toBeNull();
      expect(error.fields).toMatchObject({ line: null, column: null });
      expect(String(error.fields.path)).toContain(path);
      expect(error.message).toContain(message);
    });
  }

  test('cycles', () => {
    const cyclic: Record<string, unknown> = {};
    for (const name of ['a', 'b', 'c', 'd']) cyclic[name] = cyclic;
    expect(refusal(cyclic).message).toContain('too deeply');
  });

  for (const value of [null, undefined, 1, 'text', [], Symbol('s')]) {
    test(`${String(value)} is no policy`, () => {
      expect(refusal(value).code).toBe('POLICY_INVALID');
    });
  }
});

test('a member named __proto__ is an unknown key like any other', () => {
  expect(refusal(JSON.parse('{ "gauze": 1, "datasets": {}, "__proto__": {} }')).message).toContain('no key __proto__');
});
