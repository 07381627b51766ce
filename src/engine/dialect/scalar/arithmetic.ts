/** Numbers: 64-bit overflow is NULL, a divisor of zero gives NULL, NaN is NULL; rounding goes half away from zero. */
import type { Call } from '../../../ask/ir.ts';
import { convert, roundedToInteger } from '../convert.ts';
import { doubleSql } from '../literal.ts';
import { clean, constantOf, INTEGER_HIGH, INTEGER_LOW, integer, naming, type Printed, printed } from '../printed.ts';

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
export function intDivide(args: readonly Printed[], call: Call): Printed {
  const [a, b] = numbers(args, call);
  if (a.stored === 'DOUBLE') return double(`trunc(${a.sql} / ${nonZero(b)})`, a, b, a.infinite && b.infinite);
  const reach = greatest([-a.low, a.high]);
  return wholeOperation(
    '//',
    a,
    { ...b, sql: nonZero(b) },
    -reach,
    overflows(a, b) ? reach : greatest([a.high, -a.low]),
  );
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
  return printed(`TRY_CAST((-CAST(${a.sql} AS HUGEINT)) AS BIGINT)`, 'integer');
}

export function abs(args: readonly Printed[]): Printed {
  const [a] = args as [Printed];
  if (a.stored === 'DOUBLE') return { ...a, sql: `abs(${a.sql})` };
  const reach = greatest([-a.low, a.high]);
  if (a.low > INTEGER_LOW) return integer(`abs(${a.sql})`, 0n, reach);
  return integer(`TRY_CAST(abs(CAST(${a.sql} AS HUGEINT)) AS BIGINT)`, 0n, INTEGER_HIGH);
}

export function sign(args: readonly Printed[], call: Call): Printed {
  const a = clean((args as [Printed])[0]);
  return convert(integer(`CAST(sign(${a.sql}) AS BIGINT)`, -1n, 1n), call.type);
}

/** ceil, floor. */
export function towards(name: 'ceil' | 'floor'): (args: readonly Printed[], call: Call) => Printed {
  return (args, call) => {
    const [a] = args as [Printed];
    if (a.stored !== 'DOUBLE') return convert(a, call.type);
    return typed({ ...a, sql: `${name}(${a.sql})` }, call);
  };
}

/** trunc(x[, n]): cut off behind the n-th decimal. */
export function trunc(args: readonly Printed[], call: Call): Printed {
  return atDecimals('trunc', args, call);
}

/** round(x[, n]): half away from zero. */
export function round(args: readonly Printed[], call: Call): Printed {
  return atDecimals('round', args, call);
}

export function sqrt(args: readonly Printed[]): Printed {
  const a = convert((args as [Printed])[0], 'double');
  // NaN sorts above every number in DuckDB and passes through; abs keeps sqrt from ever seeing a negative number.
  const sql = naming([a.sql], (x) => `(CASE WHEN ${x} >= 0e0 THEN sqrt(abs(${x})) END)`);
  return { ...a, sql };
}

function atDecimals(name: 'round' | 'trunc', args: readonly Printed[], call: Call): Printed {
  const [a, digits] = args as [Printed, Printed | undefined];
  const wanted = digits === undefined ? 0n : constantOf(digits);
  if (digits === undefined || wanted === 0n) {
    return a.stored === 'DOUBLE' ? typed({ ...a, sql: `${name}(${a.sql})` }, call) : convert(a, call.type);
  }
  if (wanted === null) return digitsByColumn(name, a, digits, call);
  return a.stored === 'DOUBLE'
    ? typed(scaled(name, a, wanted), call)
    : convert(wholeScaled(name, a, wanted), call.type);
}

/** Decimals that differ from row to row: those a double can show, one branch each. */
function digitsByColumn(name: 'round' | 'trunc', a: Printed, digits: Printed, call: Call): Printed {
  const bound = clean(a);
  const choice = (x: string, n: string): string => {
    const operand = { ...bound, sql: x };
    const branches: string[] = [];
    for (let decimals = -18n; decimals <= 15n; decimals += 1n) {
      const one = bound.stored === 'DOUBLE' ? scaled(name, operand, decimals) : wholeScaled(name, operand, decimals);
      branches.push(`WHEN ${decimals} THEN ${one.sql}`);
    }
    const zero = bound.stored === 'DOUBLE' ? `(${x} * 0e0)` : `(${x} * 0)`;
    return `(CASE ${n} ${branches.join(' ')} ELSE CASE WHEN ${n} > 15 THEN ${x} WHEN ${n} < -18 THEN ${zero} END END)`;
  };
  const sql = naming([bound.sql, digits.sql], (x, n) => choice(x as string, n as string));
  return convert({ ...bound, sql, low: INTEGER_LOW, high: INTEGER_HIGH, nan: bound.infinite }, call.type);
}

/** Doubles from 2^52 on are whole: decimals leave them as they are. */
function scaled(name: 'round' | 'trunc', a: Printed, decimals: bigint): Printed {
  if (decimals > 15n) return a;
  if (decimals < -300n) return { ...a, sql: `(${a.sql} * 0e0)`, nan: a.nan || a.infinite };
  const power = doubleSql(Number(`1e${decimals < 0n ? -decimals : decimals}`));
  if (decimals < 0n) return { ...a, sql: `(${name}(${a.sql} / ${power}) * ${power})` };
  const sql = naming(
    [a.sql],
    (x) => `(CASE WHEN abs(${x}) < 4503599627370496e0 THEN ${name}(${x} * ${power}) / ${power} ELSE ${x} END)`,
  );
  return { ...a, sql };
}

function wholeScaled(name: 'round' | 'trunc', a: Printed, decimals: bigint): Printed {
  if (decimals >= 0n) return a;
  if (decimals < -19n) return integer(`(${a.sql} * 0)`, 0n, 0n);
  const power = 10n ** -decimals;
  const half = name === 'round' ? power / 2n : 0n;
  const sql = naming(
    [a.sql],
    (x) =>
      `TRY_CAST((((CAST(${x} AS HUGEINT) + CASE WHEN ${x} < 0 THEN -${half} ELSE ${half} END) ` +
      `// ${power}) * ${power}) AS BIGINT)`,
  );
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
  return printed(`TRY_CAST((CAST(${a.sql} AS HUGEINT) ${operator} CAST(${b.sql} AS HUGEINT)) AS BIGINT)`, 'integer');
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
