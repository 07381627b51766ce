/** The law of discrete Laplace noise of scale t: P[x] = (1−q)/(1+q)·q^|x|, q = exp(−1/t). [GRS09] */
import { expBounds } from '../exp-bounds.ts';
import { compare, type Rational, rational, toNumber } from '../rational.ts';
import { discreteLaplaceSampler } from '../sampler/discrete-laplace.ts';
import { type NoiseLaw, SLACK } from './law.ts';

/** @param scale - t > 0, exact, lattice units */
export function discreteLaplaceLaw(scale: Rational): NoiseLaw {
  const rate = toNumber({ numerator: scale.denominator, denominator: scale.numerator });
  const q = Math.exp(-rate);
  // P[X ≥ m] = q^m/(1+q), m ≥ 1.
  const tail = (m: number): number => Math.exp(-m * rate) / (1 + q);
  return {
    variance: 1 / (2 * Math.sinh(rate / 2) ** 2),
    pmf: (x) => Math.tanh(rate / 2) * Math.exp(-Math.abs(x) * rate),
    tailGe: (m) => (m >= 1 ? tail(m) : 1 - tail(1 - m)),
    tailWithin(m, p) {
      const estimate = tail(Number(m));
      if (estimate * (1 + SLACK) <= p) return true;
      return estimate * (1 - SLACK) <= p && tailWithinExactly(m, scale, p);
    },
    tailGuess: (p) => BigInt(Math.max(1, Math.ceil(-Math.log(p * (1 + q)) / rate))),
    hockeyStick: (sensitivity, epsilon) => hockeyStick(rate, q, sensitivity, epsilon),
    sampler: () => discreteLaplaceSampler(scale),
  };
}

const DIGITS = 1100;

/** q^m ≤ p·(1 + q) by integer bounds; p is the double's exact value, above 2^-1074. */
function tailWithinExactly(m: bigint, { numerator, denominator }: Rational, p: number): boolean {
  const { high } = expBounds(m * denominator, numerator, DIGITS);
  const { low } = expBounds(denominator, numerator, DIGITS);
  const one = 1n << BigInt(DIGITS);
  return compare(rational(high, one + low), exactly(p)) <= 0;
}

function exactly(p: number): Rational {
  let exponent = 0;
  let mantissa = p;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  return rational(BigInt(mantissa), 1n << BigInt(exponent));
}

/**
 * The loss of x falls from Δ/t at x ≤ 0 by 2/t a step, so what exceeds ε is a half-line x ≤ j, j the largest integer below
 * (Δ − εt)/2, and δ = P[X ≤ j] − e^ε·P[X ≥ Δ − j], written here as a sum of positive terms.
 */
function hockeyStick(rate: number, q: number, sensitivity: number, epsilon: number): number {
  if (epsilon >= sensitivity * rate) return 0;
  const j = Math.max(0, Math.ceil((sensitivity - epsilon / rate) / 2) - 1);
  const sum = -Math.expm1(epsilon - (sensitivity - j) * rate) - q * Math.expm1(-j * rate);
  return Math.min(1, (sum / (1 + q)) * (1 + SLACK));
}
