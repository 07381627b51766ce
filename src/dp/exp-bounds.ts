/**
 * Integer bounds lo ≤ 2^k·exp(−a/b) ≤ hi with hi − lo ≤ 2, for a ≥ 0, b > 0 and k ≤ 512.
 *
 * Halve the argument below 1/8, alternating Taylor series in fixed point with 64 guard bits, square back. A series of
 * truncated terms errs by less than 2^4 units, each of the r squarings at most doubles the relative error and adds one
 * unit, so the whole errs by less than 2^(r+8) units; r + 8 < 64 keeps that below the guard.
 */
export function expBounds(a: bigint, b: bigint, k: number): { readonly low: bigint; readonly high: bigint } {
  const halvings = Math.max(0, ((a << 3n) / b).toString(2).length);
  const guard = 64 + halvings;
  const width = BigInt(k + guard);
  const one = 1n << width;
  let y = (a << width) / b;
  let squarings = 0;
  while (y > one >> 3n) {
    y >>= 1n;
    squarings += 1;
  }
  let sum = one;
  let term = one;
  for (let i = 1n; term !== 0n; i++) {
    term = ((term * y) >> width) / i;
    sum += (i & 1n) === 1n ? -term : term;
  }
  for (let i = 0; i < squarings; i++) sum = (sum * sum) >> width;
  const error = 1n << BigInt(squarings + 8);
  const low = (sum - error) >> BigInt(guard);
  return { low: low < 0n ? 0n : low, high: ((sum + error) >> BigInt(guard)) + 1n };
}
