/** Numbers: 64-bit overflow is NULL, a divisor of zero gives NULL, NaN is NULL; rounding goes half away from zero. */
import type { Call } from '../../../ask/ir.ts';
import { invariant } from '../../../errors.ts';
import { convert, roundedToInteger } from '../convert.ts';
import {
  clean,
  constantOf,
  INTEGER_HIGH,
  INTEGER_LOW,
  integer,
  naming,
  narrowed,
  type Printed,
  printed,
} from '../printed.ts';

type Operands = readonly [Printed, Printed];

export function add(args: readonly Printed[], call: Call): Printed {
  const [a, b] = numbers(args, call);
  if (a.stored === 'DOUBLE') return double(`(${a.sql} + ${b.sql})`, a, b, a.infinite && b.infinite);
  return wholeOperation('+', a, b, a.low + b.low, a.high + b.high);
}

export function subtract(args: readonly Printed[], call: Call): Printed {
  const [x, y] = args as Operands;
  if (x.stored === 'DATE' && y.stored === 'DATE') {
    return integer(`(${clean(x).sql} - ${clean(y).sql})`, -(1n << 22n), 1n << 22n);
  }
  const [a, b] = numbers(args, call);
  if (a.stored === 'DOUBLE') return double(`(${a.sql} - ${b.sql})`, a, b, a.infinite && b.infinite);
  return wholeOperation('-', a, b, a.low - b.high, a.high - b.low);
}

export function multiply(args: readonly Printed[], call: Call): Printed {
  const [a, b] = numbers(args, call);
  if (a.stored === 'DOUBLE') return double(`(${a.sql} * ${b.sql})`, a, b, a.infinite || b.infinite);
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return wholeOperation('*', a, b, least(corners), greatest(corners));
}

export function divide(args: readonly Printed[]): Printed {
  const [x, y] = args as Operands;
  const [a, b] = [convert(x, 'double'), convert(y, 'double')];
  return double(`(${a.sql} / ${nonZero(b)})`, a, b, a.infinite && b.infinite);
}

/** Truncates toward zero. */
export function intDivide(args: readonly Printed[]): Printed {
  const [a, b] = args.map((arg) => convert(arg, 'integer')) as unknown as Operands;
  const reach = greatest([-a.low, a.high]);
  const low = -reach;
  return wholeOperation('//', a, { ...b, sql: nonZero(b) }, low, overflows(a, b) ? reach : greatest([a.high, -a.low]));
}

/** Takes the dividend's sign. */
export function modulo(args: readonly Printed[], call: Call): Printed {
  const [a, b] = numbers(args, call);
  if (a.stored === 'DOUBLE') return double(`(${a.sql} % ${nonZero(b)})`, a, b, a.infinite);
  if (overflows(a, b)) {
    return printed(`CAST((CAST(${a.sql} AS HUGEINT) % CAST(${nonZero(b)} AS HUGEINT)) AS BIGINT)`, 'integer');
  }
  return integer(`(${a.sql} % ${nonZero(b)})`, a.low < 0n ? a.low : 0n, a.high > 0n ? a.high : 0n);
}

export function negate(args: readonly Printed[]): Printed {
  const [a] = args as [Printed];
  if (a.stored === 'DOUBLE') return { ...a, sql: `(-${a.sql})` };
  if (a.low > INTEGER_LOW) return integer(`(-${a.sql})`, -a.high, -a.low);
  return printed(narrowed(`(-CAST(${a.sql} AS HUGEINT))`), 'integer');
}

export function abs(args: readonly Printed[]): Printed {
  const [a] = args as [Printed];
  if (a.stored === 'DOUBLE') return { ...a, sql: `abs(${a.sql})` };
  const reach = greatest([-a.low, a.high]);
  if (a.low > INTEGER_LOW) return integer(`abs(${a.sql})`, 0n, reach);
  return integer(narrowed(`abs(CAST(${a.sql} AS HUGEINT))`), 0n, INTEGER_HIGH);
}

export function sign(args: readonly Printed[], call: Call): Printed {
  const a = clean((args as [Printed])[0]);
  return convert(integer(`CAST(sign(${a.sql}) AS BIGINT)`, -1n, 1n), call.type);
}

/** ceil, floor, trunc; integers stay as they are. */
export function towards(name: 'ceil' | 'floor' | 'trunc'): (args: readonly Printed[], call: Call) => Printed {
  return (args, call) => {
    const [a] = args as [Printed];
    if (a.stored !== 'DOUBLE') return convert(a, call.type);
    return typed({ ...a, sql: `${name}(${a.sql})` }, call);
  };
}

/** Half away from zero, to a constant number of decimals. */
export function round(args: readonly Printed[], call: Call): Printed {
  const [a, digits] = args as [Printed, Printed | undefined];
  const decimals = digits === undefined ? 0n : constantOf(digits);
  invariant(decimals !== null && decimals >= -15n && decimals <= 15n, 'rounding knows its decimals');
  if (a.stored !== 'DOUBLE') return convert(wholeRounded(a, decimals), call.type);
  if (decimals === 0n) return typed({ ...a, sql: `round(${a.sql})` }, call);
  // With n < 0 DuckDB answers 0 for everything that is not finite, NaN too.
  const x = decimals < 0n ? clean(a) : a;
  return typed({ ...x, sql: `round(${x.sql}, CAST(${decimals} AS INTEGER))` }, call);
}

export function sqrt(args: readonly Printed[]): Printed {
  const a = convert((args as [Printed])[0], 'double');
  // NaN sorts above every number in DuckDB and passes through; abs keeps sqrt from ever seeing a negative number.
  const sql = naming([a.sql], (x) => `(CASE WHEN ${x} >= 0e0 THEN sqrt(abs(${x})) END)`);
  return { ...a, sql };
}

function wholeRounded(a: Printed, decimals: bigint): Printed {
  if (decimals >= 0n) return a;
  const power = 10n ** -decimals;
  const sql = naming([a.sql], (x) => {
    const away = `(CAST(${x} AS HUGEINT) + CASE WHEN ${x} < 0 THEN -${power / 2n} ELSE ${power / 2n} END)`;
    return narrowed(`((${away} // ${power}) * ${power})`);
  });
  return printed(sql, 'integer');
}

/** A double result in the type the tree declares. */
function typed(value: Printed, call: Call): Printed {
  return call.type === 'integer' ? roundedToInteger(clean(value)) : value;
}

function numbers(args: readonly Printed[], call: Call): Operands {
  const [a, b] = args as Operands;
  if (call.type === 'double' || a.stored === 'DOUBLE' || b.stored === 'DOUBLE') {
    return [convert(a, 'double'), convert(b, 'double')];
  }
  return [a, b];
}

function double(sql: string, a: Printed, b: Printed, makesNaN: boolean): Printed {
  return printed(sql, 'double', { nan: a.nan || b.nan || makesNaN });
}

function wholeOperation(operator: string, a: Printed, b: Printed, low: bigint, high: bigint): Printed {
  if (low >= INTEGER_LOW && high <= INTEGER_HIGH) return integer(`(${a.sql} ${operator} ${b.sql})`, low, high);
  return printed(narrowed(`(CAST(${a.sql} AS HUGEINT) ${operator} CAST(${b.sql} AS HUGEINT))`), 'integer');
}

/** The divisor, NULL where it is zero. */
function nonZero(b: Printed): string {
  const zero = b.stored === 'DOUBLE' ? '0e0' : '0';
  if (b.stored !== 'DOUBLE' && (b.low > 0n || b.high < 0n)) return b.sql;
  const constant = doubleLiteralOf(b);
  if (constant !== null && constant !== 0) return b.sql;
  return naming([b.sql], (x) => `(CASE WHEN ${x} <> ${zero} THEN ${x} END)`);
}

/** −2^63 divided by −1. */
function overflows(a: Printed, b: Printed): boolean {
  return a.low === INTEGER_LOW && b.low <= -1n && b.high >= -1n;
}

function doubleLiteralOf(b: Printed): number | null {
  return b.stored === 'DOUBLE' && /^\(?-?[0-9.]+e-?[0-9]+\)?$/.test(b.sql) ? Number(b.sql.replace(/[()]/g, '')) : null;
}

function least(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a < b ? a : b));
}

function greatest(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b));
}
