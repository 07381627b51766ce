/** What raises an alert: as usual, with other numbers, or off. */
import { describe, expect, test } from 'vitest';
import { WATCH_FIELDS, WATCH_NUMBERS } from '../../src/policy/fields/watch.ts';
import { type PolicyInput, parsePolicy, policyFromObject } from '../../src/policy/index.ts';
import { policyText } from '../../src/policy/source.ts';
import { USUAL_WATCH, WATCH_RULES } from '../../src/policy/watch-rules.ts';
import { NETWORK, refusal } from './network.ts';

const withWatch = (watch: string): string => NETWORK.replace('gauze: 1\n', `gauze: 1\nwatch: ${watch}\n`);
const watchOf = (watch: string) => parsePolicy(withWatch(watch)).governance.watch;

test('is as usual where nothing is written, and the policy keeps its digest', () => {
  const { governance, digest } = parsePolicy(NETWORK);
  expect(governance.watch).toEqual(USUAL_WATCH);
  expect(parsePolicy(withWatch('{ refusals: { count: 10 }, narrowing: {} }')).digest).toBe(digest);
  expect(parsePolicy(withWatch('{ refusals: { count: 11 } }')).digest).not.toBe(digest);
  expect(parsePolicy(withWatch('{ acts: off }')).digest).not.toBe(digest);
});

test('takes other numbers one by one, and any rule may be off', () => {
  expect(watchOf('{ burnRate: { percent: 30 }, unfinished: { minutes: 5 } }')).toEqual({
    ...USUAL_WATCH,
    burnRate: { percent: 30, days: 2 },
    unfinished: { minutes: 5 },
  });
  const off = `{ ${WATCH_RULES.map((rule) => `${rule}: off`).join(', ')} }`;
  expect(Object.values(watchOf(off))).toEqual(WATCH_RULES.map(() => null));
});

test('says in its tables what is usual', () => {
  const numbers = Object.entries(WATCH_NUMBERS).map(([rule, fields]) => [
    rule,
    Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema.default])),
  ]);
  expect(Object.fromEntries(numbers)).toEqual(USUAL_WATCH);
  for (const [rule, { example }] of Object.entries(WATCH_FIELDS)) {
    expect(watchOf(`{ ${example} }`)).toEqual({ ...USUAL_WATCH, ...(rule === 'acts' ? { acts: null } : {}) });
  }
});

test('is read from an object, too, and again from the text of that', () => {
  const input: PolicyInput = {
    gauze: 1,
    watch: { narrowing: 'off', nearDuplicates: { questions: 30 } },
    datasets: {
      network: {
        source: 'network.duckdb',
        unit: 'person.id',
        contribution: { groups: 1, rows: 1 },
        tables: { person: { unit: 'id' } },
      },
    },
  };
  const policy = policyFromObject(input);
  expect(policy.governance.watch).toEqual({
    ...USUAL_WATCH,
    narrowing: null,
    nearDuplicates: { questions: 30, hours: 24 },
  });
  expect(parsePolicy(policyText(policy)).digest).toBe(policy.digest);
});

describe('refuses', () => {
  test.each([
    ['{ refusals: { count: 0 } }', /watch\.refusals\.count/, /10/],
    ['{ refusals: { count: 1001 } }', /watch\.refusals\.count/, /10/],
    ['{ refusals: { number: 3 } }', /no key number/, /count, minutes/],
    ['{ refusals: on }', /watch\.refusals: This must be a map/, /count: 10/],
    ['{ refusal: off }', /no key refusal/, /Write refusals/],
    ['{ acts: { minutes: 3 } }', /watch\.acts: This rule has no numbers/, /Write off/],
    ['off', /watch: This must be a map/, /./],
  ])('%s', (watch, message, next) => {
    const error = refusal(withWatch(watch));
    expect(error.message).toMatch(message);
    expect(error.next).toMatch(next);
  });
});
