import { toNumber } from '../rational.ts';
import { type NoiseMechanism, pmf, tailGe } from './noise.ts';

/**
 * δ(ε) = Σ max(0, P[x] − e^ε·P[x − Δ]), exact: the privacy loss falls in x, so the sum is over a half-line.
 * Gaussian: [CKS20] Thm 7. Laplace: losses lie between ±Δ/t.
 *
 * @param sensitivity - integer Δ ≥ 1
 */
export function hockeyStick(mechanism: NoiseMechanism, sensitivity: number, epsilon: number): number {
  if (mechanism.kind === 'discrete-gaussian') {
    const centre = (epsilon * toNumber(mechanism.variance)) / sensitivity;
    const from = Math.floor(centre - sensitivity / 2) + 1;
    return Math.max(0, tailGe(mechanism, from) - Math.exp(epsilon) * tailGe(mechanism, from + sensitivity));
  }
  const t = toNumber(mechanism.scale);
  if (epsilon >= sensitivity / t) return 0;
  let sum = -Math.expm1(epsilon - sensitivity / t) * tailGe(mechanism, 0);
  for (let x = 1; x < sensitivity; x++)
    sum += Math.max(0, pmf(mechanism, x) - Math.exp(epsilon) * pmf(mechanism, sensitivity - x));
  return sum;
}
