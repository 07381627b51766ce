/**
 * What was done, in accounting terms. The ledger stores events, not losses, so that a later and tighter accountant can
 * re-read the same history. Numbers are exact and travel as decimal strings. A kind never changes its meaning.
 */
export type PrivacyEvent =
  | DiscreteLaplaceEvent
  | DiscreteGaussianEvent
  | SelectionEvent
  | ThresholdEvent
  | ComposedEvent;

/** A decimal fraction `[numerator, denominator]` of decimal integers. */
export type ExactFraction = readonly [string, string];

/**
 * Integer vector + independent discrete Laplace(scale) per coordinate; the vector has ℓ₁ sensitivity `l1`. Pure ε = l1/scale.
 * No coordinate moves by more than `lInf`, and no more than `l0` of them move. Entries written before these two were known
 * lack them: then all of `l1` may lie in one coordinate.
 */
export interface DiscreteLaplaceEvent {
  readonly kind: 'discrete-laplace';
  readonly scale: ExactFraction;
  readonly l1: string;
  readonly lInf?: string;
  readonly l0?: string;
}

/** Integer vector + independent discrete Gaussian(σ²) per coordinate; squared ℓ₂ sensitivity `l2Squared`. ρ = l2²/2σ². */
export interface DiscreteGaussianEvent {
  readonly kind: 'discrete-gaussian';
  readonly variance: ExactFraction;
  readonly l2Squared: string;
}

/** Optimal partition selection, (ε, δ) per group, a unit in at most `groups` groups. */
export interface SelectionEvent {
  readonly kind: 'partition-selection';
  readonly epsilon: ExactFraction;
  readonly delta: ExactFraction;
  readonly groups: number;
}

/** δ of releasing only groups whose (already charged) noisy unit count passes a threshold. */
export interface ThresholdEvent {
  readonly kind: 'threshold';
  readonly delta: ExactFraction;
  readonly groups: number;
  readonly threshold: string;
}

/** Several events on the same units. */
export interface ComposedEvent {
  readonly kind: 'composed';
  readonly events: readonly PrivacyEvent[];
}
