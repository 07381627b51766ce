/** The law of discrete Gaussian noise: P[x] = exp(−x²/2σ²)/Z. [CKS20] */
import { normalTail, normalTailInverse } from '../erfc.ts';
import { type Rational, toNumber } from '../rational.ts';
import { discreteGaussianSampler } from '../sampler/discrete-gaussian.ts';
import { type NoiseLaw, SLACK } from './law.ts';

/** Up to this σ tails are summed term by term; beyond, by Euler and Maclaurin's formula with a proven remainder. */
const SUMMED_SIGMA_MAX = 1024;

/** @param sigmaSquared - variance parameter σ² > 0, exact, squared lattice units */
export function discreteGaussianLaw(sigmaSquared: Rational): NoiseLaw {
  const s2 = toNumber(sigmaSquared);
  const sigma = Math.sqrt(s2);
  const mass = massOf(s2);
  const summed = sigma <= SUMMED_SIGMA_MAX;
  const tail = (m: number): number => (summed ? sumFrom(s2, m) / mass : integralFrom(s2, sigma, m));
  const tailGe = (m: number): number => (m >= 1 ? tail(m) : 1 - tail(1 - m));
  const remainder = summed ? 0 : REMAINDER / s2 ** 3;
  return {
    variance: varianceOf(s2, mass),
    pmf: (x) => Math.exp((-x * x) / (2 * s2)) / mass,
    tailGe,
    tailWithin: (m, p) => tail(Number(m)) * (1 + SLACK) + remainder <= p,
    tailGuess: (p) => BigInt(Math.ceil(sigma * normalTailInverse(Math.min(p, 0.5)) + 0.5)),
    hockeyStick(sensitivity, epsilon) {
      // [CKS20] Thm 7: P[X > εσ²/Δ − Δ/2] − e^ε·P[X > εσ²/Δ + Δ/2].
      const from = Math.floor((epsilon * s2) / sensitivity - sensitivity / 2) + 1;
      const gain = tailGe(from);
      const loss = Math.exp(epsilon) * tailGe(from + sensitivity);
      return Math.min(1, Math.max(0, gain - loss) + (gain + loss) * SLACK + remainder * (1 + Math.exp(epsilon)));
    },
    sampler: () => discreteGaussianSampler(sigmaSquared),
  };
}

/** Σ exp(−x²/2σ²) over all integers; √(2πσ²) within 2^-110 from σ² = 4 on, by Poisson summation. */
function massOf(s2: number): number {
  return s2 >= 4 ? Math.sqrt(2 * Math.PI * s2) : 1 + 2 * sumFrom(s2, 1);
}

function varianceOf(s2: number, mass: number): number {
  if (s2 >= 16) return s2;
  let sum = 0;
  for (let x = lastTerm(s2, 1); x >= 1; x--) sum += 2 * x * x * Math.exp((-x * x) / (2 * s2));
  return sum / mass;
}

/** Σ_{x ≥ m} exp(−x²/2σ²), m ≥ 1, smallest terms first. */
function sumFrom(s2: number, m: number): number {
  let sum = 0;
  for (let x = lastTerm(s2, m); x >= m; x--) sum += Math.exp((-x * x) / (2 * s2));
  return sum;
}

/** From here on terms are below e^-50 of the first; there are fewer than 11σ + 2 of them. */
function lastTerm(s2: number, m: number): number {
  return Math.ceil(Math.sqrt(m * m + 100 * s2)) + 1;
}

/** |remainder|·σ⁶ of `integralFrom` stays below 9·10⁻⁴: |B̃₆|/6! ≤ 1/30240, ∫|f⁽⁶⁾| ≤ √(2π·720)/σ⁵, over the mass √(2π)σ. */
const REMAINDER = 1e-3;

/**
 * P[X ≥ m] for large σ: with a = m − ½ and f the density's shape, Σ_{x≥m} f = ∫_a^∞ f + f′(a)/24 − 7f‴(a)/5760 + R
 * (Euler and Maclaurin at half-integers).
 */
function integralFrom(s2: number, sigma: number, m: number): number {
  const z = (m - 0.5) / sigma;
  const f = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return normalTail(z) - (f * z) / (24 * s2) - (7 * f * (3 * z - z ** 3)) / (5760 * s2 ** 2);
}
