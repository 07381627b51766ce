/** Order and equality of values, and the functions made of them. */
import { invariant } from '../../errors.ts';
import type { SqlType, Value } from '../types.ts';

/**
 * Compares two values of one type, neither NULL: below 0, 0 or above 0. Text by code points, false below true, −0 equal
 * to 0. Keys have an order here too, that of what they hold, so that sorting is total; questions never see it.
 */
export function compareValues(type: SqlType, a: Value, b: Value): number {
  invariant(a !== null && b !== null, 'compared values are not NULL');
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  invariant(typeof a === typeof b, `compared values of type ${type} are of one kind`);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares texts by code points, which is the order of their UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return inCodePointOrder(x) - inCodePointOrder(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others: they are moved behind U+E000 to U+FFFF. */
function inCodePointOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Greatest (sign 1) or least (sign −1) of the values that are not NULL; the first of equals. */
export function extreme(type: SqlType, values: readonly Value[], sign: 1 | -1): Value {
  let best: Value = null;
  for (const value of values) {
    if (value === null) continue;
    if (best === null || compareValues(type, value, best) * sign > 0) best = value;
  }
  return best;
}

/** `x [NOT] IN (…)` in three-valued logic. */
export function inList(type: SqlType, value: Value, list: readonly Value[], negated: boolean): boolean | null {
  if (value === null) return null;
  let unknown = false;
  for (const member of list) {
    if (member === null) unknown = true;
    else if (compareValues(type, value, member) === 0) return !negated;
  }
  return unknown ? null : negated;
}
