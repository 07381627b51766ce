/** Bounds and steps: are they there, and does the noise they call for leave anything of an answer. */
import { compare, divide, type Rational, rational, subtract, toNumber } from '../../dp/rational.ts';
import { isKeyOrCode } from '../identifier.ts';
import type { Bounds, BudgetLimit, Dataset, Policy, PolicyColumn } from '../policy.ts';
import { rationalOf } from '../value.ts';
import { type LintFinding, usableColumns } from './finding.ts';

/** A clinical measurement does not resolve one part in 10⁹; bounds that wide are a type's limits or a placeholder. */
const STEPS_MAX = rational(10n ** 9n);
/** Without a step the width itself is judged. */
const WIDTH_MAX = rational(10n ** 9n);
const YEARS_MAX = 200;
const DAYS_PER_YEAR = 365.25;
const MICROSECONDS_PER_DAY = 86_400_000_000;

/** Sums must stay below 2⁵² lattice units for one row, or no question can add the column up. */
const LATTICE_MAX = rational(2n ** 52n);

/** An average over this many rows is taken as a modest group. */
const GROUP_ROWS = 1000;
/** A question is taken to spend this share of the largest budget. */
const QUESTIONS = 10;

/** Columns that cannot be added up or averaged, for want of bounds. */
export function* boundsMissing(policy: Policy): Generator<LintFinding> {
  for (const { column, where } of usableColumns(policy)) {
    if (column.bounds !== null || column.boundsBy !== null || column.values !== null) continue;
    if (isKeyOrCode(column.name)) continue;
    const number = column.type === 'integer' || column.type === 'double';
    if (!number && column.type !== 'date' && column.type !== 'timestamp') continue;
    yield {
      code: 'BOUNDS_MISSING',
      severity: number ? 'warning' : 'note',
      where,
      message: number
        ? 'Without bounds the column cannot be added up or averaged.'
        : 'Without bounds, months and years of this column are no public keys, and spans of time cannot be averaged.',
      next: 'Write bounds: [low, high], from public knowledge (a scale, a law, a study period), never by looking at the data.',
    };
  }
}

/** Bounds and steps that cannot be meant. */
export function* boundsOdd(policy: Policy): Generator<LintFinding> {
  for (const { column, dataset, where } of usableColumns(policy)) {
    for (const { bounds, place } of allBounds(column)) {
      yield* judge(column, bounds, dataset, `${where}.${place}`);
    }
  }
}

/** Bounds for codes that the deciding column does not list among its public values. */
export function* boundsUnreachable(policy: Policy): Generator<LintFinding> {
  for (const { column, table, where } of usableColumns(policy)) {
    const values = column.boundsBy === null ? null : (table.columns.get(column.boundsBy.column)?.values ?? null);
    if (column.boundsBy === null || values === null) continue;
    for (const { key } of column.boundsBy.of) {
      if (values.includes(key.value)) continue;
      yield {
        code: 'BOUNDS_UNREACHABLE',
        severity: 'warning',
        where: `${where}.bounds.of.${key.value}`,
        message: `${column.boundsBy.column} does not list ${key.value} among its values, so these bounds serve no group.`,
        next: 'Add it to the values, or mend the spelling.',
      };
    }
  }
}

function allBounds(column: PolicyColumn): readonly { readonly bounds: Bounds; readonly place: string }[] {
  const plain = column.bounds === null ? [] : [{ bounds: column.bounds, place: 'bounds' }];
  const by = column.boundsBy?.of.map(({ key, bounds }) => ({ bounds, place: `bounds.of.${key.value}` })) ?? [];
  return [...plain, ...by];
}

function* judge(column: PolicyColumn, bounds: Bounds, dataset: Dataset, where: string): Generator<LintFinding> {
  const [low, high] = [rationalOf(bounds.low), rationalOf(bounds.high)];
  const width = subtract(high, low);
  if (width.numerator === 0n) {
    yield {
      code: 'BOUNDS_POINT',
      severity: 'warning',
      where,
      message: 'Both ends are equal: every value counts as this one.',
      next: 'Widen the bounds.',
    };
    return;
  }
  if (isWide(column, width)) yield wide(column, dataset, maximum(low, high), where);
  if (column.step === null) return;
  if (compare(divide(width, column.step), rational(2n)) < 0) {
    yield {
      code: 'STEP_COARSE',
      severity: 'warning',
      where,
      message: 'The step is more than half as wide as the bounds: values are rounded to two points or fewer.',
      next: 'Write a finer step, such as a hundredth of the width.',
    };
  }
  if (compare(divide(maximum(low, high), column.step), LATTICE_MAX) >= 0) {
    yield {
      code: 'STEP_FINE',
      severity: 'warning',
      where,
      message: 'The bounds hold more than 2^52 steps, so the column cannot be added up exactly.',
      next: 'Write a coarser step, or narrower bounds.',
    };
  }
}

function isWide(column: PolicyColumn, width: Rational): boolean {
  if (column.type === 'date') return toNumber(width) > YEARS_MAX * DAYS_PER_YEAR;
  if (column.type === 'timestamp') return toNumber(width) > YEARS_MAX * DAYS_PER_YEAR * MICROSECONDS_PER_DAY;
  return column.step === null ? compare(width, WIDTH_MAX) >= 0 : compare(divide(width, column.step), STEPS_MAX) >= 0;
}

/**
 * The noise of a sum at ε = 1: one unit moves it by groups · rows · max|bound|, and Laplace noise of that scale has √2
 * times that standard deviation ([DR14, Def. 3.3]).
 */
function wide(column: PolicyColumn, { contribution }: Dataset, magnitude: Rational, where: string): LintFinding {
  if (column.type === 'date' || column.type === 'timestamp') {
    return {
      code: 'BOUNDS_WIDE',
      severity: 'warning',
      where,
      message: `The bounds span more than ${YEARS_MAX} years: spans of time drown in noise, and empty months are shown.`,
      next: 'Narrow them to the period that the data can cover.',
    };
  }
  const deviation = Math.SQRT2 * contribution.groups * contribution.rows * toNumber(magnitude);
  return {
    code: 'BOUNDS_WIDE',
    severity: 'warning',
    where,
    message: `The bounds look like limits of a type: at epsilon 1 the noise of a sum has a standard deviation of about ${deviation.toPrecision(2)}.`,
    next: 'Narrow them to what a plausible value can be; values beyond are moved to the nearer end.',
  };
}

/**
 * Contributions so large that no average can be read. One unit moves a sum around the middle of
 * its bounds by at most groups · rows · width/2, so an average over R rows has noise of standard deviation √2 · groups · rows · width /
 * (2 ε R), a share of the width that depends on the contribution, ε and R alone. Warned about where it exceeds one half
 * for R = 1000 and a tenth of the largest budget: then noise spans the whole range of the column.
 */
export function* noiseDrowns(policy: Policy): Generator<LintFinding> {
  for (const dataset of policy.datasets.values()) {
    const limits = [...policy.principals.values()].map(({ budgets }) => budgets.get(dataset.name));
    const epsilon = Math.max(0, ...limits.map((limit) => (limit === undefined ? 0 : epsilonOfTenth(limit))));
    if (epsilon === 0) continue;
    const { groups, rows } = dataset.contribution;
    const share = (Math.SQRT2 * groups * rows) / (2 * epsilon * GROUP_ROWS);
    if (share <= 0.5) continue;
    yield {
      code: 'NOISE_DROWNS',
      severity: 'warning',
      where: `datasets.${dataset.name}.contribution`,
      message: `${groups} groups of ${rows} rows make averages useless: over ${GROUP_ROWS} rows, at a tenth of the largest budget, the noise is ${share.toPrecision(2)} times as wide as the bounds.`,
      next: 'Lower groups and rows to what most units have, or raise the budgets; questions can lower them too.',
    };
  }
}

/** ε of one question that spends its share of a budget; at ρ, Laplace noise of ε costs ε²/2 ([BS16, Prop. 1.4]). */
function epsilonOfTenth({ epsilon, rho }: BudgetLimit): number {
  if (epsilon !== null) return toNumber(epsilon) / QUESTIONS;
  return rho === null ? 0 : Math.sqrt((2 * toNumber(rho)) / QUESTIONS);
}

function maximum(low: Rational, high: Rational): Rational {
  const [a, b] = [absolute(low), absolute(high)];
  return compare(a, b) >= 0 ? a : b;
}

function absolute(value: Rational): Rational {
  return value.numerator < 0n ? { ...value, numerator: -value.numerator } : value;
}
