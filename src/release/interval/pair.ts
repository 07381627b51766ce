/** Two continuous Laplace noises: their joint tail in closed form. */

/**
 * P[|aL₁ + bL₂| > x], L standard Laplace, a, b ≥ 0: (a²e^(−x/a) − b²e^(−x/b))/(a²−b²), written so that equal and vanishing
 * scales lose no digits.
 */
export function pairTail(one: number, other: number, x: number): number {
  const a = Math.max(one, other);
  const b = Math.min(one, other);
  if (x <= 0) return 1;
  if (a === 0) return 0;
  const single = Math.exp(-x / a);
  if (b < a * 1e-12) return single;
  const y = (x * (a - b)) / (a * b);
  const fade = y < 1e-8 ? 1 - y / 2 : -Math.expm1(-y) / y;
  return single * (1 + (x * b * fade) / (a * (a + b)));
}

/** x with P[|aL₁ + bL₂| > x] = α, rounded up. */
export function pairWidth(a: number, b: number, alpha: number): number {
  let low = Math.max(a, b) * Math.log(1 / alpha);
  let high = (a + b) * (Math.log(1 / alpha) + 1);
  if (low === 0) return 0;
  for (let i = 0; i < 50 && high - low > high * 1e-12; i++) {
    const middle = (low + high) / 2;
    if (pairTail(a, b, middle) > alpha) low = middle;
    else high = middle;
  }
  return high * (1 + 1e-12);
}
