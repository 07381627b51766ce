/** Loss on a circular grid, tilted. */
import type { Atoms } from './pair.ts';

/** Where losses are counted: multiples of `step`, of which `size` in a row, a power of two, are told apart. */
export interface Grid {
  readonly step: number;
  readonly size: number;
  /** θ: masses are multiplied by e^(θl) and brought back to 1. */
  readonly tilt: number;
  /** τ > 0: the exponent at which what lies right of the window is bounded. */
  readonly beyond: number;
}

/** One pair's loss, tilted. */
export interface Tilted {
  /** ln Σ p(l)·e^(θl): what the masses were divided by. */
  readonly logMoment: number;
  /** ln of the tilted mean of e^(τl). */
  readonly logBeyond: number;
  /** Largest index of a mass before indices wrap. */
  readonly last: number;
  /** ‖masses‖₂ as placed. */
  readonly norm: number;
}

/**
 * Adds the atoms, each split between the grid points around it so that P's mass and Q's mass stay: H on the grid points is
 * kept, between them it runs straight in x, above the convex H. Of all that dominate on the grid it is the least.
 * [DGKKM22, §3] Losses are raised first by more than their rounding. Indices wrap around `size`.
 *
 * @param into - zeros, shape [size]; the tilted masses on return, with sum 1
 */
export function place({ losses, masses }: Atoms, grid: Grid, into: Float64Array): Tilted {
  const { step, size, tilt, beyond } = grid;
  const mask = size - 1;
  const highest = losses[0] as number;
  const widest = Math.max(Math.abs(highest), Math.abs(losses[losses.length - 1] as number));
  const raised = (widest / step) * 2 ** -49 + 2 ** -44;
  const width = Math.expm1(step);
  const [up, far] = [Math.exp(tilt * step), Math.exp(beyond * step)];
  const last = Math.floor(highest / step + raised) + 1;
  let sum = 0;
  // Of the two sums that end in logarithms each keeps what might underflow on the safe side: nothing is lost from a bound.
  let outside = 2 ** -1000;
  for (let atom = 0; atom < losses.length; atom++) {
    const at = (losses[atom] as number) / step + raised;
    const index = Math.floor(at);
    const below = Math.expm1((1 - (at - index)) * step) / width;
    const mass = (masses[atom] as number) * Math.exp(tilt * step * (index - last));
    const [low, high] = [mass * below, mass * (1 - below) * up];
    into[index & mask] = (into[index & mask] as number) + low;
    into[(index + 1) & mask] = (into[(index + 1) & mask] as number) + high;
    sum += low + high;
    outside += (low + high * far) * Math.exp(beyond * step * (index - last));
  }
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const mass = (into[i] as number) / sum;
    into[i] = mass;
    squares += mass * mass;
  }
  return {
    logMoment: Math.log(sum) + tilt * step * last,
    logBeyond: Math.log(outside / sum) + beyond * step * last,
    last,
    norm: Math.sqrt(squares),
  };
}
