/** Aggregates and windows of one SELECT, each distinct one once. */
import { foldName } from '../../policy/fold-name.ts';
import type { AggregateCall, AggregateItem, ColumnId, Expr, Item, Window } from '../ir.ts';
import { meaningOf } from '../meaning.ts';
import type * as Syntax from '../sql/syntax.ts';
import type { SqlType } from '../types.ts';
import type { AggregateSink, Question, WindowSink } from './environment.ts';
import { columnExpr } from './scope.ts';

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
