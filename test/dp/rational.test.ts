import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  ceil,
  compare,
  decimal,
  decimalOf,
  divide,
  floor,
  integerSqrt,
  multiply,
  parseDecimal,
  rational,
  subtract,
  toNumber,
} from '../../src/dp/rational.ts';

const fraction = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.bigInt({ min: 1n, max: 10n ** 30n }))
  .map(([numerator, denominator]) => rational(numerator, denominator));

describe('fractions', () => {
  it('obey the field laws', () => {
    fc.assert(
      fc.property(fraction, fraction, fraction, (a, b, c) => {
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)));
        if (b.numerator !== 0n) expect(multiply(divide(a, b), b)).toEqual(a);
      }),
    );
  });

  it('round to the neighbouring integers', () => {
    fc.assert(
      fc.property(fraction, (a) => {
        expect(compare(rational(floor(a)), a)).toBeLessThanOrEqual(0);
        expect(compare(rational(floor(a) + 1n), a)).toBeGreaterThan(0);
        expect(ceil(a) - floor(a)).toBe(a.denominator === 1n ? 0n : 1n);
      }),
    );
  });

  it('become the nearest double, within one unit in the last place', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        const [, digits = '0', exponent = '0'] = /^(-?\d+(?:\.\d+)?)(?:e([+-]\d+))?$/.exec(String(x)) ?? [];
        fc.pre(Math.abs(Number(exponent)) < 290 && digits !== '');
        expect(Math.abs(toNumber(decimalOf(x)) - x)).toBeLessThanOrEqual(Math.abs(x) * 2 ** -52);
      }),
    );
  });
});

describe('decimals', () => {
  it('are read as typed', () => {
    expect(decimalOf(0.1)).toEqual(rational(1n, 10n));
    expect(parseDecimal('1e-6')).toEqual(rational(1n, 1_000_000n));
    expect(parseDecimal('.5')).toEqual(rational(1n, 2n));
    expect(parseDecimal('12.')).toEqual(rational(12n));
    for (const text of ['', '.', '1e', 'NaN', '0x1', '1_0', '--1', 'Infinity']) expect(parseDecimal(text)).toBeNull();
  });

  it('print exactly where they end', () => {
    expect(decimal(rational(1n, 8n))).toBe('0.125');
    expect(decimal(rational(-5n, 2n))).toBe('-2.5');
    expect(decimal(rational(120n))).toBe('120');
    expect(decimal(rational(1n, 3n))).toBe('0.333333333333');
  });
});

it('integer square roots are exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 60n }), (n) => {
      const root = integerSqrt(n);
      expect(root * root <= n && n < (root + 1n) * (root + 1n)).toBe(true);
    }),
  );
});
