/** Laws of the two noises: tails, variances, half-widths. Upper bounds round up. */
import { type Rational, toNumber } from '../rational.ts';

/** `scale` t and `variance` parameter σ² in lattice units, exact. */
export type NoiseMechanism =
  | { readonly kind: 'discrete-laplace'; readonly scale: Rational }
  | { readonly kind: 'discrete-gaussian'; readonly variance: Rational };

/** Every float chain below errs by less than this, relatively; safe sides are taken with it. */
const SLACK = 2 ** -40;
/** Beyond this σ the discrete tail is summed through its Gaussian integral, with a proven correction. */
const SUMMED_SIGMA = 2 ** 14;

/** P[X = x]. */
export function pmf(mechanism: NoiseMechanism, x: number): number {
  if (mechanism.kind === 'discrete-laplace') {
    const rate = 1 / toNumber(mechanism.scale);
    return Math.tanh(rate / 2) * Math.exp(-Math.abs(x) * rate);
  }
  const sigma2 = toNumber(mechanism.variance);
  return Math.exp((-x * x) / (2 * sigma2)) / gaussianMass(sigma2);
}

/** P[X ≥ m], any integer m. */
export function tailGe(mechanism: NoiseMechanism, m: number): number {
  if (m <= 0) return 1 - tailGe(mechanism, 1 - m);
  if (mechanism.kind === 'discrete-laplace') {
    const rate = 1 / toNumber(mechanism.scale);
    return Math.exp(-m * rate) / (1 + Math.exp(-rate));
  }
  const sigma2 = toNumber(mechanism.variance);
  return gaussianTail(sigma2, m) / gaussianMass(sigma2);
}

/** Var[X], exact law. */
export function variance(mechanism: NoiseMechanism): number {
  if (mechanism.kind === 'discrete-laplace') {
    const rate = 1 / toNumber(mechanism.scale);
    const q = Math.exp(-rate);
    return (2 * q) / Math.expm1(-rate) ** 2;
  }
  const sigma2 = toNumber(mechanism.variance);
  if (sigma2 > 100) return sigma2;
  let sum = 0;
  for (let x = reach(sigma2); x >= 1; x--) sum += 2 * x * x * Math.exp((-x * x) / (2 * sigma2));
  return sum / gaussianMass(sigma2);
}

/**
 * Smallest integer m with P[|X| > m] ≤ α, found on the exact law and rounded to the safe side.
 *
 * @param alpha - in (0, 1)
 */
export function halfWidth(mechanism: NoiseMechanism, alpha: number): bigint {
  const within = (m: number): boolean => 2 * tailGe(mechanism, m + 1) * (1 + SLACK) <= alpha;
  let high = 1;
  if (within(0)) return 0n;
  while (!within(high)) high *= 2;
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (within(middle)) high = middle;
    else low = middle;
  }
  return BigInt(high);
}

/** P[X ≥ m] of the unnormalised weights e^(−x²/2σ²), m ≥ 1; from the far end inwards. */
function gaussianTail(sigma2: number, m: number): number {
  if (Math.sqrt(sigma2) > SUMMED_SIGMA) {
    // Σ_{x≥m} f(x) ≤ ∫_{m−½}^∞ f·(1 + 1/(24σ²)) for σ ≥ 2 (midpoint rule on a Gaussian); relative error below 2^-28 here.
    const sigma = Math.sqrt(sigma2);
    return sigma * Math.sqrt(Math.PI / 2) * erfc((m - 0.5) / (sigma * Math.SQRT2)) * (1 + 1 / (24 * sigma2));
  }
  let sum = 0;
  for (let x = m + reach(sigma2); x >= m; x--) sum += Math.exp((-x * x) / (2 * sigma2));
  return sum;
}

/** Σ over all integers; √(2πσ²) to 1e-15 once σ ≥ 1 (Poisson summation: relative excess 2e^(−2π²σ²)). */
function gaussianMass(sigma2: number): number {
  if (sigma2 >= 4) return Math.sqrt(2 * Math.PI * sigma2);
  let sum = 0;
  for (let x = reach(sigma2); x >= 1; x--) sum += 2 * Math.exp((-x * x) / (2 * sigma2));
  return sum + 1;
}

/** Terms beyond this many are below 1e-30 of the first. */
function reach(sigma2: number): number {
  return Math.ceil(Math.sqrt(sigma2) * 12) + 12;
}

/** erfc for x ≥ 0 by its continued fraction, or 1 − erf by series below 2; relative error under 1e-13. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < 2 ? 1 - erfSeries(x) : Math.exp(-x * x) * erfcxFraction(x);
}

/** e^(x²)·erfc(x) for any x ≥ −26. */
export function erfcx(x: number): number {
  if (x < 2) return Math.exp(x * x) * erfc(x);
  return erfcxFraction(x);
}

function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
    if (n > 200) break;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Lentz's evaluation of erfc(x)·e^(x²)·√π = 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))). */
function erfcxFraction(x: number): number {
  let f = x;
  for (let n = 120; n >= 1; n--) f = x + n / 2 / f;
  return 1 / (f * Math.sqrt(Math.PI));
}

/** Smallest integer T with P[c + X ≥ T] ≤ p. */
export function thresholdAt(mechanism: NoiseMechanism, c: bigint, p: number): bigint {
  const within = (m: number): boolean => tailGe(mechanism, m) * (1 + SLACK) <= p;
  let high = 1;
  while (!within(high)) high *= 2;
  let low = 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (within(middle)) high = middle;
    else low = middle;
  }
  return c + BigInt(high);
}
