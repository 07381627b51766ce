/**
 * Bounds that hold in single groups. Where a public key decides the range of what is added up (bounds by code under
 * GROUP BY code), every group's values are counted in steps of their own range: as many to the range in every group, so
 * that the vector of all groups' sums has one sensitivity and one noise. A group's figure is its noisy sum times the
 * public worth of its own step, which is post-processing ([DR14] Prop 2.1); its noise is in proportion to its own range.
 *
 * In data units this is the weighted ℓ₁ bound: a unit moves group g by at most B_g in each of its rows, so
 * Σ |Δ_g| / B_g ≤ groups · rows, and noise of scale B_g · groups · rows / ε in every group costs ε. Groups of one unit
 * need not be disjoint for that.
 */
import { compareValues } from '../ask/evaluate.ts';
import type { Expr } from '../ask/ir.ts';
import type { Value } from '../ask/types.ts';
import { compare, divide, multiply, type Rational, rational } from '../dp/rational.ts';
import type { Lattice } from './bounded.ts';
import type { Key } from './contribution.ts';
import { assume, isExhausted } from './facts.ts';
import { clamp, onGrid } from './grid-sum.ts';
import { findLattice } from './lattice.ts';
import { makeCall, makeCase, makeComparison, makeLiteral } from './make-expr.ts';
import type { Derivation, Formula } from './plan.ts';
import type { Facts } from './tracked.ts';

/** A summed expression whose groups have ranges of their own. */
export interface OwnRanges {
  /** Index of the key that decides. */
  readonly key: number;
  /** Whole steps of the group's own range, not further than `most` from zero; NULL where the expression is. */
  readonly steps: Expr;
  readonly most: bigint;
  /** Whether any group has values below its zero, or above. */
  readonly signs: { readonly below: boolean; readonly above: boolean };
  readonly of: readonly { readonly value: Value; readonly grid: OwnGrid }[];
}

/** Value = step · (centre + whole steps); [low, high] is the group's range, centre included. */
export interface OwnGrid {
  readonly step: Rational;
  readonly centre: bigint;
  readonly low: bigint;
  readonly high: bigint;
}

/** Keys with more public values than this do not decide ranges. */
const VALUES_MAX = 256;
/** Part of the range that whole numbers may leave unused. */
const ENOUGH = { part: 999n, of: 1000n };
const FINENESS = 1024n;
/** Sizes stay exact as doubles. */
const SIZE_MAX = 1n << 52n;
/** What one unit can add stays within 64 bits. */
const UNIT_MAX = 2 ** 60;
/** Whole steps from zero that 64-bit integers hold, less the centre too. */
const HELD_MAX = 1n << 61n;
/** Whole steps to the range from which on a fraction cut off a person's sum is of no weight. */
const STEPS_LEAST = 1n << 16n;

/**
 * Own ranges of an expression's groups, by the first key that narrows them; null where none does.
 *
 * @param keys - keys that are in every grouping set, null for others
 * @param contributions - rows one unit can add over all groups
 * @param centred - whether values are counted from the middle of the range (means) or from zero
 */
export function ownRanges(
  expr: Expr,
  facts: Facts,
  keys: readonly (Key | null)[],
  contributions: number,
  centred: boolean,
): OwnRanges | null {
  const fine = contributions * Number(FINENESS);
  const whole = findLattice(expr, facts, fine, centred);
  for (const [index, key] of keys.entries()) {
    const lattices = key === null ? null : latticesBy(key, expr, facts, fine, centred);
    if (key === null || lattices === null || !narrows(lattices, whole, centred)) continue;
    const own = overKey(key, expr, index, lattices, centred);
    if (own.most < SIZE_MAX && Number(own.most) * contributions < UNIT_MAX && own.of.every(({ grid }) => isHeld(grid)))
      return own;
  }
  return null;
}

/** Whether every value on its way to whole steps is a 64-bit integer. A narrow range far from zero may not be. */
function isHeld({ low, high, centre }: OwnGrid): boolean {
  return [low, high, centre].every((end) => -HELD_MAX < end && end < HELD_MAX);
}

/** The derivation that gives every group its own formula. */
export function byKey({ key, of }: OwnRanges, formula: (grid: OwnGrid) => Formula): Derivation {
  return { kind: 'by-key', key, of: of.map(({ value, grid }) => ({ value, formula: formula(grid) })) };
}

/** The formula of the groups whose steps are worth most; null for means, whose error depends on counts. */
export function coarsest(derivation: Derivation): (Formula & { kind: 'scaled' }) | null {
  const formulas = derivation.kind === 'by-key' ? derivation.of.map(({ formula }) => formula) : [derivation];
  return formulas.reduce<(Formula & { kind: 'scaled' }) | null>((worst, formula) => {
    if (formula.kind !== 'scaled') return null;
    return worst === null || compare(formula.step, worst.step) > 0 ? formula : worst;
  }, null);
}

type ValueLattice = { readonly value: Value; readonly lattice: Lattice };

/** The grid of every value of a key; values that no row can have take another's. */
function latticesBy(
  { expr: key, domain }: Key,
  expr: Expr,
  facts: Facts,
  contributions: number,
  centred: boolean,
): ValueLattice[] | null {
  if (domain?.kind !== 'list' || domain.values.length > VALUES_MAX) return null;
  const found: { readonly value: Value; readonly lattice: Lattice | null }[] = [];
  for (const value of domain.values) {
    const inside = assume(facts, { condition: isValue(key, value), holds: true });
    const lattice = isExhausted(inside) ? null : findLattice(expr, inside, contributions, centred);
    if (lattice === null && !isExhausted(inside)) return null;
    found.push({ value, lattice });
  }
  const some = found.find(({ lattice }) => lattice !== null)?.lattice ?? null;
  return some === null ? null : found.map(({ value, lattice }) => ({ value, lattice: lattice ?? some }));
}

function isValue(key: Expr, value: Value): Expr {
  if (value === null) return makeCall('is-null', [key], 'boolean', false, key.span);
  if (key.type === 'boolean') return value === true ? key : makeCall('not', [key], 'boolean', key.nullable, key.span);
  return makeComparison('eq', key, makeLiteral(key.type, value, key.span), key.span);
}

function narrows(lattices: readonly ValueLattice[], whole: Lattice | null, centred: boolean): boolean {
  const width = (lattice: Lattice) => multiply(lattice.step, rational(sizeOf(lattice, centred)));
  return whole === null || lattices.some(({ lattice }) => compare(width(lattice), width(whole)) < 0);
}

/** Largest distance from zero in whole steps; in half steps from the middle where values are counted from there. */
function sizeOf({ low, high }: Lattice, centred: boolean): bigint {
  if (centred) return high - low;
  return -low > high ? -low : high;
}

function overKey(key: Key, expr: Expr, index: number, lattices: readonly ValueLattice[], centred: boolean): OwnRanges {
  const sizes = lattices.map(({ lattice }) => larger(1n, sizeOf(lattice, centred)));
  const most = commonSize(sizes);
  const of = lattices.map(({ value, lattice }, at) => ({
    value,
    lattice,
    grid: ownGrid(lattice, most / (sizes[at] as bigint), centred),
  }));
  return {
    key: index,
    most,
    signs: {
      below: of.some(({ grid }) => grid.low < grid.centre),
      above: of.some(({ grid }) => grid.high > grid.centre),
    },
    steps: chosen(
      key.expr,
      of
        .map(({ value, lattice, grid }) => ({ value, steps: stepsOf(expr, lattice, grid) }))
        .sort((a, b) => inOrder(key.expr.type, a.value, b.value)),
    ),
    of,
  };
}

/** Values that are told apart one by one. */
const SIDE_BY_SIDE = 6;

/** The steps of the key's own value; long lists are halved by comparison first, so that a row is held against few. */
function chosen(key: Expr, cases: readonly { readonly value: Value; readonly steps: Expr }[]): Expr {
  const middle = cases.length >> 1;
  const pivot = cases[middle]?.value ?? null;
  if (cases.length > SIDE_BY_SIDE && pivot !== null) {
    const before = makeComparison('lt', key, makeLiteral(key.type, pivot, key.span), key.span);
    return makeCase(before, chosen(key, cases.slice(0, middle)), chosen(key, cases.slice(middle)));
  }
  const branches = cases.map(({ value, steps }) => ({ when: isValue(key, value), result: steps }));
  return { kind: 'case', branches, otherwise: null, type: 'integer', nullable: true, span: key.span };
}

/** NULL comes last: no comparison with it is true. */
function inOrder(type: Expr['type'], a: Value, b: Value): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareValues(type, a, b);
}

/** A size that nearly is a whole multiple of every one given: the smallest such multiple of the largest. */
function commonSize(sizes: readonly bigint[]): bigint {
  const largest = sizes.reduce(larger);
  const first = (STEPS_LEAST + largest - 1n) / largest;
  for (let times = first; times < first + FINENESS && largest * (times + 1n) < SIZE_MAX; times++) {
    const size = largest * times;
    if (sizes.every((one) => (size / one) * one * ENOUGH.of >= size * ENOUGH.part)) return size;
  }
  return largest * first;
}

/** A lattice of which every step is cut into `parts`; into twice as many where values are counted from the middle. */
function ownGrid({ step, low, high }: Lattice, parts: bigint, centred: boolean): OwnGrid {
  const fine = centred ? 2n * parts : parts;
  return {
    step: multiply(step, rational(1n, fine)),
    centre: centred ? parts * (low + high) : 0n,
    low: fine * low,
    high: fine * high,
  };
}

/** The value in whole steps of its own grid, counted from the centre. */
function stepsOf(expr: Expr, lattice: Lattice, { step, centre }: OwnGrid): Expr {
  const { span } = expr;
  const whole = (value: bigint): Expr => makeLiteral('integer', value, span);
  const coarse = expr.type === 'double' ? onGrid(expr, lattice) : clamp(expr, whole(lattice.low), whole(lattice.high));
  const fine = divide(lattice.step, step).numerator;
  const times = makeCall('multiply', [coarse, whole(fine)], 'integer', true, span);
  return centre === 0n ? times : makeCall('subtract', [times, whole(centre)], 'integer', true, span);
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
