/** How wide intervals are at supposed numbers of rows: for values whose width depends on private counts. */
import type { Value } from '../ask/types.ts';
import type { BoundedKey, Statistic } from '../bound/bounded.ts';
import type { Plan, PlannedQuestion } from '../bound/plan.ts';
import { subtractedFrom, vectorOf } from '../bound/vector.ts';
import { halfWidth } from '../dp/mechanism/noise.ts';
import { decimalOf, rational, subtract, toNumber } from '../dp/rational.ts';
import type { ExactSet } from '../engine/sealed.ts';
import { evaluateAnswer } from './answer/evaluate-answer.ts';
import type { Frame } from './answer/frame.ts';
import { publicRelations } from './answer/scope.ts';
import { uniqueNames } from './answer.ts';
import { derive } from './derive.ts';
import { gridOf } from './grid.ts';
import type { NoisyAnswer, NoisyColumn, NoisySet } from './noisy.ts';
import { type Bounds, intervalsOf } from './present.ts';
import { withOpenMeans, withUnknownMeans } from './supposed-means.ts';

/** Where means may lie between their bounds, as halves of the way up. */
const PLACES = { anywhere: [0n, 1n, 2n], middle: [1n] } as const;
/** Noise of counts: downwards, and upwards for values that are the surer the smaller the count. */
const SIDES = [-1n, 1n] as const;
/** One noise is beyond its plausible size on one side with 5 %, so on both with this. */
const BEYOND_PLAUSIBLE = 0.1;
const GROUPS_MAX = 2000;

/** Noisy statistics that might be drawn. */
interface Supposition {
  /** True number of rows of every group. */
  readonly rows: bigint;
  readonly place: bigint;
  readonly side: bigint;
}

/**
 * Half-width of every noisy output, by name, were the true counts of every group `size`: the derivation and the intervals
 * of an answer, run on supposed statistics. An answer's interval is no wider with 95 %: noisy counts are taken as low (or
 * as high) as 95 % of their draws stay on that side of, and means at the bounds, where their intervals are widest, uncut
 * there; no interval exceeds what the bounds alone tell. Counts that are parts of a whole are supposed to be equal. Null
 * where a width stays open, or where the answer joins public tables or lists more than 2000 public groups.
 *
 * @param level - confidence level, in (0, 1)
 * @param where - `middle`: every mean lies halfway between its bounds, which is known of none; then the same holds there
 */
export function supposedWidths(
  plan: Plan,
  size: number,
  level: number,
  where: keyof typeof PLACES = 'anywhere',
): ReadonlyMap<string, number | null> {
  const alpha = toNumber(subtract(rational(1n), decimalOf(level)));
  const widest = new Map<string, number>();
  const isReadable = publicRelations(plan.answer).length === 0 && plan.questions.every(isListable);
  if (!isReadable) return widest;
  const open = withOpenMeans(plan);
  for (const side of SIDES) {
    for (const place of PLACES[where]) {
      const released = derive(open, supposed(plan, { rows: BigInt(size), place, side }));
      const cut = widthsIn(plan, withUnknownMeans(plan, released), alpha);
      for (const [name, width] of widthsIn(plan, released, alpha)) {
        const least = Math.min(width, cut.get(name) ?? width);
        widest.set(name, Math.max(widest.get(name) ?? 0, least));
      }
    }
  }
  return new Map([...widest].map(([name, width]) => [name, Number.isFinite(width) ? width : null]));
}

/** Widest interval of every noisy output, infinite where an end is open; none where there is no row. */
function widthsIn(plan: Plan, released: readonly Frame[], alpha: number): ReadonlyMap<string, number> {
  const frame = evaluateAnswer(plan.answer, { released, publics: new Map() });
  if (frame.length === 0) return new Map();
  const names = uniqueNames(plan.answer.columns);
  const shown = intervalsOf(frame, { alpha, joint: false, clip: false });
  return new Map(
    shown.flatMap(({ bounds }, index) =>
      bounds === null ? [] : [[names[index] as string, widestOf(bounds)] as const],
    ),
  );
}

function isListable({ bounded }: PlannedQuestion): boolean {
  const sizes = bounded.keys.map(({ domain }) => {
    if (domain === null || domain.kind === 'relation') return 1;
    return domain.kind === 'list' ? domain.values.length : Number(domain.high - domain.low) + 1;
  });
  return sizes.reduce((product, one) => product * Math.max(1, one), 1) <= GROUPS_MAX;
}

function widestOf({ low, high }: Bounds): number {
  return low.reduce<number>((most, from, row) => {
    const to = high[row] ?? null;
    return from === null || to === null ? Number.POSITIVE_INFINITY : Math.max(most, (to - from) / 2);
  }, 0);
}

function supposed(plan: Plan, supposition: Supposition): NoisyAnswer {
  return { questions: plan.questions.map((question) => ({ sets: setsOf(question, supposition) })) };
}

function setsOf(question: PlannedQuestion, supposition: Supposition): readonly NoisySet[] {
  const keys = question.bounded.keys.map(listed);
  const one: ExactSet = { groups: 1, keys: keys.map((key) => [anyValue(key)]), statistics: [] };
  const nothing = keys.map(() => null);
  return question.bounded.sets.map((set, index) => {
    const grid = gridOf(keys, set, nothing, one);
    const statistics = question.bounded.statistics.map((statistic, at) => {
      if ((question.measurements[index]?.[at] ?? null) === null) return null;
      return repeated(supposedValue({ question, set: index }, statistic, at, supposition), grid.groups);
    });
    return { groups: grid.groups, keys: grid.keys, statistics };
  });
}

/** Values of a public relation are not read: one stands for all. */
function listed(key: BoundedKey): BoundedKey {
  return key.domain?.kind === 'relation' ? { ...key, domain: { kind: 'list', values: [anyValue(key)] } } : key;
}

function anyValue({ domain, type }: Pick<BoundedKey, 'domain' | 'type'>): Value {
  if (domain?.kind === 'list') return domain.values[0] ?? null;
  if (domain?.kind === 'span') return type === 'date' ? Number(domain.low) : domain.low;
  switch (type) {
    case 'integer':
    case 'timestamp':
      return 0n;
    case 'double':
    case 'date':
      return 0;
    case 'boolean':
      return true;
    default:
      return 'any';
  }
}

/** Statistics of one grouping set of a question. */
interface Measured {
  readonly question: PlannedQuestion;
  readonly set: number;
}

function supposedValue(measured: Measured, statistic: Statistic, at: number, supposition: Supposition): bigint {
  const { rows, place, side } = supposition;
  const { question } = measured;
  if (statistic.kind !== 'sum') return trueCount(question, at, rows) + side * plausibleNoise(measured, at);
  const { low, high } = statistic.lattice;
  const each = (low * (2n - place) + high * place) / 2n - statistic.centre;
  const counts = countsOf(question, at);
  if (counts === null) return rows * each + (place - 1n) * plausibleNoise(measured, at);
  return (
    counts.reduce((sum, count) => sum + trueCount(question, count, rows) + side * plausibleNoise(measured, count), 0n) *
    each
  );
}

function trueCount({ vectors }: PlannedQuestion, at: number, rows: bigint): bigint {
  if (subtractedFrom(vectors, at) !== null) return 0n;
  const { statistics, nested } = vectorOf(vectors, at);
  if (nested) return rows;
  const share = rows / BigInt(statistics.length);
  return statistics[0] === at ? rows - share * BigInt(statistics.length - 1) : share;
}

/** Counts of the mean that a sum belongs to, so that the mean lies at its place whatever their noise; null for other sums. */
function countsOf({ derived }: PlannedQuestion, sum: number): readonly number[] | null {
  for (const derivation of derived) {
    const formula = derivation.kind === 'by-key' ? derivation.of[0]?.formula : derivation;
    if (formula?.kind === 'mean' && formula.sum === sum) return formula.count;
  }
  return null;
}

/** Exceeded on one side with at most 5 %. */
function plausibleNoise({ question, set }: Measured, at: number): bigint {
  const measurement = question.measurements[set]?.[at] ?? null;
  return measurement === null ? 0n : halfWidth(measurement.mechanism, BEYOND_PLAUSIBLE);
}

function repeated(value: bigint, groups: number): NoisyColumn {
  const size = value < 0n ? -value : value;
  return size < 1n << 53n ? new Float64Array(groups).fill(Number(value)) : new Array<bigint>(groups).fill(value);
}
