/**
 * A hard minimum of k units inside (ε, δ): decide with n − (k − 1) in place of n, never below k. The shifted count has the
 * same sensitivity, and 0 is never kept, so the guarantee of the rule it feeds is unchanged; `n ≥ k` without the shift
 * would break it. [Google20] pre_thresholding.
 */

/** Count to decide with; 0 means never. */
export function countBeyond(units: bigint, minimumUnits: number): bigint {
  const beyond = units - BigInt(minimumUnits - 1);
  return beyond > 0n ? beyond : 0n;
}

/** Threshold on a noisy count of all units that equals `threshold` on the shifted one. */
export function preThreshold(threshold: bigint, minimumUnits: number): bigint {
  return threshold + BigInt(minimumUnits - 1);
}
