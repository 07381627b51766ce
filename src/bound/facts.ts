/** What a condition teaches about columns. */
import { evaluate } from '../ask/evaluate.ts';
import { operandsOf } from '../ask/fold.ts';
import type { Call, ColumnId, Expr, InList, ScalarName } from '../ask/ir.ts';
import { SCALARS } from '../ask/scalar.ts';
import type { TypedValue, Value } from '../ask/types.ts';
import { eitherExpressions } from './expression-facts.ts';
import { columnExtent, type Extent, hull, intersect, pointOf } from './interval.ts';
import { freeColumns, isScalar } from './make-expr.ts';
import { boundOf, constantOf, isSafeCast, type Relationship, regionOf, restrict, withColumn } from './restrict.ts';
import type { Assumption, ColumnFacts, Facts } from './tracked.ts';

/** What is known of a condition's value. `not-true` is false or NULL. */
type Truth = 'true' | 'false' | 'not-true' | 'not-false';

const OPPOSITE: Readonly<Record<Truth, Truth>> = {
  true: 'false',
  false: 'true',
  'not-true': 'not-false',
  'not-false': 'not-true',
};

const NEGATED: Readonly<Partial<Record<ScalarName, Relationship>>> = {
  eq: 'ne',
  ne: 'eq',
  lt: 'ge',
  ge: 'lt',
  le: 'gt',
  gt: 'le',
};

const MIRRORED: Readonly<Record<Relationship, Relationship>> = {
  eq: 'eq',
  ne: 'ne',
  lt: 'gt',
  gt: 'lt',
  le: 'ge',
  ge: 'le',
};

/** Lists up to this length are tried value by value. */
const TRIED_MAX = 1000;

/**
 * Facts of the rows for which a condition is true (or is not): narrower ranges, fewer values, no NULL. Facts speak of
 * values that are not NULL, so they stay true in rows where the column is NULL.
 */
export function assume(facts: Facts, { condition, holds: isTrue }: Assumption): Facts {
  const truth: Truth = isTrue ? 'true' : 'not-true';
  const once = learn(facts, condition, truth);
  // A second pass lets a later condition narrow what an earlier one compared with.
  return condition.kind === 'call' && condition.args.length > 1 ? learn(once, condition, truth) : once;
}

function learn(facts: Facts, condition: Expr, truth: Truth): Facts {
  if (condition.kind === 'call') {
    switch (condition.fn) {
      case 'not':
        return learn(facts, condition.args[0] as Expr, OPPOSITE[truth]);
      case 'and':
        return truth === 'true' || truth === 'not-false'
          ? learnAll(facts, condition.args, truth)
          : learnEither(facts, condition.args, truth);
      case 'or':
        return truth === 'true' || truth === 'not-false'
          ? learnEither(facts, condition.args, truth)
          : learnAll(facts, condition.args, truth);
    }
  }
  const tried = tryValues(facts, condition, truth);
  return learnSimple(tried, condition, truth);
}

function learnAll(facts: Facts, conditions: readonly Expr[], truth: Truth): Facts {
  return conditions.reduce((known, condition) => learn(known, condition, truth), facts);
}

function learnEither(facts: Facts, conditions: readonly Expr[], truth: Truth): Facts {
  return conditions.map((condition) => learn(facts, condition, truth)).reduce((a, b) => eitherOf(facts, a, b));
}

/** What holds in both cases. */
function eitherOf(before: Facts, a: Facts, b: Facts): Facts {
  const columns = new Map(before.columns);
  for (const [id, was] of before.columns) {
    const [x, y] = [a.columns.get(id) ?? was, b.columns.get(id) ?? was];
    if (x === was || y === was) continue;
    columns.set(id, { ...was, ...common(x, y), nullable: x.nullable || y.nullable });
  }
  return { columns, expressions: eitherExpressions(a, b) };
}

function common(x: ColumnFacts, y: ColumnFacts): Pick<ColumnFacts, 'range' | 'values'> {
  const range = x.range === null || y.range === null ? null : hull(x.range, y.range);
  return { range: range === 'never' ? null : range, values: unionOf(x.values, y.values) };
}

function unionOf(a: ColumnFacts['values'], b: ColumnFacts['values']): ColumnFacts['values'] {
  if (a === null || b === null) return null;
  return [...a, ...b.filter((one) => !a.some((other) => other.value === one.value))];
}

/** A condition on one column decides, value by value, which of its listed values and whether NULL can remain. */
function tryValues(facts: Facts, condition: Expr, truth: Truth): Facts {
  if (!isScalar(condition)) return facts;
  const [id, ...others] = freeColumns(condition);
  const known = id === undefined ? undefined : facts.columns.get(id);
  if (id === undefined || others.length > 0 || known === undefined) return facts;
  const remains = (value: Value): boolean =>
    agrees(
      evaluate(condition, () => value),
      truth,
    );
  const nullable = known.nullable && remains(null);
  const type = columnType(condition, id);
  const listed = known.values ?? (type === 'boolean' ? BOOLEANS : null);
  const values =
    listed === null || listed.length > TRIED_MAX
      ? known.values
      : listed.filter((one) => (one.value === null ? nullable : remains(one.value)));
  if (nullable === known.nullable && values?.length === known.values?.length) return facts;
  return withColumn(facts, id, { ...known, nullable, values });
}

const BOOLEANS: readonly TypedValue[] = [
  { type: 'boolean', value: false },
  { type: 'boolean', value: true },
];

function columnType(expr: Expr, id: ColumnId): Expr['type'] | null {
  if (expr.kind === 'column') return expr.id === id ? expr.type : null;
  for (const operand of operandsOf(expr)) {
    const type = columnType(operand, id);
    if (type !== null) return type;
  }
  return null;
}

function agrees(value: Value, truth: Truth): boolean {
  switch (truth) {
    case 'true':
      return value === true;
    case 'false':
      return value === false;
    case 'not-true':
      return value !== true;
    case 'not-false':
      return value !== false;
  }
}

function learnSimple(facts: Facts, condition: Expr, truth: Truth): Facts {
  const decided = truth === 'true' || truth === 'false';
  const known = decided ? withoutNulls(facts, condition) : facts;
  if (condition.kind === 'in-list') return learnMember(known, condition, truth);
  if (condition.kind !== 'call') return known;
  const { fn, args } = condition;
  if (
    fn === 'is-not-distinct' &&
    truth === 'true' &&
    args.some((arg) => arg.kind === 'literal' && arg.value !== null)
  ) {
    return compare(args.reduce(withoutNulls, facts), 'eq', condition, true);
  }
  if ((fn === 'is-not-null' && truth === 'true') || (fn === 'is-null' && truth === 'false')) {
    return withoutNulls(facts, args[0] as Expr);
  }
  if (!(fn in NEGATED)) return known;
  const positive = truth === 'true' || truth === 'not-false';
  const relationship = positive ? (fn as Relationship) : NEGATED[fn];
  return relationship === undefined ? known : compare(known, relationship, condition, decided);
}

/** Narrows both sides of a comparison. Undecided ones say nothing where the other side may be NULL. */
function compare(facts: Facts, relationship: Relationship, condition: Call, decided: boolean): Facts {
  const [left, right] = condition.args as [Expr, Expr];
  const sides = [
    [left, relationship, right],
    [right, MIRRORED[relationship], left],
  ] as const;
  return sides.reduce((known, [target, relation, other]) => {
    if (!decided && canBeNull(other, known)) return known;
    return restrict(known, target, regionOf(relation, boundOf(other, known), other, known), decided);
  }, facts);
}

/** Whether conditions have left some column no value. */
export function isExhausted({ columns }: Facts): boolean {
  return [...columns.values()].some(({ values, nullable }) => values?.length === 0 && !nullable);
}

/** Whether the facts leave no value with which a comparison to a constant would hold; or would not, where `holds` is false. */
export function isExcluded(facts: Facts, { condition, holds }: Assumption): boolean {
  if (condition.kind !== 'call') return false;
  if (condition.fn === 'and' && holds)
    return condition.args.some((arg) => isExcluded(facts, { condition: arg, holds }));
  if (!(condition.fn in NEGATED)) return false;
  const relationship = holds ? (condition.fn as Relationship) : NEGATED[condition.fn];
  const [left, right] = condition.args as [Expr, Expr];
  if (relationship === undefined) return false;
  const sides = [
    [left, relationship, right],
    [right, MIRRORED[relationship], left],
  ] as const;
  return sides.some(([target, relation, other]) => {
    if (target.kind !== 'column' || constantOf(other) === null || (!holds && canBeNull(target, facts))) return false;
    const { extent } = regionOf(relation, boundOf(other, facts), other, facts);
    return intersect(columnExtent(target, facts), extent) === 'never';
  });
}

function learnMember(facts: Facts, condition: InList, truth: Truth): Facts {
  const isMember = (truth === 'true' && !condition.negated) || (truth === 'false' && condition.negated);
  if (!isMember || !condition.list.every((one) => one.kind === 'literal')) return facts;
  const { type } = condition.arg;
  const values = condition.list.flatMap((one) =>
    one.kind === 'literal' && one.value !== null ? [{ type, value: one.value }] : [],
  );
  const extent = values.reduce<Extent>((all, one) => hull(all, pointOf(one.type, one.value)), 'never');
  return restrict(facts, condition.arg, { extent, values }, true);
}

/** Columns that cannot be NULL where a strict expression is not. */
function withoutNulls(facts: Facts, expr: Expr): Facts {
  if (expr.kind === 'column') {
    const known = facts.columns.get(expr.id);
    if (known === undefined) return facts;
    const values = known.values?.filter((one) => one.value !== null) ?? null;
    return known.nullable || values?.length !== known.values?.length
      ? withColumn(facts, expr.id, { ...known, nullable: false, values })
      : facts;
  }
  if (expr.kind === 'cast') return withoutNulls(facts, expr.arg);
  if (expr.kind === 'in-list') return withoutNulls(facts, expr.arg);
  if (expr.kind !== 'call' || expr.fn === 'nullif') return facts;
  const { nulls } = SCALARS[expr.fn];
  return nulls === 'strict' || nulls === 'partial' ? expr.args.reduce(withoutNulls, facts) : facts;
}

/** Whether an expression can be NULL, given what is known of its columns. */
export function canBeNull(expr: Expr, facts: Facts): boolean {
  if (!expr.nullable) return false;
  switch (expr.kind) {
    case 'column':
      return facts.columns.get(expr.id)?.nullable ?? true;
    case 'case':
      return (
        expr.otherwise === null ||
        [...expr.branches.map((branch) => branch.result), expr.otherwise].some((one) => canBeNull(one, facts))
      );
    case 'in-list':
      return [expr.arg, ...expr.list].some((one) => canBeNull(one, facts));
    case 'cast':
      return !isSafeCast(expr.arg.type, expr.type) || canBeNull(expr.arg, facts);
    case 'call':
      return callCanBeNull(expr, facts);
    default:
      return true;
  }
}

function callCanBeNull(call: Call, facts: Facts): boolean {
  switch (SCALARS[call.fn].nulls) {
    case 'never':
      return false;
    case 'strict':
    case 'own':
      return call.args.some((arg) => canBeNull(arg, facts));
    case 'all':
      return call.args.every((arg) => canBeNull(arg, facts));
    case 'partial':
      return true;
  }
}
