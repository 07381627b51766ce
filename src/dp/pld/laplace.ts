/**
 * Laplace noise moved by Δ.
 *
 * With t = 1, clipping the output to [0, Δ] loses nothing, as the loss Δ − 2s depends on the clipped s alone; s has mass
 * e^(−s)·ν(ds) under P and e^(s−Δ)·ν(ds) under Q, ν = ½(δ₀ + ds + δ_Δ). H at x = e^(Δ−2s) is 1 − e^(−s). Discrete noise has
 * that same H at integers s·t, and straight lines in x between them. Hence the convex function that runs straight through
 * any knots 0 = s₀ < … < s_m = Δ of the lattice lies above H: it dominates, and is the least that does on those knots
 * [DGKKM22, §3]. Its masses are e^(−sⱼ)·½(tanh(a/2) + tanh(b/2)), a and b the gaps on both sides of sⱼ, infinite outside.
 */
import type { Atoms, Pair } from './pair.ts';

/** More knots than this refine nothing. */
const KNOTS_MAX = 2 ** 17;

/** Continuous Laplace noise at ε = Δ/t. Releases use discrete noise; this one is for comparison. */
export function laplacePair(epsilon: number): Pair {
  return {
    key: `laplace/${epsilon}`,
    top: epsilon,
    lattice: epsilon,
    logMoment: (tilt) => logMoment(epsilon, 0, tilt),
    atoms: (step) => {
      const intervals = Math.max(1, Math.min(KNOTS_MAX, Math.ceil((2 * epsilon) / step)));
      return atomsAt(epsilon, epsilon / intervals);
    },
  };
}

/**
 * Discrete Laplace noise of rate 1/t at an integer that moves by Δ. Neither argument may be below the true one: noise of
 * a smaller scale, plus independent noise, is noise of the larger one (the quotient of the characteristic functions is that
 * of a mixture of 0 and discrete Laplace), and a farther move dominates a shorter one (`worstSplit`).
 *
 * @param rate - 1/t
 * @param moved - Δ ≥ 1, an integer
 */
export function discreteLaplacePair(rate: number, moved: number): Pair {
  const top = rate * moved;
  return {
    key: `discrete-laplace/${rate}/${moved}`,
    top,
    lattice: rate,
    logMoment: (tilt) => logMoment(top, rate, tilt),
    atoms: (step) => {
      // A power of two keeps multiples of it exact beyond 2^53.
      const finest = Math.max(step / 2, top / KNOTS_MAX) / rate;
      return atomsAt(top, rate * (finest < 2 ? 1 : 2 ** Math.floor(Math.log2(finest))));
    },
  };
}

/** Atoms at s = 0, g, 2g, … and Δ. */
function atomsAt(top: number, gap: number): Atoms {
  const inner = Math.max(0, Math.ceil((top / gap) * (1 - 2 ** -50)) - 1);
  const losses = new Float64Array(inner + 2);
  const masses = new Float64Array(inner + 2);
  const last = top - inner * gap;
  const before = Math.tanh((inner === 0 ? top : gap) / 2);
  losses[0] = top;
  masses[0] = (1 + before) / 2;
  const even = Math.tanh(gap / 2);
  for (let j = 1; j <= inner; j++) {
    const s = j * gap;
    losses[j] = top - 2 * s;
    masses[j] = (Math.exp(-s) * (even + (j === inner ? Math.tanh(last / 2) : even))) / 2;
  }
  losses[inner + 1] = -top;
  masses[inner + 1] = (Math.exp(-top) * (1 + Math.tanh(last / 2))) / 2;
  return { losses, masses, infinity: 0 };
}

/** ln E[e^(θL)]: both ends and a geometric sum, or an integral, between them. */
function logMoment(top: number, rate: number, tilt: number): number {
  const power = 2 * tilt + 1;
  const far = Math.exp(-power * top);
  const inner =
    rate === 0
      ? (1 - far) / power / 2
      : (Math.tanh(rate / 2) * (Math.exp(-power * rate) - far)) / -Math.expm1(-power * rate);
  const end = rate === 0 ? 0.5 : 1 / (1 + Math.exp(-rate));
  return tilt * top + Math.log(end * (1 + far) + inner);
}
