/** How wide intervals are at supposed numbers of rows: for values whose width depends on private counts. */
import type { Value } from '../ask/types.ts';
import type { BoundedKey, Statistic } from '../bound/bounded.ts';
import type { Plan, PlannedQuestion } from '../bound/plan.ts';
import { subtractedFrom, vectorOf } from '../bound/vector.ts';
import { decimalOf, rational, subtract, toNumber } from '../dp/rational.ts';
import type { ExactSet } from '../engine/sealed.ts';
import { evaluateAnswer } from './answer/evaluate-answer.ts';
import { publicRelations } from './answer/scope.ts';
import { uniqueNames } from './answer.ts';
import { derive } from './derive.ts';
import { gridOf } from './grid.ts';
import type { NoisyAnswer, NoisyColumn, NoisySet } from './noisy.ts';
import { type Bounds, intervalsOf } from './present.ts';

/** Where means may lie between their bounds, as parts of 4: the widest interval of these is told. */
const PLACES = [0, 1, 2, 3, 4] as const;
const GROUPS_MAX = 2000;

/**
 * Half-width of every noisy output, by name, were the noisy counts of every group `size`: the derivation and the intervals
 * of an answer, run on supposed statistics. Nobody knows where a mean will lie, so it is the widest of five places between
 * its bounds; counts that are parts of a whole are supposed to be equal. Null where a width stays open, or where the answer
 * joins public tables or lists more than 2000 public groups.
 *
 * @param level - confidence level, in (0, 1)
 */
export function supposedWidths(plan: Plan, size: number, level: number): ReadonlyMap<string, number | null> {
  const alpha = toNumber(subtract(rational(1n), decimalOf(level)));
  const names = uniqueNames(plan.answer.columns);
  const widths = new Map<string, number | null>();
  const isReadable = publicRelations(plan.answer).length === 0 && plan.questions.every(isListable);
  for (const place of PLACES) {
    if (!isReadable) continue;
    const frame = evaluateAnswer(plan.answer, {
      released: derive(plan, supposed(plan, size, place)),
      publics: new Map(),
    });
    intervalsOf(frame, { alpha, joint: false, clip: false }).forEach(({ bounds }, index) => {
      if (bounds === null) return;
      const name = names[index] as string;
      const known = widths.has(name) ? (widths.get(name) as number | null) : 0;
      widths.set(name, larger(known, widest(bounds)));
    });
  }
  return widths;
}

function isListable({ bounded }: PlannedQuestion): boolean {
  const sizes = bounded.keys.map(({ domain }) => {
    if (domain === null || domain.kind === 'relation') return 1;
    return domain.kind === 'list' ? domain.values.length : Number(domain.high - domain.low) + 1;
  });
  return sizes.reduce((product, one) => product * Math.max(1, one), 1) <= GROUPS_MAX;
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

/** Null for an open end, and for no row at all. */
function widest({ low, high }: Bounds): number | null {
  if (low.length === 0) return null;
  return low.reduce<number | null>((most, from, row) => {
    const to = high[row] ?? null;
    return larger(most, from === null || to === null ? null : (to - from) / 2);
  }, 0);
}

function supposed(plan: Plan, size: number, place: number): NoisyAnswer {
  return { questions: plan.questions.map((question) => ({ sets: setsOf(question, size, place) })) };
}

function setsOf(question: PlannedQuestion, size: number, place: number): readonly NoisySet[] {
  const keys = question.bounded.keys.map(listed);
  const one: ExactSet = { groups: 1, keys: keys.map((key) => [anyValue(key)]), statistics: [] };
  const nothing = keys.map(() => null);
  return question.bounded.sets.map((set, index) => {
    const grid = gridOf(keys, set, nothing, one);
    const statistics = question.bounded.statistics.map((statistic, at) => {
      if ((question.measurements[index]?.[at] ?? null) === null) return null;
      return repeated(supposedValue(question, statistic, at, { size, place }), grid.groups);
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

function supposedValue(
  question: PlannedQuestion,
  statistic: Statistic,
  at: number,
  { size, place }: { readonly size: number; readonly place: number },
): bigint {
  const rows = BigInt(size);
  if (statistic.kind === 'sum') {
    const { low, high } = statistic.lattice;
    return rows * (low + ((high - low) * BigInt(place)) / 4n - statistic.centre);
  }
  if (subtractedFrom(question.vectors, at) !== null) return 0n;
  const { statistics, nested } = vectorOf(question.vectors, at);
  if (nested) return rows;
  const share = rows / BigInt(statistics.length);
  return statistics[0] === at ? rows - share * BigInt(statistics.length - 1) : share;
}

function repeated(value: bigint, groups: number): NoisyColumn {
  const size = value < 0n ? -value : value;
  return size < 1n << 53n ? new Float64Array(groups).fill(Number(value)) : new Array<bigint>(groups).fill(value);
}
