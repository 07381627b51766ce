/** Two continuous Laplace noises: their joint tail in closed form. */

/**
 * ln P[|aL₁ + bL₂| > x], L standard Laplace, a, b ≥ 0: the tail (a²e^(−x/a) − b²e^(−x/b))/(a²−b²), written so that equal
 * and vanishing scales lose no digits.
 */
export function pairLogTail(one: number, other: number, x: number): number {
  if (x <= 0) return 0;
  const a = one > other ? one : other;
  const b = one > other ? other : one;
  if (a === 0) return Number.NEGATIVE_INFINITY;
  if (b < a * 1e-12) return -x / a;
  const y = (x * (a - b)) / (a * b);
  const fade = y < 1e-8 ? 1 - y / 2 : y > 40 ? 1 / y : -Math.expm1(-y) / y;
  return Math.log1p((x * b * fade) / (a * (a + b))) - x / a;
}

/** x with P[|aL₁ + bL₂| > x] = α, rounded up. */
export function pairWidth(a: number, b: number, alpha: number): number {
  let low = Math.max(a, b) * Math.log(1 / alpha);
  let high = (a + b) * (Math.log(1 / alpha) + 1);
  if (low === 0) return 0;
  const wanted = Math.log(alpha);
  for (let i = 0; i < 50 && high - low > high * 1e-12; i++) {
    const middle = (low + high) / 2;
    if (pairLogTail(a, b, middle) > wanted) low = middle;
    else high = middle;
  }
  return high * (1 + 1e-12);
}
