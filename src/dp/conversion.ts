/** From one notion of loss to another; every ε and δ is rounded up. */
import { erfcx } from './mechanism/noise.ts';

const UP = 1 + 2 ** -40;

/** δ of ρ-zCDP at ε. [CKS20] Cor 13: min over α > 1 of exp((α−1)(αρ−ε) + α·ln(1−1/α))/(α−1). */
export function zcdpToDelta(rho: number, epsilon: number): number {
  if (rho === 0) return 0;
  const log = (u: number): number => {
    const step = Math.exp(u);
    const alpha = 1 + step;
    return step * (alpha * rho - epsilon) + alpha * -Math.log1p(1 / step) - u;
  };
  return Math.min(1, Math.exp(minimum(log, -14, 16)) * UP);
}

/** ε of ρ-zCDP at δ. [CKS20] Cor 13: min over α > 1 of αρ + ln(1/(αδ))/(α−1) + ln(1−1/α), floor 0. */
export function zcdpToEpsilon(rho: number, delta: number): number {
  if (rho === 0) return 0;
  const curve = (u: number): number => {
    const step = Math.exp(u);
    const alpha = 1 + step;
    return alpha * rho + (-Math.log(delta) - Math.log1p(step)) / step - Math.log1p(1 / step);
  };
  const centre = Math.log(Math.sqrt(-Math.log(delta) / rho));
  return Math.max(0, minimum(curve, centre - 6, centre + 6)) * UP;
}

/** ρ + 2√(ρ·ln(1/δ)), the looser closed form. [BS16] Prop 1.3. */
export function zcdpToEpsilonSimple(rho: number, delta: number): number {
  return rho + 2 * Math.sqrt(rho * Math.log(1 / delta));
}

/** Largest ρ (rounded down) whose conversion at δ stays within ε. */
export function epsilonDeltaToZcdp(epsilon: number, delta: number): number {
  let low = Math.log(1e-30);
  let high = Math.log(Math.max(epsilon, 1) * 2);
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (zcdpToEpsilon(Math.exp(middle), delta) <= epsilon) low = middle;
    else high = middle;
  }
  return Math.exp(low) * (1 - 2 ** -40);
}

/** ρ of discrete Laplace of scale t at integer ℓ₁ sensitivity Δ: its KL divergence. [HM26], DP-CORE table of costs. */
export function zcdpOfDiscreteLaplace(t: number, sensitivity: number): number {
  const q = Math.exp(-1 / t);
  return ((sensitivity + (2 * q * Math.expm1(-sensitivity / t)) / -Math.expm1(-2 / t)) / t) * UP;
}

/** ρ of continuous Laplace at ε₀: ε₀ + e^(−ε₀) − 1. */
export function zcdpOfLaplace(epsilon: number): number {
  return epsilon < 1e-3 ? epsilon ** 2 / 2 - epsilon ** 3 / 6 + epsilon ** 4 / 24 : epsilon + Math.expm1(-epsilon);
}

/** ρ of any ε₀-DP mechanism: ε₀·tanh(ε₀/2) ≤ ε₀²/2. [BS16] Prop 1.4, tight for randomised response. */
export function zcdpOfPure(epsilon: number): number {
  return epsilon * Math.tanh(epsilon / 2) * UP;
}

/** δ of the Gaussian mechanism. [BW18] Thm 8: Φ(μ/2 − ε/μ) − e^ε·Φ(−μ/2 − ε/μ), μ = Δ/σ. */
export function analyticGaussianDelta(sigma: number, sensitivity: number, epsilon: number): number {
  const mu = sensitivity / sigma;
  const a = mu / 2 - epsilon / mu;
  const b = -mu / 2 - epsilon / mu;
  const root = Math.SQRT2;
  if (a < 0) return (Math.exp((-a * a) / 2) * (erfcx(-a / root) - erfcx(-b / root))) / 2;
  return 1 - (Math.exp((-a * a) / 2) * erfcx(a / root)) / 2 - (Math.exp((-a * a) / 2) * erfcx(-b / root)) / 2;
}

/** Smallest σ, rounded up, whose Gaussian mechanism is (ε, δ)-DP. */
export function analyticGaussianSigma(epsilon: number, delta: number, sensitivity: number): number {
  let low = 1e-9;
  let high = 1e9;
  for (let i = 0; i < 200; i++) {
    const middle = Math.sqrt(low * high);
    if (analyticGaussianDelta(middle, 1, epsilon) <= delta) high = middle;
    else low = middle;
  }
  return high * sensitivity * (1 + 2 ** -44);
}

/** (ε, δ) for a group of k units: (kε, δ·(e^{kε}−1)/(e^ε−1)). [Vadhan17] Lemma 2.2. */
export function groupPrivacy(epsilon: number, delta: number, size: number): readonly [number, number] {
  return [size * epsilon, (delta * Math.expm1(size * epsilon)) / Math.expm1(epsilon)];
}

/** Golden-section minimum; any point is a valid bound, so a search that stops early is only loose. */
function minimum(f: (x: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  for (let i = 0; i < 100; i++) {
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
