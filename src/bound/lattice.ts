/** The public grid an expression's values are put on before they are summed (clamp and round row by row). */
import type { Expr } from '../ask/ir.ts';
import { ceil, decimalOf, divide, floor, type Rational, rational } from '../dp/rational.ts';
import { SpannedError } from '../errors.ts';
import type { Lattice } from './bounded.ts';
import { boundsAdvice } from './bounds-advice.ts';
import { smallDomain } from './domain.ts';
import { type Extent, hull, intersect, pointOf } from './interval.ts';
import { literalText } from './literal-text.ts';
import { freeColumns } from './make-expr.ts';
import { rangeOf } from './range.ts';
import type { ColumnFacts, Facts, Range } from './tracked.ts';

/** Lattice values of one unit stay below 2^40 in all where no step is declared: fine grid, exact sums, fast samplers. */
const UNIT_BITS = 40;

/**
 * Grid of a summed expression: its range in steps. Integers have step 1; a column's declared step is kept; otherwise the
 * step is a power of two chosen from the range and the contribution, both public.
 *
 * @param contributions - rows one unit can add over all groups
 * @param centred - whether values are counted from the middle of the range (means) or from zero
 * @throws SpannedError BOUND_MISSING when the range is open; QUERY_TYPE when the expression is no number.
 */
export function latticeOf(expr: Expr, facts: Facts, contributions: number, text: string, centred: boolean): Lattice {
  checkNumber(expr);
  const range = closedRange(expr, facts);
  if (range === null) throw boundMissing(expr, facts, text);
  const lattice = gridOver(range, expr, facts, contributions);
  if (!fits(lattice, contributions, centred)) throw tooWide(expr);
  return lattice;
}

/** The same; null where the range is open or too wide. */
export function findLattice(expr: Expr, facts: Facts, contributions: number, centred: boolean): Lattice | null {
  const range = closedRange(expr, facts);
  const lattice = range === null ? null : gridOver(range, expr, facts, contributions);
  return lattice !== null && fits(lattice, contributions, centred) ? lattice : null;
}

function checkNumber(expr: Expr): void {
  if (expr.type !== 'integer' && expr.type !== 'double') {
    throw new SpannedError('QUERY_TYPE', expr.span, {
      message: `Only numbers can be added up; this is ${expr.type}.`,
      next: 'Count instead, or turn it into a number, for example with date_diff or CASE WHEN … THEN 1 ELSE 0 END.',
    });
  }
}

function closedRange(expr: Expr, facts: Facts): Range | null {
  const [listed, range] = [rangeOfValues(expr, facts), rangeOf(expr, facts)];
  const both = intersect(listed, range);
  const kept = both === 'never' ? listed : both;
  return kept !== null && closed(kept) ? kept : null;
}

function gridOver(range: Range, expr: Expr, facts: Facts, contributions: number): Lattice {
  if (range.kind === 'exact') {
    const low = range.low as bigint;
    const high = range.high as bigint;
    return { step: rational(1n), low: low < high ? low : high, high };
  }
  const step = stepOf(expr, facts) ?? chosenStep(Math.max(Math.abs(range.low), Math.abs(range.high)), contributions);
  const low = ceil(divide(decimalOf(range.low), step));
  const high = floor(divide(decimalOf(range.high), step));
  return low <= high ? { step, low, high } : { step, low: high, high };
}

/** Range of a function of columns with few public values, such as the number in the text of an age band. */
function rangeOfValues(expr: Expr, facts: Facts): Range | null {
  if (expr.kind === 'column' || expr.kind === 'literal') return null;
  const domain = smallDomain(expr, facts);
  if (domain?.kind !== 'list') return null;
  const values = domain.values.filter((value) => value !== null);
  if (values.length === 0) return null;
  const extent = values.reduce<Extent>((all, value) => hull(all, pointOf(expr.type, value)), 'never');
  return extent === 'never' ? null : extent;
}

/** Declared step of an expression that only picks among values of one grid. */
function stepOf(expr: Expr, facts: Facts): Rational | null {
  if (expr.kind === 'column') return facts.columns.get(expr.id)?.step ?? null;
  if (expr.kind === 'case') {
    const results = [
      ...expr.branches.map((branch) => branch.result),
      ...(expr.otherwise === null ? [] : [expr.otherwise]),
    ];
    return commonStep(results, facts);
  }
  if (expr.kind === 'call' && (expr.fn === 'least' || expr.fn === 'greatest' || expr.fn === 'coalesce')) {
    return commonStep(expr.args, facts);
  }
  return expr.kind === 'call' && (expr.fn === 'negate' || expr.fn === 'abs')
    ? stepOf(expr.args[0] as Expr, facts)
    : null;
}

function commonStep(exprs: readonly Expr[], facts: Facts): Rational | null {
  let common: Rational | null = null;
  for (const expr of exprs) {
    if (expr.kind === 'literal') continue;
    const step = stepOf(expr, facts);
    if (step === null) return null;
    if (common !== null && (common.numerator !== step.numerator || common.denominator !== step.denominator))
      return null;
    common = step;
  }
  return common;
}

/** Power of two with |value|/step·contributions < 2^40 and at least 2^20 steps over the range. */
function chosenStep(magnitude: number, contributions: number): Rational {
  const bits = Math.max(20, UNIT_BITS - Math.ceil(Math.log2(Math.max(1, contributions))));
  // Doubles hold no finer step; values below it are zero.
  const exponent = Math.max(-1000, Math.ceil(Math.log2(magnitude === 0 ? 1 : magnitude)) - bits);
  return exponent >= 0 ? rational(1n << BigInt(exponent)) : rational(1n, 1n << BigInt(-exponent));
}

function closed(range: Range): boolean {
  return range.kind === 'exact'
    ? range.low !== null && range.high !== null
    : Number.isFinite(range.low) && Number.isFinite(range.high);
}

/** Grid values stay exact as doubles, and whatever one unit can add stays within 64 bits. */
function fits({ low, high }: Lattice, contributions: number, centred: boolean): boolean {
  const size = Math.max(Math.abs(Number(low)), Math.abs(Number(high)));
  const added = centred ? Number(high - low) : size;
  return size < 2 ** 52 && added * Math.max(1, contributions) < 2 ** 60;
}

function tooWide(expr: Expr): SpannedError {
  return new SpannedError('BOUND_MISSING', expr.span, {
    message: 'The bounds of this expression are too wide for its step to be added up exactly.',
    next: 'Narrow them with LEAST(GREATEST(x, low), high), or declare a coarser step in the policy.',
  });
}

function boundMissing(expr: Expr, facts: Facts, text: string): SpannedError {
  const by = [...freeColumns(expr)].map((id) => facts.columns.get(id)?.rangeBy ?? null).find((one) => one !== null);
  const code = by === undefined ? undefined : facts.columns.get(by.column);
  if (by !== undefined && code !== undefined && by.of.length > 0) return codeMissing(expr, by.of, code);
  return new SpannedError('BOUND_MISSING', expr.span, {
    message: 'No bounds are known for what is added up here, so no noise could hide one person.',
    next: boundsAdvice(expr, facts, text),
  });
}

/** Codes printed in a rewrite. */
const CODES_SHOWN = 20;

/** Bounds are declared by code, and the question lets the code be one that has none. */
function codeMissing(
  expr: Expr,
  of: NonNullable<ColumnFacts['rangeBy']>['of'],
  { name, values }: ColumnFacts,
): SpannedError {
  const listed = of.map(({ key }) => literalText(key));
  const without = values?.find((value) => !listed.includes(literalText(value)));
  const shown = [...listed.slice(0, CODES_SHOWN), ...(listed.length > CODES_SHOWN ? ['…'] : [])].join(', ');
  const lacks = without === undefined ? `${name} can be anything` : `${name} can be ${literalText(without)}`;
  const one = listed[0] as string;
  return new SpannedError('BOUND_MISSING', expr.span, {
    message: `Bounds are declared for single values of ${name} only, and here ${lacks}.`,
    next:
      listed.length === 1
        ? `Write WHERE ${name} = ${one}, or the same in … FILTER (WHERE ${name} = ${one}).`
        : `Write WHERE ${name} IN (${shown}) and GROUP BY ${name}, or ask for one: … FILTER (WHERE ${name} = ${one}).`,
  });
}
