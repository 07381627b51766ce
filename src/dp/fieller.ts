/**
 * Fieller's interval for a ratio of two independent noisy values: roots of r²(c² − z²V_c) − 2rsc + (s² − z²V_s) = 0.
 * Null where the denominator is too weak for it to be bounded (c² ≤ z²V_c).
 */
export function fieller(
  numerator: number,
  numeratorVariance: number,
  denominator: number,
  denominatorVariance: number,
  z: number,
): readonly [number, number] | null {
  const a = denominator ** 2 - z ** 2 * denominatorVariance;
  if (a <= 0) return null;
  const b = numerator * denominator;
  const c = numerator ** 2 - z ** 2 * numeratorVariance;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return [(b - root) / a, (b + root) / a];
}
