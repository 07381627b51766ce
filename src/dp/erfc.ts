/** The complementary error function and its kin; relative errors below 2^-42. */

/** erfc(x) = 2/√π ∫_x^∞ e^(−t²) dt. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < 1.5 ? 1 - erfSeries(x) : Math.exp(-x * x) * fraction(x);
}

/** e^(x²)·erfc(x), for x ≥ −26. */
export function erfcx(x: number): number {
  return x < 1.5 ? Math.exp(x * x) * erfc(x) : fraction(x);
}

/** P[N(0,1) ≥ x]. */
export function normalTail(x: number): number {
  if (x < 0) return 1 - normalTail(-x);
  return (Math.exp((-x * x) / 2) * erfcx(x / Math.SQRT2)) / 2;
}

/** x ≥ 0 with P[N(0,1) ≥ x] = p, 0 < p ≤ ½. */
export function normalTailInverse(p: number): number {
  let low = 0;
  let high = 40;
  for (let i = 0; i < 64; i++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > p) low = middle;
    else high = middle;
  }
  return high;
}

/** erf(x) = 2/√π·e^(−x²)·Σ 2^n·x^(2n+1)/(2n+1)!!; all terms positive. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > 1e-18 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** e^(x²)·erfc(x) = 1/√π/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), x ≥ 1.5; terms until 2^-53 remains. */
function fraction(x: number): number {
  let f = x;
  for (let n = Math.ceil(30 + 500 / (x * x)); n >= 1; n--) f = x + n / 2 / f;
  return 1 / (f * Math.sqrt(Math.PI));
}
