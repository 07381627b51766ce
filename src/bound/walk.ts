/** What the parts of lowering share: the question's context, the relations around a subquery, and the way back in. */
import type { ColumnId, Expr, Relation } from '../ask/ir.ts';
import type { BoundContext, Link, Tracked } from './tracked.ts';

/** Whose rows a relation holds. `public`: nobody's; `private`: every row one unit's; `released`: noisy answers. */
export type Kind = 'public' | 'private' | 'released';

/** What is known of a relation before it is lowered. */
export interface Lineage {
  readonly kind: Kind;
  /** Output columns that stand for the unit or a link key. */
  readonly links: ReadonlyMap<ColumnId, Link>;
  /** Pairs of column sets: in every row, all columns of the one or all of the other are not NULL. */
  readonly either: readonly (readonly [ReadonlySet<ColumnId>, ReadonlySet<ColumnId>])[];
  /** In a subquery: every row belongs to the unit of the row outside. */
  readonly pinned: boolean;
}

/** Rows around a subquery. */
export interface Outer {
  readonly links: ReadonlyMap<ColumnId, Link>;
  /** The unit of the nearest row outside that has one, once it is lowered; null before. */
  readonly unit: Expr | null;
}

/** Columns wanted of a relation; null: all. */
export type Wanted = ReadonlySet<ColumnId> | null;

/** One pass over one relation and what is inside it. */
export interface Walk {
  readonly context: BoundContext;
  readonly outer: Outer | null;
  readonly lineages: WeakMap<Relation, Lineage>;
  /** Lowers a relation; it puts out the wanted columns and the unit. */
  track(relation: Relation, wanted: Wanted): Tracked;
  /** Lowers the subqueries of an expression over a tracked relation. */
  lower(expr: Expr, tracked: Tracked): Expr;
  /** The same pass inside a subquery. */
  inside(outer: Outer): Walk;
}

/** Adds a sentence for the researcher, once. */
export function note(context: BoundContext, sentence: string): void {
  if (!context.notes.includes(sentence)) context.notes.push(sentence);
}
