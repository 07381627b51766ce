import type { Law } from './interval/law.ts';

/** A mean whose noisy count is below this many standard deviations of its noise is undetermined. */
const DEVIATIONS = 3;

/** Least noisy count from which on a mean is told; `laws` are those of the noises in the count. */
export function leastCount(laws: readonly Pick<Law, 'variance'>[]): number {
  return Math.max(1, DEVIATIONS * Math.sqrt(laws.reduce((total, { variance }) => total + variance, 0)));
}
