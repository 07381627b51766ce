/** The privacy curve of tilted masses on a window of losses. */

/** Masses of a window, all bounds included. */
export interface Window {
  readonly step: number;
  /** Least and largest index of the window; masses are at `index mod size`. */
  readonly first: number;
  readonly last: number;
  /** p(l)·e^(θl)/M(θ), shape [size], size a power of two, each right to `error`. */
  readonly masses: Float64Array;
  readonly error: number;
  readonly tilt: number;
  /** Index relative to which masses are untilted, near where the curve will be read. */
  readonly aim: number;
  /** M(θ)·e^(−θ·aim·step), rounded up. */
  readonly scale: number;
  /** Mass at +∞, rounded up; what lies above `last` is in it. */
  readonly infinity: number;
}

const UP = 1 + 2 ** -40;

/** δ(ε) = m_∞ + Σ_{l > ε} (1 − e^(ε−l))·p(l), for ε not below the window; rounded up. */
export function deltaOn(window: Window, epsilon: number): number {
  const { step, first, last, infinity, scale } = window;
  let sum = 0;
  for (let index = last; index >= first && index * step > epsilon; index--) {
    sum -= massAt(window, index) * Math.expm1(epsilon - index * step);
  }
  return (infinity + scale * sum) * UP;
}

/**
 * Least ε of the window with δ(ε) ≤ δ, rounded up: its left end where that is still enough, Infinity where m_∞ is too much.
 * Downwards, A = Σ p and B = Σ p·e^(−l) grow, and from one point to the next δ(ε) is m_∞ + A − e^ε·B.
 */
export function epsilonOn(window: Window, delta: number): number {
  const { step, first, last, aim } = window;
  const target = (delta / UP - window.infinity) / window.scale;
  if (target < 0) return Number.POSITIVE_INFINITY;
  let [a, b] = [0, 0];
  for (let index = last; index > first; index--) {
    const mass = massAt(window, index);
    a += mass;
    b += mass * Math.exp(-step * (index - aim));
    if (a - Math.exp(step * (index - 1 - aim)) * b <= target) continue;
    return (aim * step + Math.log((a - target) / b)) * UP + 2 ** -44;
  }
  return first * step;
}

function massAt({ masses, error, tilt, step, aim }: Window, index: number): number {
  const tilted = (masses[index & (masses.length - 1)] as number) + error;
  return Math.max(0, tilted) * Math.exp(-tilt * step * (index - aim));
}
