/** What is known of a private relation: whose rows it holds, how many each unit can have, and which values may stand where. */
import type { ColumnId, Expr, Relation } from '../ask/ir.ts';
import type { TypedValue } from '../ask/types.ts';
import type { Rational } from '../dp/rational.ts';
import type { Policy } from '../policy/policy.ts';

/** Shared by all passes over one question. */
export interface BoundContext {
  readonly policy: Policy;
  /** A column id that no other column of the question has. */
  fresh(): ColumnId;
  /** Sentences for the researcher (rows dropped by rule, and the like), collected on the way. */
  readonly notes: string[];
  /** The researcher's own text, for the names that rewrites print; without it they print table names. */
  readonly text?: string;
}

/**
 * A column that stands for a privacy unit or a verified link key. Columns with equal `key` that are equal and not NULL
 * lie in rows of one unit.
 */
export interface Link {
  readonly key: string;
  /** NULL in some rows (the far side of an outer join). */
  readonly nullable: boolean;
}

/**
 * A relation after lowering. Private relations always put out their unit, links through other tables are spelled out as
 * joins, joins between protected tables carry an explicit unit equality, subqueries are correlated on the unit, and
 * every order inside a unit is total. Columns keep their ids on the way up, also where a projection passes them on.
 *
 * What a lowered relation says exactly:
 * - scans list the unit column and link columns besides those the policy lists;
 * - `arg-max(x, by)` is the least x among rows with the greatest `by`, `arg-min` the least x among those with the least
 *   `by`; rows where x or `by` is NULL do not count; `first` is the least x of the rows that come first;
 * - variances are those of values kept to their bounds, quantiles and modes those of `ask/evaluate/order-statistics.ts`;
 * - sums of doubles inside a unit are sums of integers on a grid; integer sums that leave 64 bits are NULL.
 */
export interface Tracked {
  readonly relation: Relation;
  /** The unit among `relation.columns`; null: the relation is public. Never NULL in any row. */
  readonly unit: ColumnId | null;
  /** Column sets that are unique over the rows of the relation; `[[unit]]` means one row per unit. */
  readonly keys: readonly (readonly ColumnId[])[];
  /** Columns whose value is the same in all rows of a unit. */
  readonly perUnit: ReadonlySet<ColumnId>;
  /** Columns that stand for the unit or a verified link key, by id. */
  readonly links: ReadonlyMap<ColumnId, Link>;
  /** Columns that fix the unit because they are a verified link key and never NULL; the unit itself among them. */
  readonly determinesUnit: ReadonlySet<ColumnId>;
  readonly facts: Facts;
}

/** What is declared or implied of columns of a relation (values outside a range are clamped, keys outside a domain dropped). */
export interface Facts {
  readonly columns: ReadonlyMap<ColumnId, ColumnFacts>;
  /** Extents that conditions give to whole expressions; absent: none. */
  readonly expressions?: ExpressionFacts;
}

/** Extents of the non-NULL values of expressions, by meaning. */
export type ExpressionFacts = ReadonlyMap<string, { readonly expr: Expr; readonly extent: Range }>;

export interface ColumnFacts {
  readonly range: Range | null;
  /** Finite set of possible values (NULL only if it is among them), from `values`, literals or conditions. */
  readonly values: readonly TypedValue[] | null;
  /** Step of the declared lattice. */
  readonly step: Rational | null;
  /** Bounds that hold once `column` is pinned to one of the listed values. */
  readonly rangeBy: {
    readonly column: ColumnId;
    readonly of: readonly { readonly key: TypedValue; readonly range: Range }[];
  } | null;
  readonly nullable: boolean;
  /** Public relation and its column that hold every value this column can have (inner join to a public table). */
  readonly publicSource: {
    readonly relation: Relation;
    readonly column: ColumnId;
    /** Most rows of the relation, where the question tells. */
    readonly most: number | null;
  } | null;
  /** Ends to write where `range` is open, and why these; for advice alone. */
  readonly usual?: { readonly low: string; readonly high: string; readonly because: string } | undefined;
  /** `join`-only or unit column: never key, output or sum. */
  readonly hidden: boolean;
  /** Name shown in messages. */
  readonly name: string;
}

/** Both ends included. Integers, dates (days) and timestamps (µs) are exact; null is an open end. */
export type Range =
  | { readonly kind: 'exact'; readonly low: bigint | null; readonly high: bigint | null }
  | { readonly kind: 'double'; readonly low: number; readonly high: number };

/** A condition and whether it is assumed true (filters) or not true. */
export interface Assumption {
  readonly condition: Expr;
  readonly holds: boolean;
}
