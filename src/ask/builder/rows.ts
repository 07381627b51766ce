/** Queries: what they put out, in which order, how many, and combined with each other. */
import { GauzeError } from '../../errors.ts';
import type { ParameterValue } from '../resolve.ts';
import { type AnyExpr, type Condition, Expr, type OneOrMore, type Order, printOrder, Subquery } from './expr.ts';
import type { ColumnsOf, Joined, Outputs, TextOf } from './outputs.ts';
import { Printer, quoteName } from './printer.ts';

/** A SELECT up to GROUP BY, or two queries combined. @internal */
export interface Body {
  /** Expressions by name; none of two queries combined. */
  readonly outputs: Outputs;
  /** Names of its columns, in order. */
  readonly names: readonly string[];
  /** Its clauses, columns in the order of `names`, and those of `rest`, for which its tables have their names. */
  print(to: Printer, names: readonly string[], rest: () => readonly string[]): readonly string[];
}

/** HAVING, ORDER BY, LIMIT and OFFSET. */
interface Tail {
  readonly having: readonly Condition[];
  readonly orderBy: readonly (AnyExpr | Order)[];
  readonly limit: number | null;
  readonly offset: number | null;
}

/**
 * A query with outputs O; a question that can be asked unless it holds keys of the policy, which are named by `Held`.
 * Immutable; every method gives a new query.
 */
export class Rows<O extends Outputs, Held extends string> extends Subquery<O> {
  /** @internal */
  protected readonly body: Body;
  /** @internal */
  protected readonly tail: Tail;
  #built: { readonly sql: string; readonly parameters: readonly ParameterValue[] } | null = null;

  /** @internal */
  constructor(body: Body, tail: Tail = { having: [], orderBy: [], limit: null, offset: null }) {
    super();
    this.body = body;
    this.tail = tail;
  }

  /** Names of its outputs, in order. */
  get names(): readonly string[] {
    return this.body.names;
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
    const keys = [by(this.seenOutputs())].flat();
    return new Rows(this.body, { ...this.tail, orderBy: [...this.tail.orderBy, ...keys] });
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

  /** @internal */
  print(to: Printer, names: readonly string[] = this.body.names): string {
    return this.#clauses(to, names).join(' ');
  }

  /** Outputs as HAVING and ORDER BY see them; what is no output stands for itself and is refused by `ask`. @internal */
  protected seenOutputs(): ColumnsOf<O> {
    const { outputs } = this.body;
    const seen = (name: string): AnyExpr =>
      Object.hasOwn(outputs, name) ? outputs[name]!.as(name) : new Expr(() => quoteName(name));
    const get = (_: object, name: string | symbol): unknown => (typeof name === 'string' ? seen(name) : undefined);
    return new Proxy({}, { get }) as ColumnsOf<O>;
  }

  #build(): { readonly sql: string; readonly parameters: readonly ParameterValue[] } {
    if (this.#built === null) {
      const to = new Printer();
      const sql = this.#clauses(to, this.body.names).join('\n');
      this.#built = { sql, parameters: to.parameters };
    }
    return this.#built;
  }

  #clauses(to: Printer, names: readonly string[]): readonly string[] {
    const { having, orderBy, limit, offset } = this.tail;
    return this.body.print(to, names, () => [
      ...clause('HAVING', all(having)?.print(to)),
      ...clause('ORDER BY', printOrder(orderBy, to)),
      ...clause('LIMIT', limit === null ? undefined : to.value(limit)),
      ...clause('OFFSET', offset === null ? undefined : to.value(offset)),
    ]);
  }
}

/** A SELECT, whose groups may still be chosen from. */
export class Selection<O extends Outputs, Held extends string> extends Rows<O, Held> {
  /** Keeps groups by their noisy outputs; conditions of several calls hold together. */
  having(condition: (outputs: ColumnsOf<O>) => Condition): Selection<O, Held> {
    return new Selection(this.body, { ...this.tail, having: [...this.tail.having, condition(this.seenOutputs())] });
  }
}

/** A clause; none where it says nothing. @internal */
export function clause(word: string, text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : [`${word} ${text}`];
}

/** Conditions that hold together. @internal */
export function all(conditions: readonly Condition[]): Condition | undefined {
  const [first, ...others] = conditions;
  return first === undefined ? undefined : others.reduce((before, one) => before.and(one), first);
}

/** One side of a set operation. */
interface Side {
  readonly names: readonly string[];
  print(to: Printer, names: readonly string[]): string;
}

/** SQL pairs columns by position: the right side is printed in the left side's order. */
function combined(left: Side, word: string, right: Side): Body {
  const { names } = left;
  if (right.names.length !== names.length || names.some((name) => !right.names.includes(name))) {
    throw new GauzeError('QUERY_TYPE', {
      message: `The sides of ${word} put out columns of different names.`,
      next: `Select ${names.join(', ')} on both sides.`,
    });
  }
  return {
    outputs: {},
    names,
    print: (to, order, rest) => [`(${left.print(to, order)})`, word, `(${right.print(to, order)})`, ...rest()],
  };
}
