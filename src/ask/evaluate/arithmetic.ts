/** Arithmetic on 64-bit integers and doubles; what cannot be computed is NULL. */
import type { Value } from '../types.ts';

const INTEGER_LOW = -(2n ** 63n);
const INTEGER_HIGH = 2n ** 63n - 1n;

/** An integer if it fits 64 bits, else NULL. */
export function integerOrNull(value: bigint): bigint | null {
  return value < INTEGER_LOW || value > INTEGER_HIGH ? null : value;
}

/** A double unless it is NaN, else NULL. */
export function doubleOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** `add`, `subtract`, `multiply`, `modulo` on two integers or two doubles, neither NULL. */
export function binaryArithmetic(fn: 'add' | 'subtract' | 'multiply' | 'modulo', a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return integerArithmetic(fn, a, b);
  const [x, y] = [Number(a), Number(b)];
  switch (fn) {
    case 'add':
      return doubleOrNull(x + y);
    case 'subtract':
      return doubleOrNull(x - y);
    case 'multiply':
      return doubleOrNull(x * y);
    case 'modulo':
      return y === 0 ? null : doubleOrNull(x % y);
  }
}

function integerArithmetic(fn: 'add' | 'subtract' | 'multiply' | 'modulo', a: bigint, b: bigint): bigint | null {
  switch (fn) {
    case 'add':
      return integerOrNull(a + b);
    case 'subtract':
      return integerOrNull(a - b);
    case 'multiply':
      return integerOrNull(a * b);
    case 'modulo':
      return b === 0n ? null : a % b;
  }
}

/** Quotient of doubles; NULL by zero. */
export function divide(a: Value, b: Value): number | null {
  return Number(b) === 0 ? null : doubleOrNull(Number(a) / Number(b));
}

/** Quotient truncated toward zero; NULL by zero. Doubles are divided and truncated. */
export function intDivide(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return b === 0n ? null : integerOrNull(a / b);
  const quotient = divide(a, b);
  return quotient === null ? null : Math.trunc(quotient);
}

/** `negate` and `abs` of an integer or double. */
export function negate(value: Value): Value {
  return typeof value === 'bigint' ? integerOrNull(-value) : -Number(value);
}

export function absolute(value: Value): Value {
  return typeof value === 'bigint' ? integerOrNull(value < 0n ? -value : value) : Math.abs(Number(value));
}

/** −1, 0 or 1. */
export function sign(value: Value): bigint {
  return typeof value === 'bigint' ? (value > 0n ? 1n : value < 0n ? -1n : 0n) : BigInt(Math.sign(Number(value)) || 0);
}

/** Nearest whole number, halves away from zero; exact, unlike floor(x + 0.5). */
function roundHalfAway(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

/** Rounds to decimals from −15 to 15 (powers of ten that are exact doubles). */
export function roundTo(value: Value, decimals: number): Value {
  if (typeof value === 'bigint') return roundInteger(value, decimals);
  const x = Number(value);
  if (decimals >= 0) {
    const power = 10 ** decimals;
    const rounded = roundHalfAway(x * power) / power;
    return Number.isFinite(rounded) ? rounded : x;
  }
  const power = 10 ** -decimals;
  const rounded = roundHalfAway(x / power) * power;
  return Number.isFinite(rounded) ? rounded : 0;
}

function roundInteger(value: bigint, decimals: number): bigint | null {
  if (decimals >= 0) return value;
  const power = 10n ** BigInt(-decimals);
  const rest = value % power;
  const down = value - rest;
  const twice = 2n * (rest < 0n ? -rest : rest);
  return integerOrNull(twice >= power ? down + (value < 0n ? -power : power) : down);
}

/** Integer of a double, halves away from zero; NULL outside 64 bits. */
export function doubleToInteger(value: number): bigint | null {
  if (!(Math.abs(value) <= 2 ** 63)) return null;
  return integerOrNull(BigInt(roundHalfAway(value)));
}
