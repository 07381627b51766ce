/** Confidence sets for the ratio of two noisy values. */
import { divideRanges } from './arithmetic.ts';
import { EVERYTHING, type Linear, type Range, type Ratio } from './form.ts';
import type { HalfWidths } from './half-width.ts';
import { continuousSpread, type Law, normalQuantile, type Term } from './law.ts';
import { pairLogTail, pairWidth } from './pair.ts';

/** Coefficients of one noise above and below the line. */
interface Share {
  readonly law: Law;
  readonly above: number;
  readonly below: number;
}

/**
 * Interval of S/C at 1 − α. Where the law of S′ − rC′ − (S − rC) = ΣcⱼNⱼ has a closed tail (Gaussians, or at most two
 * Laplaces) Fieller's set {r : |S′ − rC′| ≤ q_α(r)} is inverted ([Fieller54]; valid for any law, because at the true r
 * the left side is noise alone); else two intervals at α/2 are divided. The choice depends on laws alone.
 *
 * q_α is convex in r (quantiles of symmetric log-concave laws are norms of their coefficients), so beyond S′/C′ the
 * excess |S′ − rC′| − q_α(r) is concave and has one root on each side whenever |C′| > q_α of its own noise; otherwise the
 * set is unbounded and both ends are open.
 */
export function ratioRange({ numerator, denominator }: Ratio, alpha: number, widths: HalfWidths): Range {
  const shares = sharesOf(numerator, denominator);
  const gaussian = shares.every((share) => share.law.kind === 'discrete-gaussian');
  const laplace = shares.length <= 2 && shares.every((share) => share.law.kind === 'discrete-laplace');
  if (!gaussian && !laplace) {
    const above = around(numerator.center, widths.of(numerator.terms, alpha / 2));
    const below = around(denominator.center, widths.of(denominator.terms, alpha / 2));
    return divideRanges(above, below);
  }
  const c = denominator.center;
  if (!(Math.abs(c) > widthBelow(shares, gaussian, alpha))) return EVERYTHING;
  const inside = gaussian ? gaussianInside(shares, alpha) : laplaceInside(shares, alpha);
  const s = numerator.center;
  const center = s / c;
  const excess = (r: number): number => inside(r, Math.abs(s - r * c));
  const guess = (widthAt(shares, center, alpha) * 1.1) / Math.abs(c);
  return [-side((r) => excess(-r), -center, guess), side(excess, center, guess)];
}

/** About q_α(r): where the search for an end begins. */
function widthAt(shares: readonly Share[], r: number, alpha: number): number {
  let sum = 0;
  for (const { law, above, below } of shares) sum += ((above - r * below) * law.spread) ** 2;
  return Math.max(Math.sqrt(sum) * Math.log(1 / alpha), Number.MIN_VALUE);
}

/** q_α of the denominator's own noise, by the same bound that the set is inverted with. */
function widthBelow(shares: readonly Share[], gaussian: boolean, alpha: number): number {
  const half = shares.reduce((sum, share) => sum + Math.abs(share.below), 0) / 2;
  const scales = shares.map((share) => Math.abs(share.below) * continuousSpread(share.law));
  if (gaussian) return normalQuantile(alpha) * Math.hypot(...scales) + half;
  return pairWidth(scales[0] ?? 0, scales[1] ?? 0, alpha) + half;
}

function around(center: number, width: number): Range {
  return [center - width, center + width];
}

function sharesOf(numerator: Linear, denominator: Linear): readonly Share[] {
  const shares: Share[] = [];
  const above = numerator.terms;
  const below = denominator.terms;
  for (let i = 0, j = 0; i < above.length || j < below.length; ) {
    const one = above[i];
    const other = below[j];
    const takesAbove = one !== undefined && (other === undefined || one.base <= other.base);
    const takesBelow = other !== undefined && (one === undefined || other.base <= one.base);
    shares.push({
      law: (takesAbove ? one : (other as Term)).law,
      above: takesAbove ? one.coefficient : 0,
      below: takesBelow ? other.coefficient : 0,
    });
    if (takesAbove) i += 1;
    if (takesBelow) j += 1;
  }
  return shares;
}

/** Positive inside the set: z·sd + ½Σ|c| − |S′ − rC′|, with continuous noises that dominate N + U. */
function gaussianInside(shares: readonly Share[], alpha: number): (r: number, distance: number) => number {
  const z = normalQuantile(alpha);
  const spreads = shares.map((share) => continuousSpread(share.law));
  return (r, distance) => {
    let variance = 0;
    let half = 0;
    for (let i = 0; i < shares.length; i++) {
      const coefficient = Math.abs((shares[i] as Share).above - r * (shares[i] as Share).below);
      half += coefficient / 2;
      variance += (coefficient * (spreads[i] as number)) ** 2;
    }
    return z * Math.sqrt(variance) + half - distance;
  };
}

/** Positive inside the set: ln P[|noise| > distance − ½Σ|c|] − ln α. */
function laplaceInside(shares: readonly Share[], alpha: number): (r: number, distance: number) => number {
  const [one, other] = shares;
  const oneSpread = one === undefined ? 0 : continuousSpread(one.law);
  const otherSpread = other === undefined ? 0 : continuousSpread(other.law);
  const wanted = Math.log(alpha);
  return (r, distance) => {
    const a = one === undefined ? 0 : Math.abs(one.above - r * one.below);
    const b = other === undefined ? 0 : Math.abs(other.above - r * other.below);
    const x = distance - (a + b) / 2;
    const scale = Math.max(a * oneSpread, b * otherSpread);
    // Continued linearly inside, so that root finding has a slope there.
    if (x <= 0) return -wanted + (scale === 0 ? 0 : -x / scale);
    if (scale === 0) return Number.NEGATIVE_INFINITY;
    return Math.max(pairLogTail(a * oneSpread, b * otherSpread, x), -1e6) - wanted;
  };
}

/** First r ≥ start, up to a relative 1e-7 of its distance and from outside, where `inside` is no longer positive. */
function side(inside: (r: number) => number, start: number, guess: number): number {
  let low = start;
  let atLow = inside(low);
  if (!(atLow > 0)) return start;
  let step = Math.max(guess, Math.abs(start) * 1e-12);
  let high = low + step;
  let atHigh = inside(high);
  for (let i = 0; atHigh > 0; i++) {
    if (i === 200) return Number.POSITIVE_INFINITY;
    low = high;
    atLow = atHigh;
    step *= 2;
    high = low + step;
    atHigh = inside(high);
  }
  // Illinois: regula falsi that halves the weight of an end kept twice.
  for (let i = 0, kept = 0; i < 60 && high - low > (high - start) * 1e-7; i++) {
    let middle = Number.isFinite(atHigh) ? low + ((high - low) * atLow) / (atLow - atHigh) : (low + high) / 2;
    if (!(middle > low && middle < high)) middle = (low + high) / 2;
    const atMiddle = inside(middle);
    if (atMiddle > 0) {
      low = middle;
      atLow = atMiddle;
      if (kept === 1) atHigh /= 2;
      kept = 1;
    } else {
      high = middle;
      atHigh = atMiddle;
      if (kept === -1) atLow /= 2;
      kept = -1;
    }
  }
  return high;
}
