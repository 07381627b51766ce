/** Random expressions of every scalar, typed as the resolver types them. */
import fc from 'fast-check';
import type { Column, Expr, ScalarName } from '../../src/ask/ir.ts';
import { DATE_PARTS, DATE_UNITS, TIME_UNITS } from '../../src/ask/scalar.ts';
import type { SqlType, Value } from '../../src/ask/types.ts';
import { HOSTILE } from './hostile.ts';
import { call, caseWhen, cast, inList, literal, ref } from './tree.ts';

type Plain = keyof typeof HOSTILE;
const PLAIN: readonly Plain[] = ['integer', 'double', 'text', 'boolean', 'date', 'timestamp'];
type Make = (type: Plain) => fc.Arbitrary<Expr>;

/** Conversions the resolver admits, by target. */
const CASTS: Readonly<Record<Plain, readonly Plain[]>> = {
  integer: ['text', 'double', 'boolean'],
  double: ['text', 'integer', 'boolean'],
  text: ['integer', 'double', 'boolean', 'date', 'timestamp'],
  boolean: ['text', 'integer', 'double'],
  date: ['text', 'timestamp'],
  timestamp: ['text', 'date'],
};

const made = new WeakMap<readonly Column[], Map<string, fc.Arbitrary<Expr>>>();

/** Expressions of a type, nested up to `depth`, over the columns. Each is made once: their number grows fast with depth. */
export function expressions(type: Plain, depth: number, columns: readonly Column[]): fc.Arbitrary<Expr> {
  const known = made.get(columns) ?? new Map<string, fc.Arbitrary<Expr>>();
  made.set(columns, known);
  const name = `${type} ${depth}`;
  const arbitrary = known.get(name) ?? make(type, depth, columns);
  known.set(name, arbitrary);
  return arbitrary;
}

function make(type: Plain, depth: number, columns: readonly Column[]): fc.Arbitrary<Expr> {
  const leaf = leaves(type, columns);
  if (depth === 0) return leaf;
  const inner: Make = (of) => expressions(of, depth - 1, columns);
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 5, arbitrary: fc.oneof(...forms(type, inner)) });
}

function leaves(type: Plain, columns: readonly Column[]): fc.Arbitrary<Expr> {
  const own = columns.filter((column) => column.type === type);
  const constants = HOSTILE[type].filter(
    (value) =>
      !Number.isNaN(value as number) && !((type === 'date' || type === 'timestamp') && typeof value === 'string'),
  ) as Value[];
  const constant = fc.constantFrom(...constants).map((value) => literal(inCalendar(value, type), type));
  if (own.length === 0) return constant;
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...own).map(ref) }, { weight: 1, arbitrary: constant });
}

/** Constants of dates lie in the calendar. */
function inCalendar(value: Value, type: Plain): Value {
  if (type === 'date' && typeof value === 'number') return Math.min(2_932_896, Math.max(-719_162, value));
  if (type === 'timestamp' && typeof value === 'bigint') {
    const [low, high] = [-719_162n * 86_400_000_000n, 2_932_897n * 86_400_000_000n - 1n];
    return value < low ? low : value > high ? high : value;
  }
  return value;
}

function forms(type: Plain, make: Make): fc.Arbitrary<Expr>[] {
  const shared = [
    fc.tuple(make('boolean'), make(type), make(type)).map(([when, a, b]) => caseWhen([[when, a]], b)),
    fc.tuple(make('boolean'), make(type)).map(([when, a]) => caseWhen([[when, a]], null)),
    fc.array(make(type), { minLength: 1, maxLength: 3 }).map((args) => call('coalesce', args, type)),
    fc.array(make(type), { minLength: 1, maxLength: 3 }).map((args) => call('least', args, type)),
    fc.array(make(type), { minLength: 1, maxLength: 3 }).map((args) => call('greatest', args, type)),
    fc.tuple(make(type), make(type)).map((args) => call('nullif', args, type)),
    ...CASTS[type].map((from) => make(from).map((arg) => cast(arg, type))),
  ];
  return [...shared, ...OWN[type](make)];
}

function apply(fn: ScalarName, args: readonly fc.Arbitrary<Expr>[], type: SqlType): fc.Arbitrary<Expr> {
  return fc.tuple(...args).map((made) => call(fn, made, type));
}

function part(parts: Iterable<string>): fc.Arbitrary<Expr> {
  return fc.constantFrom(...parts).map((name) => literal(name));
}

const decimals = fc.integer({ min: -15, max: 15 }).map((n) => literal(BigInt(n)));

const OWN: Readonly<Record<Plain, (make: Make) => fc.Arbitrary<Expr>[]>> = {
  integer: (make) => [
    ...(['add', 'subtract', 'multiply', 'int-divide', 'modulo'] as const).map((fn) =>
      apply(fn, [make('integer'), make('integer')], 'integer'),
    ),
    ...(['negate', 'abs', 'sign', 'round'] as const).map((fn) => apply(fn, [make('integer')], 'integer')),
    apply('round', [make('integer'), decimals], 'integer'),
    apply('sign', [make('double')], 'integer'),
    apply('length', [make('text')], 'integer'),
    apply('strpos', [make('text'), make('text')], 'integer'),
    ...(['date', 'timestamp'] as const).flatMap((moment) => [
      apply('date-part', [part(DATE_PARTS), make(moment)], 'integer'),
      apply('date-diff', [part(DATE_UNITS), make(moment), make(moment)], 'integer'),
      apply('date-sub', [part(DATE_UNITS), make(moment), make(moment)], 'integer'),
    ]),
  ],
  double: (make) => [
    ...(['add', 'subtract', 'multiply', 'divide', 'modulo'] as const).map((fn) =>
      apply(fn, [make('double'), make('double')], 'double'),
    ),
    apply('divide', [make('integer'), make('integer')], 'double'),
    ...(['negate', 'abs', 'ceil', 'floor', 'trunc', 'round', 'sqrt'] as const).map((fn) =>
      apply(fn, [make('double')], 'double'),
    ),
    apply('round', [make('double'), decimals], 'double'),
  ],
  text: (make) => [
    ...(['lower', 'upper', 'trim', 'ltrim', 'rtrim'] as const).map((fn) => apply(fn, [make('text')], 'text')),
    ...(['trim', 'ltrim', 'rtrim'] as const).map((fn) => apply(fn, [make('text'), make('text')], 'text')),
    apply('substring', [make('text'), make('integer')], 'text'),
    apply('substring', [make('text'), make('integer'), make('integer')], 'text'),
    apply('left', [make('text'), make('integer')], 'text'),
    apply('right', [make('text'), make('integer')], 'text'),
    apply('replace', [make('text'), make('text'), make('text')], 'text'),
    apply('concat-operator', [make('text'), make('text')], 'text'),
    fc.constantFrom(...PLAIN).chain((type) => apply('concat', [make('text'), make(type)], 'text')),
  ],
  boolean: (make) => [
    ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'is-distinct', 'is-not-distinct'] as const).map((fn) =>
      fc.constantFrom(...PLAIN).chain((type) => apply(fn, [make(type), make(type)], 'boolean')),
    ),
    ...(['is-null', 'is-not-null'] as const).map((fn) =>
      fc.constantFrom(...PLAIN).chain((type) => apply(fn, [make(type)], 'boolean')),
    ),
    apply('and', [make('boolean'), make('boolean')], 'boolean'),
    apply('or', [make('boolean'), make('boolean'), make('boolean')], 'boolean'),
    apply('not', [make('boolean')], 'boolean'),
    ...(['like', 'ilike', 'starts-with', 'ends-with', 'contains'] as const).map((fn) =>
      apply(fn, [make('text'), make('text')], 'boolean'),
    ),
    fc
      .constantFrom(...PLAIN)
      .chain((type) =>
        fc
          .tuple(make(type), fc.array(make(type), { minLength: 1, maxLength: 3 }), fc.boolean())
          .map(([arg, list, negated]) => inList(arg, list, negated)),
      ),
  ],
  date: (make) => [
    apply('date-trunc', [part([...DATE_UNITS].filter((unit) => !TIME_UNITS.has(unit))), make('date')], 'date'),
    apply('add-days', [make('date'), make('integer')], 'date'),
    apply('add-months', [make('date'), make('integer')], 'date'),
    apply('make-date', [make('integer'), make('integer'), make('integer')], 'date'),
  ],
  timestamp: (make) => [
    apply('date-trunc', [part(DATE_UNITS), make('timestamp')], 'timestamp'),
    apply('date-trunc', [part(TIME_UNITS), make('date')], 'timestamp'),
    apply('add-days', [make('timestamp'), make('integer')], 'timestamp'),
    apply('add-months', [make('timestamp'), make('integer')], 'timestamp'),
    apply('add-seconds', [make('timestamp'), make('integer')], 'timestamp'),
    apply('add-seconds', [make('date'), make('integer')], 'timestamp'),
  ],
};

/** Expressions of any type. */
export function anyExpression(depth: number, columns: readonly Column[]): fc.Arbitrary<Expr> {
  return fc.constantFrom(...PLAIN).chain((type) => expressions(type, depth, columns));
}
