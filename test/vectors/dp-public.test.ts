import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkVectors } from './check.ts';

it('agrees with every known answer, and skips none', () => {
  const { cases } = JSON.parse(readFileSync('test/vectors/dp-public.json', 'utf8'));
  const outcome = checkVectors(cases);
  expect(outcome.failures).toEqual([]);
  expect([...outcome.skipped]).toEqual([]);
  expect(outcome.passed).toBe(cases.length);
  expect(cases).toHaveLength(189);
});
