/** What a plan will do, in accounting terms. */
import type { ExactFraction, PrivacyEvent } from '../dp/event.ts';
import type { Rational } from '../dp/rational.ts';
import type { Measurement, PlannedQuestion, Selection } from './plan.ts';
import { vectorOf } from './vector.ts';

/** One event per measurement and selection, composed. */
export function eventOf(questions: readonly PlannedQuestion[]): PrivacyEvent {
  return { kind: 'composed', events: questions.flatMap((question) => [...measured(question), ...selected(question)]) };
}

function measured(question: PlannedQuestion): PrivacyEvent[] {
  return question.measurements.flatMap((row) =>
    row.flatMap((measurement, statistic) => {
      // The first of a vector stands for all.
      const { statistics, nested } = vectorOf(question.vectors, statistic);
      return measurement === null || statistics[0] !== statistic ? [] : [ofMeasurement(measurement, nested)];
    }),
  );
}

/**
 * @param nested - whether the vector holds the differences of a chain: in one group several of them can move, of which none
 *   moves further than all together, so that ℓ∞ holds for each and ℓ₀ does not
 */
function ofMeasurement({ mechanism, sensitivity }: Measurement, nested: boolean): PrivacyEvent {
  if (mechanism.kind === 'discrete-laplace') {
    return {
      kind: 'discrete-laplace',
      scale: exact(mechanism.scale),
      l1: atLeastOne(sensitivity.l1),
      lInf: atLeastOne(sensitivity.lInf),
      ...(nested ? {} : { l0: atLeastOne(BigInt(sensitivity.l0)) }),
    };
  }
  return {
    kind: 'discrete-gaussian',
    variance: exact(mechanism.variance),
    l2Squared: atLeastOne(sensitivity.l2Squared),
  };
}

function atLeastOne(movement: bigint): string {
  return String(movement > 0n ? movement : 1n);
}

function selected(question: PlannedQuestion): PrivacyEvent[] {
  return question.selection.flatMap((selection): PrivacyEvent[] =>
    selection === null ? [] : [ofSelection(selection)],
  );
}

function ofSelection(selection: Selection): PrivacyEvent {
  if (selection.kind === 'optimal') {
    return {
      kind: 'partition-selection',
      epsilon: exact(selection.epsilon),
      delta: exact(selection.delta),
      groups: selection.groups,
    };
  }
  return {
    kind: 'threshold',
    delta: exact(selection.delta),
    groups: selection.groups,
    threshold: String(selection.threshold),
  };
}

function exact(value: Rational): ExactFraction {
  return [String(value.numerator), String(value.denominator)];
}
