/** The auditor itself, on mechanisms whose loss is known. */
import { expect, it } from 'vitest';
import { rational } from '../../src/dp/rational.ts';
import { discreteLaplaceSampler } from '../../src/dp/sampler/discrete-laplace.ts';
import { audit, type Observation } from '../../src/dp/simulation/auditor.ts';
import { seededBits } from '../../src/dp/simulation/seeded.ts';

const bits = seededBits('auditor');

/** Runs that show `shift` under Laplace noise of the given scale, in as many values. */
function runs(count: number, shift: number, scale: number, values = 1): Observation[] {
  const sampler = discreteLaplaceSampler(rational(BigInt(scale)));
  return Array.from({ length: count }, () =>
    Object.fromEntries(
      Array.from({ length: values }, (_, index) => [`value ${index}`, Number(sampler.sample(bits)) + shift]),
    ),
  );
}

it('comes close to the loss of a tight mechanism, from below', () => {
  const { epsilon } = audit(runs(60_000, 4, 4), runs(60_000, 0, 4), { alpha: 1e-9, delta: 0, events: 2 });
  expect(epsilon).toBeGreaterThan(0.85);
  expect(epsilon).toBeLessThanOrEqual(1);
});

// H0: the bound exceeds the true ε = 1 with probability ≤ 0.05 an audit. 400 audits: 20 expected at most, and 46 or more
// come with probability below 10⁻⁷; the noise is seeded, so the outcome is always the same.
it('errs no more often than it says', () => {
  let wrong = 0;
  for (let round = 0; round < 400; round++) {
    const { epsilon } = audit(runs(600, 4, 4), runs(600, 0, 4), { alpha: 0.05, delta: 0, events: 2 });
    if (epsilon > 1) wrong += 1;
  }
  expect(wrong).toBeLessThan(46);
});

it('adds up loss that is spread over many values', () => {
  const [first, second] = [runs(6000, 1, 4, 12), runs(6000, 0, 4, 12)];
  const all = audit(first, second, { alpha: 1e-9, delta: 0, events: 2 });
  const each = audit(first, second, { alpha: 1e-9, delta: 0, events: 2, together: () => false });
  expect(all.event?.feature).toMatch(/^evidence/);
  expect(all.epsilon).toBeGreaterThan(0.75);
  expect(each.epsilon).toBeLessThanOrEqual(0.25);
});

it('takes words as they come: presence that gives a unit away', () => {
  const there = Array.from({ length: 300 }, () => ({ row: 'shown' }));
  const not = Array.from({ length: 300 }, () => ({}));
  const { epsilon, event, likelierOnFirst } = audit(there, not, { alpha: 1e-9, delta: 1e-6, events: 2 });
  expect(event).toEqual({ feature: 'row', relation: 'equal', value: 'shown' });
  expect(likelierOnFirst).toBe(true);
  expect(epsilon).toBeGreaterThan(2);
});

it('subtracts δ before it speaks of ε', () => {
  const mostly = (share: number): Observation[] =>
    Array.from({ length: 30_000 }, (_, run) => ({ row: run % 100 < share ? 'shown' : 'hidden' }));
  const seen = (delta: number): number => audit(mostly(8), mostly(0), { alpha: 1e-9, delta, events: 1 }).epsilon;
  expect(seen(0)).toBeGreaterThan(3);
  expect(seen(0.1)).toBe(0);
});

it('finds nothing between equals', () => {
  expect(audit(runs(3000, 0, 4, 5), runs(3000, 0, 4, 5), { alpha: 1e-9, delta: 0, events: 2 }).epsilon).toBe(0);
});
