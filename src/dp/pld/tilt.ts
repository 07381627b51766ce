/** Where to look: the exponent that brings an unlikely loss to the middle of the grid. */

/** Tilts tried, on a logarithmic scale. */
const LOW = Math.log(2 ** -10);
const HIGH = Math.log(2 ** 17);
/** Below e^this no tilt aims: masses of doubles would vanish. */
const LOG_DELTA_MIN = -200;

/** A tilt θ with the mean and the spread of the tilted loss, and the ε it aims at; estimates, nothing sound rests on them. */
export interface Tilt {
  readonly order: number;
  readonly mean: number;
  readonly spread: number;
  readonly epsilon: number;
}

/**
 * θ where ε(δ) ≤ (ln M(θ) − ln δ + θ·ln θ − (1+θ)·ln(1+θ))/θ is least, M(θ) = E[e^(θL)]. [CKS20, Prop 12] with α = 1 + θ
 */
export function tiltForDelta(logMoment: (tilt: number) => number, delta: number): Tilt {
  const target = Math.max(Math.log(delta), LOG_DELTA_MIN);
  const epsilonAt = (tilt: number): number => (logMoment(tilt) - target + logShape(tilt)) / tilt;
  const order = minimise(epsilonAt);
  return describe(logMoment, order, Math.max(0, epsilonAt(order)));
}

/** θ where the same bound, read for δ at a given ε, is least. */
export function tiltForEpsilon(logMoment: (tilt: number) => number, epsilon: number): Tilt {
  const logDelta = (tilt: number): number => logMoment(tilt) - tilt * epsilon + logShape(tilt);
  let order = minimise(logDelta);
  while (logDelta(order) < LOG_DELTA_MIN) order /= 1.25;
  return describe(logMoment, order, epsilon);
}

/** ln of the largest (1 − e^−x)·e^(−θx). */
function logShape(tilt: number): number {
  return tilt * Math.log(tilt) - (1 + tilt) * Math.log1p(tilt);
}

function describe(logMoment: (tilt: number) => number, order: number, epsilon: number): Tilt {
  const gap = order / 16;
  const [below, at, above] = [logMoment(order - gap), logMoment(order), logMoment(order + gap)];
  const variance = (above - 2 * at + below) / gap ** 2;
  return {
    order,
    mean: (above - below) / (2 * gap),
    spread: variance > 0 ? Math.sqrt(variance) : 0,
    epsilon,
  };
}

/** Golden section over ln θ. */
function minimise(f: (tilt: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [LOW, HIGH];
  for (let i = 0; i < 40; i++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (f(Math.exp(a)) < f(Math.exp(b))) high = b;
    else low = a;
  }
  return Math.exp((low + high) / 2);
}
