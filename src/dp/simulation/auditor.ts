/** Empirical lower bounds on ε from runs on neighbouring data. Never used by a release. */

/**
 * Clopper–Pearson interval of a binomial share, each end one-sided at `alpha`.
 *
 * @returns [low, high]; 0 hits give low 0, all hits high 1
 */
export function clopperPearson(successes: number, trials: number, alpha: number): readonly [number, number] {
  const low = successes === 0 ? 0 : betaQuantile(alpha, successes, trials - successes + 1);
  const high = successes === trials ? 1 : betaQuantile(1 - alpha, successes + 1, trials - successes);
  return [low, high];
}

/** ln((low_P − δ)/high_Q), at least 0: ε is above it with confidence 1 − α. */
export function epsilonLowerBound(hitsP: number, hitsQ: number, trials: number, alpha: number, delta: number): number {
  const [low] = clopperPearson(hitsP, trials, alpha / 2);
  const [, high] = clopperPearson(hitsQ, trials, alpha / 2);
  return low <= delta ? 0 : Math.max(0, Math.log((low - delta) / high));
}

/** x with I_x(a, b) = p, by bisection on the regularised incomplete beta function. */
function betaQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 200 && high - low > 1e-17; i++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b) by its continued fraction (Lentz). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < 1e-300 ? 1e-300 : d);
  let f = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const term of [even, odd]) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      f *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * f;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  const shifted = x - 1;
  const t = shifted + 7.5;
  const series = LANCZOS.slice(1).reduce((sum, c, index) => sum + c / (shifted + index + 1), LANCZOS[0] as number);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(series);
}
