import { epsilonDeltaToZcdp } from './conversion.ts';
import { type Rational, rational, toNumber } from './rational.ts';

const RHO_UNITS = 10n ** 12n;

/** Largest ρ, on a grid of 10⁻¹² rounded down, such that ρ-zCDP is (ε, δ)-DP. [CKS20] Cor 13. */
export function largestRho(epsilon: Rational, delta: Rational): Rational {
  const rho = epsilonDeltaToZcdp(toNumber(epsilon), toNumber(delta));
  return rational(BigInt(Math.floor(rho * Number(RHO_UNITS))), RHO_UNITS);
}
