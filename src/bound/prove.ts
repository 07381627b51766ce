/** Builds the proof of a plan: what composes, what is measured, why its sensitivity is what is claimed. */
import { decimal, toNumber } from '../dp/rational.ts';
import type { Statistic } from './bounded.ts';
import { inDataUnits, type NoiseLabel, noiseLabel } from './noise-label.ts';
import type { Cost, Measurement, PlannedQuestion, Selection } from './plan.ts';
import type { Proof } from './proof.ts';
import { proveAdmitted } from './prove-admitted.ts';
import { proveOwnRanges } from './prove-own-ranges.ts';
import type { Drafted } from './question.ts';
import { vectorOf } from './vector.ts';

/** What a proof is built from. */
export interface Proven {
  readonly unit: string;
  readonly cost: Cost;
  readonly drafts: readonly Drafted[];
  readonly questions: readonly PlannedQuestion[];
}

/** Proof of a whole plan; a plan without protected tables proves that it reads none. */
export function prove(proven: Proven): Proof {
  const { unit, cost, questions } = proven;
  if (questions.length === 0) {
    return {
      claim: 'The answer reads public tables only and costs nothing.',
      rule: 'no protected table',
      theorem: '',
      facts: { epsilon: '0', delta: '0' },
      premises: [],
    };
  }
  const facts = { epsilon: decimal(cost.epsilon), delta: decimal(cost.delta), unit };
  return {
    claim: `The answer is (${toNumber(cost.epsilon)}, ${toNumber(cost.delta)})-differentially private for adding or removing all rows of one ${unit}.`,
    rule: 'post-processing of composed measurements',
    theorem: '[DR14] Prop 2.1, Thm 3.16; [BS16] Lemma 1.7',
    facts,
    premises: questions.map((question, index) => proveQuestion(question, proven.drafts[index] as Drafted, index)),
  };
}

function proveQuestion(question: PlannedQuestion, drafted: Drafted, index: number): Proof {
  const { limits } = drafted;
  const premises = question.measurements.flatMap((row, set) =>
    row.flatMap((measurement, at) => {
      const { statistics, nested } = vectorOf(question.vectors, at);
      return measurement === null || statistics[0] !== at
        ? []
        : [
            proveMeasurement(
              measurement,
              question.bounded.statistics[at] as Statistic,
              proveOwnRanges(drafted, at, measurement),
              noiseLabel(drafted, statistics),
              setName(drafted, set),
              { count: statistics.length, nested },
            ),
          ];
    }),
  );
  const selections = question.selection.flatMap((selection, set) =>
    selection === null ? [] : [proveSelection(selection, setName(drafted, set))],
  );
  return {
    claim:
      `Question ${index + 1}: a person has at most ${limits.groups} group${limits.groups === 1 ? '' : 's'} ` +
      `with at most ${limits.rows} row${limits.rows === 1 ? '' : 's'} each (${limits.because}).`,
    rule: limits.enforced ? 'contribution bounding' : 'stability of the relation',
    theorem: '[McSherry09] §2.3 (stable transformations), along the unit',
    facts: {
      path: limits.path,
      groups: String(limits.groups),
      groupsEnforced: String(limits.enforced),
      rows: String(limits.rows),
      rowsProven: String(limits.rowsProven),
    },
    premises: [...proveAdmitted(question.bounded.source), ...premises, ...selections],
  };
}

function proveMeasurement(
  measurement: Measurement,
  statistic: Statistic,
  premises: readonly Proof[],
  { names, words, step }: NoiseLabel,
  set: string,
  cells: { readonly count: number; readonly nested: boolean },
): Proof {
  const { mechanism, sensitivity } = measurement;
  const several = cells.count > 1;
  const common = {
    statistic: statistic.kind,
    outputs: names,
    groupingSet: set,
    l0: String(sensitivity.l0),
    l1: String(sensitivity.l1),
    l2Squared: String(sensitivity.l2Squared),
    lInf: String(sensitivity.lInf),
    ...latticeFacts(statistic),
    ...(several ? { cells: String(cells.count), nested: String(cells.nested) } : {}),
  };
  const share = cells.nested ? 'which share what one count can move' : 'of which a person is in one';
  const what = several ? `${words}: sums of ${cells.count} counts, ${share}; each has` : `${words}:`;
  const parallel = !several
    ? ''
    : cells.nested
      ? '; [DR14] Thm 3.6 (ℓ₁ of the differences of nested counts)'
      : '; [McSherry09] Thm 4 (parallel composition)';
  if (mechanism.kind === 'discrete-laplace') {
    return {
      claim: `${what} discrete Laplace noise of scale ${decimal(mechanism.scale)}${inDataUnits(mechanism, step)}${several ? ', which' : ''} hides a change of ${sensitivity.l1} in all (ℓ₁).`,
      rule: 'discrete Laplace mechanism',
      theorem: `[GRS09]; [CKS20] Alg. 2${parallel}`,
      facts: { ...common, scale: decimal(mechanism.scale) },
      premises,
    };
  }
  return {
    claim: `${what} discrete Gaussian noise of variance ${decimal(mechanism.variance)}${inDataUnits(mechanism, step)}${several ? ', which' : ''} hides a change of √${sensitivity.l2Squared} (ℓ₂).`,
    rule: 'discrete Gaussian mechanism',
    theorem: `[CKS20] Thm 4, Thm 14, Cor 13${parallel}`,
    facts: { ...common, variance: decimal(mechanism.variance) },
    premises,
  };
}

function proveSelection(selection: Selection, set: string): Proof {
  const facts = { groupingSet: set, minimumUnits: String(selection.minimumUnits) };
  if (selection.kind === 'optimal') {
    return {
      claim:
        `Groups are shown by optimal private selection at (${decimal(selection.epsilon)}, ${decimal(selection.delta)}) each, ` +
        `never with fewer than ${selection.minimumUnits} persons.`,
      rule: 'private partition selection with pre-threshold',
      theorem: '[DVGM20] Thm 1',
      facts: { ...facts, epsilon: decimal(selection.epsilon), delta: decimal(selection.delta) },
      premises: [],
    };
  }
  return {
    claim: `Groups are shown when their noisy number of persons reaches ${selection.threshold}, never with fewer than ${selection.minimumUnits}.`,
    rule: 'thresholding of a noisy count with pre-threshold',
    theorem: '[Google20] Delta for Thresholding, Thm 1',
    facts: { ...facts, threshold: String(selection.threshold) },
    premises: [],
  };
}

function latticeFacts(statistic: Statistic): Record<string, string> {
  if (statistic.kind !== 'sum') return 'rows' in statistic ? { rows: String(statistic.rows) } : {};
  return {
    rows: String(statistic.rows),
    step: decimal(statistic.lattice.step),
    low: String(statistic.lattice.low),
    high: String(statistic.lattice.high),
    centre: String(statistic.centre),
  };
}

function setName(drafted: Drafted, set: number): string {
  const keys = (drafted.boundary.sets[set] ?? []).map((key) => drafted.boundary.keys[key]?.column.name ?? '');
  return keys.length === 0 ? '()' : `(${keys.join(', ')})`;
}
