/**
 * The typed tree of a question. Closed unions, frozen plain data, a span on every node, and no `raw` node, ever:
 * an engine's SQL is printed from this tree alone.
 */
import type { Span } from '../errors.ts';
import type { SqlType, TypedValue, Value } from './types.ts';

/** Identity of a column inside one question; unique over the whole tree (every reference to a CTE gets fresh ids). */
export type ColumnId = number;

/** A column that a relation puts out. */
export interface Column {
  readonly id: ColumnId;
  /** Name as the researcher sees it; not unique. */
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
}

/** Rows. Every kind lists its output in `columns`; ids of the input are visible to its expressions. */
export type Relation =
  | TableRelation
  | OneRow
  | Values
  | Filter
  | Project
  | Join
  | Aggregate
  | Distinct
  | SetOperation
  | Sort
  | Limit
  | Released;

/**
 * A table of the policy. `source` names the table's column behind each output column, in the same order.
 * A protected table puts out its listed columns and, if the unit is one of its own columns, the unit under its own name
 * (type `key`). Tables that reach the unit through another table do not show it.
 */
export interface TableRelation {
  readonly kind: 'table';
  readonly dataset: string;
  readonly table: string;
  readonly columns: readonly Column[];
  readonly source: readonly string[];
  /** Protected tables: the units whose rows there are; absent: all. The same in all tables of a question. */
  readonly units?: AdmittedUnits;
  readonly span: Span;
}

/**
 * Units that a question is about. Each is decided by rows of that unit alone; see `bound/track-table.ts` for what follows.
 */
export interface AdmittedUnits {
  readonly consent: ConsentCondition | null;
  readonly part: PartCondition | null;
}

/** Units with a row in `table` whose `column` is one of `permits`, and with none whose `column` is one of `refusals`. */
export interface ConsentCondition {
  readonly purpose: string;
  /** A table of the same data set that holds the unit itself. */
  readonly table: string;
  readonly column: string;
  /** Never NULL, and NULL in the data is none of them. */
  readonly permits: readonly Value[];
  readonly refusals: readonly Value[];
}

/** Units whose one row in `table` has `value` in `column`. */
export interface PartCondition {
  /** A table of the same data set that holds each unit itself, in one row. */
  readonly table: string;
  readonly column: string;
  /** Never NULL. */
  readonly value: TypedValue;
}

/** One row without columns: SELECT without FROM. */
export interface OneRow {
  readonly kind: 'one-row';
  readonly columns: readonly [];
  readonly span: Span;
}

/**
 * Rows that the question itself lists: VALUES, and constants put together by UNION ALL. At least one row; every row has
 * one value of each column's type, in the order of `columns`.
 */
export interface Values {
  readonly kind: 'values';
  readonly rows: readonly (readonly Value[])[];
  readonly columns: readonly Column[];
  readonly span: Span;
}

/** Rows for which the condition is true (not NULL). */
export interface Filter {
  readonly kind: 'filter';
  readonly input: Relation;
  readonly condition: Expr;
  readonly columns: readonly Column[];
  readonly span: Span;
}

/** Computed columns; the only place where `window` expressions stand. */
export interface Project {
  readonly kind: 'project';
  readonly input: Relation;
  readonly items: readonly Item[];
  readonly columns: readonly Column[];
  readonly span: Span;
}

/** A computed column. */
export interface Item {
  readonly column: Column;
  readonly expr: Expr;
}

/** Join; `condition` null only for `cross`. USING and NATURAL are spelled out by the resolver. */
export interface Join {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'full' | 'cross';
  readonly left: Relation;
  readonly right: Relation;
  readonly condition: Expr | null;
  readonly columns: readonly Column[];
  readonly span: Span;
}

/**
 * Grouping. `columns` = keys, then (for grouping sets) as they are, then aggregates. `sets` lists grouping sets as
 * indices into `keys`; plain GROUP BY has one set with all keys; no GROUP BY has one empty set. A key absent from a
 * set is NULL in that set's rows.
 */
export interface Aggregate {
  readonly kind: 'aggregate';
  readonly input: Relation;
  readonly keys: readonly Item[];
  readonly sets: readonly (readonly number[])[];
  readonly aggregates: readonly AggregateItem[];
  readonly columns: readonly Column[];
  readonly span: Span;
}

/** An aggregate call with its output column. */
export interface AggregateItem {
  readonly column: Column;
  readonly call: AggregateCall;
}

/** Names of aggregates in the tree. `count-rows` is COUNT(*). Those after `avg` live inside a group that holds the unit. */
export type AggregateName =
  | 'count-rows'
  | 'count'
  | 'count-distinct'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'bool-and'
  | 'bool-or'
  | 'arg-min'
  | 'arg-max'
  | 'first'
  | 'mode'
  | 'quantile-cont'
  | 'quantile-disc'
  | 'var-pop'
  | 'var-samp';

/**
 * One aggregate. `args` is empty for `count-rows`, [x] for most, [x, by] for arg-min and arg-max, and [x, fraction] for
 * quantiles, where the fraction is a double literal from 0 to 1 with at most 12 decimals. Quantiles between values and
 * variances take doubles. What each one is stands in `ask/evaluate/order-statistics.ts`.
 */
export interface AggregateCall {
  readonly name: AggregateName;
  readonly args: readonly Expr[];
  /** Of `first`: which row is the first; ties go to the least x, NULL last. Empty for all others. */
  readonly order: readonly SortKey[];
  readonly filter: Expr | null;
  /** ε asked for this aggregate alone, as the decimal typed, where a question gives one per aggregate. */
  readonly span: Span;
}

/** Duplicate rows removed over all columns. */
export interface Distinct {
  readonly kind: 'distinct';
  readonly input: Relation;
  readonly columns: readonly Column[];
  readonly span: Span;
}

/** UNION (ALL), INTERSECT, EXCEPT by position; output ids are fresh, in the order of `columns`. */
export interface SetOperation {
  readonly kind: 'set';
  readonly operation: 'union-all' | 'union' | 'intersect' | 'except';
  readonly left: Relation;
  readonly right: Relation;
  readonly columns: readonly Column[];
  readonly span: Span;
}

/** Order of the answer; NULL placement is always explicit. */
export interface Sort {
  readonly kind: 'sort';
  readonly input: Relation;
  readonly by: readonly SortKey[];
  readonly columns: readonly Column[];
  readonly span: Span;
}

/** One sort key. */
export interface SortKey {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** First rows of an ordered answer. */
export interface Limit {
  readonly kind: 'limit';
  readonly input: Relation;
  readonly count: number | null;
  readonly offset: number;
  readonly columns: readonly Column[];
  readonly span: Span;
}

/** The noisy answer to question number `question` of a plan: a leaf of the post-processing tree; made by `bound/` only. */
export interface Released {
  readonly kind: 'released';
  readonly question: number;
  readonly columns: readonly Column[];
  readonly span: Span;
}

/** Values of one row. Every expression is total: what cannot be computed is NULL. */
export type Expr = ColumnExpr | Literal | Call | Case | Cast | InList | InRelation | Exists | Window;

interface Typed {
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly span: Span;
}

/** Reference to a column in scope, or of an enclosing relation (correlated). */
export interface ColumnExpr extends Typed {
  readonly kind: 'column';
  readonly id: ColumnId;
}

/** A constant; parameters become literals. */
export interface Literal extends Typed {
  readonly kind: 'literal';
  readonly value: Value;
  /** Key of the parameter that it is the value of, for messages. */
  readonly parameter?: number | string;
}

/** A scalar function of `ask/scalar.ts`, arguments already of the types it wants. */
export interface Call extends Typed {
  readonly kind: 'call';
  readonly fn: ScalarName;
  readonly args: readonly Expr[];
}

/** Searched CASE (the simple form is spelled out). `otherwise` null means NULL. */
export interface Case extends Typed {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Expr; readonly result: Expr }[];
  readonly otherwise: Expr | null;
}

/** Conversion; a value that does not convert is NULL (CAST and TRY_CAST alike). */
export interface Cast extends Typed {
  readonly kind: 'cast';
  readonly arg: Expr;
}

/** `x [NOT] IN (literals…)`, three-valued. */
export interface InList extends Typed {
  readonly kind: 'in-list';
  readonly arg: Expr;
  readonly list: readonly Expr[];
  readonly negated: boolean;
}

/** `x [NOT] IN (SELECT y …)`; the relation has one column. */
export interface InRelation extends Typed {
  readonly kind: 'in-relation';
  readonly arg: Expr;
  readonly relation: Relation;
  readonly negated: boolean;
}

/** `[NOT] EXISTS (SELECT …)`; the relation may refer to columns outside it. */
export interface Exists extends Typed {
  readonly kind: 'exists';
  readonly relation: Relation;
  readonly negated: boolean;
}

/** Window functions, by name. */
export type WindowName =
  | 'row-number'
  | 'rank'
  | 'dense-rank'
  | 'lag'
  | 'lead'
  | 'first-value'
  | 'last-value'
  | 'count-rows'
  | 'count'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max';

/** A window expression; `frame` null is SQL's default frame. lag/lead args: [x, offset literal, default]. */
export interface Window extends Typed {
  readonly kind: 'window';
  readonly name: WindowName;
  readonly args: readonly Expr[];
  readonly partition: readonly Expr[];
  readonly order: readonly SortKey[];
  readonly frame: Frame | null;
}

/** ROWS BETWEEN … AND …; null is UNBOUNDED, negative is PRECEDING, 0 CURRENT ROW, positive FOLLOWING. */
export interface Frame {
  readonly start: number | null;
  readonly end: number | null;
}

/**
 * Scalar functions of the tree. Semantics (NULL, totality, rounding) stand in `ask/scalar.ts` and `docs/sql.md`.
 * Date parts and units travel as a leading text literal: `date-trunc`, `date-part`, `date-diff`, `date-sub`.
 */
export type ScalarName =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'int-divide'
  | 'modulo'
  | 'negate'
  | 'abs'
  | 'sign'
  | 'ceil'
  | 'floor'
  | 'round'
  | 'trunc'
  | 'sqrt'
  | 'greatest'
  | 'least'
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'is-distinct'
  | 'is-not-distinct'
  | 'and'
  | 'or'
  | 'not'
  | 'is-null'
  | 'is-not-null'
  | 'coalesce'
  | 'nullif'
  | 'like'
  | 'ilike'
  | 'lower'
  | 'upper'
  | 'trim'
  | 'ltrim'
  | 'rtrim'
  | 'length'
  | 'substring'
  | 'left'
  | 'right'
  | 'concat'
  | 'concat-operator'
  | 'replace'
  | 'starts-with'
  | 'ends-with'
  | 'contains'
  | 'strpos'
  | 'date-trunc'
  | 'date-part'
  | 'date-diff'
  | 'date-sub'
  | 'add-days'
  | 'add-months'
  | 'add-seconds'
  | 'make-date';
