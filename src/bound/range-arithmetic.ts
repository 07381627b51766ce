/** Intervals of arithmetic. Integers are exact and stay within 64 bits; doubles round as an engine's do. */
import type { SqlType } from '../ask/types.ts';
import {
  asDouble,
  asExact,
  double,
  type Extent,
  exact,
  greatest,
  hull,
  intersect,
  least,
  within64,
} from './interval.ts';

type Ends = { readonly low: bigint | null; readonly high: bigint | null };

export function addition(type: SqlType, a: Extent, b: Extent): Extent {
  if (a === 'never' || b === 'never') return 'never';
  if (type === 'double') {
    const [x, y] = [asDouble(a), asDouble(b)];
    if (x === null || y === null || x === 'never' || y === 'never') return double(-Infinity, Infinity);
    return double(orElse(x.low + y.low, -Infinity), orElse(x.high + y.high, Infinity));
  }
  const [x, y] = [asExact(a), asExact(b)];
  if (x === null || y === null || x === 'never' || y === 'never') return exact(null, null);
  return within64(exact(sum(x.low, y.low), sum(x.high, y.high)));
}

export function multiplication(type: SqlType, a: Extent, b: Extent): Extent {
  if (a === 'never' || b === 'never') return 'never';
  if (type === 'double') {
    const [x, y] = [asDouble(a), asDouble(b)];
    if (x === null || y === null || x === 'never' || y === 'never') return double(-Infinity, Infinity);
    // 0·∞ is NULL in an engine; at a corner it stands for products of 0 with finite factors.
    const corners = [x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high].map((one) => orElse(one, 0));
    return double(Math.min(...corners), Math.max(...corners));
  }
  const [x, y] = [asExact(a), asExact(b)];
  if (x === null || y === null || x === 'never' || y === 'never') return exact(null, null);
  return within64(wholeProducts(x, y));
}

/** Integer products; an open end behaves as an infinite factor. */
function wholeProducts(x: Ends, y: Ends): Extent {
  const corners = [
    product(x.low, -1, y.low, -1),
    product(x.low, -1, y.high, 1),
    product(x.high, 1, y.low, -1),
    product(x.high, 1, y.high, 1),
  ];
  const lows = corners.map((corner) => (corner === 'high' ? null : corner));
  const highs = corners.map((corner) => (corner === 'low' ? null : corner));
  return exact(
    lows.includes('low') ? null : smallest(lows as (bigint | null)[]),
    highs.includes('high') ? null : largest(highs as (bigint | null)[]),
  );
}

/** Product of two ends, null being infinite with the sign given; `low` and `high` are −∞ and ∞. */
function product(a: bigint | null, signA: number, b: bigint | null, signB: number): bigint | 'low' | 'high' {
  if (a !== null && b !== null) return a * b;
  const sign = signOf(a, signA) * signOf(b, signB);
  return sign === 0 ? 0n : sign < 0 ? 'low' : 'high';
}

function signOf(value: bigint | null, open: number): number {
  return value === null ? open : value > 0n ? 1 : value < 0n ? -1 : 0;
}

function smallest(values: readonly (bigint | null)[]): bigint | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce(least);
}

function largest(values: readonly (bigint | null)[]): bigint | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce(greatest);
}

/** Quotient of doubles; a divisor of zero gives NULL. `whole`: the divisor is an integer, so at least 1 in size. */
export function division(a: Extent, b: Extent, whole: boolean): Extent {
  if (a === 'never' || b === 'never') return 'never';
  const [x, y] = [asDouble(a), asDouble(b)];
  if (x === null || y === null || x === 'never' || y === 'never') return double(-Infinity, Infinity);
  const above = intersect(y, double(whole ? 1 : 0, Infinity));
  const below = intersect(y, double(-Infinity, whole ? -1 : 0));
  const parts = [above, below].map((part): Extent => {
    if (part === 'never' || part === null || part.kind === 'exact') return 'never';
    if (part.low === 0 && part.high === 0) return 'never';
    const signed =
      part.low >= 0 ? { low: positive(part.low), high: part.high } : { low: part.low, high: -positive(-part.high) };
    const corners = [x.low / signed.low, x.low / signed.high, x.high / signed.low, x.high / signed.high];
    return double(
      Math.min(...corners.map((one) => orElse(one, -Infinity))),
      Math.max(...corners.map((one) => orElse(one, Infinity))),
    );
  });
  return parts.reduce<Extent>(hull, 'never');
}

/** Zero itself divides nothing: the least divisor above it is the least positive double. */
function positive(value: number): number {
  return value === 0 ? Number.MIN_VALUE : value;
}

/** Quotient of integers toward zero. */
export function wholeDivision(a: Extent, b: Extent): Extent {
  if (a === 'never' || b === 'never') return 'never';
  const [x, y] = [asExact(a), asExact(b)];
  if (x === null || y === null || x === 'never' || y === 'never') return exact(null, null);
  const parts = [intersect(y, exact(1n, null)), intersect(y, exact(null, -1n))];
  return within64(
    parts.reduce<Extent>((all, part) => {
      const divisor = asExact(part);
      return divisor === null || divisor === 'never' ? all : hull(all, quotients(x, divisor));
    }, 'never'),
  );
}

/** Quotients by divisors of one sign. An open dividend stays open; a far divisor brings the quotient to zero. */
function quotients(x: Ends, divisor: Ends): Extent {
  const near = divisor.low !== null && divisor.low > 0n ? divisor.low : (divisor.high as bigint);
  const far = near > 0n ? divisor.high : divisor.low;
  const ends = [x.low, x.high].map((end) =>
    end === null ? null : ([end / near, far === null ? 0n : end / far] as const),
  );
  const [first, last] = near > 0n ? ends : [ends[1], ends[0]];
  return exact(
    first === null || first === undefined ? null : least(first[0], first[1]),
    last === null || last === undefined ? null : greatest(last[0], last[1]),
  );
}

/** Remainder: the dividend's sign, smaller than the divisor, no larger than the dividend. */
export function modulo(type: SqlType, a: Extent, b: Extent): Extent {
  if (a === 'never' || b === 'never') return 'never';
  if (type === 'double') {
    const [x, y] = [asDouble(a), asDouble(b)];
    if (x === null || y === null || x === 'never' || y === 'never') return double(-Infinity, Infinity);
    const size = Math.max(Math.abs(y.low), Math.abs(y.high));
    return double(Math.max(Math.min(x.low, 0), -size), Math.min(Math.max(x.high, 0), size));
  }
  const [x, y] = [asExact(a), asExact(b)];
  if (x === null || y === null || x === 'never' || y === 'never') return exact(null, null);
  const size = y.low === null || y.high === null ? null : greatest(absolute(y.low), absolute(y.high)) - 1n;
  if (size !== null && size < 0n) return 'never';
  const dividend = exact(x.low === null ? null : least(x.low, 0n), x.high === null ? null : greatest(x.high, 0n));
  return size === null ? dividend : intersect(dividend, exact(-size, size));
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function sum(a: bigint | null, b: bigint | null): bigint | null {
  return a === null || b === null ? null : a + b;
}

function orElse(value: number, instead: number): number {
  return Number.isNaN(value) ? instead : value;
}
