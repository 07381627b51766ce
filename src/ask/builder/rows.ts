/** Queries: what they put out, in which order, how many, and combined with each other. */
import { GauzeError } from '../../errors.ts';
import type { ParameterValue } from '../resolve.ts';
import { type AnyExpr, type Condition, Expr, type OneOrMore, type Order, printOrder, Subquery } from './expr.ts';
import type { ColumnsOf, Joined, Outputs, TextOf } from './outputs.ts';
import { Printer, quoteName } from './printer.ts';

/** A SELECT up to GROUP BY, or two queries combined. */
export interface Body {
  /** Names of its columns, in order. */
  names(): readonly string[];
  /** Its clauses, columns in the order of `names`, and those of `rest`, for which its tables have their names. */
  print(to: Printer, names: readonly string[], rest: (outputs: Outputs) => readonly string[]): readonly string[];
}

/** HAVING, ORDER BY, LIMIT and OFFSET. */
interface Tail {
  readonly having: readonly ((outputs: never) => Condition)[];
  readonly orderBy: readonly ((outputs: never) => OneOrMore<AnyExpr | Order>)[];
  readonly limit: number | null;
  readonly offset: number | null;
}

/**
 * A query with outputs O; a question that can be asked unless it holds keys of the policy, which are named by `Held`.
 * Immutable; every method gives a new query.
 */
export class Rows<O extends Outputs, Held extends string> extends Subquery<O> {
  protected readonly body: Body;
  protected readonly tail: Tail;
  #built: { readonly sql: string; readonly parameters: readonly ParameterValue[] } | null = null;

  /** For the builder's own use. */
  constructor(body: Body, tail: Tail = { having: [], orderBy: [], limit: null, offset: null }) {
    super();
    this.body = body;
    this.tail = tail;
  }

  /** Text of the question, as positions in errors count. */
  get sql(): TextOf<Held> {
    return this.#build().sql as TextOf<Held>;
  }

  /** Values of `$1`, `$2`, … in the text. */
  get parameters(): readonly ParameterValue[] {
    return this.#build().parameters;
  }

  /** Order of the answer; later calls break ties of earlier ones. */
  orderBy(by: (outputs: ColumnsOf<O>) => OneOrMore<AnyExpr | Order>): Rows<O, Held> {
    return new Rows(this.body, { ...this.tail, orderBy: [...this.tail.orderBy, by] });
  }

  limit(count: number): Rows<O, Held> {
    return new Rows(this.body, { ...this.tail, limit: count });
  }

  offset(count: number): Rows<O, Held> {
    return new Rows(this.body, { ...this.tail, offset: count });
  }

  /** Rows of both; columns go together by their names. */
  unionAll<H extends string>(other: Rows<Joined<O>, H>): Rows<Joined<O>, Held | H> {
    return new Rows(combined(this, 'UNION ALL', other));
  }

  /** Rows of either, each once. */
  union<H extends string>(other: Rows<Joined<O>, H>): Rows<Joined<O>, Held | H> {
    return new Rows(combined(this, 'UNION', other));
  }

  /** Rows of both sides, each once. */
  intersect<H extends string>(other: Rows<Joined<O>, H>): Rows<Joined<O>, Held | H> {
    return new Rows(combined(this, 'INTERSECT', other));
  }

  /** Rows that the other does not have, each once. */
  except<H extends string>(other: Rows<Joined<O>, H>): Rows<Joined<O>, Held | H> {
    return new Rows(combined(this, 'EXCEPT', other));
  }

  print(to: Printer, names: readonly string[] = this.names()): string {
    return this.#clauses(to, names).join(' ');
  }

  /** Names of its outputs, in order. For the builder's own use. */
  names(): readonly string[] {
    return this.body.names();
  }

  #build(): { readonly sql: string; readonly parameters: readonly ParameterValue[] } {
    if (this.#built === null) {
      const to = new Printer();
      const sql = this.#clauses(to, this.names()).join('\n');
      this.#built = { sql, parameters: to.parameters };
    }
    return this.#built;
  }

  #clauses(to: Printer, names: readonly string[]): readonly string[] {
    const { having, orderBy, limit, offset } = this.tail;
    const clauses = this.body.print(to, names, (outputs) => {
      const seen = seenOutputs(outputs) as never;
      const keys = orderBy.map((by) => printOrder(by(seen), to)).filter((text) => text !== '');
      return [
        clause(
          'HAVING',
          printAll(
            having.map((condition) => condition(seen)),
            to,
          ),
        ),
        clause('ORDER BY', keys.join(', ')),
        limit === null ? '' : `LIMIT ${to.value(limit)}`,
        offset === null ? '' : `OFFSET ${to.value(offset)}`,
      ];
    });
    return clauses.filter((text) => text !== '');
  }
}

/** A SELECT, whose groups may still be chosen from. */
export class Selection<O extends Outputs, Held extends string> extends Rows<O, Held> {
  /** Keeps groups by their noisy outputs; conditions of several calls hold together. */
  having(condition: (outputs: ColumnsOf<O>) => Condition): Selection<O, Held> {
    return new Selection(this.body, { ...this.tail, having: [...this.tail.having, condition] });
  }
}

/** A clause, empty where it says nothing. */
export function clause(word: string, text: string): string {
  return text === '' ? '' : `${word} ${text}`;
}

/** Conditions that all hold. */
export function printAll(conditions: readonly Condition[], to: Printer): string {
  const [first, ...others] = conditions;
  return first === undefined ? '' : others.reduce((all, one) => all.and(one), first).print(to);
}

/** One side of a set operation. */
interface Side {
  names(): readonly string[];
  print(to: Printer, names: readonly string[]): string;
}

/** Outputs by their names, as HAVING and ORDER BY see them; what is no output stands for itself and is refused by `ask`. */
function seenOutputs(outputs: Outputs): object {
  const seen = (name: string): AnyExpr =>
    Object.hasOwn(outputs, name) ? outputs[name]!.as(name) : new Expr(() => quoteName(name));
  return new Proxy({}, { get: (_, name) => (typeof name === 'string' ? seen(name) : undefined) });
}

function combined(left: Side, word: string, right: Side): Body {
  return {
    names: () => left.names(),
    print: (to, names, rest) => {
      const others = right.names();
      // SQL pairs columns by position: the right side is printed in the left side's order.
      if (others.length !== names.length || names.some((name) => !others.includes(name))) {
        throw new GauzeError('QUERY_TYPE', {
          message: `The sides of ${word} put out columns of different names.`,
          next: `Select ${names.join(', ')} on both sides.`,
        });
      }
      return [`(${left.print(to, names)})`, word, `(${right.print(to, names)})`, ...rest({})];
    },
  };
}
