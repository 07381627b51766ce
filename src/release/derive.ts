/** From noisy statistics to released values, and to what is known of the true ones. */
import type { Value } from '../ask/types.ts';
import type { Derivation, Formula, Plan, PlannedQuestion } from '../bound/plan.ts';
import { multiply, type Rational, rational, toNumber } from '../dp/rational.ts';
import { invariant } from '../errors.ts';
import { type Cells, concatCells, exactCells, type Frame } from './answer/frame.ts';
import { bounded, type Form, type Linear } from './interval/form.ts';
import { type Law, lawOf } from './interval/law.ts';
import { leastCount } from './least-count.ts';
import type { NoisyAnswer, NoisyColumn, NoisyQuestion, NoisySet } from './noisy.ts';

const INTEGER_END = 2n ** 63n;

/** The `released` leaves of a plan, by question. */
export function derive(plan: Plan, noisy: NoisyAnswer): readonly Frame[] {
  let base = 0;
  return plan.questions.map((question, index) => {
    const answered = noisy.questions[index];
    invariant(answered !== undefined, 'every question of the plan is answered');
    const frame = leafOf(question, answered, base);
    base += answered.sets.reduce((sum, set) => sum + set.groups * set.statistics.length, 0);
    return frame;
  });
}

function leafOf(question: PlannedQuestion, answered: NoisyQuestion, firstBase: number): Frame {
  const keys = question.bounded.keys.map((_, key) => exactCells(answered.sets.flatMap((set) => set.keys[key] ?? [])));
  const derived = question.derived.map((derivation) => {
    let base = firstBase;
    return concatCells(
      answered.sets.map((set, index) => {
        const column = (statistics: readonly number[]): Statistic =>
          sumOf(statistics.map((statistic) => statisticOf(question, index, set, statistic, base)));
        const cells = derivation.kind === 'by-key' ? ownCells(derivation, set, column) : cellsBy(derivation, column);
        base += set.groups * set.statistics.length;
        return { cells: workedOut(cells, set.groups), length: set.groups };
      }),
    );
  });
  return {
    columns: question.columns,
    cells: [...keys, ...derived],
    length: answered.sets.reduce((sum, set) => sum + set.groups, 0),
    noisyRows: question.selection.some((selection) => selection !== null),
  };
}

/** A noisy column with the laws of the noises in it; that of row i is base `base + i`. */
interface Statistic {
  readonly values: NoisyColumn;
  readonly noises: readonly { readonly law: Law; readonly base: number }[];
  readonly counts: boolean;
}

function statisticOf(
  question: PlannedQuestion,
  set: number,
  noisy: NoisySet,
  statistic: number,
  base: number,
): Statistic {
  const measurement = question.measurements[set]?.[statistic] ?? null;
  const values = noisy.statistics[statistic] ?? null;
  invariant(measurement !== null && values !== null, 'derived values follow from measured statistics');
  return {
    values,
    noises: [{ law: lawOf(measurement.mechanism), base: base + statistic * noisy.groups }],
    counts: question.bounded.statistics[statistic]?.kind !== 'sum',
  };
}

/** Row by row; ascending bases in, ascending bases out. */
function sumOf(statistics: readonly Statistic[]): Statistic {
  const [first, ...others] = statistics;
  invariant(first !== undefined, 'a derived value follows from at least one statistic');
  if (others.length === 0) return first;
  const columns = statistics.map(({ values }) => values);
  return {
    values: smallSums(columns) ?? bigSums(columns),
    noises: statistics.flatMap(({ noises }) => noises),
    counts: statistics.every(({ counts }) => counts),
  };
}

/** Sums in doubles; null where a partial one might not be exact. */
function smallSums(columns: readonly NoisyColumn[]): Float64Array | null {
  const most = Number.MAX_SAFE_INTEGER / columns.length;
  const sums = new Float64Array(columns[0]?.length ?? 0);
  for (const column of columns) {
    if (!(column instanceof Float64Array) || !column.every((value) => Math.abs(value) <= most)) return null;
    for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] as number) + (column[row] as number);
  }
  return sums;
}

function bigSums(columns: readonly NoisyColumn[]): bigint[] {
  const at = (column: NoisyColumn, row: number): bigint => BigInt(column[row] as number | bigint);
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    columns.reduce((sum, column) => sum + at(column, row), 0n),
  );
}

function linear({ values, noises, counts }: Statistic, row: number, coefficient: number): Linear {
  return {
    kind: 'linear',
    center: Number(values[row]) * coefficient,
    terms: noises.map(({ law, base }) => ({ base: base + row, law, coefficient })),
    nonNegative: counts && coefficient > 0,
  };
}

/** Every value worked out once. */
function workedOut(cells: Cells, length: number): Cells {
  const values = Array.from({ length }, (_, row) => cells.value(row));
  return { ...cells, value: (row) => values[row] ?? null };
}

/** The column of a list of statistics: their sums. */
type Columns = (statistics: readonly number[]) => Statistic;

function cellsBy(formula: Formula, column: Columns): Cells {
  return formula.kind === 'scaled' ? scaled(formula, column) : mean(formula, column);
}

/** Every group by the formula of its own key. */
function ownCells({ key, of }: Derivation & { kind: 'by-key' }, set: NoisySet, column: Columns): Cells {
  const own = new Map(of.map(({ value, formula }) => [value, cellsBy(formula, column)]));
  const cells = (set.keys[key] ?? []).map((value): Cells => {
    const found = own.get(value);
    invariant(found !== undefined, 'a group has one of the public values of its key');
    return found;
  });
  return {
    noisy: true,
    value: (row) => cells[row]?.value(row) ?? null,
    form: (row) => cells[row]?.form(row) ?? null,
  };
}

function scaled(derivation: Formula & { kind: 'scaled' }, column: Columns): Cells {
  const statistic = column(derivation.statistics);
  const { step } = derivation;
  const factor = toNumber(step);
  const integer = derivation.type === 'integer';
  const whole = step.numerator === 1n && step.denominator === 1n;
  const value = (row: number): Value => {
    const noisy = statistic.values[row] as number | bigint;
    if (!integer) return quotient(step.numerator, noisy, step.denominator, 1);
    // A noisy double is below 2^53, so at step 1 it fits 64 bits.
    if (typeof noisy === 'number' && whole) return BigInt(noisy);
    return integerValue(nearest(multiply(rational(BigInt(noisy)), step)));
  };
  return {
    noisy: true,
    value,
    form: (row) => linear(statistic, row, factor),
    alike: { ...linear(statistic, 0, factor), center: (row) => Number(statistic.values[row]) * factor },
  };
}

/**
 * step·(centre + S/C), clamped to the public range. Where the noisy count is below three standard deviations of its noise
 * there is no value and the interval is the clamp range (DP noise would make the ratio wild). Exact until one division.
 */
function mean(derivation: Formula & { kind: 'mean' }, column: Columns): Cells {
  const count = column(derivation.count);
  const sum = column([derivation.sum]);
  const { step, centre } = derivation;
  const least = leastCount(count.noises.map(({ law }) => law));
  const low = toNumber({ numerator: step.numerator * derivation.low, denominator: step.denominator });
  const high = toNumber({ numerator: step.numerator * derivation.high, denominator: step.denominator });
  const clamp = (value: number): number => Math.min(high, Math.max(low, value));
  const factor = toNumber(step);
  const offset = Number(centre) * factor;
  const determined = (row: number): boolean => Number(count.values[row]) >= least;
  const value = (row: number): Value => {
    if (!determined(row)) return null;
    return clamp(meanValue(sum.values[row] as number | bigint, count.values[row] as number | bigint, centre, step));
  };
  const form = (row: number): Form => {
    if (!determined(row)) return { kind: 'bounded', atoms: [], range: () => [low, high] };
    const ratio: Form = { kind: 'ratio', numerator: linear(sum, row, 1), denominator: linear(count, row, 1) };
    return bounded([ratio], ([r]) => [clamp(offset + factor * r![0]), clamp(offset + factor * r![1])]);
  };
  return { noisy: true, value, form };
}

/** The whole number nearest to a fraction, halves away from zero. */
function nearest({ numerator, denominator }: Rational): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const whole = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -whole : whole;
}

/** An integer of 64 bits; beyond, which only absurd noise reaches, NULL as for any overflow. */
function integerValue(value: bigint): bigint | null {
  return value >= -INTEGER_END && value < INTEGER_END ? value : null;
}

/** a·n/(b·m), rounded once. */
function quotient(a: bigint, n: number | bigint, b: bigint, m: number | bigint): number {
  if (typeof n === 'number' && typeof m === 'number') {
    const above = Number(a) * n;
    const below = Number(b) * m;
    if (Number.isSafeInteger(above) && Number.isSafeInteger(below)) return above === 0 ? 0 : above / below;
  }
  return toNumber(rational(a * BigInt(n), b * BigInt(m)));
}

function meanValue(sum: number | bigint, count: number | bigint, centre: bigint, step: Rational): number {
  if (typeof sum === 'number' && typeof count === 'number') {
    const total = Number(centre) * count + sum;
    if (Number.isSafeInteger(Number(centre) * count) && Number.isSafeInteger(total)) {
      return quotient(step.numerator, total, step.denominator, count);
    }
  }
  return quotient(step.numerator, centre * BigInt(count) + BigInt(sum), step.denominator, count);
}
