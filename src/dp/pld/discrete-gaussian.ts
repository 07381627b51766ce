/** Discrete Gaussian noise: a scalar exactly, and a vector by the Gaussian noise it is nearly rounded from. */
import { discreteGaussianLaw } from '../mechanism/discrete-gaussian.ts';
import { SLACK } from '../mechanism/law.ts';
import { type Rational, toNumber } from '../rational.ts';
import type { Pair } from './pair.ts';

const VARIANCE_MAX = 2 ** 20;

/** Standard deviations kept on both sides of the tilted mean. */
const REACH = 13;

/**
 * Noise of variance parameter σ² at an integer that moves by 1: x has the loss (1 − 2x)/2σ². [CKS20, Thm 7] What lies
 * beyond the reach goes to +∞ on the right, up to the lowest atom on the left.
 *
 * @param variance - σ² > 0, exact, at most 2^20; time and memory grow with σ
 * @throws RangeError when σ² is larger
 */
export function discreteGaussianPair(variance: Rational): Pair {
  const s2 = toNumber(variance);
  // Up to here tails are sums, each term right.
  if (s2 > VARIANCE_MAX) throw new RangeError('Discrete Gaussian noise this wide has no lattice of its own.');
  const law = discreteGaussianLaw(variance);
  return {
    key: `discrete-gaussian/${variance.numerator}/${variance.denominator}`,
    top: Number.POSITIVE_INFINITY,
    lattice: 1 / (2 * s2),
    logMoment: (tilt) => (tilt * (tilt + 1)) / (2 * s2),
    atoms(_step, tilt) {
      // e^(θl) moves the mean of x to −θ.
      const reach = REACH * Math.sqrt(s2) + 2;
      const first = Math.floor(-tilt - reach);
      const count = Math.ceil(2 * reach) + 1;
      const losses = Float64Array.from({ length: count }, (_, i) => (1 - 2 * (first + i)) / (2 * s2));
      const masses = Float64Array.from({ length: count }, (_, i) => law.pmf(first + i));
      masses[count - 1] = law.tailGe(first + count - 1) * (1 + SLACK);
      return { losses, masses, infinity: law.tailGe(1 - first) * (1 + SLACK) };
    },
  };
}

/** A Gaussian pair and the δ that stays beside it. */
export interface NearlyGaussian {
  /** μ² of the Gaussian pair. */
  readonly muSquared: number;
  readonly delta: number;
}

/**
 * Independent discrete Gaussian noise of parameter σ² on an integer vector v that moves by Δ, |Δ|² ≤ `l2Squared`: dominated
 * by Gaussian noise of variance σ² − s², composed with δ at +∞. Null where σ² leaves no room for s².
 *
 * Proof. Round y ~ N(v, σ² − s²) to an integer z with weights e^(−(z−y)²/2s²)/θ_s(y), θ_s(y) = Σ_z e^(−(z−y)²/2s²). By
 * Poisson summation θ_s(y)/(√(2π)·s) lies within 1 ± η, η = 2Σ_{k≥1} e^(−2π²s²k²) < 2.01·e^(−2π²s²) for s ≥ 1, and
 * e^(−(z−y)²/2s²) integrates over y to √(2π)·s times the density of N(v, σ²) at z. So the rounded law is at most that
 * density over 1 − η, the discrete Gaussian at least that density over 1 + η, and so at least 1 − 2η times the rounded
 * law. Coordinates that do not move have the same law on both sides and drop out; at most |Δ|² move. With
 * δ = 2η·|Δ|² thus P ≥ (1−δ)P̂ and Q ≥ (1−δ)Q̂, P̂ and Q̂ rounded from Gaussians at distance |Δ|, and
 *   H_x(P ‖ Q) = 1 − inf_S [P(Sᶜ) + x·Q(S)] ≤ 1 − (1−δ)(1 − H_x(P̂ ‖ Q̂)) = δ + (1−δ)·H_x(P̂ ‖ Q̂),
 * which is the profile of the product with (δ at +∞, else 0). Rounding is post-processing.
 */
export function nearlyGaussian(variance: number, l2Squared: number): NearlyGaussian | null {
  const rounding = (Math.log(4.02 * l2Squared) + EXPONENT) / (2 * Math.PI ** 2);
  if (variance < 1.5 * rounding) return null;
  return { muSquared: (l2Squared / (variance - rounding)) * (1 + SLACK), delta: Math.exp(-EXPONENT) * (1 + SLACK) };
}

/** δ = e^−37 < 10^-16 for each vector. */
const EXPONENT = 37;
