/**
 * What a question says, before names and types are known. Closed unions and plain data; every node carries its span
 * in the question's text. What is not listed here cannot be said: the allow-list is this file.
 */
import type { Span } from '../../errors.ts';

/** A name as written. Unquoted and quoted names compare without case, as in DuckDB; the spelling is kept. */
export interface Name {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

/** One question. `parameters` lists every parameter in order of appearance. */
export interface Statement {
  readonly kind: 'statement';
  readonly query: Query;
  readonly parameters: readonly Parameter[];
  readonly span: Span;
}

/** `[WITH …] body [ORDER BY …] [LIMIT …] [OFFSET …]`. */
export interface Query {
  readonly kind: 'query';
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expr | null;
  readonly offset: Expr | null;
  readonly span: Span;
}

/** `name [(columns)] AS [[NOT] MATERIALIZED] (query)`; the hint is dropped. */
export interface CommonTable {
  readonly kind: 'common-table';
  readonly name: Name;
  readonly columns: readonly Name[] | null;
  readonly query: Query;
  readonly span: Span;
}

/** A SELECT, a set operation, or a query in parentheses that has clauses of its own. */
export type QueryBody = Select | SetQuery | Query;

/** `left operation [ALL] right`; INTERSECT binds tighter than UNION and EXCEPT, which group from the left. */
export interface SetQuery {
  readonly kind: 'set-query';
  readonly operation: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
  readonly span: Span;
}

/** One SELECT without its ORDER BY and LIMIT. `from` null is SELECT without FROM. */
export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: TableExpr | null;
  readonly where: Expr | null;
  readonly groupBy: GroupBy | null;
  readonly having: Expr | null;
  readonly windows: readonly NamedWindow[];
  readonly qualify: Expr | null;
  readonly span: Span;
}

/** A column of the SELECT list. */
export type SelectItem = ExprItem | StarItem;

/** `expr [AS] alias`. */
export interface ExprItem {
  readonly kind: 'item';
  readonly expr: Expr;
  readonly alias: Name | null;
  readonly span: Span;
}

/** `*` or `t.*`. */
export interface StarItem {
  readonly kind: 'star';
  readonly qualifier: Name | null;
  readonly span: Span;
}

/** What FROM names. */
export type TableExpr = TableName | DerivedTable | JoinExpr;

/** `t` or `dataset.t`, with `[AS] alias [(columns)]`. */
export interface TableName {
  readonly kind: 'table-name';
  /** Set in `dataset.t`. */
  readonly dataset: Name | null;
  readonly name: Name;
  readonly alias: TableAlias | null;
  readonly span: Span;
}

/** `(query) [AS] alias [(columns)]`. */
export interface DerivedTable {
  readonly kind: 'derived-table';
  readonly query: Query;
  readonly alias: TableAlias | null;
  readonly span: Span;
}

/** A join. `cross` covers CROSS JOIN and the comma; it has no condition, every other join has exactly one. */
export interface JoinExpr {
  readonly kind: 'join-expr';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly left: TableExpr;
  readonly right: TableExpr;
  /** Null for `cross` only. */
  readonly condition: JoinCondition | null;
  readonly span: Span;
}

/** ON, USING or NATURAL. */
export type JoinCondition =
  | { readonly kind: 'on'; readonly expr: Expr; readonly span: Span }
  | { readonly kind: 'using'; readonly columns: readonly Name[]; readonly span: Span }
  | { readonly kind: 'natural'; readonly span: Span };

/** `[AS] name [(columns)]`. */
export interface TableAlias {
  readonly name: Name;
  readonly columns: readonly Name[] | null;
  readonly span: Span;
}

/** GROUP BY ALL, or the cross product of its elements. */
export type GroupBy =
  | { readonly kind: 'group-all'; readonly span: Span }
  | { readonly kind: 'group-list'; readonly elements: readonly GroupElement[]; readonly span: Span };

/** One element of GROUP BY. */
export type GroupElement = GroupKeys | GroupFamily | GroupingSets;

/** Keys that stand together: `a`, `(a, b)`, or none: `()`. Ordinals are integer literals. */
export interface GroupKeys {
  readonly kind: 'group-keys';
  readonly keys: readonly Expr[];
  readonly span: Span;
}

/** `ROLLUP (…)` or `CUBE (…)`; a member `(a, b)` counts as one. */
export interface GroupFamily {
  readonly kind: 'rollup' | 'cube';
  readonly members: readonly GroupKeys[];
  readonly span: Span;
}

/** `GROUPING SETS (…)`; sets may nest. */
export interface GroupingSets {
  readonly kind: 'grouping-sets';
  readonly sets: readonly GroupElement[];
  readonly span: Span;
}

/** `WINDOW name AS (…)`. */
export interface NamedWindow {
  readonly kind: 'named-window';
  readonly name: Name;
  readonly window: WindowSpec;
  readonly span: Span;
}

/** What follows OVER. */
export type WindowRef = WindowName | WindowSpec;

/** `OVER name`. */
export interface WindowName {
  readonly kind: 'window-name';
  readonly name: Name;
  readonly span: Span;
}

/** `OVER ([PARTITION BY …] [ORDER BY …] [frame])`; `frame` null is SQL's default. */
export interface WindowSpec {
  readonly kind: 'window-spec';
  readonly partition: readonly Expr[];
  readonly order: readonly OrderItem[];
  readonly frame: FrameSpec | null;
  readonly span: Span;
}

/** `ROWS BETWEEN start AND end`; a frame of one bound ends at the current row. */
export interface FrameSpec {
  readonly kind: 'frame';
  readonly start: FrameBound;
  readonly end: FrameBound;
  readonly span: Span;
}

/** One end of a frame. */
export type FrameBound =
  | { readonly kind: 'unbounded-preceding' | 'current-row' | 'unbounded-following'; readonly span: Span }
  | { readonly kind: 'preceding' | 'following'; readonly rows: Expr; readonly span: Span };

/** `expr [ASC|DESC] [NULLS FIRST|LAST]`; `nulls` null is DuckDB's default (last). Ordinals are integer literals. */
export interface OrderItem {
  readonly kind: 'order-item';
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last' | null;
  readonly span: Span;
}

/** Every expression. Parentheses leave no node; a span is the expression's own, without parentheses around it. */
export type Expr =
  | ColumnRef
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | NullLiteral
  | TypedLiteral
  | IntervalExpr
  | Parameter
  | Unary
  | Binary
  | Logical
  | IsTest
  | IsDistinct
  | InListExpr
  | InQuery
  | Between
  | Like
  | ExistsExpr
  | ScalarSubquery
  | CaseExpr
  | CastExpr
  | FunctionCall
  | Extract;

/** `c`, `t.c` or `dataset.t.c`. */
export interface ColumnRef {
  readonly kind: 'column-ref';
  readonly dataset: Name | null;
  readonly table: Name | null;
  readonly name: Name;
  readonly span: Span;
}

/** An unsigned number. `text` is as typed without `_`: `42`, `0.5`, `.5`, `1.`, `1e-3`. */
export interface NumberLiteral {
  readonly kind: 'number';
  /** `integer` has digits only, `decimal` a point, `scientific` an exponent. */
  readonly form: 'integer' | 'decimal' | 'scientific';
  readonly text: string;
  readonly span: Span;
}

/** `'…'`, with `''` already undone. */
export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

/** TRUE or FALSE. */
export interface BooleanLiteral {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly span: Span;
}

/** NULL. */
export interface NullLiteral {
  readonly kind: 'null';
  readonly span: Span;
}

/** `DATE '…'` or `TIMESTAMP '…'`; the text is not yet checked. */
export interface TypedLiteral {
  readonly kind: 'typed-literal';
  readonly type: 'date' | 'timestamp';
  readonly value: string;
  readonly span: Span;
}

/** Units of an interval. */
export type IntervalUnit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second';

/** `INTERVAL '1 year 2 days'`, `INTERVAL 30 DAY`, `INTERVAL (n) DAY`: the sum of its parts, at least one. */
export interface IntervalExpr {
  readonly kind: 'interval';
  readonly parts: readonly IntervalPart[];
  readonly span: Span;
}

/** `amount unit`; the amount of a written interval is a number literal, negated by a `Unary` where it is below zero. */
export interface IntervalPart {
  readonly amount: Expr;
  readonly unit: IntervalUnit;
  readonly span: Span;
}

/** `?` (numbered from 1 in order of appearance), `$1` or `$name` (lower case, as DuckDB compares). */
export interface Parameter {
  readonly kind: 'parameter';
  readonly key: number | string;
  readonly span: Span;
}

/** `-x`, `+x`, `NOT x`. */
export interface Unary {
  readonly kind: 'unary';
  readonly operator: '-' | '+' | 'not';
  readonly operand: Expr;
  readonly span: Span;
}

/** Operators of two operands; `!=` is read as `<>`, `==` as `=`, `**` as `^`. */
export type BinaryOperator = '=' | '<>' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '//' | '%' | '^' | '||';

/** `left operator right`. */
export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** Where the operator itself stands. */
  readonly operatorSpan: Span;
  readonly span: Span;
}

/** `a AND b AND c`: one node with all operands, at least two. */
export interface Logical {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly operands: readonly Expr[];
  readonly span: Span;
}

/** `x IS [NOT] NULL|TRUE|FALSE`, `x ISNULL`, `x NOTNULL`. */
export interface IsTest {
  readonly kind: 'is-test';
  readonly operand: Expr;
  readonly test: 'null' | 'true' | 'false';
  readonly negated: boolean;
  readonly span: Span;
}

/** `left IS [NOT] DISTINCT FROM right`; `negated` is IS NOT DISTINCT FROM. */
export interface IsDistinct {
  readonly kind: 'is-distinct';
  readonly left: Expr;
  readonly right: Expr;
  readonly negated: boolean;
  readonly span: Span;
}

/** `x [NOT] IN (a, b)`. */
export interface InListExpr {
  readonly kind: 'in-list';
  readonly operand: Expr;
  readonly list: readonly Expr[];
  readonly negated: boolean;
  readonly span: Span;
}

/** `x [NOT] IN (SELECT …)`. */
export interface InQuery {
  readonly kind: 'in-query';
  readonly operand: Expr;
  readonly query: Query;
  readonly negated: boolean;
  readonly span: Span;
}

/** `x [NOT] BETWEEN low AND high`. */
export interface Between {
  readonly kind: 'between';
  readonly operand: Expr;
  readonly low: Expr;
  readonly high: Expr;
  readonly negated: boolean;
  readonly span: Span;
}

/** `x [NOT] LIKE|ILIKE pattern [ESCAPE e]`. */
export interface Like {
  readonly kind: 'like';
  readonly operand: Expr;
  readonly pattern: Expr;
  readonly escape: Expr | null;
  readonly caseInsensitive: boolean;
  readonly negated: boolean;
  readonly span: Span;
}

/** `[NOT] EXISTS (SELECT …)`. */
export interface ExistsExpr {
  readonly kind: 'exists';
  readonly query: Query;
  readonly negated: boolean;
  readonly span: Span;
}

/** `(SELECT …)` used as a value. */
export interface ScalarSubquery {
  readonly kind: 'scalar-subquery';
  readonly query: Query;
  readonly span: Span;
}

/** CASE; `operand` null is the searched form. */
export interface CaseExpr {
  readonly kind: 'case';
  readonly operand: Expr | null;
  readonly branches: readonly { readonly when: Expr; readonly result: Expr; readonly span: Span }[];
  readonly otherwise: Expr | null;
  readonly span: Span;
}

/** `CAST(x AS t)`, `x::t`, `TRY_CAST(x AS t)`. */
export interface CastExpr {
  readonly kind: 'cast';
  readonly operand: Expr;
  readonly type: TypeName;
  readonly try: boolean;
  readonly span: Span;
}

/** A type as written: `name` in lower case, several words joined by one space (`double precision`). */
export interface TypeName {
  readonly name: string;
  /** `DECIMAL(10, 2)` has [10, 2]. */
  readonly modifiers: readonly number[];
  readonly span: Span;
}

/**
 * A call. SUBSTRING(x FROM a FOR b) is `substring(x, a, b)`; TRIM(LEADING c FROM x) is `ltrim(x, c)` and so on;
 * POSITION(a IN b) is `strpos(b, a)`. COALESCE, NULLIF and GROUPING are calls as any other.
 */
export interface FunctionCall {
  readonly kind: 'call';
  readonly name: Name;
  /** Empty where `star`. */
  readonly args: readonly Expr[];
  /** `COUNT(*)`. */
  readonly star: boolean;
  readonly distinct: boolean;
  readonly orderBy: readonly OrderItem[];
  readonly filter: Expr | null;
  readonly over: WindowRef | null;
  readonly span: Span;
}

/** `EXTRACT(part FROM x)`; the part in lower case, not yet checked. */
export interface Extract {
  readonly kind: 'extract';
  readonly part: string;
  readonly partSpan: Span;
  readonly operand: Expr;
  readonly span: Span;
}
