/** Continuous Gaussian noise, which by itself is never released, and stands for vectors of discrete Gaussian noise. */
import { normalTail } from '../erfc.ts';
import type { Pair } from './pair.ts';

/** Standard deviations kept on both sides of the tilted mean; what lies beyond goes to +∞, or up to the lowest atom. */
const REACH = 13;
/** Gauss and Legendre's rule with three nodes, on [−1, 1]. */
const NODES = [-Math.sqrt(0.6), 0, Math.sqrt(0.6)] as const;
const WEIGHTS = [5 / 18, 8 / 18, 5 / 18] as const;
const SLACK = 1 + 2 ** -40;
/** By this much masses are raised, and losses by twice as much. */
const RAISE = 2 ** -31;

/**
 * Gaussian noise with Δ/σ = μ: the loss is N(μ²/2, μ²). [BW18]
 *
 * Atoms stand at the nodes of a Gauss rule in cells of at most μ/256 that divide the cells of the grid. What composing
 * takes of a cell is its P- and its Q-mass, ∫f and ∫f·e^(−l). On a cell of width w the rule errs by w⁷·|f⁽⁶⁾|/2016000, and
 * |f⁽⁶⁾| < 8·10¹⁰·f/μ⁶ for |z| ≤ 60: relatively below r = 2^-32. So at a grid point H = P − x·Q errs by r(P + x·Q) =
 * r·H + 2r·x·Q at most; masses times 1 + 2r add 2r·H, losses higher by 4r take 2r·x·Q and more from what is subtracted.
 */
export function gaussianPair(mu: number): Pair {
  return {
    key: `gaussian/${mu}`,
    top: Number.POSITIVE_INFINITY,
    lattice: 0,
    logMoment: (tilt) => (tilt * (tilt + 1) * mu * mu) / 2,
    atoms(step, tilt) {
      const mean = (mu * mu) / 2;
      const parts = Math.ceil((256 * step) / mu);
      const width = step / parts;
      const first = parts * Math.floor((mean + tilt * mu * mu - REACH * mu) / step);
      const cells = parts * Math.ceil((2 * REACH * mu) / step + 1);
      const losses = new Float64Array(3 * cells + 1);
      const masses = new Float64Array(3 * cells + 1);
      const scale = ((1 + RAISE) * width) / (mu * Math.sqrt(2 * Math.PI));
      for (let cell = cells - 1, at = 0; cell >= 0; cell--) {
        for (let node = 2; node >= 0; node--, at++) {
          const loss = width * (first + cell + 0.5 + (NODES[node] as number) / 2);
          const z = (loss - mean) / mu;
          losses[at] = loss + 2 * RAISE;
          masses[at] = scale * (WEIGHTS[node] as number) * Math.exp((-z * z) / 2);
        }
      }
      losses[3 * cells] = width * first;
      masses[3 * cells] = normalTail((mean - width * first) / mu) * SLACK;
      return { losses, masses, infinity: normalTail((width * (first + cells) - mean) / mu) * SLACK };
    },
  };
}
