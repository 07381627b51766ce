/** Intervals of values: the algebra under `facts.ts` and `range.ts`. */
import type { ColumnExpr, Literal } from '../ask/ir.ts';
import type { SqlType, TypedValue, Value } from '../ask/types.ts';
import type { ColumnFacts, Facts, Range } from './tracked.ts';

/** What the non-NULL values of an expression lie in; `never`: it is always NULL; null: its type has no intervals. */
export type Extent = Range | 'never' | null;

type Exact = Extract<Range, { kind: 'exact' }>;
type Double = Extract<Range, { kind: 'double' }>;

const INTEGER_LOW = -(2n ** 63n);
const INTEGER_HIGH = 2n ** 63n - 1n;

export function exact(low: bigint | null, high: bigint | null): Range {
  return { kind: 'exact', low, high };
}

export function double(low: number, high: number): Range {
  return { kind: 'double', low, high };
}

/** Every value of a type; null for types without intervals. */
export function everything(type: SqlType): Extent {
  switch (type) {
    case 'integer':
    case 'date':
    case 'timestamp':
      return exact(null, null);
    case 'double':
      return double(-Infinity, Infinity);
    case 'null':
      return 'never';
    default:
      return null;
  }
}

/** The point at a value. */
export function pointOf(type: SqlType, value: Value): Extent {
  if (value === null) return 'never';
  switch (type) {
    case 'integer':
    case 'date':
    case 'timestamp': {
      const whole = BigInt(value as bigint | number);
      return exact(whole, whole);
    }
    case 'double':
      return double(Number(value), Number(value));
    default:
      return null;
  }
}

export function literalExtent(literal: Literal): Extent {
  return pointOf(literal.type, literal.value);
}

/** Every value with its sign turned. */
export function negated(extent: Extent): Extent {
  if (extent === null || extent === 'never') return extent;
  if (extent.kind === 'double') return double(-extent.high, -extent.low);
  return exact(extent.high === null ? null : -extent.high, extent.low === null ? null : -extent.low);
}

/** Neither end open. */
export function isBounded(extent: Extent): extent is Range {
  if (extent === null || extent === 'never') return false;
  return extent.kind === 'exact'
    ? extent.low !== null && extent.high !== null
    : Number.isFinite(extent.low) && Number.isFinite(extent.high);
}

/** The same values seen as doubles; conversion to the nearest double is monotone, so ends stay ends. */
export function asDouble(extent: Extent): Double | 'never' | null {
  if (extent === null || extent === 'never' || extent.kind === 'double') return extent;
  return {
    kind: 'double',
    low: extent.low === null ? -Infinity : Number(extent.low),
    high: extent.high === null ? Infinity : Number(extent.high),
  };
}

/** Whole numbers within an extent. */
export function asExact(extent: Extent): Exact | 'never' | null {
  if (extent === null || extent === 'never' || extent.kind === 'exact') return extent;
  const low = Number.isFinite(extent.low) ? BigInt(Math.ceil(extent.low)) : null;
  const high = Number.isFinite(extent.high) ? BigInt(Math.floor(extent.high)) : null;
  return low !== null && high !== null && low > high ? 'never' : { kind: 'exact', low, high };
}

/** Smallest interval over both. */
export function hull(a: Extent, b: Extent): Extent {
  if (a === 'never') return b;
  if (b === 'never') return a;
  if (a === null || b === null) return null;
  if (a.kind === 'exact' && b.kind === 'exact') {
    return exact(
      a.low === null || b.low === null ? null : least(a.low, b.low),
      a.high === null || b.high === null ? null : greatest(a.high, b.high),
    );
  }
  const [x, y] = [asDouble(a) as Double, asDouble(b) as Double];
  return double(Math.min(x.low, y.low), Math.max(x.high, y.high));
}

/** Values in both; `never` where there is none. */
export function intersect(a: Extent, b: Extent): Extent {
  if (a === 'never' || b === 'never') return 'never';
  if (a === null || b === null) return a ?? b;
  if (a.kind === 'exact' && b.kind === 'exact') {
    const low = a.low === null ? b.low : b.low === null ? a.low : greatest(a.low, b.low);
    const high = a.high === null ? b.high : b.high === null ? a.high : least(a.high, b.high);
    return low !== null && high !== null && low > high ? 'never' : exact(low, high);
  }
  const [x, y] = [asDouble(a) as Double, asDouble(b) as Double];
  const [low, high] = [Math.max(x.low, y.low), Math.min(x.high, y.high)];
  return low > high ? 'never' : double(low, high);
}

/** Integer results leave 64 bits only as NULL. */
export function within64(extent: Extent): Extent {
  return intersect(extent, exact(INTEGER_LOW, INTEGER_HIGH));
}

/** Whether a value that is not NULL lies in an extent; true for types without intervals. */
export function holds(extent: Extent, type: SqlType, value: Value): boolean {
  const point = pointOf(type, value);
  return point === null || extent === null || intersect(point, extent) !== 'never';
}

/** Extent of a column, with the bounds that a pinned column brings. */
export function columnExtent(column: Pick<ColumnExpr, 'id' | 'type'>, facts: Facts): Extent {
  const known = facts.columns.get(column.id);
  return known === undefined ? everything(column.type) : factsExtent(known, column.type, facts);
}

/** The same for facts that stand outside the map. */
export function factsExtent(known: ColumnFacts, type: SqlType, facts: Facts): Extent {
  let extent: Extent = known.range ?? everything(type);
  if (extent === null) return null;
  if (known.values !== null) {
    extent = intersect(
      extent,
      known.values.reduce<Extent>((all, one) => hull(all, pointOf(type, one.value)), 'never'),
    );
  }
  return intersect(extent, pinnedExtent(known.rangeBy, facts));
}

/** Union of the bounds of the values the pinning column is limited to; null while one of them has none. */
function pinnedExtent(rangeBy: ColumnFacts['rangeBy'], facts: Facts): Extent {
  const pins = rangeBy === null ? null : (facts.columns.get(rangeBy.column)?.values ?? null);
  if (rangeBy === null || pins === null) return null;
  let all: Extent = 'never';
  for (const pin of pins) {
    const bounds = rangeBy.of.find((one) => sameValue(one.key, pin));
    if (bounds === undefined) return null;
    all = hull(all, bounds.range);
  }
  return all === 'never' ? null : all;
}

/** Equal as values; integers and doubles compare as numbers. */
function sameValue(a: TypedValue, b: TypedValue): boolean {
  if (a.value === null || b.value === null) return a.value === b.value;
  return typeof a.value === typeof b.value ? a.value === b.value : numeric(a.value) === numeric(b.value);
}

function numeric(value: Value): Value {
  return typeof value === 'bigint' ? Number(value) : value;
}

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
