/** How wide the intervals of a plan will be, from the plan alone. */
import { columnsRead } from '../ask/fold.ts';
import type { ColumnId, Expr, Relation } from '../ask/ir.ts';
import { coarsest } from '../bound/own-range.ts';
import type { Plan, PlannedQuestion } from '../bound/plan.ts';
import { decimalOf, rational, subtract, toNumber } from '../dp/rational.ts';
import { uniqueNames } from './answer.ts';
import { combine, constant, type Linear, scale } from './interval/form.ts';
import { type HalfWidths, makeHalfWidths } from './interval/half-width.ts';
import { lawOf } from './interval/law.ts';

/** Half-width of one noisy output, named as in the answer, in its own units; null where it depends on what is released. */
export interface ExpectedError {
  readonly name: string;
  readonly halfWidth: number | null;
}

/** Noise of a column: linear in base noises, or null where it depends on counts. Columns without noise are absent. */
type Noises = Map<ColumnId, Linear | null>;

/**
 * Half-width of the interval at `level` for every noisy output column that is linear in noisy statistics; of several
 * grouping sets, and of groups with ranges of their own, the widest.
 */
export function preview(plan: Plan, level: number): readonly ExpectedError[] {
  const alpha = toNumber(subtract(rational(1n), decimalOf(level)));
  const widths = makeHalfWidths();
  const sets = Math.max(1, ...plan.questions.map((question) => question.bounded.sets.length));
  const bySet = Array.from({ length: sets }, (_, set) => noisesOf(plan.answer, plan, set));
  const names = uniqueNames(plan.answer.columns);
  return plan.answer.columns.flatMap(({ id }, index): ExpectedError[] => {
    const name = names[index] as string;
    const noises = bySet.flatMap((one) => (one.has(id) ? [one.get(id) ?? null] : []));
    return noises.length === 0 ? [] : [{ name, halfWidth: widest(noises, alpha, widths) }];
  });
}

function widest(noises: readonly (Linear | null)[], alpha: number, widths: HalfWidths): number | null {
  let most = 0;
  for (const noise of noises) {
    if (noise === null) return null;
    most = Math.max(most, widths.of(noise.terms, alpha));
  }
  // Widths of many terms are sums of doubles; digits beyond twelve say nothing.
  return Number(most.toPrecision(12));
}

function noisesOf(relation: Relation, plan: Plan, set: number): Noises {
  switch (relation.kind) {
    case 'table':
    case 'one-row':
    case 'values':
      return new Map();
    case 'released':
      return leafNoises(relation.columns, plan.questions[relation.question] as PlannedQuestion, relation.question, set);
    case 'filter':
    case 'distinct':
    case 'sort':
    case 'limit':
      return noisesOf(relation.input, plan, set);
    case 'join':
      return new Map([...noisesOf(relation.left, plan, set), ...noisesOf(relation.right, plan, set)]);
    case 'project': {
      const input = noisesOf(relation.input, plan, set);
      return noisyItems(relation.items.map((item) => [item.column.id, noiseOf(item.expr, input)]));
    }
    case 'aggregate': {
      const input = noisesOf(relation.input, plan, set);
      const reads = (exprs: readonly Expr[]): boolean =>
        exprs.some((expr) => [...columnsRead(expr)].some((id) => input.has(id)));
      return new Map(
        relation.aggregates
          .filter(({ call }) => reads([...call.args, ...call.order.map((key) => key.expr)]))
          .map((item) => [item.column.id, null] as const),
      );
    }
    case 'set': {
      const left = noisesOf(relation.left, plan, set);
      const right = noisesOf(relation.right, plan, set);
      return noisyItems(
        relation.columns.map((column, index) => {
          const sides = [left, right].map((side, at) => {
            const inner = (at === 0 ? relation.left : relation.right).columns[index]?.id ?? -1;
            return side.has(inner) ? (side.get(inner) ?? null) : constant(0);
          });
          const noisy = sides.find((side) => side === null || side.terms.length > 0);
          return [column.id, sides.includes(null) ? null : (noisy ?? constant(0))];
        }),
      );
    }
  }
}

function leafNoises(columns: Relation['columns'], question: PlannedQuestion, index: number, set: number): Noises {
  const measurements = question.measurements[Math.min(set, question.measurements.length - 1)] ?? [];
  const keys = question.bounded.keys.length;
  return new Map(
    question.derived.map((derivation, at) => {
      const id = columns[keys + at]?.id ?? -1;
      const formula = coarsest(derivation);
      if (formula === null) return [id, null];
      const coefficient = toNumber(formula.step);
      const terms = formula.statistics.flatMap((statistic) => {
        const measurement = measurements[statistic] ?? null;
        // One base per statistic: the same statistic shown twice is the same noise.
        const base = index * 1000 + statistic;
        return measurement === null ? [] : [{ base, law: lawOf(measurement.mechanism), coefficient }];
      });
      if (terms.length < formula.statistics.length) return [id, null];
      return [id, { kind: 'linear', center: 0, terms, nonNegative: false }];
    }),
  );
}

function noisyItems(items: readonly (readonly [ColumnId, Linear | null])[]): Noises {
  return new Map(items.filter(([, noise]) => noise === null || noise.terms.length > 0));
}

/** Noise of an expression that is linear in noisy columns with literal coefficients; null otherwise. */
function noiseOf(expr: Expr, input: Noises): Linear | null {
  if (![...columnsRead(expr)].some((id) => input.has(id))) return constant(literalOf(expr) ?? Number.NaN);
  if (expr.kind === 'column') return input.get(expr.id) ?? null;
  if (expr.kind === 'cast') return expr.type === 'double' || expr.type === 'integer' ? noiseOf(expr.arg, input) : null;
  if (expr.kind !== 'call') return null;
  const [a, b] = expr.args.map((arg) => noiseOf(arg, input));
  if (a === undefined || a === null) return null;
  if (expr.fn === 'negate') return scale(a, -1);
  if (b === undefined || b === null) return null;
  switch (expr.fn) {
    case 'add':
      return combine(a, b, 1);
    case 'subtract':
      return combine(a, b, -1);
    case 'multiply':
      if (a.terms.length > 0 && b.terms.length > 0) return null;
      return scaledBy(a.terms.length > 0 ? a : b, a.terms.length > 0 ? b.center : a.center);
    case 'divide':
      return b.terms.length > 0 ? null : scaledBy(a, 1 / b.center);
    default:
      return null;
  }
}

/** NaN stands for a known factor whose value is not in the plan: a column of a public table. */
function scaledBy(form: Linear, factor: number): Linear | null {
  return Number.isFinite(factor) ? scale(form, factor) : null;
}

function literalOf(expr: Expr): number | null {
  if (expr.kind === 'cast') return literalOf(expr.arg);
  if (expr.kind !== 'literal') return null;
  return typeof expr.value === 'number' || typeof expr.value === 'bigint' ? Number(expr.value) : null;
}
