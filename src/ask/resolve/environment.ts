/** What resolving one question carries along: identities, limits, parameters, and what is visible at each place. */
import type { Span } from '../../errors.ts';
import type { Dataset, Policy, Table } from '../../policy/policy.ts';
import type { AggregateItem, ColumnId, Expr, Literal, Relation, Window } from '../ir.ts';
import { tooLarge } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';

/** Most nodes of one question's tree, after common tables and aliases are spelled out. */
const NODE_COUNT_MAX = 50_000;
/** Deepest nesting of queries (a chain of common tables is as deep as it is long) and of expressions. */
const QUERY_DEPTH_MAX = 48;
const EXPRESSION_DEPTH_MAX = 400;

/** The resolvers that call each other in a circle; `resolve.ts` ties them together. */
export interface Resolvers {
  expr(expr: Syntax.Expr, env: Environment): Expr;
  /** Rows of a query inside another; `scope` is what lies outside it. */
  query(query: Syntax.Query, question: Question, outer: Scope | null, common: CommonTables | null): Relation;
}

/** Whose units are meant: what the answer is for, and a part of them; null: nothing is said. */
export interface Meant {
  readonly purpose: string | null;
  readonly part: string | null;
}

/** State of one question. */
export class Question {
  readonly policy: Policy;
  readonly resolvers: Resolvers;
  readonly parameters: ReadonlyMap<number | string, Literal>;
  /** The data set asked for, or null. */
  readonly wanted: string | null;
  /** The question as written, for the rewrites that messages print. */
  readonly text: string;
  readonly meant: Meant;
  #dataset: string | null = null;
  #ids = 0;
  #nodes = 0;
  #queryDepth = 0;
  #expressionDepth = 0;

  constructor(
    policy: Policy,
    resolvers: Resolvers,
    parameters: ReadonlyMap<number | string, Literal>,
    wanted: string | null,
    text: string,
    meant: Meant,
  ) {
    this.policy = policy;
    this.resolvers = resolvers;
    this.parameters = parameters;
    this.wanted = wanted;
    this.text = text;
    this.meant = meant;
  }

  /** An identity that no other column of the question has. */
  fresh(): ColumnId {
    this.#ids += 1;
    return this.#ids;
  }

  /** Data set of the protected tables met so far. */
  get dataset(): string | null {
    return this.#dataset;
  }

  /** Settles the question's data set on its first protected table. */
  enterDataset(dataset: Dataset): void {
    this.#dataset = dataset.name;
  }

  /** Runs a step one expression deeper. */
  withinExpression<T>(span: Span, step: () => T): T {
    this.#count(span);
    this.#expressionDepth += 1;
    if (this.#expressionDepth > EXPRESSION_DEPTH_MAX) {
      throw tooLarge(span, 'This expression is nested too deeply.', 'Split it over several common tables (WITH …).');
    }
    try {
      return step();
    } finally {
      this.#expressionDepth -= 1;
    }
  }

  /** Runs a step one query deeper. */
  withinQuery<T>(span: Span, step: () => T): T {
    this.#count(span);
    this.#queryDepth += 1;
    if (this.#queryDepth > QUERY_DEPTH_MAX) {
      throw tooLarge(
        span,
        'Queries are nested too deeply here.',
        `Use at most ${QUERY_DEPTH_MAX} queries inside each other.`,
      );
    }
    const expressionDepth = this.#expressionDepth;
    this.#expressionDepth = 0;
    try {
      return step();
    } finally {
      this.#queryDepth -= 1;
      this.#expressionDepth = expressionDepth;
    }
  }

  /** Counts columns that a table, star or common table puts into the tree. */
  countColumns(span: Span, count: number): void {
    this.#count(span, count);
  }

  #count(span: Span, count = 1): void {
    this.#nodes += count;
    if (this.#nodes > NODE_COUNT_MAX) {
      throw tooLarge(
        span,
        'The question is too large once its common tables and aliases are spelled out.',
        'Refer to each common table fewer times, or ask in several questions.',
      );
    }
  }
}

/** A column that can be named, and what it stands for. */
export interface Entry {
  readonly name: string;
  readonly expr: Expr;
}

/** One table of FROM under the name it has there. */
export interface Source {
  readonly name: string | null;
  /** Data set, where the table was named without an alias. */
  readonly dataset: string | null;
  /** The policy's table, where the source is one. */
  readonly table: Table | null;
  readonly entries: readonly Entry[];
}

/** What names mean inside one SELECT. `visible` is what `*` shows and plain names find, in order. */
export interface Scope {
  readonly sources: readonly Source[];
  readonly visible: readonly Entry[];
  readonly outer: Scope | null;
}

/** Common tables in sight, innermost first; each sees those before it. */
export interface CommonTables {
  readonly name: string;
  readonly definition: Syntax.CommonTable;
  /** Where the WITH stands: what its queries see outside. */
  readonly outer: Scope | null;
  readonly before: CommonTables | null;
}

/** Collects the aggregates of a SELECT, identical ones once. */
export interface AggregateSink {
  add(item: AggregateItem['call'], name: string, type: Expr['type'], nullable: boolean): Expr;
}

/** Collects the window expressions of a SELECT, identical ones once. */
export interface WindowSink {
  add(window: Window): Expr;
  readonly named: ReadonlyMap<string, Syntax.WindowSpec>;
}

/** Collects subqueries that stand for single values, identical ones once. */
export interface ValueSink {
  /** One row and one column. */
  add(relation: Relation, span: Span): Expr;
}

/** Meaning of names that are aliases of the SELECT list; null where it is none. */
export type AliasLookup = (name: Syntax.Name, env: Environment) => Expr | null;

/** What an expression may use at its place. */
export interface Environment {
  readonly question: Question;
  readonly scope: Scope;
  readonly common: CommonTables | null;
  /** The clause, for messages: `WHERE`, `GROUP BY`. */
  readonly place: string;
  /** Null where aggregates may not stand. */
  readonly aggregates: AggregateSink | null;
  /** Null where window functions may not stand. */
  readonly windows: WindowSink | null;
  /** Null where a subquery may not stand for a value. */
  readonly values: ValueSink | null;
  readonly aliases: AliasLookup | null;
}
