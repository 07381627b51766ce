/** From one notion of loss to another. Every ε, δ and ρ that comes out of a loss is rounded up. */
import { erfcx } from './erfc.ts';

const UP = 1 + 2 ** -40;
/** Bound on the relative error of each term of the curves below. */
const TERM_ERROR = 2 ** -46;

/** δ of ρ-zCDP at ε. [CKS20] Cor 13: min over α > 1 of exp((α−1)(αρ−ε) + α·ln(1−1/α))/(α−1). */
export function zcdpToDelta(rho: number, epsilon: number): number {
  if (rho === 0) return 0;
  const log = (u: number): number => {
    const step = Math.exp(u);
    const alpha = 1 + step;
    return above([step * alpha * rho, -step * epsilon, -alpha * Math.log1p(1 / step), -u]);
  };
  return Math.min(1, Math.exp(minimum(log, -14, 16)) * UP);
}

/** ε of ρ-zCDP at δ. [CKS20] Cor 13: min over α > 1 of αρ + ln(1/(αδ))/(α−1) + ln(1−1/α), floor 0. */
export function zcdpToEpsilon(rho: number, delta: number): number {
  if (rho === 0) return 0;
  if (delta <= 0) return Number.POSITIVE_INFINITY;
  const curve = (u: number): number => {
    const step = Math.exp(u);
    return above([(1 + step) * rho, -Math.log(delta) / step, -Math.log1p(step) / step, -Math.log1p(1 / step)]);
  };
  const centre = Math.log(Math.sqrt(Math.max(-Math.log(delta), 2 ** -40) / rho));
  return Math.max(0, minimum(curve, centre - 6, centre + 6)) * UP;
}

/** ρ + 2√(ρ·ln(1/δ)), the looser closed form. [BS16] Prop 1.3. */
export function zcdpToEpsilonSimple(rho: number, delta: number): number {
  return (rho + 2 * Math.sqrt(rho * Math.log(1 / delta))) * UP;
}

/** Largest ρ, rounded down, whose conversion at δ stays within ε; 0 where none does. */
export function epsilonDeltaToZcdp(epsilon: number, delta: number): number {
  if (epsilon <= 0 || delta <= 0) return 0;
  let low = -100;
  let high = Math.log(epsilon + 1) + 1;
  if (zcdpToEpsilon(Math.exp(low), delta) > epsilon) return 0;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (zcdpToEpsilon(Math.exp(middle), delta) <= epsilon) low = middle;
    else high = middle;
  }
  return Math.exp(low) / UP;
}

/** ρ of continuous Laplace at ε₀: ε₀ + e^(−ε₀) − 1. [HM26] */
export function zcdpOfLaplace(epsilon: number): number {
  if (epsilon > 0.5) return (epsilon + Math.expm1(-epsilon)) * UP;
  // Taylor, where the closed form cancels.
  let term = (epsilon * epsilon) / 2;
  let sum = 0;
  for (let n = 3; Math.abs(term) > 2 ** -60 * sum; n++) {
    sum += term;
    term *= -epsilon / n;
  }
  return sum * UP;
}

/**
 * ρ of any ε₀-DP mechanism: ε₀·tanh(ε₀/2), which is below the ε₀²/2 of [BS16] Prop 1.4 and attained by randomised response.
 *
 * Proof. Of ε₀-DP outputs P, Q the ratio L = P/Q lies in [e^(−ε₀), e^(ε₀)] and has mean 1 under Q. x^α is convex, so E_Q[L^α]
 * is largest with L on the two ends, which is randomised response: cosh(sε₀)/cosh(ε₀/2), s = α − 1/2. Thus
 * (α−1)·D_α ≤ g(s²) − g(1/4) with g(x) = ln cosh(ε₀√x). g is concave, g'(x) = ε₀·tanh(ε₀√x)/(2√x) decreasing, so this is
 * at most g'(1/4)·(s² − 1/4) = ε₀·tanh(ε₀/2)·α(α−1); with equality in the limit α → 1.
 */
export function zcdpOfPure(epsilon: number): number {
  return epsilon * Math.tanh(epsilon / 2) * UP;
}

/** ρ of an ε-bounded-range mechanism, as the exponential mechanism is: ε²/8. [CR21] Lemma 3.2. */
export function zcdpOfBoundedRange(epsilon: number): number {
  return ((epsilon * epsilon) / 8) * UP;
}

/** δ of the Gaussian mechanism. [BW18] Thm 8: Φ(μ/2 − ε/μ) − e^ε·Φ(−μ/2 − ε/μ), μ = Δ/σ. */
export function analyticGaussianDelta(sigma: number, sensitivity: number, epsilon: number): number {
  const mu = sensitivity / sigma;
  const a = mu / 2 - epsilon / mu;
  const b = -mu / 2 - epsilon / mu;
  const bell = Math.exp((-a * a) / 2) / 2;
  // ε − b²/2 = −a²/2, so nothing overflows.
  const lost = bell * erfcx(-b / Math.SQRT2);
  const gained = a < 0 ? bell * erfcx(-a / Math.SQRT2) : 1 - bell * erfcx(a / Math.SQRT2);
  return Math.min(1, Math.max(0, gained - lost) + gained * TERM_ERROR);
}

/** Smallest σ, rounded up, whose Gaussian mechanism is (ε, δ)-DP. */
export function analyticGaussianSigma(epsilon: number, delta: number, sensitivity: number): number {
  let low = 1e-9;
  let high = 1e15;
  while (high / low > 1 + 2 ** -48) {
    const middle = Math.sqrt(low * high);
    if (analyticGaussianDelta(middle, 1, epsilon) <= delta) high = middle;
    else low = middle;
  }
  return high * sensitivity * UP;
}

/** (ε, δ) for a group of k units: (kε, δ·(e^{kε}−1)/(e^ε−1)). [Vadhan17] Lemma 2.2. */
export function groupPrivacy(epsilon: number, delta: number, size: number): readonly [number, number] {
  if (delta === 0) return [size * epsilon, 0];
  const growth = epsilon === 0 ? size : Math.expm1(size * epsilon) / Math.expm1(epsilon);
  return [size * epsilon, Math.min(1, delta * growth * UP)];
}

/** ρ for a group of k units: k²ρ. [BS16] Prop 1.9. */
export function groupRho(rho: number, size: number): number {
  return size * size * rho * UP;
}

/** Golden-section minimum; any point is a valid bound, so a search that stops early is only loose. */
function minimum(f: (x: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  for (let i = 0; i < 80; i++) {
    if (fa < fb) {
      [high, b, fb] = [b, a, fa];
      a = high - golden * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + golden * (high - low);
      fb = f(b);
    }
  }
  return Math.min(fa, fb);
}

/** A sum, not below the true one. */
function above(terms: readonly number[]): number {
  let sum = 0;
  let size = 0;
  for (const term of terms) {
    sum += term;
    size += Math.abs(term);
  }
  return sum + size * TERM_ERROR;
}
