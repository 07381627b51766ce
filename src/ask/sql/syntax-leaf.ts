/** The leaves of `syntax.ts`: names, constants, and nodes that hold nothing but names. */
import type { Span } from '../../errors.ts';

/** Where the node stands in the question's text. */
export interface Spanned {
  readonly span: Span;
}

/** A name as written. Unquoted and quoted names compare without case, as in DuckDB; the spelling is kept. */
export interface Name {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

/** `*` or `t.*`. */
export interface StarItem extends Spanned {
  readonly kind: 'star';
  readonly qualifier: Name | null;
}

/** `t` or `dataset.t`, with `[AS] alias [(columns)]`. */
export interface TableName extends Spanned {
  readonly kind: 'table-name';
  /** Set in `dataset.t`. */
  readonly dataset: Name | null;
  readonly name: Name;
  readonly alias: TableAlias | null;
}

/** `[AS] name [(columns)]`. */
export interface TableAlias extends Spanned {
  readonly name: Name;
  readonly columns: readonly Name[] | null;
}

/** `c`, `t.c` or `dataset.t.c`. */
export interface ColumnRef extends Spanned {
  readonly kind: 'column-ref';
  readonly dataset: Name | null;
  readonly table: Name | null;
  readonly name: Name;
}

/** An unsigned number. `text` is as typed without `_`: `42`, `0.5`, `.5`, `1.`, `1e-3`. */
export interface NumberLiteral extends Spanned {
  readonly kind: 'number';
  /** `integer` has digits only, `decimal` a point, `scientific` an exponent. */
  readonly form: 'integer' | 'decimal' | 'scientific';
  readonly text: string;
}

/** `'…'`, with `''` already undone. */
export interface StringLiteral extends Spanned {
  readonly kind: 'string';
  readonly value: string;
}

/** TRUE or FALSE. */
export interface BooleanLiteral extends Spanned {
  readonly kind: 'boolean';
  readonly value: boolean;
}

/** NULL. */
export interface NullLiteral extends Spanned {
  readonly kind: 'null';
}

/** `DATE '…'` or `TIMESTAMP '…'`; the text is not yet checked. */
export interface TypedLiteral extends Spanned {
  readonly kind: 'typed-literal';
  readonly type: 'date' | 'timestamp';
  readonly value: string;
}

/** Units of an interval. */
export type IntervalUnit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second';

/** `?` (numbered from 1 in order of appearance), `$1` or `$name` (lower case, as DuckDB compares). */
export interface Parameter extends Spanned {
  readonly kind: 'parameter';
  readonly key: number | string;
}

/** Operators of two operands; `!=` is read as `<>`, `==` as `=`, `**` as `^`. */
export type BinaryOperator =
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'is distinct from'
  | 'is not distinct from'
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | '^'
  | '||';

/** A type as written: `name` in lower case, several words joined by one space (`double precision`). */
export interface TypeName extends Spanned {
  readonly name: string;
  /** `DECIMAL(10, 2)` has [10, 2]. */
  readonly modifiers: readonly number[];
}

/** `OVER name`. */
export interface WindowName extends Spanned {
  readonly kind: 'window-name';
  readonly name: Name;
}

/** `ROWS BETWEEN start AND end`; a frame of one bound ends at the current row. */
export interface FrameSpec extends Spanned {
  readonly kind: 'frame';
  readonly start: FrameBound;
  readonly end: FrameBound;
}

/** One end of a frame. */
export type FrameBound =
  | { readonly kind: 'unbounded-preceding' | 'current-row' | 'unbounded-following'; readonly span: Span }
  | { readonly kind: 'preceding' | 'following'; readonly rows: NumberLiteral | Parameter; readonly span: Span };

/** Expressions without parts. */
export type Atom = ColumnRef | NumberLiteral | StringLiteral | BooleanLiteral | NullLiteral | TypedLiteral | Parameter;
