/**
 * What a question says, before names and types are known. Closed unions and plain data; every node carries its span
 * in the question's text. What is not listed here cannot be said: the allow-list is this file.
 */
import type { Span } from '../../errors.ts';
import type {
  Atom,
  BinaryOperator,
  FrameSpec,
  IntervalUnit,
  Name,
  Parameter,
  Spanned,
  StarItem,
  TableAlias,
  TableName,
  TypeName,
  WindowName,
} from './syntax-leaf.ts';

export type * from './syntax-leaf.ts';

/** One question. `parameters` lists every parameter in order of appearance. */
export interface Statement extends Spanned {
  readonly kind: 'statement';
  readonly query: Query;
  readonly parameters: readonly Parameter[];
  /** The question as written. */
  readonly text: string;
}

/** `[WITH …] body [ORDER BY …] [LIMIT …] [OFFSET …]`. */
export interface Query extends Spanned {
  readonly kind: 'query';
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly QueryOrderItem[];
  readonly limit: Expr | null;
  readonly offset: Expr | null;
}

/** `name [(columns)] AS [[NOT] MATERIALIZED] (query)`; the hint is dropped. */
export interface CommonTable extends Spanned {
  readonly kind: 'common-table';
  readonly name: Name;
  readonly columns: readonly Name[] | null;
  readonly query: Query;
}

/** A SELECT, a set operation, a list of rows, or a query in parentheses that has clauses of its own. */
export type QueryBody = Select | SetQuery | ValuesQuery | Query;

/** `VALUES (a, b), (c, d)`: at least one row. */
export interface ValuesQuery extends Spanned {
  readonly kind: 'values-query';
  readonly rows: readonly ValuesRow[];
}

/** `(a, b)`: at least one value; rows of other lengths are refused where types are known. */
export interface ValuesRow extends Spanned {
  readonly kind: 'values-row';
  readonly cells: readonly Expr[];
}

/** `left operation [ALL] right`; INTERSECT binds tighter than UNION and EXCEPT, which group from the left. */
export interface SetQuery extends Spanned {
  readonly kind: 'set-query';
  readonly operation: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
}

/** One SELECT without its ORDER BY and LIMIT. `from` null is SELECT without FROM. */
export interface Select extends Spanned {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: TableExpr | null;
  readonly where: Expr | null;
  readonly groupBy: GroupBy | null;
  readonly having: Expr | null;
  readonly windows: readonly NamedWindow[];
  readonly qualify: Expr | null;
}

/** A column of the SELECT list. */
export type SelectItem = ExprItem | StarItem;

/** `expr [AS] alias`. */
export interface ExprItem extends Spanned {
  readonly kind: 'item';
  readonly expr: Expr;
  readonly alias: Name | null;
}

/** What FROM names. */
export type TableExpr = TableName | DerivedTable | JoinExpr;

/** `(query) [AS] alias [(columns)]`. */
export interface DerivedTable extends Spanned {
  readonly kind: 'derived-table';
  readonly query: Query;
  readonly alias: TableAlias | null;
}

/** A join. `cross` covers CROSS JOIN and the comma; it has no condition, every other join has exactly one. */
export interface JoinExpr extends Spanned {
  readonly kind: 'join-expr';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
  readonly left: TableExpr;
  readonly right: TableExpr;
  /** Null for `cross` only. */
  readonly condition: JoinCondition | null;
}

/** ON, USING or NATURAL. */
export type JoinCondition =
  | { readonly kind: 'on'; readonly expr: Expr; readonly span: Span }
  | { readonly kind: 'using'; readonly columns: readonly Name[]; readonly span: Span }
  | { readonly kind: 'natural'; readonly span: Span };

/** GROUP BY ALL, or the cross product of its elements. */
export type GroupBy =
  | { readonly kind: 'group-all'; readonly span: Span }
  | { readonly kind: 'group-list'; readonly elements: readonly GroupElement[]; readonly span: Span };

/** One element of GROUP BY. */
export type GroupElement = GroupKeys | GroupFamily | GroupingSets;

/** Keys that stand together: `a`, `(a, b)`, or none: `()`. Ordinals are integer literals. */
export interface GroupKeys extends Spanned {
  readonly kind: 'group-keys';
  readonly keys: readonly Expr[];
}

/** `ROLLUP (…)` or `CUBE (…)`; a member `(a, b)` counts as one. */
export interface GroupFamily extends Spanned {
  readonly kind: 'rollup' | 'cube';
  readonly members: readonly GroupKeys[];
}

/** `GROUPING SETS (…)`; sets may nest. */
export interface GroupingSets extends Spanned {
  readonly kind: 'grouping-sets';
  readonly sets: readonly GroupElement[];
}

/** `WINDOW name AS (…)`. */
export interface NamedWindow extends Spanned {
  readonly kind: 'named-window';
  readonly name: Name;
  readonly window: WindowSpec;
}

/** `OVER ([PARTITION BY …] [ORDER BY …] [frame])`; `frame` null is SQL's default. */
export interface WindowSpec extends Spanned {
  readonly kind: 'window-spec';
  readonly partition: readonly Expr[];
  readonly order: readonly OrderItem[];
  readonly frame: FrameSpec | null;
}

/** `expr [ASC|DESC] [NULLS FIRST|LAST]`; `nulls` null is DuckDB's default (last). Ordinals are integer literals. */
export interface OrderItem<By extends Expr | 'all' = Expr> extends Spanned {
  readonly kind: 'order-item';
  readonly expr: By;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last' | null;
}

/** ORDER BY of a query: ALL stands for every output, in order. */
export type QueryOrderItem = OrderItem | OrderItem<'all'>;

/** Every expression. Parentheses leave no node; a span is the expression's own, without parentheses around it. */
export type Expr =
  | Atom
  | IntervalExpr
  | Unary
  | Binary
  | Logical
  | IsTest
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

/** `INTERVAL '1 year 2 days'`, `INTERVAL 30 DAY`, `INTERVAL (n) DAY`: the sum of its parts, at least one. */
export interface IntervalExpr extends Spanned {
  readonly kind: 'interval';
  readonly parts: readonly IntervalPart[];
}

/** `amount unit`; the amount of a written interval is a number literal, negated by a `Unary` where it is below zero. */
export interface IntervalPart extends Spanned {
  readonly amount: Expr;
  readonly unit: IntervalUnit;
}

/** `-x`, `+x`, `NOT x`. */
export interface Unary extends Spanned {
  readonly kind: 'unary';
  readonly operator: '-' | '+' | 'not';
  readonly operand: Expr;
}

/** `left operator right`. */
export interface Binary extends Spanned {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** Where the operator itself stands. */
  readonly operatorSpan: Span;
}

/** `a AND b AND c`: one node with all operands, at least two. */
export interface Logical extends Spanned {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly operands: readonly Expr[];
}

/** `x IS [NOT] NULL|TRUE|FALSE`, `x ISNULL`, `x NOTNULL`. */
export interface IsTest extends Spanned {
  readonly kind: 'is-test';
  readonly operand: Expr;
  readonly test: 'null' | 'true' | 'false';
  readonly negated: boolean;
}

/** `x [NOT] IN (a, b)`. */
export interface InListExpr extends Spanned {
  readonly kind: 'in-list';
  readonly operand: Expr;
  readonly list: readonly Expr[];
  readonly negated: boolean;
}

/** `x [NOT] IN (SELECT …)`. */
export interface InQuery extends Spanned {
  readonly kind: 'in-query';
  readonly operand: Expr;
  readonly query: Query;
  readonly negated: boolean;
}

/** `x [NOT] BETWEEN low AND high`. */
export interface Between extends Spanned {
  readonly kind: 'between';
  readonly operand: Expr;
  readonly low: Expr;
  readonly high: Expr;
  readonly negated: boolean;
}

/** `x [NOT] LIKE|ILIKE pattern [ESCAPE e]`. */
export interface Like extends Spanned {
  readonly kind: 'like';
  readonly operand: Expr;
  readonly pattern: Expr;
  readonly escape: Expr | null;
  readonly caseInsensitive: boolean;
  readonly negated: boolean;
}

/** `[NOT] EXISTS (SELECT …)`. */
export interface ExistsExpr extends Spanned {
  readonly kind: 'exists';
  readonly query: Query;
  readonly negated: boolean;
}

/** `(SELECT …)` used as a value. */
export interface ScalarSubquery extends Spanned {
  readonly kind: 'scalar-subquery';
  readonly query: Query;
}

/** CASE; `operand` null is the searched form. */
export interface CaseExpr extends Spanned {
  readonly kind: 'case';
  readonly operand: Expr | null;
  readonly branches: readonly { readonly when: Expr; readonly result: Expr; readonly span: Span }[];
  readonly otherwise: Expr | null;
}

/** `CAST(x AS t)`, `x::t`, `TRY_CAST(x AS t)`. */
export interface CastExpr extends Spanned {
  readonly kind: 'cast';
  readonly operand: Expr;
  readonly type: TypeName;
  readonly try: boolean;
}

/**
 * A call. SUBSTRING(x FROM a FOR b) is `substring(x, a, b)`; TRIM(LEADING c FROM x) is `ltrim(x, c)` and so on;
 * POSITION(a IN b) is `strpos(b, a)`. COALESCE, NULLIF and GROUPING are calls as any other.
 */
export interface FunctionCall extends Spanned {
  readonly kind: 'call';
  readonly name: Name;
  /** Empty where `star`. */
  readonly args: readonly Expr[];
  /** `COUNT(*)`. */
  readonly star: boolean;
  readonly distinct: boolean;
  readonly orderBy: readonly OrderItem[];
  readonly filter: Expr | null;
  readonly over: WindowName | WindowSpec | null;
}

/** `EXTRACT(part FROM x)`; the part in lower case, not yet checked. */
export interface Extract extends Spanned {
  readonly kind: 'extract';
  readonly part: string;
  readonly partSpan: Span;
  readonly operand: Expr;
}
