/** What each kind of a vector file is checked against. A kind without an entry is skipped by name, and fails the tests. */
import { zcdpOfDiscreteLaplace } from '../../src/dp/accountant/zcdp.ts';
import {
  analyticGaussianDelta,
  analyticGaussianSigma,
  epsilonDeltaToZcdp,
  groupPrivacy,
  zcdpOfLaplace,
  zcdpOfPure,
  zcdpToDelta,
  zcdpToEpsilon,
  zcdpToEpsilonSimple,
} from '../../src/dp/conversion.ts';
import { expBounds } from '../../src/dp/exp-bounds.ts';
import { fieller } from '../../src/dp/fieller.ts';
import { type Choice, chances } from '../../src/dp/mechanism/exponential.ts';
import { halfWidth, hockeyStick, type NoiseMechanism, pmf, tailGe, variance } from '../../src/dp/mechanism/noise.ts';
import { composeLoss, type Part, type PrivacyLoss } from '../../src/dp/pld/composition.ts';
import { discreteGaussianPair } from '../../src/dp/pld/discrete-gaussian.ts';
import { gaussianPair } from '../../src/dp/pld/gaussian.ts';
import { discreteLaplacePair, laplacePair } from '../../src/dp/pld/laplace.ts';
import { randomisedResponse } from '../../src/dp/pld/randomised-response.ts';
import { decimalOf, type Rational, rational, toNumber } from '../../src/dp/rational.ts';
import {
  renyiOfDiscreteLaplace,
  renyiOfGaussian,
  renyiOfLaplace,
  renyiOfPure,
  renyiToEpsilon,
} from '../../src/dp/renyi.ts';
import { keepProbability, optimalSelector } from '../../src/dp/selection/optimal.ts';
import { countBeyond } from '../../src/dp/selection/pre-threshold.ts';
import { emptyBinsThreshold, gaussianThreshold, thresholdFor } from '../../src/dp/selection/threshold.ts';
import { truncationBound } from '../../src/dp/selection/truncated-geometric.ts';
import { epsilonLowerBound } from '../../src/dp/simulation/auditor.ts';
import { clopperPearson } from '../../src/dp/simulation/clopper-pearson.ts';

// biome-ignore lint/suspicious/noExplicitAny: a vector file is checked by what it is compared with.
export type Inputs = Readonly<Record<string, any>>;
type Pair = readonly [number, number];

const exact = ([numerator, denominator]: Pair): Rational => rational(BigInt(numerator), BigInt(denominator));
const laplace = (scale: Pair): NoiseMechanism => ({ kind: 'discrete-laplace', scale: exact(scale) });
const gaussian = (sigma2: Pair): NoiseMechanism => ({ kind: 'discrete-gaussian', variance: exact(sigma2) });
const chosen = (choice: Choice, i: Inputs): number[] =>
  chances(choice, i.scores, i.epsilon / ((i.monotonic ? 1 : 2) * i.sensitivity));

function divergence(i: Inputs): (alpha: number) => number {
  const count = i.count ?? 1;
  if (i.mechanism === 'gaussian') return (alpha) => count * renyiOfGaussian(i.sigma, i.sensitivity, alpha);
  if (i.mechanism === 'laplace') return (alpha) => count * renyiOfLaplace(i.epsilon0, alpha);
  throw new Error(`Unknown mechanism ${String(i.mechanism)}.`);
}

/** The composition of a vector's mechanisms. */
function lossOf(i: Inputs): PrivacyLoss {
  const all = i.mechanisms as Inputs[];
  const black = all.filter(({ type }) => type === 'approximate_dp');
  const survival = black.reduce((log, { count, delta0 }) => log + count * Math.log1p(-delta0), 0);
  return composeLoss(all.map(partOf), -Math.expm1(survival));
}

function partOf(m: Inputs): Part {
  const { count, sensitivity } = m;
  switch (m.type) {
    // Equal Gaussians are one of their μ·√n.
    case 'gaussian':
      return { pair: gaussianPair((sensitivity / m.sigma) * Math.sqrt(count)), count: 1 };
    case 'laplace':
      return { pair: laplacePair(sensitivity / m.scale), count };
    case 'discrete_laplace':
      return { pair: discreteLaplacePair(1 / toNumber(exact(m.scale)), sensitivity), count };
    case 'discrete_gaussian':
      if (sensitivity === 1) return { pair: discreteGaussianPair(exact(m.sigma2)), count };
      break;
    case 'approximate_dp':
      return { pair: randomisedResponse(m.epsilon0), count };
  }
  throw new Error(`Unknown mechanism ${JSON.stringify(m)}.`);
}

/** Kind → value computed by the implementation. */
export const KINDS: Readonly<Record<string, (i: Inputs) => unknown>> = {
  zcdp_to_epsilon: (i) => zcdpToEpsilon(i.rho, i.delta),
  zcdp_to_delta: (i) => zcdpToDelta(i.rho, i.epsilon),
  zcdp_to_epsilon_simple: (i) => zcdpToEpsilonSimple(i.rho, i.delta),
  epsilon_delta_to_zcdp: (i) => epsilonDeltaToZcdp(i.epsilon, i.delta),
  rdp_to_epsilon: (i) => renyiToEpsilon(divergence(i), i.orders, i.delta),
  rdp_laplace: (i) => renyiOfLaplace(i.epsilon0, i.order),
  rdp_pure_dp_worst_case: (i) => renyiOfPure(i.epsilon0, i.order),
  rdp_discrete_laplace: (i) => renyiOfDiscreteLaplace(toNumber(exact(i.scale)), i.sensitivity, i.order),
  zcdp_of_laplace: (i) => zcdpOfLaplace(i.epsilon0),
  zcdp_of_pure_dp: (i) => zcdpOfPure(i.epsilon0),
  zcdp_of_discrete_laplace: (i) => toNumber(zcdpOfDiscreteLaplace(exact(i.scale), BigInt(i.sensitivity))),
  analytic_gaussian_delta: (i) => analyticGaussianDelta(i.sigma, i.sensitivity, i.epsilon),
  analytic_gaussian_sigma: (i) => analyticGaussianSigma(i.epsilon, i.delta, i.sensitivity),
  discrete_laplace_pmf: (i) => pmf(laplace(i.scale), i.x),
  discrete_laplace_tail_ge: (i) => tailGe(laplace(i.scale), i.m),
  discrete_laplace_variance: (i) => variance(laplace(i.scale)),
  discrete_gaussian_pmf: (i) => pmf(gaussian(i.sigma2), i.x),
  discrete_gaussian_tail_ge: (i) => tailGe(gaussian(i.sigma2), i.m),
  discrete_gaussian_variance: (i) => variance(gaussian(i.sigma2)),
  partition_keep_probability: (i) => keepProbability(decimalOf(i.epsilon), decimalOf(i.delta), i.n),
  partition_keep_probability_prethreshold: (i) =>
    keepProbability(decimalOf(i.epsilon), decimalOf(i.delta), Number(countBeyond(BigInt(i.n), i.minUnits))),
  partition_hard_threshold: (i) => Number(optimalSelector(decimalOf(i.epsilon), decimalOf(i.delta), 1).certain),
  threshold_discrete_laplace: (i) => Number(thresholdFor(laplace(i.scale), BigInt(i.linf), decimalOf(i.delta), i.l0)),
  threshold_discrete_gaussian: (i) =>
    Number(thresholdFor(gaussian(i.sigma2), BigInt(i.linf), decimalOf(i.delta), i.l0)),
  discrete_laplace_delta: (i) => hockeyStick(laplace(i.scale), i.sensitivity, i.epsilon),
  discrete_gaussian_delta: (i) => hockeyStick(gaussian(i.sigma2), i.sensitivity, i.epsilon),
  partition_truncated_geometric_bound: (i) => truncationBound(i.epsilon, i.delta),
  threshold_gaussian: (i) => gaussianThreshold(i.sigma, i.linf, i.delta, i.l0),
  auto_bounds_threshold: (i) => Number(emptyBinsThreshold(laplace(i.scale), i.bins, i.successProbability)),
  pld_epsilon: (i) => lossOf(i).epsilonAt(i.delta),
  pld_delta: (i) => lossOf(i).deltaAt(i.epsilon),
  exponential_mechanism_probabilities: (i) => chosen('exponential', i),
  permute_and_flip_probabilities: (i) => chosen('permute-and-flip', i),
  clopper_pearson: (i) => clopperPearson(i.successes, i.trials, i.alphaEachSide),
  audit_epsilon_lower_bound: (i) => epsilonLowerBound(i.hitsP, i.hitsQ, i.trialsEach, i.alpha, i.delta),
  fieller_interval: (i) => fieller(i.numerator, i.numeratorVar, i.denominator, i.denominatorVar, i.z),
  group_privacy: (i) => groupPrivacy(i.epsilon, i.delta, i.groupSize),
  discrete_laplace_ci_halfwidth: (i) => Number(halfWidth(laplace(i.scale), i.alpha)),
  discrete_gaussian_ci_halfwidth: (i) => Number(halfWidth(gaussian(i.sigma2), i.alpha)),
  exp_neg_fixed_point: (i) => `0x${floorOfExp(BigInt(i.numerator), BigInt(i.denominator), i.bits).toString(16)}`,
};

/** ⌊2^k·exp(−a/b)⌋: more bits until both bounds agree. */
function floorOfExp(a: bigint, b: bigint, k: number): bigint {
  for (let extra = 16; ; extra += 16) {
    const { low, high } = expBounds(a, b, k + extra);
    if (low >> BigInt(extra) === high >> BigInt(extra)) return low >> BigInt(extra);
  }
}
