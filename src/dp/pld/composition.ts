/** Composition of dominating pairs, and its privacy curve. */
import { deltaOn, epsilonOn, type Window } from './curve.ts';
import { type Grid, place } from './grid.ts';
import type { Pair } from './pair.ts';
import { SpectrumProduct } from './spectrum.ts';
import { type Tilt, tiltForDelta, tiltForEpsilon } from './tilt.ts';

/** A pair, and how often it is composed. */
export interface Part {
  readonly pair: Pair;
  readonly count: number;
}

/** The privacy loss of everything together; both ways of reading it are rounded up. */
export interface PrivacyLoss {
  /** Least ε ≥ 0 certified at δ; Infinity where the mass at +∞ alone is above δ. */
  epsilonAt(delta: number): number;
  /** δ certified at ε ≥ 0. */
  deltaAt(epsilon: number): number;
}

/** Grid points: fewer where many spectra are multiplied, 2^22 in all. */
const POINTS_LOG = 22;
const POINTS_LOG_MIN = 12;
const POINTS_LOG_MAX = 16;
/** Tilted standard deviations kept on both sides. */
const REACH = 12;
/** θ times the step, at most. */
const TILT_STEP_MAX = 64;
/** Rounding of each part's masses and moments, and of what is composed of them. */
const PART_ERROR = 2 ** -40;
const CURVE_ERROR = 2 ** -30;

/**
 * Composes pairs, with `delta` at +∞ beside them.
 *
 * Each loss is put on a common grid, convolution is a product of spectra, and four errors are turned upward: the grid
 * (`place`), rounding of transforms (`SpectrumProduct`), what wraps around, and what is cut off. Spectra are those of tilted
 * masses p(l)·e^(θl)/M(θ), so that rounding is small beside the tail that is asked for, however small δ. Wrapping around
 * adds masses to the window and takes none away: every point of the window holds at least its own mass. Losses right of the
 * window, above R, are counted as +∞: they weigh M(θ)·e^(−θR)·E_θ[e^(τ(L−R))] at most, for any τ > 0 (Chernoff).
 *
 * @guarantee δ(ε) of the composition, adaptive choice among mechanisms that the same pairs dominate included [ZDW22, Thm 10]
 */
export function composeLoss(parts: readonly Part[], delta: number): PrivacyLoss {
  const logMoment = (tilt: number): number =>
    parts.reduce((sum, { pair, count }) => sum + count * pair.logMoment(tilt), 0);
  const top = parts.reduce((sum, { pair, count }) => sum + count * pair.top, 0) * (1 + CURVE_ERROR * 2 ** -10);
  return {
    epsilonAt(allowed) {
      if (delta > allowed) return Number.POSITIVE_INFINITY;
      if (delta === allowed || parts.length === 0) return top;
      const tilt = tiltForDelta(logMoment, allowed - delta);
      for (let reach = REACH; ; reach *= 4) {
        const window = windowOf(parts, delta, tilt, reach);
        const epsilon = Math.min(top, epsilonOn(window, allowed));
        if (epsilon > window.first * window.step || window.first <= 0) return Math.max(0, epsilon);
      }
    },
    deltaAt(epsilon) {
      if (epsilon >= top) return delta;
      return Math.min(1, deltaOn(windowOf(parts, delta, tiltForEpsilon(logMoment, epsilon), REACH), epsilon));
    },
  };
}

function windowOf(parts: readonly Part[], delta: number, tilt: Tilt, reach: number): Window {
  const spread = Math.max(tilt.spread, 0.002 * tilt.epsilon, 2 ** -40);
  const from = Math.min(tilt.epsilon, tilt.mean) - reach * spread;
  const to = Math.max(tilt.epsilon, tilt.mean) + REACH * spread;
  const points = Math.floor(POINTS_LOG - Math.log2(parts.length));
  const size = 2 ** Math.min(POINTS_LOG_MAX, Math.max(POINTS_LOG_MIN, points));
  const step = onLattice(parts, (to - from) / (size - 2));
  const beyond = REACH / 2 / spread;
  // Any tilt is as right; one that changes masses beyond measure from point to point helps nobody.
  const order = Math.min(tilt.order, TILT_STEP_MAX / step);
  const sums = convolve(parts, { step, size, tilt: order, beyond });
  const first = Math.floor(from / step);
  const last = Math.min(first + size - 1, sums.top);
  const aim = Math.round(tilt.epsilon / step);
  const finite = 1 - delta;
  const raised = finite * (1 + sums.events * PART_ERROR + CURVE_ERROR);
  const edge = (last + 1) * step;
  const cut = Math.exp(sums.logMoment - order * edge + sums.logBeyond - beyond * edge) * raised;
  return {
    step,
    first,
    last,
    masses: sums.masses,
    error: sums.error,
    tilt: order,
    aim,
    scale: Math.exp(sums.logMoment - order * aim * step) * raised,
    infinity: delta + finite * sums.infinity + (last === sums.top ? 0 : cut),
  };
}

/** The step, or a little more, so that losses with a lattice in common stay on it: composing them is exact. */
function onLattice(parts: readonly Part[], step: number): number {
  const unit = parts.reduce((least, { pair }) => Math.min(least, pair.lattice), Number.POSITIVE_INFINITY);
  const shared = unit >= step && parts.every(({ pair }) => Math.abs((pair.lattice / unit) % 1) < 2 ** -40);
  return shared ? unit / Math.floor(unit / step) : step;
}

interface Sums {
  readonly masses: Float64Array;
  readonly error: number;
  readonly logMoment: number;
  readonly logBeyond: number;
  /** Largest index that has mass, before indices wrap. */
  readonly top: number;
  readonly infinity: number;
  readonly events: number;
}

/** Places every part and multiplies the spectra, two at a time. */
function convolve(parts: readonly Part[], grid: Grid): Sums {
  const product = new SpectrumProduct(grid.size);
  const total = { logMoment: 0, logBeyond: 0, top: 0, infinity: 0, events: 0 };
  const placed = (part: Part | undefined): { masses: Float64Array; norm: number; count: number } => {
    const masses = new Float64Array(grid.size);
    if (part === undefined) return { masses, norm: 0, count: 0 };
    const atoms = part.pair.atoms(grid.step, grid.tilt);
    const { logMoment, logBeyond, last, norm } = place(atoms, grid, masses);
    total.logMoment += part.count * logMoment;
    total.logBeyond += part.count * logBeyond;
    total.top += part.count * last;
    total.infinity += part.count * atoms.infinity;
    total.events += part.count;
    return { masses, norm, count: part.count };
  };
  for (let i = 0; i < parts.length; i += 2) {
    const [one, other] = [placed(parts[i]), placed(parts[i + 1])];
    product.multiply(one.masses, other.masses, [one.norm, other.norm], [one.count, other.count]);
  }
  return { ...total, ...product.masses() };
}
