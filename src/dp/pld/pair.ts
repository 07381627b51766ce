/**
 * Dominating pairs and their privacy loss.
 *
 * (P, Q) dominates a mechanism where H_x(M(D) ‖ M(D′)) ≤ H_x(P ‖ Q) for all neighbours and all x ≥ 0, H_x being
 * sup over S of P(S) − x·Q(S), so that δ(ε) ≤ H at x = e^ε. Products of dominating pairs dominate compositions, chosen
 * adaptively from mechanisms that each pair dominates. [ZDW22, Def 7, Thm 10] The privacy loss ln(P/Q) under P, with mass
 * at +∞ where Q is 0, carries all of H: δ(ε) = m_∞ + Σ_{l > ε} (1 − e^(ε−l))·p(l).
 *
 * Every mechanism here comes with pairs that are the same both ways, adding a unit or removing it: noise is symmetric
 * about 0, so that reflecting at the midpoint exchanges v + X and v + Δ + X; randomised response is symmetric as it stands.
 * One distribution speaks for both directions. Mass at +∞ comes beside the pairs, as δ.
 */
export interface Pair {
  /** Equal keys, equal pairs: they are composed by powers of one spectrum. */
  readonly key: string;
  /** Largest loss; Infinity where there is none. */
  readonly top: number;
  /** Grids that divide this hold every loss as it is; 0 where no grid does. */
  readonly lattice: number;
  /** About ln E[e^(θL)]. For the choice of a tilt only: nothing sound depends on it. */
  logMoment(tilt: number): number;
  /** Atoms that dominate the pair, accurate where e^(θl) weighs most. */
  atoms(step: number, tilt: number): Atoms;
}

/**
 * Finitely many atoms of loss. Masses are right to a relative 2^-44, losses to a relative 2^-51: whoever composes
 * rounds up by more.
 */
export interface Atoms {
  /** Losses, falling; shape [n]. */
  readonly losses: Float64Array;
  /** P's mass of each, shape [n]. */
  readonly masses: Float64Array;
  /** P's mass that was cut off and counts as +∞, rounded up. */
  readonly infinity: number;
}
