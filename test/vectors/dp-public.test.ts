import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkVectors } from './check.ts';

it('agrees with every known answer of what is built', () => {
  const outcome = checkVectors(JSON.parse(readFileSync('test/vectors/dp-public.json', 'utf8')).cases);
  expect(outcome.failures).toEqual([]);
  expect(outcome.passed).toBeGreaterThan(100);
});
