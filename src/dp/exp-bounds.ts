/**
 * Integer bounds low ≤ 2^k·exp(−a/b) ≤ high with high − low ≤ 2, for a ≥ 0, b > 0 and k ≤ 1024.
 *
 * The argument is halved below 1/8, summed as an alternating Taylor series in fixed point with 64 guard bits and more,
 * and squared back. Flooring the argument and at most 200 terms errs by less than 2^8 units; each of the r squarings at
 * most doubles the error and adds one unit, so the whole errs by less than 2^(r+9) units. The guard holds r + 64 bits.
 */
export function expBounds(a: bigint, b: bigint, k: number): { readonly low: bigint; readonly high: bigint } {
  const guard = 64 + bitLength((a << 3n) / b);
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
  const error = 1n << BigInt(squarings + 9);
  const low = (sum - error) >> BigInt(guard);
  return { low: low < 0n ? 0n : low, high: ((sum + error) >> BigInt(guard)) + 1n };
}

/** ln(a/b) in fixed point with k bits behind the point, within 2 units; a, b > 0. For tables of constants, not for speed. */
export function logFixed(a: bigint, b: bigint, k: number): bigint {
  const width = BigInt(k + 32);
  // ln x = 2·artanh((x − 1)/(x + 1)).
  const z = ((a - b) << width) / (a + b);
  const square = (z * z) >> width;
  let sum = 0n;
  for (let power = z, i = 1n; power !== 0n && power !== -1n; i += 2n) {
    sum += power / i;
    power = (power * square) >> width;
  }
  return (2n * sum) >> 32n;
}

function bitLength(n: bigint): number {
  return n === 0n ? 0 : n.toString(16).length * 4;
}
