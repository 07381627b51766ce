/** How far sealed statistics moved between two databases, against what the plan declared. */
import type { Measurement, Plan, Selection, Sensitivity } from '../../src/bound/plan.ts';
import type { Vector } from '../../src/bound/vector.ts';
import { zcdpOf } from '../../src/dp/accountant/zcdp.ts';
import type { NoiseMechanism } from '../../src/dp/mechanism/noise.ts';
import { toNumber } from '../../src/dp/rational.ts';
import { type Group, type Groups, valueText } from '../conformance/statistics.ts';

/** Movement of one statistic over the groups of one grouping set. */
interface Movement {
  readonly l0: number;
  readonly l1: bigint;
  readonly l2Squared: bigint;
  readonly lInf: bigint;
}

/** What exceeded its declaration, in words; and the statistics that moved exactly as far as declared. */
export interface Comparison {
  readonly violations: readonly string[];
  readonly reached: readonly string[];
}

/** Compares the groups of a plan over two databases that differ by one unit. */
export function compareNeighbours(plan: Plan, before: Groups, after: Groups): Comparison {
  const violations: string[] = [];
  const reached: string[] = [];
  let laplace = 0;
  let gaussian = 0;
  let rho = 0;
  plan.questions.forEach((question, q) => {
    question.bounded.sets.forEach((_, s) => {
      const pairs = paired(before[q]?.[s] ?? [], after[q]?.[s] ?? []).map(
        ([a, b]): Pair => [differences(a, question.vectors), differences(b, question.vectors)],
      );
      const measurements = question.measurements[s] ?? [];
      const selection = question.selection[s] ?? null;
      const moved = question.bounded.statistics.map((_statistic, i) =>
        movementOf(pairs.map((pair) => change(pair, i))),
      );
      const place = `question ${q}, set ${s}`;
      moved.forEach((movement, i) => {
        const measurement = measurements[i] ?? null;
        const kind = question.bounded.statistics[i]?.kind ?? '';
        const declared = declaredOf(measurement, selection, i);
        if (declared === null) return;
        violations.push(...exceeded(movement, declared).map((what) => `${place}, statistic ${i} (${kind}): ${what}`));
        if (movement.l1 === declared.l1) reached.push(kind);
        if (measurement === null) return;
        const { mechanism } = measurement;
        rho += rhoOf(
          pairs.map((pair) => Number(change(pair, i))),
          mechanism,
        );
        if (mechanism.kind === 'discrete-laplace') laplace += Number(movement.l1) / scaleOf(mechanism);
        else gaussian += Number(movement.l2Squared) / (2 * scaleOf(mechanism));
      });
      for (const { statistics, nested } of question.vectors) {
        const coordinates = statistics.reduce((sum, i) => sum + (moved[i]?.l0 ?? 0), 0);
        const most = measurements[statistics[0] ?? -1]?.sensitivity.l0 ?? 0;
        if (!nested && coordinates > most) violations.push(`${place}: ${coordinates} cells changed, declared ${most}`);
      }
      const limit = groupsOf(measurements, selection);
      const groups = pairs.filter(([a, b]) => a.some((value, i) => value !== b[i])).length;
      if (groups > limit) violations.push(`${place}: ${groups} groups changed, declared ${limit}`);
    });
  });
  const epsilon = toNumber(plan.cost.epsilon);
  if (laplace > epsilon * (1 + 1e-9)) violations.push(`Laplace noise hides it at ε = ${laplace}, charged ${epsilon}`);
  const charged = zcdpOf(plan.event).rho;
  if (rho > charged * (1 + 1e-6)) violations.push(`the noise hides it at ρ = ${rho}, charged ${charged}`);
  // ρ-zCDP with ρ > ε would be charged less than pure ε-DP of the same strength can be: ε ≥ √(2ρ) fails long before.
  if (gaussian > epsilon) violations.push(`Gaussian noise hides it at ρ = ${gaussian}, charged ε = ${epsilon}`);
  return { violations, reached };
}

/** ρ of the noise over groups that moved so far, from the closed forms of [HM26] and [CKS20]. */
function rhoOf(moved: readonly number[], mechanism: NoiseMechanism): number {
  const h = 1 / scaleOf(mechanism);
  const one = (by: number): number =>
    mechanism.kind === 'discrete-laplace' ? h * (by + Math.expm1(-h * by) / Math.sinh(h)) : (by * by * h) / 2;
  return moved.reduce((sum, by) => sum + (by === 0 ? 0 : one(by)), 0);
}

/** What noise is added to: of counts in a chain, what each counts more than the one before. */
function differences(statistics: readonly bigint[], vectors: readonly Vector[]): readonly bigint[] {
  const before = (i: number): number =>
    vectors.flatMap(({ statistics, nested }) => (nested ? (statistics[statistics.indexOf(i) - 1] ?? []) : []))[0] ?? -1;
  return statistics.map((value, i) => value - (statistics[before(i)] ?? 0n));
}

type Pair = readonly [readonly bigint[], readonly bigint[]];

/** Statistics of every group present in either; absent ones are zero. */
function paired(before: readonly Group[], after: readonly Group[]): readonly Pair[] {
  const name = (group: Group): string => group.key.map(valueText).join('|');
  const found = new Map(after.map((group) => [name(group), group.statistics]));
  const zero = (like: readonly bigint[]): readonly bigint[] => like.map(() => 0n);
  const pairs = before.map((group): Pair => {
    const other = found.get(name(group));
    found.delete(name(group));
    return [group.statistics, other ?? zero(group.statistics)];
  });
  return [...pairs, ...[...found.values()].map((statistics): Pair => [zero(statistics), statistics])];
}

function change([a, b]: Pair, statistic: number): bigint {
  const difference = (a[statistic] ?? 0n) - (b[statistic] ?? 0n);
  return difference < 0n ? -difference : difference;
}

function movementOf(changes: readonly bigint[]): Movement {
  return {
    l0: changes.filter((one) => one > 0n).length,
    l1: changes.reduce((sum, one) => sum + one, 0n),
    l2Squared: changes.reduce((sum, one) => sum + one * one, 0n),
    lInf: changes.reduce((most, one) => (one > most ? one : most), 0n),
  };
}

/** What the plan declares of a statistic; a unit count that serves selection alone moves by one in its groups. */
function declaredOf(
  measurement: Measurement | null,
  selection: Selection | null,
  statistic: number,
): Sensitivity | null {
  if (measurement !== null) return measurement.sensitivity;
  if (selection === null || selection.units !== statistic) return null;
  const groups = BigInt(selection.groups);
  return { l0: selection.groups, l1: groups, l2Squared: groups, lInf: 1n };
}

function exceeded(movement: Movement, declared: Sensitivity): string[] {
  const names = ['l0', 'l1', 'l2Squared', 'lInf'] as const;
  return names
    .filter((name) => movement[name] > declared[name])
    .map((name) => `${name} is ${movement[name]}, declared ${declared[name]}`);
}

function groupsOf(measurements: readonly (Measurement | null)[], selection: Selection | null): number {
  const declared = measurements.flatMap((one) => (one === null ? [] : [one.sensitivity.l0]));
  return Math.max(selection?.groups ?? 0, ...declared);
}

function scaleOf(mechanism: NoiseMechanism): number {
  return toNumber(mechanism.kind === 'discrete-laplace' ? mechanism.scale : mechanism.variance);
}
