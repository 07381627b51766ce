/** From a wanted half-width to the ε that gives it. */
import { laplaceScale } from '../dp/calibrate.ts';
import { halfWidth } from '../dp/mechanism/noise.ts';
import { divide, floor, type Rational, rational } from '../dp/rational.ts';
import { SpannedError } from '../errors.ts';
import { coarsest } from './own-range.ts';
import type { PrivacyParameters, Sensitivity } from './plan.ts';
import type { Drafted } from './question.ts';

/** Least ε (to 10⁻⁶, upwards) whose noise stays within the wanted half-width at the wanted level. */
export function epsilonFor(
  statistic: number,
  sensitivity: Sensitivity,
  drafted: Drafted,
  parameters: PrivacyParameters,
): Rational {
  const wanted = drafted.wanted.find((one) => one.at.some((sum) => sum.includes(statistic)))!;
  const formula = coarsest(wanted.derivation);
  if (formula === null) {
    throw new SpannedError('BOUND_NO_MECHANISM', wanted.item.call.span, {
      message: 'How accurate an average is depends on how many rows it has, and that number is private.',
      next: 'State an epsilon, or ask for SUM and COUNT with an accuracy each and divide them.',
    });
  }
  const steps = floor(divide(parameters.accuracy!, formula.step));
  const alpha = 1 - parameters.level;
  const l1 = sensitivity.l1 > 0n ? sensitivity.l1 : 1n;
  const within = (epsilon: Rational): boolean =>
    halfWidth({ kind: 'discrete-laplace', scale: laplaceScale(l1, epsilon) }, alpha) <= steps;
  const million = 1_000_000n;
  let high = 1n;
  while (!within(rational(high, million))) {
    high *= 2n;
    if (high > million * 1_000_000n) throw unreachable(wanted);
  }
  let low = high / 2n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (within(rational(middle, million))) high = middle;
    else low = middle;
  }
  return rational(high, million);
}

function unreachable(wanted: Drafted['wanted'][number]): SpannedError {
  return new SpannedError('BUDGET_INVALID', wanted.item.call.span, {
    message: 'No epsilon up to 1,000,000 reaches this accuracy.',
    next: 'Ask for a wider half-width.',
  });
}
