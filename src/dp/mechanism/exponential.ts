/**
 * Choosing one of several candidates by score: the exponential mechanism [MT07] and permute-and-flip [MS20], both with
 * exact coins only.
 */
import { multiply, type Rational, rational, toNumber } from '../rational.ts';
import { bernoulliExp } from '../sampler/bernoulli-exp.ts';
import type { Bits } from '../sampler/bits.ts';
import { uniformBelow } from '../sampler/uniform.ts';

/** How a candidate is chosen; `rate` is ε/2Δ, or ε/Δ where a unit moves all scores the same way (counts). */
export type Choice = 'exponential' | 'permute-and-flip';

/**
 * Index of the chosen candidate. Candidates are tried in random order, i accepted with probability
 * exp(−rate·(best − scoreᵢ)): with replacement that is the exponential mechanism's law, without it permute-and-flip's.
 * At most as many tries as candidates are expected.
 *
 * @guarantee ε-DP for scores of sensitivity Δ [MT07, Thm 6; MS20, Thm 1]
 */
export function choose(choice: Choice, scores: readonly bigint[], rate: Rational, bits: Bits): number {
  const best = scores.reduce((a, b) => (a > b ? a : b));
  const candidates = scores.map((_, index) => index);
  for (;;) {
    const at = uniformBelow(bits, candidates.length);
    const index = candidates[at] as number;
    const gamma = multiply(rational(best - (scores[index] as bigint)), rate);
    if (bernoulliExp(bits, toNumber(gamma), () => [gamma.numerator, gamma.denominator])) return index;
    if (choice === 'permute-and-flip') candidates.splice(at, 1);
  }
}

/** Probability of each candidate. */
export function chances(choice: Choice, scores: readonly number[], rate: number): number[] {
  const best = scores.reduce((a, b) => (a > b ? a : b));
  const coins = scores.map((score) => Math.exp(-rate * (best - score)));
  if (choice === 'exponential') {
    const total = coins.reduce((sum, coin) => sum + coin, 0);
    return coins.map((coin) => coin / total);
  }
  // With uniform arrival times, i wins at time t if its coin falls and no earlier one did: pᵢ ∫₀¹ Π_{j≠i} (1 − pⱼt) dt.
  // The integrand has degree n − 1; Gauss and Legendre's ⌈n/2⌉ nodes integrate it exactly.
  const nodes = legendreNodes(Math.ceil(coins.length / 2));
  return coins.map((coin, i) =>
    nodes.reduce((sum, { t, weight }) => {
      const nobody = coins.reduce((product, other, j) => (j === i ? product : product * (1 - other * t)), 1);
      return sum + coin * weight * nobody;
    }, 0),
  );
}

/** Nodes and weights on [0, 1], by Newton's method on the Legendre polynomial. */
function legendreNodes(n: number): { t: number; weight: number }[] {
  return Array.from({ length: n }, (_, k) => {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let i = 0; i < 20; i++) {
      let [before, value] = [1, x];
      for (let m = 2; m <= n; m++) [before, value] = [value, ((2 * m - 1) * x * value - (m - 1) * before) / m];
      slope = n === 1 ? 1 : (n * (x * value - before)) / (x * x - 1);
      const move = value / slope;
      x -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    return { t: (1 + x) / 2, weight: 1 / ((1 - x * x) * slope * slope) };
  });
}
