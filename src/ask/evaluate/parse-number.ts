/** Texts read as numbers and booleans, as DuckDB 1.5 reads them. */
import { integerOrNull } from './arithmetic.ts';

/** Digits may be grouped by single underscores between digits. */
const DIGITS = '\\d+(?:_\\d+)*';
const INTEGER = new RegExp(`^([+-]?)(?:(${DIGITS})(?:\\.(${DIGITS})?)?|\\.(${DIGITS}))(?:[eE]([+-]?${DIGITS})\\.?)?$`);
const DOUBLE = new RegExp(`^[+-]?(?:${DIGITS}(?:\\.(?:${DIGITS})?)?|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?$`);
const INFINITE = /^(-?)(?:inf|infinity)$/i;

/** White space around a number that is not read. */
const AROUND = /^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g;

/** Decimals and exponents are rounded half away from zero; NULL where it is no number or leaves 64 bits. */
export function parseInteger(text: string): bigint | null {
  const trimmed = text.replace(AROUND, '');
  const based = /^0(?:x([\da-f]+(?:_[\da-f]+)*)|b([01]+(?:_[01]+)*))$/i.exec(trimmed);
  if (based !== null) return integerOrNull(BigInt(trimmed.replaceAll('_', '').toLowerCase()));
  const match = INTEGER.exec(trimmed);
  if (match === null) return null;
  const whole = plain(match[2]);
  const decimals = plain(match[3] ?? match[4]);
  const negative = match[1] === '-';
  if (integerOrNull(signed(BigInt(`0${whole}`), negative)) === null) return null;
  const exponent = Number(plain(match[5]) || '0');
  return scaled(whole + decimals, exponent - decimals.length, negative);
}

function plain(digits: string | undefined): string {
  return (digits ?? '').replaceAll('_', '');
}

function signed(value: bigint, negative: boolean): bigint {
  return negative ? -value : value;
}

/** digits · 10^power, rounded half away from zero. */
function scaled(digits: string, power: number, negative: boolean): bigint | null {
  const significant = digits.replace(/^0+/, '');
  if (significant === '' || significant.length + power < 0) return 0n;
  if (significant.length + power > 19) return null;
  if (power >= 0) return integerOrNull(signed(BigInt(significant) * 10n ** BigInt(power), negative));
  const cut = significant.length + power;
  const down = BigInt(`0${significant.slice(0, cut)}`);
  return integerOrNull(signed(significant.charCodeAt(cut) >= 53 ? down + 1n : down, negative));
}

/** NULL where it is no number, or NaN; too large is infinite. A plus sign may stand before a minus sign. */
export function parseDouble(text: string): number | null {
  const trimmed = text.replace(AROUND, '').replace(/^\+(?=.)/, '');
  const infinite = INFINITE.exec(trimmed);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  if (trimmed.startsWith('+')) return null;
  return DOUBLE.test(trimmed) ? Number(trimmed.replaceAll('_', '')) : null;
}

/** true, t, yes, y, 1 and their opposites, in any case, nothing around. */
export function parseBoolean(text: string): boolean | null {
  const lowered = text.toLowerCase();
  if (['true', 't', 'yes', 'y', '1'].includes(lowered)) return true;
  return ['false', 'f', 'no', 'n', '0'].includes(lowered) ? false : null;
}
