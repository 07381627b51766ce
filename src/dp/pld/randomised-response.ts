import { renyiOfPure } from '../renyi.ts';
import type { Pair } from './pair.ts';

/**
 * Randomised response: e^ε/(1+e^ε) at ε, 1/(1+e^ε) at −ε. It dominates every ε-DP mechanism, and with δ at +∞ beside it,
 * (δ, 1−δ) and nothing else being lost, every (ε, δ)-DP one. [KOV15, Thm 3.3]
 */
export function randomisedResponse(epsilon: number): Pair {
  return {
    key: `response/${epsilon}`,
    top: epsilon,
    lattice: epsilon,
    logMoment: (tilt) => tilt * renyiOfPure(epsilon, tilt + 1),
    atoms: () => ({
      losses: Float64Array.of(epsilon, -epsilon),
      masses: Float64Array.of(1 / (1 + Math.exp(-epsilon)), Math.exp(-epsilon) / (1 + Math.exp(-epsilon))),
      infinity: 0,
    }),
  };
}
