/** From a budget to the parameters of a noise; budgets round down, noise rounds up. */
import { epsilonDeltaToZcdp } from './conversion.ts';
import { divide, multiply, type Rational, rational, toNumber } from './rational.ts';

const RHO_UNITS = 10n ** 18n;
const DOWN = 1 - 2 ** -50;

/** Largest ρ, on a grid of 10⁻¹⁸ rounded down, such that ρ-zCDP is (ε, δ)-DP. [CKS20] Cor 13. */
export function largestRho(epsilon: Rational, delta: Rational): Rational {
  const rho = epsilonDeltaToZcdp(toNumber(epsilon) * DOWN, toNumber(delta) * DOWN);
  return rational(BigInt(Math.floor(rho * Number(RHO_UNITS))), RHO_UNITS);
}

/** Discrete Laplace scale t with l1/t = ε, exact. */
export function laplaceScale(l1: bigint, epsilon: Rational): Rational {
  return divide(rational(l1), epsilon);
}

/** Discrete Gaussian σ² with l2²/2σ² = ρ, exact. */
export function gaussianVariance(l2Squared: bigint, rho: Rational): Rational {
  return divide(rational(l2Squared), multiply(rational(2n), rho));
}
