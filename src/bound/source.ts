/** The computed columns a bounded question reads: unit, keys, conditions and inputs, each distinct expression once. */
import type { Column, ColumnId, Expr, Project } from '../ask/ir.ts';
import { meaningOf } from '../ask/meaning.ts';
import type { SqlType } from '../ask/types.ts';
import { invariant } from '../errors.ts';
import type { BoundContext, Tracked } from './tracked.ts';

/** Collects expressions over a tracked relation and becomes the projection that computes them. */
export class Source {
  readonly tracked: Tracked;
  readonly #context: BoundContext;
  readonly #items: { column: Column; expr: Expr }[] = [];
  readonly #byMeaning = new Map<string, ColumnId>();
  /** The unit's column in the projection. */
  readonly unit: ColumnId;

  constructor(tracked: Tracked, context: BoundContext) {
    invariant(tracked.unit !== null, 'a bounded question reads rows of units');
    this.tracked = tracked;
    this.#context = context;
    const unit = tracked.relation.columns.find((column) => column.id === tracked.unit);
    invariant(unit !== undefined, 'a tracked relation puts out its unit');
    this.unit = this.column({
      kind: 'column',
      id: unit.id,
      type: unit.type,
      nullable: false,
      span: tracked.relation.span,
    });
  }

  /** Column of the projection that holds this (lowered) expression. */
  column(expr: Expr): ColumnId {
    const meaning = meaningOf(expr);
    const known = this.#byMeaning.get(meaning);
    if (known !== undefined) return known;
    const id = this.#context.fresh();
    this.#items.push({
      column: { id, name: `v${this.#items.length}`, type: storedType(expr.type), nullable: expr.nullable },
      expr,
    });
    this.#byMeaning.set(meaning, id);
    return id;
  }

  /** What a column of the projection computes. */
  exprOf(id: ColumnId): Expr {
    const item = this.#items.find(({ column }) => column.id === id);
    invariant(item !== undefined, 'the column is one of the projection');
    return item.expr;
  }

  /** The projection over the tracked relation. */
  relation(): Project {
    return {
      kind: 'project',
      input: this.tracked.relation,
      items: [...this.#items],
      columns: this.#items.map((item) => item.column),
      span: this.tracked.relation.span,
    };
  }
}

function storedType(type: SqlType): SqlType {
  return type === 'null' ? 'text' : type;
}
