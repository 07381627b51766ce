/** Interval arithmetic on ranges; infinite ends are open, 0·∞ is 0 (an open end times a known zero). */
import { EVERYTHING, type Range } from './form.ts';

export function addRanges([a, b]: Range, [c, d]: Range): Range {
  return [a + c, b + d];
}

export function negateRange([low, high]: Range): Range {
  return [-high, -low];
}

export function multiplyRanges([a, b]: Range, [c, d]: Range): Range {
  const products = [times(a, c), times(a, d), times(b, c), times(b, d)];
  return [Math.min(...products), Math.max(...products)];
}

/** Open where the denominator may be zero. */
export function divideRanges(numerator: Range, [c, d]: Range): Range {
  if (c <= 0 && d >= 0) return EVERYTHING;
  return multiplyRanges(numerator, [1 / d, 1 / c]);
}

export function absRange([low, high]: Range): Range {
  if (low >= 0) return [low, high];
  return high <= 0 ? [-high, -low] : [0, Math.max(-low, high)];
}

export function hull(ranges: readonly Range[]): Range {
  if (ranges.length === 0) return EVERYTHING;
  return [Math.min(...ranges.map((range) => range[0])), Math.max(...ranges.map((range) => range[1]))];
}

/** Image under a function that never decreases. */
export function mapRange([low, high]: Range, rising: (x: number) => number): Range {
  return [Number.isFinite(low) ? rising(low) : low, Number.isFinite(high) ? rising(high) : high];
}

function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}
