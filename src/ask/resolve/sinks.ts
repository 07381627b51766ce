/** Aggregates, windows and subqueries for values of one SELECT, each distinct one once. */

import type { Span } from '../../errors.ts';
import { foldName } from '../../policy/fold-name.ts';
import { canonical } from '../canonical.ts';
import { columnExpr } from '../column-expr.ts';
import type { AggregateCall, AggregateItem, Column, ColumnId, Expr, Item, Relation, Window } from '../ir.ts';
import { meaningOf } from '../meaning.ts';
import type * as Syntax from '../sql/syntax.ts';
import type { SqlType } from '../types.ts';
import type { AggregateSink, Question, ValueSink, WindowSink } from './environment.ts';

/** Aggregates met so far, with their columns. */
export class Aggregates implements AggregateSink {
  readonly items: AggregateItem[] = [];
  readonly ids: Set<ColumnId> = new Set();
  readonly #question: Question;
  readonly #known = new Map<string, AggregateItem>();

  constructor(question: Question) {
    this.#question = question;
  }

  add(call: AggregateCall, name: string, type: SqlType, nullable: boolean): Expr {
    const filter = call.filter === null ? '' : meaningOf(call.filter);
    const order = call.order.map((key) => `${meaningOf(key.expr)} ${key.descending} ${key.nullsFirst}`);
    const meaning = `${call.name}(${call.args.map(meaningOf).join()};${order.join()})${filter}`;
    let item = this.#known.get(meaning);
    if (item === undefined) {
      item = { column: { id: this.#question.fresh(), name, type, nullable }, call };
      this.#known.set(meaning, item);
      this.items.push(item);
      this.ids.add(item.column.id);
    }
    return columnExpr(item.column, call.span);
  }
}

/** Window expressions met so far, with their columns. */
export class Windows implements WindowSink {
  readonly items: Item[] = [];
  readonly ids: Set<ColumnId> = new Set();
  readonly named: ReadonlyMap<string, Syntax.WindowSpec>;
  readonly #question: Question;
  readonly #known = new Map<string, Item>();

  constructor(question: Question, named: readonly Syntax.NamedWindow[]) {
    this.#question = question;
    this.named = new Map(named.map((window) => [foldName(window.name.text), window.window]));
  }

  add(window: Window): Expr {
    const meaning = meaningOf(window);
    let item = this.#known.get(meaning);
    if (item === undefined) {
      const { type, nullable } = window;
      item = { column: { id: this.#question.fresh(), name: window.name, type, nullable }, expr: window };
      this.#known.set(meaning, item);
      this.items.push(item);
      this.ids.add(item.column.id);
    }
    return columnExpr(item.column, window.span);
  }
}

/**
 * Subqueries that stand for single values. Each has exactly one row, so that joining it to every row gives the value
 * that SQL defines: no row is lost and none doubled.
 */
export class Values implements ValueSink {
  readonly ids: Set<ColumnId> = new Set();
  readonly #known = new Map<string, Column>();
  readonly #relations: { readonly relation: Relation; readonly span: Span }[] = [];

  add(relation: Relation, span: Span): Expr {
    const meaning = canonical(relation);
    let column = this.#known.get(meaning);
    if (column === undefined) {
      column = relation.columns[0] as Column;
      this.#known.set(meaning, column);
      this.#relations.push({ relation, span });
      this.ids.add(column.id);
    }
    return columnExpr(column, span);
  }

  /** The rows, each with the values beside it. */
  joinedTo(rows: Relation): Relation {
    return this.#relations.reduce<Relation>((left, { relation, span }) => {
      if (left.kind === 'one-row') return relation;
      const columns = [...left.columns, ...relation.columns];
      return { kind: 'join', type: 'cross', left, right: relation, condition: null, columns, span };
    }, rows);
  }
}
