/** Scalar functions, by their names in SQL. */
import { type AnyExpr, type Arg, type Condition, Expr, type KindOf, operand, operands, type Whole } from './expr.ts';
import type {
  AnyValue,
  DatePart,
  DateUnit,
  Kind,
  KindOfValue,
  MomentKind,
  NumberKind,
  Peer,
  PlainKind,
  TimeUnit,
} from './kinds.ts';
import { type Printer, quoteText } from './printer.ts';

export type OfText = (text: Arg<'text'>) => Expr<'text'>;
export type OfNumber = <K extends NumberKind>(number: Expr<K, unknown>) => Expr<K>;
export type TextWithText = (text: Arg<'text'>, other: Arg<'text'>) => Condition;
export type TextWithCount = (text: Arg<'text'>, count: Whole) => Expr<'text'>;
export type Trim = (text: Arg<'text'>, characters?: Arg<'text'>) => Expr<'text'>;
export type Between = (unit: DateUnit | TimeUnit, from: Arg<MomentKind>, to: Arg<MomentKind>) => Expr<'integer'>;
export type Extreme = <K extends PlainKind>(first: Expr<K, unknown>, ...others: Arg<K>[]) => Expr<K>;

/** A constant, for places that take expressions alone. */
export function literal<const T extends AnyValue>(value: T): Expr<KindOfValue<T>, T> {
  return new Expr((to) => to.value(value));
}

export const abs: OfNumber = named('abs');
export const sign: (number: Expr<NumberKind, unknown>) => Expr<'integer'> = named('sign');
export const ceil: OfNumber = named('ceil');
export const floor: OfNumber = named('floor');
export const trunc: OfNumber = named('trunc');
/** Rounded half away from zero, to a number of decimals from −15 to 15. */
export const round: <K extends NumberKind>(number: Expr<K, unknown>, decimals?: number) => Expr<K> = named('round');
/** Square root; NULL below zero. */
export const sqrt: (number: Expr<NumberKind, unknown>) => Expr<'double'> = named('sqrt');
/** Greatest of the arguments that are not NULL. */
export const greatest: Extreme = named('greatest');
/** Least of the arguments that are not NULL. */
export const least: Extreme = named('least');

export const lower: OfText = named('lower');
export const upper: OfText = named('upper');
export const trim: Trim = named('trim');
export const ltrim: Trim = named('ltrim');
export const rtrim: Trim = named('rtrim');
export const length: (text: Arg<'text'>) => Expr<'integer'> = named('length');
/** From a position on, counted from 1. */
export const substring: (text: Arg<'text'>, from: Whole, length?: Whole) => Expr<'text'> = named('substring');
export const left: TextWithCount = named('left');
export const right: TextWithCount = named('right');
/** Texts joined, NULL read as empty. */
export const concat: (...parts: (Expr<PlainKind, unknown> | AnyValue)[]) => Expr<'text'> = named('concat');
export const replace: (text: Arg<'text'>, from: Arg<'text'>, to: Arg<'text'>) => Expr<'text'> = named('replace');
export const startsWith: TextWithText = named('starts_with');
export const endsWith: TextWithText = named('ends_with');
export const contains: TextWithText = named('contains');
/** Position of the second in the first, from 1; 0 where it is absent. */
export const strpos: (text: Arg<'text'>, part: Arg<'text'>) => Expr<'integer'> = named('strpos');

/** Number of starts of the unit crossed from the first to the second. */
export const dateDiff: Between = withPart('date_diff');
/** Complete units from the first to the second. */
export const dateSub: Between = withPart('date_sub');
export const datePart: (part: DatePart, moment: Arg<MomentKind>) => Expr<'integer'> = withPart('date_part');
/** Start of the year, quarter, month, week (Monday), day, hour, minute or second. */
export const dateTrunc: <K extends MomentKind, U extends DateUnit | TimeUnit>(
  unit: U,
  moment: Expr<K, unknown>,
) => Expr<U extends TimeUnit ? 'timestamp' : K> = withPart('date_trunc');
export const ageInYears: (birth: Arg<MomentKind>, at: Arg<MomentKind>) => Expr<'integer'> = named('age_in_years');
export const lastDay: (moment: Expr<MomentKind, unknown>) => Expr<'date'> = named('last_day');
export const makeDate: (year: Whole, month: Whole, day: Whole) => Expr<'date'> = named('make_date');

/** The first that is not NULL. */
export function coalesce<K extends Kind, V, const D extends Arg<K>>(
  first: Expr<K, V>,
  ...others: D[]
): Expr<K, V | ValuesOf<D>> {
  return new Expr((to) => `coalesce(${operands([first, ...others], to)})`);
}

/** The first, or NULL where both are equal. */
export function nullif<K extends PlainKind, V>(
  value: Expr<K, V>,
  other: NoInfer<V> | Expr<Peer<K>, unknown>,
): Expr<K, V> {
  return new Expr((to) => `nullif(${operands([value, other], to)})`);
}

const TYPES: Readonly<Record<PlainKind, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
};

/** Converted; what does not convert is NULL, and a constant that does not is refused. */
export function cast<K extends PlainKind>(value: Expr<PlainKind, unknown> | AnyValue, kind: K): Expr<K> {
  return new Expr((to) => `CAST(${operand(value, to)} AS ${TYPES[kind]})`);
}

/** Converted; what does not convert is NULL, constants too. */
export function tryCast<K extends PlainKind>(value: Expr<PlainKind, unknown> | AnyValue, kind: K): Expr<K> {
  return new Expr((to) => `TRY_CAST(${operand(value, to)} AS ${TYPES[kind]})`);
}

export type Result<K extends Kind> = Arg<K> | ([K] extends ['key'] ? never : null);
export type ValuesOf<R> = R extends Expr<Kind, infer V> ? V : R;
interface Branch {
  readonly when: Condition;
  readonly result: unknown;
}

/** CASE WHEN …, so far without ELSE: NULL where no condition is true. */
export class Case<K extends Kind, V> extends Expr<K, V> {
  readonly #branches: readonly Branch[];

  /** @internal */
  constructor(branches: readonly Branch[]) {
    super((to) => `CASE ${printBranches(branches, to)} END`);
    this.#branches = branches;
  }

  /** One more branch, asked after those before it. */
  when<const R extends Result<K>>(
    condition: Condition,
    result: R,
  ): Case<Widened<K, R>, V | Exclude<ValuesOf<R>, null>> {
    return new Case([...this.#branches, { when: condition, result }]);
  }

  /** What it is where no condition is true. */
  else<const R extends Result<K>>(result: R): Expr<Widened<K, R>, V | Exclude<ValuesOf<R>, null>> {
    return new Expr((to) => `CASE ${printBranches(this.#branches, to)} ELSE ${operand(result, to)} END`);
  }
}

function printBranches(branches: readonly Branch[], to: Printer): string {
  return branches.map(({ when, result }) => `WHEN ${when.print(to)} THEN ${operand(result, to)}`).join(' ');
}

/** A double among integers makes all of them doubles. @internal */
export type Widened<K extends Kind, R> = R extends null
  ? K
  : [K | KindOf<R>] extends [NumberKind]
    ? WidestNumber<K | KindOf<R>>
    : K;
type WidestNumber<K> = 'double' extends K ? 'double' : 'integer';

/** CASE WHEN condition THEN result … END. */
export function when<const R extends AnyExpr | AnyValue>(
  condition: Condition,
  result: R,
): Case<KindOf<R>, ValuesOf<R>> {
  return new Case([{ when: condition, result }]);
}

function named(name: string): <K extends Kind>(...args: readonly unknown[]) => Expr<K> {
  return (...args) => new Expr((to) => `${name}(${operands(args, to)})`);
}

/** Parts of dates are words of the question, not values. */
function withPart(name: string): <K extends Kind>(part: string, ...args: readonly unknown[]) => Expr<K> {
  return (part, ...args) => new Expr((to) => `${name}(${quoteText(part)}, ${operands(args, to)})`);
}
