/** Expressions: operators are methods, with the types they take checked by TypeScript. */
import type { ParameterValue } from '../resolve.ts';
import type {
  AnyValue,
  DateUnit,
  Kind,
  KindOfValue,
  MomentKind,
  NumberKind,
  Peer,
  PlainKind,
  TimeUnit,
  Values,
} from './kinds.ts';
import { type Printer, quoteName } from './printer.ts';

/** How tightly an operator binds; higher is tighter. Operands that bind less tightly are put in parentheses. */
const OR = 1;
const AND = 2;
const NOT = 3;
const TEST = 4;
const CONCAT = 5;
const SUM = 6;
const PRODUCT = 7;
const SIGN = 8;
const WHOLE = 9;

/** Writes a part of the question. @internal */
export type Print = (to: Printer) => string;

/** An expression that goes together with kind K, or a value of it. */
export type Arg<K extends Kind> = Expr<Peer<K>, unknown> | Values[Peer<K>];

/** A whole number. */
export type Whole = Expr<'integer', unknown> | number | bigint;

/** Kind of an expression or constant. */
export type KindOf<T> = T extends Expr<infer K, unknown> ? K : KindOfValue<T>;

/** What an expression of kind K with values V is compared with for equality. */
export type Equal<K extends Kind, V> = V | Expr<Peer<K> | ([K] extends ['key'] ? KindOfValue<V> : never), unknown>;

/** Kind of a sum or product. */
export type Joint<A extends Kind, B> = [A | KindOf<B>] extends ['integer'] ? 'integer' : 'double';

/** Anything that may be put out, asked for or grouped by. */
export type AnyExpr = Expr<Kind, unknown>;
/** An expression that is true, false or NULL. */
export type Condition = Expr<'boolean', unknown>;

/** A query with outputs O, as it stands inside another one. */
export abstract class Subquery<O> {
  /** @internal */
  declare protected readonly outputs: O;

  /** The query's text on one line, without parentheses. @internal */
  abstract print(to: Printer): string;
}

/**
 * An expression of kind K. V are the values it is compared with by `eq` and `in`: the values the policy declares, where
 * it declares them. Immutable; every method gives a new expression.
 */
export class Expr<K extends Kind, V = Values[K]> {
  /** @internal */
  declare protected readonly kind: K;
  /** @internal */
  declare protected readonly values: V;
  readonly #print: Print;
  readonly #level: number;
  readonly #alias: string | null;

  /** @internal */
  constructor(print: Print, level: number = WHOLE, alias: string | null = null) {
    this.#print = print;
    this.#level = level;
    this.#alias = alias;
  }

  /** Its text, in parentheses where it binds less tightly than `least`. @internal */
  print(to: Printer, least: number = OR): string {
    const text = this.#print(to);
    return this.#level < least ? `(${text})` : text;
  }

  /** How an output is named where ORDER BY asks for it; null for every other expression. @internal */
  get alias(): string | null {
    return this.#alias;
  }

  /** The same expression as an output of a name. @internal */
  as(alias: string): Expr<K, V> {
    return new Expr(this.#print, this.#level, alias);
  }

  eq(other: Equal<K, V>): Condition {
    return infix(TEST, '=', this, other);
  }
  ne(other: Equal<K, V>): Condition {
    return infix(TEST, '<>', this, other);
  }
  /** Not equal, where NULL equals NULL alone. */
  isDistinctFrom(other: Equal<K, V>): Condition {
    return infix(TEST, 'IS DISTINCT FROM', this, other);
  }
  /** Equal, where NULL equals NULL alone. */
  isNotDistinctFrom(other: Equal<K, V>): Condition {
    return infix(TEST, 'IS NOT DISTINCT FROM', this, other);
  }
  /** Among values, or in the one column of a query. */
  in(members: readonly Equal<K, V>[] | Subquery<Readonly<Record<string, Expr<Peer<K>, unknown>>>>): Condition {
    return new Expr((to) => `${this.print(to, CONCAT)} IN (${membersOf(members, to)})`, TEST);
  }
  notIn(members: readonly Equal<K, V>[] | Subquery<Readonly<Record<string, Expr<Peer<K>, unknown>>>>): Condition {
    return new Expr((to) => `${this.print(to, CONCAT)} NOT IN (${membersOf(members, to)})`, TEST);
  }
  isNull(): Condition {
    return new Expr((to) => `${this.print(to, CONCAT)} IS NULL`, TEST);
  }
  isNotNull(): Condition {
    return new Expr((to) => `${this.print(to, CONCAT)} IS NOT NULL`, TEST);
  }

  lt(this: Expr<PlainKind, unknown>, other: Arg<K>): Condition {
    return infix(TEST, '<', this, other);
  }
  le(this: Expr<PlainKind, unknown>, other: Arg<K>): Condition {
    return infix(TEST, '<=', this, other);
  }
  gt(this: Expr<PlainKind, unknown>, other: Arg<K>): Condition {
    return infix(TEST, '>', this, other);
  }
  ge(this: Expr<PlainKind, unknown>, other: Arg<K>): Condition {
    return infix(TEST, '>=', this, other);
  }
  /** From low to high, both included. */
  between(this: Expr<PlainKind, unknown>, low: Arg<K>, high: Arg<K>): Condition {
    const print: Print = (to) =>
      `${this.print(to, CONCAT)} BETWEEN ${operand(low, to, CONCAT)} AND ${operand(high, to, CONCAT)}`;
    return new Expr(print, TEST);
  }

  /** `%` stands for any run of letters, `_` for one. */
  like(this: Expr<'text', unknown>, pattern: Arg<'text'>): Condition {
    return infix(TEST, 'LIKE', this, pattern);
  }
  /** As `like`, without case. */
  ilike(this: Expr<'text', unknown>, pattern: Arg<'text'>): Condition {
    return infix(TEST, 'ILIKE', this, pattern);
  }
  /** The two texts joined; NULL if one is. */
  append(this: Expr<'text', unknown>, other: Arg<'text'>): Expr<'text'> {
    return infix(CONCAT, '||', this, other);
  }

  and(this: Condition, other: Condition): Condition {
    return infix(AND, 'AND', this, other);
  }
  or(this: Condition, other: Condition): Condition {
    return infix(OR, 'OR', this, other);
  }
  not(this: Condition): Condition {
    return new Expr((to) => `NOT ${this.print(to, TEST)}`, NOT);
  }

  /** Sum of numbers. */
  plus<const B extends Arg<NumberKind>>(this: Expr<NumberKind, unknown>, other: B): Expr<Joint<K, B>>;
  /** A date or timestamp so many units later. */
  plus<U extends DateUnit | TimeUnit>(
    this: Expr<MomentKind, unknown>,
    amount: Whole,
    unit: U,
  ): Expr<U extends TimeUnit ? 'timestamp' : K>;
  plus(this: AnyExpr, other: AnyExpr | AnyValue, unit?: string): unknown {
    return infix(SUM, '+', this, unit === undefined ? other : interval(other, unit));
  }
  /** Difference of numbers. */
  minus<const B extends Arg<NumberKind>>(this: Expr<NumberKind, unknown>, other: B): Expr<Joint<K, B>>;
  /** Days from one date to another. */
  minus(this: Expr<'date', unknown>, other: Expr<'date', unknown>): Expr<'integer'>;
  /** A date or timestamp so many units earlier. */
  minus<U extends DateUnit | TimeUnit>(
    this: Expr<MomentKind, unknown>,
    amount: Whole,
    unit: U,
  ): Expr<U extends TimeUnit ? 'timestamp' : K>;
  minus(this: AnyExpr, other: AnyExpr | AnyValue, unit?: string): unknown {
    return infix(SUM, '-', this, unit === undefined ? other : interval(other, unit));
  }
  times<const B extends Arg<NumberKind>>(this: Expr<NumberKind, unknown>, other: B): Expr<Joint<K, B>> {
    return infix(PRODUCT, '*', this, other);
  }
  /** Quotient as a double; NULL where the divisor is 0. */
  dividedBy(this: Expr<NumberKind, unknown>, other: Arg<NumberKind>): Expr<'double'> {
    return infix(PRODUCT, '/', this, other);
  }
  /** Quotient of integers, truncated toward zero; NULL where the divisor is 0. */
  intDividedBy(this: Expr<'integer', unknown>, other: Whole): Expr<'integer'> {
    return infix(PRODUCT, '//', this, other);
  }
  /** Remainder with the sign of the dividend; NULL where the divisor is 0. */
  modulo<const B extends Arg<NumberKind>>(this: Expr<NumberKind, unknown>, other: B): Expr<Joint<K, B>> {
    return infix(PRODUCT, '%', this, other);
  }
  negate(this: Expr<NumberKind, unknown>): Expr<K> {
    return new Expr((to) => `-${this.print(to, WHOLE)}`, SIGN);
  }

  /** Order from low to high, NULL last unless said otherwise. */
  asc(nulls?: 'nulls first'): Order {
    return new Order(this, false, nulls === 'nulls first');
  }
  /** Order from high to low, NULL last unless said otherwise. */
  desc(nulls?: 'nulls first'): Order {
    return new Order(this, true, nulls === 'nulls first');
  }
}

/** A key of ORDER BY. */
export class Order {
  readonly #by: AnyExpr;
  readonly #descending: boolean;
  readonly #nullsFirst: boolean;

  /** @internal */
  constructor(by: AnyExpr, descending: boolean, nullsFirst: boolean) {
    this.#by = by;
    this.#descending = descending;
    this.#nullsFirst = nullsFirst;
  }

  /** @internal */
  print(to: Printer): string {
    const { alias } = this.#by;
    const text = alias === null ? this.#by.print(to) : quoteName(alias);
    return `${text}${this.#descending ? ' DESC' : ''}${this.#nullsFirst ? ' NULLS FIRST' : ''}`;
  }
}

/** One or several. */
export type OneOrMore<T> = T | readonly T[];

/** Keys of ORDER BY, with commas. @internal */
export function printOrder(by: OneOrMore<AnyExpr | Order>, to: Printer): string {
  const keys = (Array.isArray(by) ? by : [by]) as readonly (AnyExpr | Order)[];
  return keys.map((key) => (key instanceof Order ? key : key.asc()).print(to)).join(', ');
}

/** An expression or value as it stands among arguments. @internal */
export function operand(arg: unknown, to: Printer, least?: number): string {
  return arg instanceof Expr ? arg.print(to, least) : to.value(arg as ParameterValue);
}

/** Arguments, with commas. @internal */
export function operands(args: readonly unknown[], to: Printer): string {
  return args.map((arg) => operand(arg, to)).join(', ');
}

/** Chains of one operator group from the left, as SQL reads them; tests don't chain. */
function infix<K extends Kind>(level: number, operator: string, left: unknown, right: unknown): Expr<K> {
  const least = level === TEST ? CONCAT : level;
  const tighter = level === TEST ? CONCAT : level + 1;
  return new Expr((to) => `${operand(left, to, least)} ${operator} ${operand(right, to, tighter)}`, level);
}

const UNITS = new Set(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second']);

function interval(amount: unknown, unit: string): Expr<'integer'> {
  const word = UNITS.has(unit) ? unit.toUpperCase() : quoteName(unit);
  return new Expr((to) => `INTERVAL (${operand(amount, to)}) ${word}`);
}

function membersOf(members: readonly unknown[] | Subquery<unknown>, to: Printer): string {
  return members instanceof Subquery ? members.print(to) : operands(members, to);
}
