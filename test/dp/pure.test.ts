/** Any ε-DP mechanism is ε·tanh(ε/2)-zCDP: the steps of the proof at `zcdpOfPure`, in numbers. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { zcdpOf } from '../../src/dp/accountant/zcdp.ts';
import { zcdpOfPure } from '../../src/dp/conversion.ts';
import { compare, decimalOf, rational } from '../../src/dp/rational.ts';
import { renyiOfPure } from '../../src/dp/renyi.ts';

const epsilon = fc.double({ min: 0.01, max: 8, noNaN: true });
const order = fc.double({ min: 1.01, max: 64, noNaN: true });
/** What a difference of logarithms near 0 may lose. */
const ROUNDING = 1e-12;

it('randomised response has the largest divergence among ε-DP pairs', () => {
  const loss = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(epsilon, order, loss, loss, (e, alpha, high, low) => {
      // A pair with ratios in [e^−ε, e^ε]: one part of Q with ratios at least 1, one with at most 1, weighed to mean 1.
      const rises = high.map((x) => Math.exp(x * e));
      const falls = low.map((x) => Math.exp(-x * e));
      const mean = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0) / all.length;
      const [up, down] = [mean(rises) - 1, 1 - mean(falls)];
      const weight = down / (up + down);
      const moment = (all: readonly number[]): number => mean(all.map((ratio) => ratio ** alpha));
      const divergence = Math.log(weight * moment(rises) + (1 - weight) * moment(falls)) / (alpha - 1);
      expect(divergence).toBeLessThanOrEqual(renyiOfPure(e, alpha) * (1 + 1e-9) + ROUNDING / (alpha - 1));
    }),
  );
});

it('its divergence per order stays below ε·tanh(ε/2), and comes near it at order 1', () => {
  fc.assert(
    fc.property(epsilon, order, (e, alpha) => {
      expect(renyiOfPure(e, alpha) / alpha).toBeLessThanOrEqual(zcdpOfPure(e) + ROUNDING / (alpha - 1));
      expect(renyiOfPure(e, 1 + 1e-6) / zcdpOfPure(e)).toBeGreaterThan(1 - 1e-4);
    }),
  );
});

it('the accountant’s exact value is the same, rounded up, and below ε²/2', () => {
  fc.assert(
    fc.property(epsilon, (e) => {
      const { numerator, denominator } = decimalOf(e);
      const { rho, rhoUnits } = zcdpOf({
        kind: 'partition-selection',
        epsilon: [String(numerator), String(denominator)],
        delta: ['0', '1'],
        groups: 1,
      });
      const closed = e * Math.tanh(e / 2);
      expect(Math.abs(rho / closed - 1)).toBeLessThan(1e-12);
      expect(rho).toBeLessThan((e * e) / 2 + 1e-15);
      expect(compare(rational(rhoUnits, 10n ** 12n), decimalOf(closed * (1 - 1e-12)))).toBeGreaterThanOrEqual(0);
      expect(Number(rhoUnits) - closed * 1e12).toBeLessThan(1.01);
    }),
  );
});
