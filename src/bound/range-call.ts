/** Intervals of scalar functions, from the intervals of their arguments. */
import { evaluate } from '../ask/evaluate.ts';
import type { Call } from '../ask/ir.ts';
import type { SqlType, Value } from '../ask/types.ts';
import {
  asDouble,
  asExact,
  double,
  type Extent,
  everything,
  exact,
  greatest,
  hull,
  intersect,
  least,
  negated,
  within64,
} from './interval.ts';
import { makeLiteral } from './make-expr.ts';
import { addition, division, modulo, multiplication, wholeDivision } from './range-arithmetic.ts';
import { datePartExtent } from './range-date.ts';
import type { Range } from './tracked.ts';

/**
 * Extent of a call's values.
 *
 * @param args - extents of the arguments, in order
 * @param nullable - whether each argument can be NULL
 */
export function callExtent(call: Call, args: readonly Extent[], nullable: readonly boolean[]): Extent {
  if (everything(call.type) === null) return null;
  const [a = null, b = null] = args;
  switch (call.fn) {
    case 'add':
      return addition(call.type, a, b);
    case 'subtract':
      return addition(call.type, a, negated(b));
    case 'multiply':
      return multiplication(call.type, a, b);
    case 'divide':
      return division(a, b, call.args[1]?.kind === 'cast' && call.args[1].arg.type === 'integer');
    case 'int-divide':
      return wholeDivision(a, b);
    case 'modulo':
      return modulo(call.type, a, b);
    case 'negate':
      return call.type === 'integer' ? within64(negated(a)) : negated(a);
    case 'abs':
      return absolute(a);
    case 'sign':
      return signs(a);
    case 'sqrt':
      return monotone(call, [intersect(a, double(0, Infinity))], [1]);
    case 'greatest':
      return negated(leastExtent(args.map(negated), nullable));
    case 'least':
      return leastExtent(args, nullable);
    case 'nullif':
      return a;
    case 'length':
    case 'strpos':
      return exact(0n, null);
    case 'ceil':
    case 'floor':
    case 'trunc':
      return monotone(call, args, [1]);
    case 'round':
      return rounded(call, args);
    case 'date-trunc':
      return monotone(call, args, [0, 1]);
    case 'date-part':
      return datePartExtent(call, b);
    case 'date-diff':
    case 'date-sub':
      return monotone(call, args, [0, -1, 1]);
    case 'add-days':
    case 'add-months':
    case 'add-seconds':
      return monotone(call, args, [1, 1]);
    case 'make-date':
      return madeDates(call, args);
    default:
      return everything(call.type);
  }
}

function absolute(extent: Extent): Extent {
  if (extent === null || extent === 'never') return extent;
  const opposite = negated(extent) as Range;
  const both = hull(extent, opposite) as Range;
  if (both.kind === 'double') {
    const from = extent.kind === 'double' ? Math.max(0, extent.low, -extent.high) : 0;
    return double(from, both.high);
  }
  const { low, high } = extent as { low: bigint | null; high: bigint | null };
  const from = low !== null && low > 0n ? low : high !== null && high < 0n ? -high : 0n;
  return exact(from, both.high);
}

function signs(extent: Extent): Extent {
  const seen = asDouble(extent);
  if (seen === null) return exact(-1n, 1n);
  return seen === 'never' ? seen : exact(BigInt(Math.sign(seen.low) || 0), BigInt(Math.sign(seen.high) || 0));
}

/**
 * LEAST ignores NULL: at most every argument that is never NULL; where all can be NULL, at most the greatest end.
 */
function leastExtent(args: readonly Extent[], nullable: readonly boolean[]): Extent {
  const all = args.reduce<Extent>(hull, 'never');
  const sure = args.filter((arg, index) => nullable[index] === false && arg !== 'never');
  return sure.reduce<Extent>((extent, arg) => intersect(extent, upTo(arg)), all);
}

/** Everything not above an extent's high end. */
function upTo(extent: Extent): Extent {
  if (extent === null || extent === 'never') return null;
  return extent.kind === 'double' ? double(-Infinity, extent.high) : exact(null, extent.high);
}

/** Doubles whose size is below this stay finite when they are rounded to a power of ten. */
const ROUNDED_MAX = 1e300;

/** Rounding to tens and more gives 0 for values that leave the doubles on the way: infinite ones, and the largest. */
function rounded(call: Call, args: readonly Extent[]): Extent {
  const [, decimals] = call.args;
  if (decimals !== undefined && decimals.kind !== 'literal') return everything(call.type);
  const inside = asDouble(monotone(call, args, [1, 0]));
  const x = asDouble(args[0] ?? null);
  if (call.type !== 'double' || inside === 'never' || x === null || x === 'never') return monotone(call, args, [1, 0]);
  if (inside === null || Number(decimals?.value ?? 0) >= 0) return inside;
  if (x.low >= -ROUNDED_MAX && x.high <= ROUNDED_MAX) return inside;
  return double(
    x.low < -ROUNDED_MAX ? -Infinity : Math.min(0, inside.low),
    x.high > ROUNDED_MAX ? Infinity : Math.max(0, inside.high),
  );
}

/**
 * Extent of a function that is monotone in each argument: its values at the ends. Direction 1 rises, −1 falls, 0 is a
 * constant taken as it stands. The end is open where an argument's is, and where no value can be computed there.
 */
function monotone(call: Call, args: readonly Extent[], directions: readonly (1 | 0 | -1)[]): Extent {
  if (args.some((arg, index) => arg === 'never' && directions[index] !== 0)) return 'never';
  const at = (upper: boolean): Value => {
    const values = call.args.map((arg, index) => {
      const direction = directions[index] ?? 0;
      if (direction === 0) return arg;
      const end = endOf(args[index] ?? null, arg.type, direction === 1 ? upper : !upper);
      return end === null ? null : makeLiteral(arg.type, end, arg.span);
    });
    return values.every((value) => value !== null) ? evaluate({ ...call, args: values }, () => null) : null;
  };
  const [low, high] = [at(false), at(true)];
  if (call.type === 'double') {
    return double(low === null ? -Infinity : Number(low), high === null ? Infinity : Number(high));
  }
  return exact(
    low === null ? null : BigInt(low as bigint | number),
    high === null ? null : BigInt(high as bigint | number),
  );
}

function endOf(extent: Extent, type: SqlType, upper: boolean): Value {
  if (extent === null || extent === 'never') return null;
  if (type === 'double') {
    const seen = asDouble(extent);
    return seen === null || seen === 'never' ? null : upper ? seen.high : seen.low;
  }
  const whole = asExact(extent);
  if (whole === null || whole === 'never') return null;
  const end = upper ? whole.high : whole.low;
  return end === null ? null : type === 'date' ? Number(end) : end;
}

/** From the first of January of the least year to the end of the greatest. */
function madeDates(call: Call, args: readonly Extent[]): Extent {
  const years = asExact(args[0] ?? null);
  if (years === null || years === 'never') return everything('date');
  const day = (year: bigint | null, month: bigint, dayOfMonth: bigint): bigint | null => {
    if (year === null) return null;
    const [y, m, d] = [greatest(1n, least(9999n, year)), month, dayOfMonth];
    const parts = [y, m, d].map((part) => makeLiteral('integer', part, call.span));
    return BigInt(evaluate({ ...call, args: parts }, () => null) as number);
  };
  return exact(day(years.low, 1n, 1n), day(years.high, 12n, 31n));
}
