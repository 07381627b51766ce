/** The one place where sealed statistics are opened: groups are completed or selected, noise is added, the rest is dropped. */
import type { Plan, PlannedQuestion, Selection } from '../bound/plan.ts';
import { subtractedFrom } from '../bound/vector.ts';
import type { Bits } from '../dp/sampler/bits.ts';
import { optimalSelector } from '../dp/selection/optimal.ts';
import { type EngineResult, type ExactSet, type ExactStatistics, Sealed } from '../engine/sealed.ts';
import { invariant } from '../errors.ts';
import { addNoise } from './add-noise.ts';
import { type Grid, gridOf } from './grid.ts';
import type { NoisyAnswer, NoisyColumn, NoisyQuestion, NoisySet } from './noisy.ts';

export type { NoisyAnswer } from './noisy.ts';

/**
 * Opens the box once and returns noisy statistics only, groups in key order.
 *
 * Public keys: every combination, empty ones with noise around 0. A private key among them: the engine's groups are
 * candidates, each kept by the plan's selection, after its statistics have been noised independently of it.
 *
 * @throws GauzeError QUERY_TOO_LARGE when public relations span more than 1,000,000 groups
 * @guarantee the plan's (ε, δ): the noise of each measurement [DR14, Thm 3.6; CKS20, Thm 4], selection by [DVGM20, Thm 1]
 *   or by the noisy unit count [Google20, Delta for Thresholding]; everything later is post-processing [DR14, Prop 2.1]
 */
export function measure(plan: Plan, sealed: Sealed, bits: Bits): NoisyAnswer {
  const result: EngineResult = Sealed.unseal(sealed);
  const questions = plan.questions.map((question, index) => {
    const exact = result.questions[index];
    invariant(exact !== undefined, 'the engine answers every question of the plan');
    return measureQuestion(question, exact, result.domains[index] ?? [], bits);
  });
  return { questions };
}

function measureQuestion(
  question: PlannedQuestion,
  exact: ExactStatistics,
  domains: EngineResult['domains'][number],
  bits: Bits,
): NoisyQuestion {
  const { keys, sets } = question.bounded;
  return {
    sets: sets.map((set, index) => {
      const found = exact.sets[index];
      invariant(found !== undefined, 'the engine answers every grouping set');
      return measureSet(question, index, gridOf(keys, set, domains, found), found, bits);
    }),
  };
}

function measureSet(question: PlannedQuestion, set: number, grid: Grid, found: ExactSet, bits: Bits): NoisySet {
  const exact = { ...found, statistics: differences(found.statistics, question.vectors) };
  const statistics = question.bounded.statistics.map((_, statistic): NoisyColumn | null => {
    const measurement = question.measurements[set]?.[statistic] ?? null;
    return measurement === null
      ? null
      : addNoise(exact.statistics[statistic] ?? [], grid.rows, measurement.mechanism, bits);
  });
  const selection = question.selection[set] ?? null;
  if (selection === null) {
    const selects = question.bounded.sets[set]?.some((key) => question.bounded.keys[key]?.domain === null);
    invariant(selects !== true, 'groups with private keys are selected');
    return { groups: grid.groups, keys: grid.keys, statistics };
  }
  const kept = select(selection, grid, exact, statistics, bits);
  return {
    groups: kept.length,
    keys: grid.keys.map((values) => kept.map((group) => values[group] ?? null)),
    statistics: statistics.map((column) => (column === null ? null : taken(column, kept))),
  };
}

/** Counts of a chain as what each counts more than the one before it. */
function differences(statistics: ExactSet['statistics'], vectors: PlannedQuestion['vectors']): ExactSet['statistics'] {
  return statistics.map((counts, statistic) => {
    const before = statistics[subtractedFrom(vectors, statistic) ?? -1];
    return before === undefined ? counts : Array.from(counts, (count, row) => count - (before[row] as bigint));
  });
}

/** Groups that are shown. The hard minimum of units stands here once more, whatever the engine did. */
function select(
  selection: Selection,
  grid: Grid,
  exact: ExactSet,
  statistics: readonly (NoisyColumn | null)[],
  bits: Bits,
): readonly number[] {
  const units = exact.statistics[selection.units] ?? [];
  const minimum = BigInt(selection.minimumUnits);
  const unitsOf = (group: number): bigint => units[grid.rows[group] as number] ?? 0n;
  const groups = Array.from({ length: grid.groups }, (_, group) => group);
  if (selection.kind === 'optimal') {
    const selector = optimalSelector(selection.epsilon, selection.delta, selection.minimumUnits);
    return groups.filter((group) => selector.keep(unitsOf(group), bits) && unitsOf(group) >= minimum);
  }
  const noisy = statistics[selection.units] ?? null;
  invariant(noisy !== null, 'a threshold compares a noisy unit count');
  return groups.filter(
    (group) => BigInt(noisy[group] as number | bigint) >= selection.threshold && unitsOf(group) >= minimum,
  );
}

function taken(column: NoisyColumn, kept: readonly number[]): NoisyColumn {
  return column instanceof Float64Array
    ? Float64Array.from(kept, (group) => column[group] as number)
    : kept.map((group) => column[group] as bigint);
}
