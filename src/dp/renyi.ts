/** Rényi divergences D_α of the mechanisms at order α > 1, and their conversion. */

const UP = 1 + 2 ** -40;

/** Gaussian: α·Δ²/2σ². [Mironov17] Cor 3. */
export function renyiOfGaussian(sigma: number, sensitivity: number, alpha: number): number {
  return (alpha * sensitivity ** 2) / (2 * sigma ** 2);
}

/** Continuous Laplace at ε₀. [Mironov17] Prop 6. */
export function renyiOfLaplace(epsilon: number, alpha: number): number {
  const gained = Math.log(alpha / (2 * alpha - 1)) + epsilon * (alpha - 1);
  const lost = Math.log((alpha - 1) / (2 * alpha - 1)) - epsilon * alpha;
  return logSumExp([gained, lost]) / (alpha - 1);
}

/** Worst case over all ε₀-DP mechanisms: randomised response, as the proof at `zcdpOfPure` shows. */
export function renyiOfPure(epsilon: number, alpha: number): number {
  const p = -Math.log1p(Math.exp(-epsilon));
  const q = p - epsilon;
  return logSumExp([alpha * p + (1 - alpha) * q, alpha * q + (1 - alpha) * p]) / (alpha - 1);
}

/** Discrete Laplace of scale t at integer sensitivity Δ: both ends of the loss, and a geometric sum over what lies between. */
export function renyiOfDiscreteLaplace(t: number, sensitivity: number, alpha: number): number {
  const norm = Math.log1p(Math.exp(-1 / t));
  const ratio = (1 - 2 * alpha) / t;
  const between =
    Math.log(Math.tanh(1 / (2 * t))) +
    ((alpha - 1) * sensitivity) / t +
    ratio +
    Math.log(Math.expm1(ratio * (sensitivity - 1)) / Math.expm1(ratio));
  return logSumExp([((alpha - 1) * sensitivity) / t - norm, (-alpha * sensitivity) / t - norm, between]) / (alpha - 1);
}

/**
 * ε at δ from a curve of orders: min over α of D_α + ln(1/(αδ))/(α−1) + ln(1−1/α), rounded up. [CKS20] Prop 12.
 *
 * @param orders - fixed before any data is seen
 */
export function renyiToEpsilon(
  divergence: (alpha: number) => number,
  orders: readonly number[],
  delta: number,
): number {
  const at = (alpha: number): number =>
    divergence(alpha) - (Math.log(delta) + Math.log(alpha)) / (alpha - 1) + Math.log1p(-1 / alpha);
  return Math.max(0, Math.min(...orders.map(at))) * UP;
}

function logSumExp(terms: readonly number[]): number {
  const largest = terms.reduce((a, b) => (a > b ? a : b), Number.NEGATIVE_INFINITY);
  return largest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
}
