/** Sums inside one unit that do not depend on the order of its rows. */
import type { Expr } from '../ask/ir.ts';
import { ceil, decimalOf, divide, floor, multiply, type Rational, rational, toNumber } from '../dp/rational.ts';
import { type Span, SpannedError } from '../errors.ts';
import { boundsAdvice } from './bounds-advice.ts';
import { makeCall, makeCase, makeCast, makeComparison, makeLiteral } from './make-expr.ts';
import { boundedRangeOf } from './range.ts';
import type { Facts } from './tracked.ts';

/** Grid that a summed double is put on, row by row; limits in steps. */
export interface Grid {
  readonly step: Rational;
  readonly low: bigint;
  readonly high: bigint;
}

/** Steps on either side of zero where no step is declared: sums of 2^22 rows stay within 64 bits. */
const CHOSEN_BITS = 40;
/** Grid values stay exact as doubles. */
const STEPS_MAX = 1n << 52n;

/**
 * Grid of a double: its declared step, or a power of two from its range.
 *
 * Adding doubles rounds differently in every order, and the order inside a unit depends on other units' rows; integers
 * add alike in all orders (DuckDB's threads, 1.5.6: half of all per-unit sums differed between two runs).
 *
 * @throws SpannedError BOUND_MISSING where no finite range is known
 */
export function gridOf(expr: Expr, facts: Facts, text: string | undefined): Grid {
  const range = boundedRangeOf(expr, facts);
  if (range === null || range.kind !== 'double') throw missing(expr, facts, text);
  const declared = expr.kind === 'column' ? (facts.columns.get(expr.id)?.step ?? null) : null;
  const step = declared ?? chosenStep(Math.max(Math.abs(range.low), Math.abs(range.high)));
  const low = ceil(divide(decimalOf(range.low), step));
  const high = floor(divide(decimalOf(range.high), step));
  if (-low > STEPS_MAX || high > STEPS_MAX) throw tooFine(expr.span);
  return low <= high ? { step, low, high } : { step, low: high, high };
}

function chosenStep(size: number): Rational {
  // Doubles hold no finer step; values below it are zero.
  const exponent = Math.max(-1000, Math.ceil(Math.log2(size === 0 ? 1 : size)) - CHOSEN_BITS);
  return exponent >= 0 ? rational(1n << BigInt(exponent)) : rational(1n, 1n << BigInt(-exponent));
}

/** The grid value of a double in steps, an integer: clamped to ends that lie on the grid, then rounded. NULL stays NULL. */
export function onGrid(expr: Expr, grid: Grid): Expr {
  const end = (steps: bigint): Expr => doubleOf(multiply(rational(steps), grid.step), expr.span);
  const clamped = clamp(expr, end(grid.low), end(grid.high));
  const steps = makeCall('divide', [clamped, doubleOf(grid.step, expr.span)], 'double', expr.nullable, expr.span);
  return makeCast(makeCall('round', [steps], 'double', expr.nullable, expr.span), 'integer');
}

/** Steps as a double again: one multiplication and one division, each correctly rounded. */
export function offGrid(steps: Expr, step: Rational): Expr {
  const times = (expr: Expr): Expr =>
    step.numerator === 1n
      ? expr
      : makeCall('multiply', [expr, doubleOf(rational(step.numerator), expr.span)], 'double', true, expr.span);
  const scaled = times(makeCast(steps, 'double'));
  if (step.denominator === 1n) return scaled;
  return makeCall('divide', [scaled, doubleOf(rational(step.denominator), steps.span)], 'double', true, steps.span);
}

/** An integer argument kept to its declared range, so that its sum stays within 64 bits; as it is where none is known. */
export function keptInRange(expr: Expr, facts: Facts): Expr {
  const range = boundedRangeOf(expr, facts);
  if (range === null || range.kind !== 'exact' || isConstant(expr)) return expr;
  return clamp(expr, makeLiteral('integer', range.low, expr.span), makeLiteral('integer', range.high, expr.span));
}

/** Only constants can be its value: nothing outside its range can occur. */
function isConstant(expr: Expr): boolean {
  if (expr.kind === 'literal') return true;
  if (expr.kind !== 'case') return false;
  return (
    expr.branches.every(({ result }) => isConstant(result)) && (expr.otherwise === null || isConstant(expr.otherwise))
  );
}

/** The nearest value between two ends. CASE form: LEAST and GREATEST would read NULL as a bound. */
export function clamp(expr: Expr, low: Expr, high: Expr): Expr {
  const { span } = expr;
  return makeCase(
    makeComparison('gt', expr, high, span),
    high,
    makeCase(makeComparison('lt', expr, low, span), low, expr),
  );
}

function doubleOf(value: Rational, span: Span): Expr {
  return makeLiteral('double', toNumber(value), span);
}

function missing(expr: Expr, facts: Facts, text: string | undefined): SpannedError {
  return new SpannedError('BOUND_MISSING', expr.span, {
    message: 'Decimal numbers are added up inside one person here, and no bounds are known for them.',
    next: boundsAdvice(expr, facts, text ?? ''),
  });
}

function tooFine(span: Span): SpannedError {
  return new SpannedError('BOUND_MISSING', span, {
    message: 'The bounds of this expression are too wide for its step to be added up exactly.',
    next: 'Narrow them with LEAST(GREATEST(x, low), high), or have a coarser step declared in the policy.',
  });
}
