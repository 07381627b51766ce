/** Integer amounts: epsilon and rho in 10⁻¹², delta in 10⁻¹⁸. */
import type { Renewal } from '../policy/policy.ts';

/** Units of ε and ρ, and of δ, in 1. */
export const LOSS_UNITS: bigint = 10n ** 12n;
export const DELTA_UNITS: bigint = 10n ** 18n;

/** Integer amounts: epsilon in 10⁻¹², delta in 10⁻¹⁸; rounded up when spent, down when granted. */
export interface Amount {
  readonly epsilon: bigint;
  readonly delta: bigint;
}

/** Sums of what was charged; rho in 10⁻¹². */
export interface Spent extends Amount {
  readonly rho: bigint;
}

/** What a budget allows, rounded down: an ε (with δ = 0 a pure one) or a ρ, both in 10⁻¹²; the other is null. */
export interface Limit {
  readonly epsilon: bigint | null;
  readonly rho: bigint | null;
  readonly delta: bigint;
  readonly renews: Renewal | null;
}
