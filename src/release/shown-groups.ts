/** How likely groups with private keys are shown, from the plan alone. */
import type { Measurement, Plan, PlannedQuestion, Selection } from '../bound/plan.ts';
import { tailGe } from '../dp/mechanism/noise.ts';
import { optimalSelector } from '../dp/selection/optimal.ts';
import { invariant } from '../errors.ts';

/** The groups of one grouping set whose keys are private. */
export interface ShownGroups {
  /** Names of its private keys. */
  readonly keys: readonly string[];
  /** Groups of fewer persons are never shown. */
  readonly minimumUnits: number;
  /** Chance that a group of so many persons is shown; never falls as they grow. */
  chance(units: number): number;
}

/** Largest group that is looked for. */
const UNITS_MAX = 1_000_000;

/**
 * The law by which `measure` shows groups: the keep probability of the optimal rule [DVGM20, Thm 1], or the tail of the noise
 * beyond the threshold of the noisy count [Google20]. Grouping sets of public keys alone, which show every group, are
 * absent.
 */
export function shownGroups(plan: Plan): readonly ShownGroups[] {
  return plan.questions.flatMap((question) =>
    question.selection.flatMap((selection, set) => (selection === null ? [] : [groupsOf(question, set, selection)])),
  );
}

function groupsOf(question: PlannedQuestion, set: number, selection: Selection): ShownGroups {
  const { keys, sets } = question.bounded;
  const names = (sets[set] ?? []).flatMap((key) => (keys[key]?.domain === null ? [keys[key].name] : []));
  const { minimumUnits } = selection;
  return { keys: names, minimumUnits, chance: chanceOf(selection, question.measurements[set]?.[selection.units]) };
}

function chanceOf(selection: Selection, measurement: Measurement | null | undefined): (units: number) => number {
  const { minimumUnits } = selection;
  if (selection.kind === 'optimal') {
    const selector = optimalSelector(selection.epsilon, selection.delta, minimumUnits);
    return (units) => (units < minimumUnits ? 0 : selector.chance(BigInt(units)));
  }
  invariant(measurement != null, 'a threshold compares a noisy unit count');
  const { mechanism } = measurement;
  return (units) => (units < minimumUnits ? 0 : tailGe(mechanism, Number(selection.threshold) - units));
}

/** The smallest group that is shown with so much chance; null where none below a million is. */
export function leastShown({ chance, minimumUnits }: ShownGroups, wanted: number): number | null {
  let high = minimumUnits;
  while (chance(high) < wanted) {
    if (high >= UNITS_MAX) return null;
    high = Math.min(UNITS_MAX, high * 2);
  }
  let low = minimumUnits - 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (chance(middle) >= wanted) high = middle;
    else low = middle;
  }
  return high;
}
