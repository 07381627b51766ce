/** Exact noise for a whole column of groups. */
import { type NoiseMechanism, samplerOf } from '../dp/mechanism/noise.ts';
import type { Bits } from '../dp/sampler/bits.ts';
import type { NoisyColumn } from './noisy.ts';

/**
 * Adds independent noise to every group; a group without data (row −1) has the exact value 0. All noise is drawn before
 * any exact value is looked at, one draw per group, whatever the data.
 *
 * @param exact - one value per row of the engine's set
 * @param rows - row behind each group
 * @guarantee exact discrete Laplace [CKS20, Alg. 2] or discrete Gaussian [CKS20, Alg. 3] noise; sums are exact integers
 */
export function addNoise(
  exact: BigInt64Array | readonly bigint[],
  rows: Int32Array,
  mechanism: NoiseMechanism,
  bits: Bits,
): NoisyColumn {
  const sampler = samplerOf(mechanism);
  if (!sampler.small) {
    const noise = Array.from(rows, () => sampler.sample(bits));
    return noise.map((draw, group) => draw + exactAt(exact, rows[group] as number));
  }
  const noise = new Float64Array(rows.length);
  sampler.fill(bits, noise);
  return (
    sumsInDoubles(exact, rows, noise) ??
    Array.from(noise, (draw, group) => BigInt(draw) + exactAt(exact, rows[group] as number))
  );
}

/** The sums as doubles; null as soon as one of them or its exact part reaches 2^53. */
function sumsInDoubles(
  exact: BigInt64Array | readonly bigint[],
  rows: Int32Array,
  noise: Float64Array,
): Float64Array | null {
  const sums = new Float64Array(rows.length);
  for (let group = 0; group < rows.length; group++) {
    const row = rows[group] as number;
    const value = row < 0 ? 0 : Number(exact[row]);
    const sum = value + (noise[group] as number);
    if (!Number.isSafeInteger(value) || !Number.isSafeInteger(sum)) return null;
    sums[group] = sum;
  }
  return sums;
}

function exactAt(exact: BigInt64Array | readonly bigint[], row: number): bigint {
  return row < 0 ? 0n : (exact[row] as bigint);
}
