/**
 * What an engine is asked for one question: a lowered relation whose rows each belong to one privacy unit, and a closed
 * list of integer statistics to take from it, bounded per unit. `bound/` makes it, `engine/dialect` prints it; it holds
 * no noise and no budget.
 */
import type { ColumnId, Relation } from '../ask/ir.ts';
import type { SqlType, Value } from '../ask/types.ts';
import type { Rational } from '../dp/rational.ts';

/**
 * One bounded question. The engine returns, for every grouping set and every key present after bounding (and reaching
 * `minimumUnits` where keys are selected), the exact integer value of each statistic.
 *
 * Meaning, in order:
 * 1. rows of `source` with a non-NULL unit, and, for every key with a domain, a key value inside the domain
 *    (NULL counts as inside only if `domain` lists it);
 * 2. pairs = rows grouped by (unit, keys of the base set), each statistic clamped per pair;
 * 3. at most `groups` pairs per unit, by salted hash, kept strictly below the (groups+1)-th smallest; null = no limit is
 *    needed, because the plan proved that a unit has at most `groupsProven` pairs;
 * 4. for every grouping set, the kept pairs summed per key (units: counted distinct).
 */
export interface BoundedQuestion {
  readonly source: Relation;
  readonly unit: ColumnId;
  readonly keys: readonly BoundedKey[];
  /** Grouping sets as indices into `keys`. Plain: one set with all. */
  readonly sets: readonly (readonly number[])[];
  /** L0 to enforce by selection of pairs, or null where proven. */
  readonly groups: number | null;
  /** Which shape of SQL is provably equal and fastest; chosen from the policy alone. */
  readonly path: 'rows' | 'unit' | 'pairs';
  readonly statistics: readonly Statistic[];
  /** Groups with fewer distinct units than this are dropped inside the engine; null where keys are public. */
  readonly minimumUnits: number | null;
}
// path 'rows': the unit is unique in `source` (one row per unit): one GROUP BY, clamps per row.
// path 'unit': keys depend on the unit alone, or there are none: GROUP BY unit with min(key), clamp, GROUP BY key.
// path 'pairs': GROUP BY (unit, keys), clamp, threshold by hash if `groups` is set, GROUP BY key.

/** A key column of `source`; `domain` null means its values are private and must be selected. */
export interface BoundedKey {
  readonly column: ColumnId;
  readonly name: string;
  readonly type: SqlType;
  readonly domain: Domain | null;
}

/**
 * Public values of a key, enumerable. `list`: in the order given, may hold null. `span`: every integer (or date, in
 * days) from low to high, both included, and never null. `relation`: the distinct values that a public relation's one
 * column holds (`most`, where the question tells a bound), read by the engine when the question runs; `key.domain` of this kind never holds null.
 */
export type Domain =
  | { readonly kind: 'list'; readonly values: readonly Value[] }
  | { readonly kind: 'span'; readonly low: bigint; readonly high: bigint }
  | { readonly kind: 'relation'; readonly relation: Relation; readonly most: number | null };

/**
 * Integer statistics of a (unit, group) pair. `where` is a boolean column of `source`: the row counts when it is true.
 * `rows` is the cap K per pair (Infinity never occurs; proven single rows give 1).
 */
export type Statistic =
  /** 1 for a unit present in the group with at least one row satisfying `where`. */
  | { readonly kind: 'units'; readonly where: ColumnId | null }
  /** least(number of rows satisfying `where`, K). */
  | { readonly kind: 'count'; readonly where: ColumnId | null; readonly rows: number }
  /**
   * Σ z over rows satisfying `where` with z not NULL, z = lattice value − centre, then per pair:
   * `limit: 'clamp'`: clamped to [low, high]; `limit: 'scale'` (for means): s·K ÷ n truncated when n > K rows have z.
   */
  | {
      readonly kind: 'sum';
      readonly input: ColumnId;
      readonly lattice: Lattice;
      readonly centre: bigint;
      readonly where: ColumnId | null;
      readonly rows: number;
      readonly limit: 'clamp' | 'scale';
      readonly low: bigint;
      readonly high: bigint;
    }
  /**
   * Distinct values of `input` in the group over all units, after at most K distinct values per (unit, group) by
   * salted hash, pairs as kept for the other statistics. One unit moves it by at most K.
   */
  | { readonly kind: 'distinct'; readonly input: ColumnId; readonly where: ColumnId | null; readonly rows: number };

/**
 * The public grid values are put on: z = least(high, greatest(low, round-half-even(x / step))) in integers, NULL stays
 * NULL, NaN is NULL, ±Infinity is clamped. Integers: step 1 or a whole part of it (then low and high are whole numbers),
 * no rounding. Booleans are not summed.
 */
export interface Lattice {
  /** Grid step in data units, exact. */
  readonly step: Rational;
  /** Clamp, in steps. |low|, |high| < 2^62. */
  readonly low: bigint;
  readonly high: bigint;
}
