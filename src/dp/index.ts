/**
 * Mathematics of the guarantee: exact noise, its laws, selection, and conversions between notions of loss.
 *
 * @module gauze/dp
 */
export { type ApproximateLoss, basicOf } from './accountant/basic.ts';
export { costOf, type EventCost } from './accountant/cost.ts';
export { type Notion, type Notions, notionsOf } from './accountant/notions.ts';
export {
  groupOdometerAt,
  type OdometerLimits,
  type OdometerSpend,
  odometerAt,
  type Statement,
} from './accountant/odometer.ts';
export type { PlannedEvent } from './accountant/planned.ts';
export { privacyLossOf } from './accountant/pld.ts';
export { type RenyiLoss, renyiOf } from './accountant/renyi.ts';
export { type ApproximateZcdp, zcdpOf, zcdpOfDiscreteLaplace } from './accountant/zcdp.ts';
export { gaussianVariance, laplaceScale, largestRho } from './calibrate.ts';
export {
  analyticGaussianDelta,
  analyticGaussianSigma,
  epsilonDeltaToZcdp,
  groupPrivacy,
  groupRho,
  zcdpOfBoundedRange,
  zcdpOfLaplace,
  zcdpOfPure,
  zcdpToDelta,
  zcdpToEpsilon,
  zcdpToEpsilonSimple,
} from './conversion.ts';
export type {
  ComposedEvent,
  DiscreteGaussianEvent,
  DiscreteLaplaceEvent,
  ExactFraction,
  PrivacyEvent,
  SelectionEvent,
  ThresholdEvent,
} from './event.ts';
export { fieller } from './fieller.ts';
export { type Choice, chances, choose } from './mechanism/exponential.ts';
export type { NoiseLaw } from './mechanism/law.ts';
export {
  halfWidth,
  hockeyStick,
  lawOf,
  type NoiseMechanism,
  pmf,
  samplerOf,
  tailGe,
  thresholdAt,
  variance,
} from './mechanism/noise.ts';
export { composeLoss, type Part, type PrivacyLoss } from './pld/composition.ts';
export { discreteGaussianPair } from './pld/discrete-gaussian.ts';
export { gaussianPair } from './pld/gaussian.ts';
export { discreteLaplacePair, laplacePair } from './pld/laplace.ts';
export type { Atoms, Pair } from './pld/pair.ts';
export { randomisedResponse } from './pld/randomised-response.ts';
export { decimal, decimalOf, parseDecimal, type Rational, rational, toNumber } from './rational.ts';
export { renyiOfDiscreteLaplace, renyiOfGaussian, renyiOfLaplace, renyiOfPure, renyiToEpsilon } from './renyi.ts';
export { bernoulliExp } from './sampler/bernoulli-exp.ts';
export type { Bits } from './sampler/bits.ts';
export { discreteGaussianSampler } from './sampler/discrete-gaussian.ts';
export { discreteLaplaceSampler, type NoiseSampler } from './sampler/discrete-laplace.ts';
export { keepProbability, optimalSelector, type Selector } from './selection/optimal.ts';
export { countBeyond, preThreshold } from './selection/pre-threshold.ts';
export { emptyBinsThreshold, gaussianThreshold, thresholdFor } from './selection/threshold.ts';
export { type TruncatedGeometric, truncatedGeometric, truncationBound } from './selection/truncated-geometric.ts';
