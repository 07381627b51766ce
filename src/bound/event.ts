/** What a plan will do, in accounting terms. */
import type { ExactFraction, PrivacyEvent } from '../dp/event.ts';
import type { Rational } from '../dp/rational.ts';
import type { Measurement, PlannedQuestion, Selection } from './plan.ts';

/** One event per measurement and selection, composed. */
export function eventOf(questions: readonly PlannedQuestion[]): PrivacyEvent {
  return { kind: 'composed', events: questions.flatMap((question) => [...measured(question), ...selected(question)]) };
}

function measured(question: PlannedQuestion): PrivacyEvent[] {
  // Disjoint statistics are one vector: the first stands for all.
  const [, ...repeated] = question.disjoint;
  return question.measurements.flatMap((row) =>
    row.flatMap((measurement, statistic) =>
      measurement === null || repeated.includes(statistic) ? [] : [ofMeasurement(measurement)],
    ),
  );
}

function ofMeasurement({ mechanism, sensitivity }: Measurement): PrivacyEvent {
  if (mechanism.kind === 'discrete-laplace') {
    return {
      kind: 'discrete-laplace',
      scale: exact(mechanism.scale),
      l1: String(sensitivity.l1 > 0n ? sensitivity.l1 : 1n),
    };
  }
  return {
    kind: 'discrete-gaussian',
    variance: exact(mechanism.variance),
    l2Squared: String(sensitivity.l2Squared > 0n ? sensitivity.l2Squared : 1n),
  };
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
