/** From what a question may spend to a mechanism for every statistic: splits, scales, and which noise errs least. */
import { gaussianVariance, laplaceScale, largestRho } from '../dp/calibrate.ts';
import { type NoiseMechanism, variance } from '../dp/mechanism/noise.ts';
import { ceil, compare, divide, larger, multiply, type Rational, rational, sumOf } from '../dp/rational.ts';
import { preThreshold } from '../dp/selection/pre-threshold.ts';
import { thresholdFor } from '../dp/selection/threshold.ts';
import { SpannedError } from '../errors.ts';
import { epsilonFor } from './accuracy.ts';
import type { Measurement, PrivacyParameters, Selection, Sensitivity } from './plan.ts';
import type { Drafted } from './question.ts';
import { sensitivityOf } from './sensitivity.ts';
import { vectorOf } from './vector.ts';

/** Mechanisms of all questions of a plan, and what they cost together. */
export interface Allocation {
  readonly measurements: readonly (readonly (readonly (Measurement | null)[])[])[];
  readonly selections: readonly (readonly (Selection | null)[])[];
  readonly epsilon: Rational;
  readonly delta: Rational;
}

/** One noisy vector: a statistic, or disjoint ones, over the groups of one grouping set. */
interface Slot {
  readonly question: number;
  readonly set: number;
  readonly statistics: readonly number[];
  readonly sensitivity: Sensitivity;
  /** Share of the budget; ε itself where ε is stated per aggregate or follows from an accuracy. */
  readonly weight: Rational;
}

/** A grouping set whose groups are selected: through the noisy unit count of `shown`, or by its own draw. */
interface Choice {
  readonly question: number;
  readonly set: number;
  readonly units: number;
  readonly groups: number;
  readonly shown: boolean;
}

const ONE = rational(1n);
const TWO = rational(2n);

/**
 * Chooses the noise. The whole ε is split by weight, exactly; Gaussian noise is taken where a δ is asked and it errs less.
 *
 * @throws SpannedError BUDGET_INVALID, BOUND_NO_MECHANISM (private keys without δ; accuracy of an average)
 */
export function allocate(drafts: readonly Drafted[], minimumUnits: number, parameters: PrivacyParameters): Allocation {
  const choices = drafts.flatMap((drafted, question) => choicesOf(drafted, question));
  checkNames(drafts, parameters);
  const slots = drafts.flatMap((drafted, question) => slotsOf(drafted, question, parameters, sharers(drafts)));
  const delta = choices.length === 0 ? rational(0n) : selectionDelta(parameters, drafts);
  const pure = laplacePlan(drafts, slots, choices, delta, minimumUnits, parameters);
  const gaussian = gaussianPlan(drafts, slots, choices, minimumUnits, parameters);
  return gaussian !== null && errsLess(gaussian, pure) ? gaussian : pure;
}

/** Values by the output they enter: one ε stated for it is shared by all of them. */
function sharers(drafts: readonly Drafted[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { wanted } of drafts) for (const { name } of wanted) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function checkNames(drafts: readonly Drafted[], { epsilonByAggregate }: PrivacyParameters): void {
  const known = sharers(drafts);
  const unknown = [...(epsilonByAggregate?.keys() ?? [])].find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new SpannedError('BUDGET_INVALID', null, {
    message: `An epsilon is given for ${unknown}, and no noisy output has that name.`,
    next: `The noisy outputs are ${[...known.keys()].join(', ')}.`,
  });
}

function slotsOf(
  drafted: Drafted,
  question: number,
  parameters: PrivacyParameters,
  sharing: ReadonlyMap<string, number>,
): Slot[] {
  const weights = new Map<number, Rational>();
  for (const wanted of drafted.wanted) {
    const total = wanted.weights.reduce((sum, weight) => sum + weight, 0n);
    const own = ownEpsilon(wanted, parameters, sharing.get(wanted.name) ?? 1);
    wanted.at.forEach(([statistic = 0], index) => {
      const share = multiply(own, rational(wanted.weights[index] ?? 1n, total));
      const [first = statistic] = vectorOf(drafted.vectors, statistic).statistics;
      weights.set(first, larger(share, weights.get(first) ?? share));
    });
  }
  return drafted.boundary.sets.flatMap((keys, set) =>
    [...weights].map(([statistic, weight]): Slot => {
      const sensitivity = sensitivityOf(drafted.bounded.statistics[statistic]!, keys, drafted.limits);
      const accurate = parameters.accuracy === null ? weight : epsilonFor(statistic, sensitivity, drafted, parameters);
      const { statistics } = vectorOf(drafted.vectors, statistic);
      return { question, set, statistics, sensitivity, weight: accurate };
    }),
  );
}

/** 1 where one ε is split over all aggregates; else this one's part of the ε stated for its output. */
function ownEpsilon(
  wanted: Drafted['wanted'][number],
  { epsilonByAggregate }: PrivacyParameters,
  sharing: number,
): Rational {
  if (epsilonByAggregate === null) return ONE;
  const own = epsilonByAggregate.get(wanted.name);
  if (own === undefined) {
    throw new SpannedError('BUDGET_INVALID', wanted.item.call.span, {
      message: `No epsilon is given for ${wanted.name}.`,
      next: 'Give one epsilon for the whole question, or one for every noisy output by its name.',
    });
  }
  return divide(own, rational(BigInt(sharing)));
}

function choicesOf(drafted: Drafted, question: number): Choice[] {
  return drafted.boundary.sets.flatMap((keys, set): Choice[] => {
    if (!drafted.selected[set]) return [];
    // Keys that can take no value at all leave no group to choose; the share per group stays finite.
    const groups = Math.max(1, sensitivityOf({ kind: 'units', where: null }, keys, drafted.limits).l0);
    const shown = drafted.wanted.some((wanted) => wanted.at.some((sum) => sum.includes(drafted.units)));
    return [{ question, set, units: drafted.units, groups, shown }];
  });
}

function selectionDelta(parameters: PrivacyParameters, drafts: readonly Drafted[]): Rational {
  const delta = parameters.delta ?? parameters.defaultDelta;
  if (compare(delta, rational(0n)) > 0) return delta;
  const key = drafts.find((drafted) => drafted.units >= 0)?.boundary.keys[0];
  throw new SpannedError('BOUND_NO_MECHANISM', key?.expr.span ?? null, {
    message:
      'The values of this key are private: choosing which groups to show needs a delta, and this budget has none.',
    next: 'Ask with a delta, group by a key with public values, or have its values declared in the policy.',
  });
}

/** Everything discrete Laplace, selection by its own optimal draw: exactly the ε asked. */
function laplacePlan(
  drafts: readonly Drafted[],
  slots: readonly Slot[],
  choices: readonly Choice[],
  delta: Rational,
  minimumUnits: number,
  parameters: PrivacyParameters,
): Allocation {
  const draws = choices.filter((choice) => !choice.shown);
  const total = parameters.epsilon;
  const drawWeight =
    total === null ? (slots[0] === undefined ? ONE : slots.map((slot) => slot.weight).reduce(smaller)) : ONE;
  const weights = sumOf([...slots.map((slot) => slot.weight), ...draws.map(() => drawWeight)]);
  const factor = total === null ? ONE : weights.numerator === 0n ? ONE : divide(total, weights);
  const epsilons = slots.map((slot) => multiply(slot.weight, factor));
  const mechanisms = slots.map(
    (slot, index): NoiseMechanism => ({
      kind: 'discrete-laplace',
      scale: laplaceScale(atLeastOne(slot.sensitivity.l1), epsilons[index]!),
    }),
  );
  const perChoice = choices.length === 0 ? rational(0n) : divide(delta, rational(BigInt(choices.length)));
  const drawEpsilon = multiply(drawWeight, factor);
  const selections = choices.map(
    (choice): Selection =>
      choice.shown
        ? thresholded(choice, mechanismOf(choice, slots, mechanisms), perChoice, minimumUnits)
        : {
            kind: 'optimal',
            units: choice.units,
            minimumUnits,
            groups: choice.groups,
            epsilon: divide(drawEpsilon, rational(BigInt(choice.groups))),
            delta: divide(perChoice, rational(BigInt(choice.groups))),
          },
  );
  const spent = sumOf([...epsilons, ...draws.map(() => drawEpsilon)]);
  return assemble(drafts, slots, mechanisms, choices, selections, spent, delta);
}

/** Everything discrete Gaussian inside one (ε, δ): half of δ for the conversion, half for thresholds where keys are private. */
function gaussianPlan(
  drafts: readonly Drafted[],
  slots: readonly Slot[],
  choices: readonly Choice[],
  minimumUnits: number,
  parameters: PrivacyParameters,
): Allocation | null {
  const { epsilon, delta } = parameters;
  if (epsilon === null || delta === null || compare(delta, rational(0n)) <= 0) return null;
  const hidden = choices
    .filter((choice) => !choice.shown)
    .map(
      (choice): Slot => ({
        question: choice.question,
        set: choice.set,
        statistics: [choice.units],
        weight: ONE,
        sensitivity: sensitivityOf(
          { kind: 'units', where: null },
          drafts[choice.question]!.boundary.sets[choice.set]!,
          drafts[choice.question]!.limits,
        ),
      }),
    );
  const all = [...slots, ...hidden];
  if (all.length === 0) return null;
  const noiseDelta = choices.length === 0 ? delta : divide(delta, TWO);
  const rho = largestRho(epsilon, noiseDelta);
  if (rho.numerator === 0n) return null;
  const weights = sumOf(all.map((slot) => slot.weight));
  const mechanisms = all.map((slot): NoiseMechanism => {
    const share = divide(multiply(rho, slot.weight), weights);
    const exact = gaussianVariance(atLeastOne(slot.sensitivity.l2Squared), share);
    return { kind: 'discrete-gaussian', variance: rational(ceil(multiply(exact, rational(1024n))), 1024n) };
  });
  const perChoice = choices.length === 0 ? rational(0n) : divide(divide(delta, TWO), rational(BigInt(choices.length)));
  const selections = choices.map((choice) =>
    thresholded(choice, mechanismOf(choice, all, mechanisms), perChoice, minimumUnits),
  );
  return assemble(drafts, all, mechanisms, choices, selections, epsilon, delta);
}

function thresholded(choice: Choice, mechanism: NoiseMechanism, delta: Rational, minimumUnits: number): Selection {
  return {
    kind: 'threshold',
    units: choice.units,
    threshold: preThreshold(thresholdFor(mechanism, 1n, delta, choice.groups), minimumUnits),
    delta,
    groups: choice.groups,
    minimumUnits,
  };
}

function mechanismOf(choice: Choice, slots: readonly Slot[], mechanisms: readonly NoiseMechanism[]): NoiseMechanism {
  return mechanisms[
    slots.findIndex(
      (slot) => slot.question === choice.question && slot.set === choice.set && slot.statistics.includes(choice.units),
    )
  ]!;
}

/** Geometric mean of the noise variances, over the values that are shown. */
function errsLess(one: Allocation, other: Allocation): boolean {
  const logVariance = (allocation: Allocation): number =>
    allocation.measurements.flat(2).reduce((sum, measurement, index) => {
      const shown = other.measurements.flat(2)[index];
      return measurement === null || shown === null || shown === undefined
        ? sum
        : sum + Math.log(variance(measurement.mechanism));
    }, 0);
  const shownAny = other.measurements.flat(2).some((measurement) => measurement !== null);
  return shownAny && logVariance(one) < logVariance(other);
}

function assemble(
  drafts: readonly Drafted[],
  slots: readonly Slot[],
  mechanisms: readonly NoiseMechanism[],
  choices: readonly Choice[],
  selections: readonly Selection[],
  epsilon: Rational,
  delta: Rational,
): Allocation {
  const measurements = drafts.map((drafted, question) =>
    drafted.boundary.sets.map((_, set) =>
      drafted.bounded.statistics.map((_statistic, statistic): Measurement | null => {
        const index = slots.findIndex(
          (slot) => slot.question === question && slot.set === set && slot.statistics.includes(statistic),
        );
        return index < 0 ? null : { mechanism: mechanisms[index]!, sensitivity: slots[index]!.sensitivity };
      }),
    ),
  );
  const bySet = drafts.map((drafted, question) =>
    drafted.boundary.sets.map((_, set) => {
      const index = choices.findIndex((choice) => choice.question === question && choice.set === set);
      return index < 0 ? null : selections[index]!;
    }),
  );
  return { measurements, selections: bySet, epsilon, delta };
}

/** Noise needs a scale even where nobody can move the value. */
function atLeastOne(sensitivity: bigint): bigint {
  return sensitivity > 0n ? sensitivity : 1n;
}

function smaller(a: Rational, b: Rational): Rational {
  return compare(a, b) <= 0 ? a : b;
}
