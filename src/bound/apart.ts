/**
 * Rows that the question lists and of which no row can meet two: bands of age that do not overlap, chapters of codes, a
 * standard population by sex and age.
 */
import { compareValues, evaluate } from '../ask/evaluate.ts';
import { conjuncts } from '../ask/fold.ts';
import type { ColumnId, Expr, Relation } from '../ask/ir.ts';
import { meaningOf } from '../ask/meaning.ts';
import type { SqlType, Value } from '../ask/types.ts';
import { freeColumns, isScalar } from './make-expr.ts';

/** Longest list whose rows are compared in pairs. */
const ROWS_MAX = 1000;

/**
 * Whether at most one of the listed rows satisfies a condition together with any one row of the other side: for each pair
 * of listed rows some expression of the other side would have to lie in two ranges that do not meet.
 *
 * @param listed - the side that lists rows, lowered
 * @param counts - which expressions of the other side are looked at
 */
export function areApart(condition: Expr | null, listed: Relation, counts: (expr: Expr) => boolean): boolean {
  const rows = rowsOf(listed);
  if (rows === null || condition === null || rows.length > ROWS_MAX) return false;
  const own = new Set(listed.columns.map(({ id }) => id));
  const limits = conjuncts(condition).flatMap((one) => limitsIn(one, own).filter(({ of }) => counts(of)));
  const names = limits.map(({ of }) => meaningOf(of));
  const ranges = rows.map((row) => {
    const found = new Map<string, ValueRange>();
    limits.forEach((limit, index) => {
      const name = names[index] as string;
      found.set(
        name,
        narrowed(found.get(name) ?? { type: limit.of.type, low: null, high: null, never: false }, limit, row),
      );
    });
    return found;
  });
  return ranges.every((a, index) =>
    ranges.slice(index + 1).every((b) => [...a].some(([name, range]) => disjoint(range, b.get(name) as ValueRange))),
  );
}

type Row = ReadonlyMap<ColumnId, Value>;

/** Values of listed rows, or of more rows than there are; null where the question does not list them. */
function rowsOf(relation: Relation): readonly Row[] | null {
  switch (relation.kind) {
    case 'values':
      return relation.rows.map((row) => new Map(relation.columns.map(({ id }, at) => [id, row[at] ?? null])));
    case 'filter':
    case 'sort':
    case 'limit':
      return rowsOf(relation.input);
    case 'project':
      return (
        rowsOf(relation.input)?.map((row) => {
          const passed = relation.items.flatMap(({ column, expr }): [ColumnId, Value][] => {
            const value = expr.kind === 'column' ? row.get(expr.id) : undefined;
            return value === undefined ? [] : [[column.id, value]];
          });
          return new Map(passed);
        }) ?? null
      );
    default:
      return null;
  }
}

type Comparison = 'lt' | 'le' | 'gt' | 'ge' | 'eq';

/** `of <by> bound`: an expression of the other side, compared with one of the listed row. */
interface Limit {
  readonly of: Expr;
  readonly by: Comparison;
  readonly bound: Expr;
}

const MIRRORED: Readonly<Record<Comparison, Comparison>> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le', eq: 'eq' };

function limitsIn(condition: Expr, own: ReadonlySet<ColumnId>): readonly Limit[] {
  if (condition.kind !== 'call' || !Object.hasOwn(MIRRORED, condition.fn)) return [];
  const by = condition.fn as Comparison;
  const [left, right] = condition.args as [Expr, Expr];
  return [
    { of: left, by, bound: right },
    { of: right, by: MIRRORED[by], bound: left },
  ].filter(({ of, bound }) => {
    const outside = [...freeColumns(of)].every((id) => !own.has(id));
    return outside && isScalar(of) && isPlain(bound) && [...freeColumns(bound)].every((id) => own.has(id));
  });
}

/** Arithmetic that has the same bits everywhere: what an engine compares with is what is worked out here. */
function isPlain(expr: Expr): boolean {
  switch (expr.kind) {
    case 'column':
    case 'literal':
      return true;
    case 'cast':
      return expr.type === 'double' && expr.arg.type === 'integer' && isPlain(expr.arg);
    case 'call':
      return PLAIN.has(expr.fn) && expr.args.every(isPlain);
    default:
      return false;
  }
}

const PLAIN: ReadonlySet<string> = new Set(['add', 'subtract', 'multiply', 'negate', 'add-days']);

interface End {
  readonly value: Value;
  readonly open: boolean;
}

/** What an expression lies in where a listed row is met; an end that is null is none. */
interface ValueRange {
  readonly type: SqlType;
  readonly low: End | null;
  readonly high: End | null;
  readonly never: boolean;
}

function narrowed(range: ValueRange, { by, bound }: Limit, row: Row): ValueRange {
  if ([...freeColumns(bound)].some((id) => !row.has(id))) return range;
  const value = evaluate(bound, (id) => row.get(id) ?? null);
  // A comparison with NULL is never true.
  if (value === null) return { ...range, never: true };
  const end = { value, open: by === 'lt' || by === 'gt' };
  const low = by === 'lt' || by === 'le' ? range.low : tighter(range.low, end, range.type, 1);
  const high = by === 'gt' || by === 'ge' ? range.high : tighter(range.high, end, range.type, -1);
  return { ...range, low, high };
}

/** The greater of two lower ends (sign 1), the less of two higher ones (−1). */
function tighter(known: End | null, end: End, type: SqlType, sign: 1 | -1): End {
  if (known === null) return end;
  const order = compareValues(type, end.value, known.value) * sign;
  return order > 0 || (order === 0 && end.open) ? end : known;
}

function disjoint(a: ValueRange, b: ValueRange): boolean {
  return a.never || b.never || before(a, b) || before(b, a);
}

function before(a: ValueRange, b: ValueRange): boolean {
  if (a.high === null || b.low === null) return false;
  const order = compareValues(a.type, a.high.value, b.low.value);
  return order < 0 || (order === 0 && (a.high.open || b.low.open));
}
