/**
 * Support bound k of truncated geometric selection: noise on {−k … k} ∝ e^(−ε|x|), keep iff the noisy count exceeds k,
 * and the count may be shown. k = ⌈ln((e^ε + 2δ − 1)/((e^ε + 1)δ))/ε⌉. [DVGM20], k-TSGD.
 */
export function truncationBound(epsilon: number, delta: number): number {
  return Math.ceil(Math.log((Math.expm1(epsilon) + 2 * delta) / ((Math.exp(epsilon) + 1) * delta)) / epsilon);
}
