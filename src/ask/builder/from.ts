/** FROM, WHERE and GROUP BY: rows on their way to a selection. */
import { type AnyExpr, type Condition, Expr, operand, Subquery } from './expr.ts';
import { type Grouping, printGrouping } from './grouping.ts';
import type { ColumnsOf, KeyInGroup, KeysIn, Outputs } from './outputs.ts';
import type { ColumnsNamed, TableName } from './policy-columns.ts';
import { type Printer, quoteName, type Source } from './printer.ts';
import { all, type Body, clause, Selection } from './rows.ts';

/** A table's name, or a query whose outputs are the columns. */
export type Input<P> = TableName<P> | Subquery<Outputs>;

/** Columns of an input. */
export type ColumnsFrom<P, I> = I extends Subquery<infer O> ? ColumnsOf<O> : ColumnsNamed<P, I>;

/** Makes a part of a query from the columns of its tables, in the order in which they were joined. */
type Using<T> = (...tables: never) => T;

interface Join {
  readonly words: 'JOIN' | 'LEFT JOIN' | 'FULL JOIN';
  readonly input: string | Subquery<unknown>;
  readonly on: Using<Condition>;
}

/** What stands before SELECT. @internal */
export interface Clauses {
  readonly input: string | Subquery<unknown>;
  readonly joins: readonly Join[];
  readonly where: readonly Using<Condition>[];
  readonly groupBy: Using<Grouping> | null;
}

/** Grouped rows of tables with columns S, one member per table. */
export class Grouped<S extends readonly unknown[], Held extends string> {
  /** @internal */
  protected readonly clauses: Clauses;

  /** @internal */
  constructor(clauses: Clauses) {
    this.clauses = clauses;
  }

  /** Names what the query puts out. */
  select<const O extends Outputs>(outputs: O | ((...tables: S) => O)): Selection<O, KeysIn<O> | Held> {
    return new Selection(bodyOf(this.clauses, 'SELECT', outputs));
  }

  /** As `select`, each row once. */
  selectDistinct<const O extends Outputs>(outputs: O | ((...tables: S) => O)): Selection<O, KeysIn<O> | Held> {
    return new Selection(bodyOf(this.clauses, 'SELECT DISTINCT', outputs));
  }
}

/** Rows of tables of policy P with columns S, one member per table. Immutable; every method gives new rows. */
export class From<P, S extends readonly unknown[]> extends Grouped<S, never> {
  /** Pairs of rows for which the condition is true. Protected tables are joined on their unit. */
  join<const I extends Input<P>>(
    input: I,
    on: (...tables: [...S, ColumnsFrom<P, I>]) => Condition,
  ): From<P, [...S, ColumnsFrom<P, I>]> {
    return this.#joined({ words: 'JOIN', input, on });
  }

  /** As `join`, and rows without a partner, whose partner is NULL. */
  leftJoin<const I extends Input<P>>(
    input: I,
    on: (...tables: [...S, ColumnsFrom<P, I>]) => Condition,
  ): From<P, [...S, ColumnsFrom<P, I>]> {
    return this.#joined({ words: 'LEFT JOIN', input, on });
  }

  /** As `join`, and rows of either side without a partner. */
  fullJoin<const I extends Input<P>>(
    input: I,
    on: (...tables: [...S, ColumnsFrom<P, I>]) => Condition,
  ): From<P, [...S, ColumnsFrom<P, I>]> {
    return this.#joined({ words: 'FULL JOIN', input, on });
  }

  /** Keeps rows for which the condition is true; conditions of several calls hold together. */
  where(condition: (...tables: S) => Condition): From<P, S> {
    return new From({ ...this.clauses, where: [...this.clauses.where, condition] });
  }

  groupBy<const G extends Grouping>(keys: (...tables: S) => G): Grouped<S, KeyInGroup<G>> {
    return new Grouped({ ...this.clauses, groupBy: keys });
  }

  #joined<T extends readonly unknown[]>(join: Join): From<P, T> {
    return new From({ ...this.clauses, joins: [...this.clauses.joins, join] });
  }
}

/** Whether there is such a row; what a query selects does not matter. Negate it with `.not()`. */
export function exists(rows: Grouped<never, string> | Subquery<unknown>): Condition {
  const query = rows instanceof Subquery ? rows : rows.select({});
  return new Expr((to) => `EXISTS (${query.print(to)})`);
}

function bodyOf(clauses: Clauses, word: string, outputs: Outputs | Using<Outputs>): Body {
  const { input, joins, where, groupBy } = clauses;
  const sources = [input, ...joins.map((join) => join.input)].map(sourceOf);
  const tables = sources.map(columnsOf) as never;
  const made = typeof outputs === 'function' ? outputs(...tables) : outputs;
  const on = joins.map((join) => join.on(...tables));
  const condition = all(where.map((one) => one(...tables)));
  const keys = groupBy === null ? null : groupBy(...tables);
  const print = (to: Printer, names: readonly string[], rest: () => readonly string[]): readonly string[] => {
    const items = names.map((name) => `${operand(made[name], to)} AS ${quoteName(name)}`);
    const joined = joins.map(
      ({ words, input }, i) => `${words} ${printInput(input, sources[i + 1]!, to)} ON ${on[i]!.print(to)}`,
    );
    return [
      `${word} ${items.length === 0 ? '1' : items.join(', ')}`,
      `FROM ${[printInput(input, sources[0]!, to), ...joined].join(' ')}`,
      ...clause('WHERE', condition?.print(to)),
      ...clause('GROUP BY', keys === null ? undefined : printGrouping(keys, to)),
      ...rest(),
    ];
  };
  return {
    outputs: made,
    names: Object.keys(made),
    print: (to, ...more) => to.within(sources, () => print(to, ...more)),
  };
}

function sourceOf(input: string | Subquery<unknown>): Source {
  return { name: typeof input === 'string' ? tableName(input).table : 't' };
}

/** Any name may be a column: what the policy does not list is refused by `ask`, with its position and advice. */
function columnsOf(source: Source): object {
  const column = (name: string): AnyExpr => new Expr((to) => `${quoteName(to.nameOf(source))}.${quoteName(name)}`);
  return new Proxy({}, { get: (_, name) => (typeof name === 'string' ? column(name) : undefined) });
}

function printInput(input: string | Subquery<unknown>, source: Source, to: Printer): string {
  const name = to.nameOf(source);
  if (typeof input !== 'string') return `(${input.print(to)}) AS ${quoteName(name)}`;
  const { dataset, table } = tableName(input);
  const full = dataset === null ? quoteName(table) : `${quoteName(dataset)}.${quoteName(table)}`;
  return name === table ? full : `${full} AS ${quoteName(name)}`;
}

/** `table` or `dataset.table`. */
function tableName(input: string): { readonly dataset: string | null; readonly table: string } {
  const point = input.indexOf('.');
  return point < 0
    ? { dataset: null, table: input }
    : { dataset: input.slice(0, point), table: input.slice(point + 1) };
}
