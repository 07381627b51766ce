/**
 * Clopper–Pearson interval of a binomial share, each end one-sided at `alpha`: beta quantiles.
 *
 * @returns [low, high]; no success gives low 0, all successes high 1
 */
export function clopperPearson(successes: number, trials: number, alpha: number): readonly [number, number] {
  const failures = trials - successes;
  const low = successes === 0 ? 0 : betaQuantile(alpha, successes, failures + 1);
  const high = failures === 0 ? 1 : 1 - betaQuantile(alpha, failures, successes + 1);
  return [low, high];
}

/** x with I_x(a, b) = p, by bisection on the regularised incomplete beta function. */
function betaQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 1100; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return low;
}

/** I_x(a, b) by its continued fraction (Lentz). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logBetaDensity(x, a, b)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let f = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    f *= c * d;
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    const factor = c * d;
    f *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return front * f;
}

/** ln(x^a·(1−x)^b/B(a, b)), with Stirling's main terms cancelled by hand, so that large a and b lose no digits. */
function logBetaDensity(x: number, a: number, b: number): number {
  const n = a + b;
  const entropy = a * Math.log((n * x) / a) + b * Math.log((n * (1 - x)) / b);
  return entropy + 0.5 * Math.log((a * b) / (2 * Math.PI * n)) + stirling(n) - stirling(a) - stirling(b);
}

/** ln Γ(x) − ((x − ½)·ln x − x + ½·ln 2π), x > 0. */
function stirling(x: number): number {
  if (x < 12) return stirling(x + 1) + (x + 0.5) * Math.log1p(1 / x) - 1;
  const s = 1 / (x * x);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188))))) / x;
}
