/** An exact fraction in lowest terms, denominator > 0. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The fraction n/d in lowest terms. @throws RangeError when d is 0. */
export function rational(numerator: bigint, denominator: bigint = 1n): Rational {
  if (denominator === 0n) throw new RangeError('A fraction needs a denominator other than zero.');
  const divisor = gcd(abs(numerator), abs(denominator)) * (denominator < 0n ? -1n : 1n);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/** The exact decimal a text denotes: `0.1` is 1/10, `1e-6` is 1/1000000. Null when it is not a finite decimal. */
export function parseDecimal(text: string): Rational | null {
  const match =
    /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text.trim()) ??
    /^([+-]?)()\.(\d+)(?:[eE]([+-]?\d{1,4}))?$/.exec(text.trim());
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  const power = Number(exponent) - fraction.length;
  return power >= 0 ? rational(digits * 10n ** BigInt(power)) : rational(digits, 10n ** BigInt(-power));
}

/** The exact decimal that JavaScript prints for a finite number: the number a person typed, not its binary neighbour. */
export function decimalOf(value: number): Rational {
  const parsed = parseDecimal(String(value));
  if (parsed === null) throw new RangeError('Only finite numbers are decimals.');
  return parsed;
}

export function add(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function subtract(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
}

export function multiply(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** @throws RangeError when b is 0. */
export function divide(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator, a.denominator * b.numerator);
}

/** Negative, zero or positive as a is less than, equal to or greater than b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Largest integer ≤ a. */
export function floor(a: Rational): bigint {
  const quotient = a.numerator / a.denominator;
  return a.numerator < 0n && quotient * a.denominator !== a.numerator ? quotient - 1n : quotient;
}

/** Smallest integer ≥ a. */
export function ceil(a: Rational): bigint {
  return -floor({ numerator: -a.numerator, denominator: a.denominator });
}

/** Nearest double, correctly rounded to within one unit in the last place; only for showing and for post-processing. */
export function toNumber(a: Rational): number {
  const sign = a.numerator < 0n ? -1 : 1;
  const magnitude = abs(a.numerator);
  if (magnitude < 1n << 53n && a.denominator < 1n << 53n) return (sign * Number(magnitude)) / Number(a.denominator);
  const shift = bitLength(a.denominator) - bitLength(magnitude) + 64;
  const scaled =
    shift >= 0 ? (magnitude << BigInt(shift)) / a.denominator : magnitude / (a.denominator << BigInt(-shift));
  return shift > 1000 ? sign * Number(scaled) * 2 ** -1000 * 2 ** (1000 - shift) : sign * Number(scaled) * 2 ** -shift;
}

/** A fraction as people write it: exact when it ends, else 12 significant digits. */
export function decimal(value: Rational): string {
  const scale = 10n ** 18n;
  const scaled = value.numerator * scale;
  if (scaled % value.denominator === 0n) {
    const digits = (scaled / value.denominator).toString().replace('-', '').padStart(19, '0');
    const text = `${digits.slice(0, -18)}.${digits.slice(-18)}`.replace(/\.?0+$/, '');
    return value.numerator < 0n ? `-${text}` : text;
  }
  return String(Number(toNumber(value).toPrecision(12)));
}

/** Sum of fractions. */
export function sumOf(values: readonly Rational[]): Rational {
  return values.reduce((total, value) => add(total, value), rational(0n));
}

/** The larger of two fractions. */
export function larger(a: Rational, b: Rational): Rational {
  return compare(a, b) >= 0 ? a : b;
}

/** Greatest common divisor of two non-negative integers. */
function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** ⌊√n⌋ for n ≥ 0, exact. */
export function integerSqrt(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

function bitLength(n: bigint): number {
  return n.toString(2).length;
}

function abs(n: bigint): bigint {
  return n < 0n ? -n : n;
}
