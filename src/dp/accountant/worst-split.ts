import type { DiscreteLaplaceEvent } from '../event.ts';

/** `full` coordinates that move by `most` each, and one that moves by `left`, where that is not 0. */
export interface Split {
  readonly full: bigint;
  readonly most: bigint;
  readonly left: bigint;
}

/**
 * The movement of a vector with discrete Laplace noise that no other allowed one loses more than, whatever loss is measured
 * by: as many coordinates at ℓ∞ as ℓ₁ and ℓ₀ allow, and what is left in one more. Its pair dominates every other's.
 *
 * Proof. With q = e^(−1/t), clip each output to [0, Δ]: nothing is lost, as the loss (Δ − 2s)/t depends on the clipped s
 * alone. s has mass q^s·ν(s) under P and q^(Δ−s)·ν(s) under Q, where (1+q)·ν is 1 at 0 and at Δ and 1 − q between. In two
 * coordinates that move by a and b the loss is (a + b − 2s)/t with s the sum of both, of mass q^s·(ν_a∗ν_b)(s): its knots
 * are those of a single coordinate that moves by a + b, and at the knot x = q^(2n−a−b)
 *   H_x = 2q^n·G(n),  G(n) = Σ_{s≤n} ½(q^(s−n) − q^(n−s))·(ν_a∗ν_b)(s).
 * For ν_Δ alone G(n) = ½(q^(−n) − q^max(0, n−Δ)), n ≥ 0. Convolving with ν_b and summing the geometric series gives
 *   G(n) = ½(q^(−n) − 1) − ½·(1−q)/(1+q)·min(a, b, n, a+b−n).
 * So of two movements with the same sum the one with the smaller lesser part loses more, down to 0 and a + b in one
 * coordinate; and moving on loses more, as dropping the second of (Δ, 1) shows. Any allowed movement turns into the one
 * above by such steps: a shift of 1 from a coordinate to one that moves as far or farther, or a longer or further move
 * where there is room. Domination passes to products [ZDW22, Thm 10].
 */
export function worstSplit(event: DiscreteLaplaceEvent): Split {
  const l1 = BigInt(event.l1);
  const most = BigInt(event.lInf ?? event.l1);
  const coordinates = BigInt(event.l0 ?? event.l1);
  const full = l1 / most < coordinates ? l1 / most : coordinates;
  return { full, most, left: full < coordinates ? l1 % most : 0n };
}
