import type { NoiseSampler } from '../sampler/discrete-laplace.ts';

/** The distribution of one integer noise X, symmetric about 0. Everything planning and release need of it. */
export interface NoiseLaw {
  /** Var[X]. */
  readonly variance: number;
  /** P[X = x]. */
  pmf(x: number): number;
  /** P[X ≥ m] for any integer m. */
  tailGe(m: number): number;
  /** True only where P[X ≥ m] ≤ p for certain, m ≥ 1. */
  tailWithin(m: bigint, p: number): boolean;
  /** About the m where P[X ≥ m] = p, p ≤ ½: where to begin a search. */
  tailGuess(p: number): bigint;
  /** δ(ε) = Σ max(0, P[x] − e^ε·P[x − Δ]), rounded up, for an integer Δ ≥ 1: exact privacy of a scalar of sensitivity Δ. */
  hockeyStick(sensitivity: number, epsilon: number): number;
  /** Makes draws. */
  sampler(): NoiseSampler;
}

/** Every float chain of the laws errs by less than this, relatively; results are inflated by it before they decide. */
export const SLACK: number = 2 ** -40;

/** Least m ≥ 1 with P[X ≥ m] ≤ p, certified: never too small. */
export function leastTail(law: NoiseLaw, p: number): bigint {
  const within = (m: bigint): boolean => m >= 1n && law.tailWithin(m, p);
  let high = law.tailGuess(p);
  if (high < 1n) high = 1n;
  let step = 1n;
  while (!within(high)) {
    high += step;
    step *= 2n;
  }
  step = 1n;
  let low = high - 1n;
  while (within(low)) {
    high = low;
    low -= step;
    step *= 2n;
  }
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (within(middle)) high = middle;
    else low = middle;
  }
  return high;
}
