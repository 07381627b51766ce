/** The laws of single noises, with what interval arithmetic needs of each. */
import { erfc, halfWidth, type NoiseMechanism, variance } from '../../dp/mechanism/noise.ts';
import { type Rational, toNumber } from '../../dp/rational.ts';

/** One symmetric integer noise. Equal mechanisms share one object. */
export interface Law {
  readonly kind: NoiseMechanism['kind'];
  /** Laplace scale t, or Gaussian parameter σ, in lattice units. */
  readonly spread: number;
  /** Variance of the exact discrete law. */
  readonly variance: number;
  /** Smallest integer m with P[|N| > m] ≤ α. */
  halfWidth(alpha: number): number;
}

/** A base noise in a linear form: `coefficient`·N, N of `law`. Terms with equal `base` are the same draw. */
export interface Term {
  readonly base: number;
  readonly law: Law;
  readonly coefficient: number;
}

const laws = new Map<string, Law>();
const LAWS_MAX = 4096;

/** The law of a mechanism. */
export function lawOf(mechanism: NoiseMechanism): Law {
  const parameter = mechanism.kind === 'discrete-laplace' ? mechanism.scale : mechanism.variance;
  const key = `${mechanism.kind}:${parameter.numerator}/${parameter.denominator}`;
  const known = laws.get(key);
  if (known !== undefined) return known;
  if (laws.size >= LAWS_MAX) laws.clear();
  const law = makeLaw(mechanism, parameter);
  laws.set(key, law);
  return law;
}

function makeLaw(mechanism: NoiseMechanism, parameter: Rational): Law {
  const widths = new Map<number, number>();
  return {
    kind: mechanism.kind,
    spread: mechanism.kind === 'discrete-laplace' ? toNumber(parameter) : Math.sqrt(toNumber(parameter)),
    variance: variance(mechanism),
    halfWidth(alpha) {
      let width = widths.get(alpha);
      if (width === undefined) {
        width = Number(halfWidth(mechanism, alpha));
        widths.set(alpha, width);
      }
      return width;
    },
  };
}

/**
 * Characteristic function E[cos(uN)], exact up to rounding. Laplace: 1/(1 + sin²(u/2)/sinh²(1/2t)). Gaussian: the theta
 * function, in whichever of its two series converges at once (Poisson summation).
 */
export function characteristic(law: Law, u: number): number {
  if (law.kind === 'discrete-laplace') {
    const ratio = Math.sin(u / 2) / Math.sinh(0.5 / law.spread);
    return 1 / (1 + ratio * ratio);
  }
  const turn = 2 * Math.PI;
  const angle = u - turn * Math.round(u / turn);
  const half = (law.spread * law.spread) / 2;
  if (law.spread >= 1) {
    let sum = Math.exp(-half * angle * angle);
    for (const shift of [-turn, turn]) sum += Math.exp(-half * (angle + shift) * (angle + shift));
    return sum / (1 + 2 * Math.exp(-half * turn * turn));
  }
  let weight = 1;
  let sum = 1;
  for (let x = 1; x <= 12; x++) {
    const term = 2 * Math.exp((-x * x) / (4 * half));
    weight += term;
    sum += term * Math.cos(x * angle);
  }
  return sum / weight;
}

/**
 * Scale of a continuous law of the same family that is less peaked than N + U, U uniform on [−½, ½]: in the order of
 * [Birnbaum48], hence Σ cⱼ(Nⱼ+Uⱼ) is at most as spread as the same sum of continuous noises.
 *
 * Laplace: t′ = 1/(2·tanh(1/2t)). P[|N+U| > x] is on [m−½, m+½] the line q^m·(1 − (x−m)/t′) ≤ q^m·e^(−(x−m)/t′), and
 * q^m ≤ e^(−m/t′). Gaussian: σ′² = σ² + ¼, checked on a grid of σ by `test/release/interval.test.ts`; the excess of the
 * steps over the smooth tail is |f′|/12 while the wider variance gives |f′|/8.
 */
export function continuousSpread(law: Law): number {
  return law.kind === 'discrete-laplace'
    ? 0.5 / Math.tanh(0.5 / law.spread)
    : Math.sqrt(law.spread * law.spread + 0.25);
}

const quantiles = new Map<number, number>();

/** z with P[|N(0,1)| > z] ≤ α, rounded up. */
export function normalQuantile(alpha: number): number {
  const known = quantiles.get(alpha);
  if (known !== undefined) return known;
  let low = 0;
  let high = 40;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (erfc(middle / Math.SQRT2) <= alpha) high = middle;
    else low = middle;
  }
  if (quantiles.size > LAWS_MAX) quantiles.clear();
  quantiles.set(alpha, high * (1 + 2 ** -40));
  return high * (1 + 2 ** -40);
}
