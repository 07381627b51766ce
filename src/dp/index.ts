/** Mathematics of the guarantee: exact noise, its laws, selection, and conversions between notions of loss. */
export { basicOf } from './accountant/basic.ts';
export { type ApproximateZcdp, zcdpOf } from './accountant/zcdp.ts';
export { largestRho } from './calibrate.ts';
export {
  analyticGaussianDelta,
  analyticGaussianSigma,
  epsilonDeltaToZcdp,
  groupPrivacy,
  zcdpOfDiscreteLaplace,
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
export { hockeyStick } from './mechanism/hockey-stick.ts';
export { halfWidth, type NoiseMechanism, pmf, tailGe, thresholdAt, variance } from './mechanism/noise.ts';
export { decimal, decimalOf, parseDecimal, type Rational, rational, toNumber } from './rational.ts';
export { renyiOfDiscreteLaplace, renyiOfGaussian, renyiOfLaplace, renyiOfPure, renyiToEpsilon } from './renyi.ts';
export type { Bits } from './sampler/bits.ts';
export { discreteGaussianSampler } from './sampler/discrete-gaussian.ts';
export { discreteLaplaceSampler, type NoiseSampler } from './sampler/discrete-laplace.ts';
export { keepProbability, optimalSelector, type Selector } from './selection/optimal.ts';
export { thresholdFor } from './selection/threshold.ts';
export { truncationBound } from './selection/truncated-geometric.ts';
