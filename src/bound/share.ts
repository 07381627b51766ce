/**
 * Which counts of a question share their noise. Counts that a unit moves alike are looked at together: split into cells,
 * or put into chains, each a vector that takes the ε of one statistic; whichever errs least beside the other statistics.
 */
import type { Statistic } from './bounded.ts';
import { type Count, intoCells, type Shared } from './cells.ts';
import { intoChains } from './chain.ts';
import type { Limits } from './contribution.ts';
import type { Source } from './source.ts';
import type { Vector } from './vector.ts';

/** Statistics of a question where counts share their noise. */
export interface Sharing {
  readonly statistics: readonly Statistic[];
  /** For every statistic as it was: the statistics whose sum it is now. */
  readonly sums: readonly (readonly number[])[];
  readonly vectors: readonly Vector[];
}

/** Lets counts share their noise where that errs less; the others keep their order and come first. */
export function shareNoise(statistics: readonly Statistic[], source: Source, limits: Limits): Sharing {
  const shared: Shared[] = [];
  let slots = statistics.length;
  for (const counts of classesOf(statistics.filter(isCount))) {
    const beside = slots - counts.length;
    const chosen = leastOf(offersOf(counts, source, limits), (offer) => errorOf(offer, counts.length, beside));
    shared.push(...chosen);
    slots = beside + slotsOf(chosen, counts.length);
  }
  const replaced = new Set<Statistic>(shared.flatMap(({ counts }) => counts));
  const others = statistics.filter((statistic) => !replaced.has(statistic));
  const all: Statistic[] = [...others];
  const sums = new Map<Statistic, readonly number[]>(others.map((statistic, at) => [statistic, [at]]));
  const vectors = shared.map((one): Vector => {
    const first = all.length;
    const made = one.make();
    all.push(...made);
    one.counts.forEach((count, at) => {
      sums.set(
        count,
        (one.sums[at] as readonly number[]).map((part) => first + part),
      );
    });
    return { statistics: made.map((_, at) => first + at), nested: one.nested };
  });
  return { statistics: all, sums: statistics.map((one) => sums.get(one) as readonly number[]), vectors };
}

function isCount(statistic: Statistic): statistic is Count {
  return statistic.kind === 'units' || statistic.kind === 'count';
}

/** Counts by how far one unit moves them. */
function classesOf(counts: readonly Count[]): Count[][] {
  const classes = new Map<string, Count[]>();
  for (const count of counts) {
    const name = count.kind === 'units' ? 'units' : `rows ${count.rows}`;
    const known = classes.get(name);
    if (known === undefined) classes.set(name, [count]);
    else known.push(count);
  }
  return [...classes.values()];
}

/** Ways to let counts of one class share; the last shares nothing. */
function offersOf(counts: readonly Count[], source: Source, limits: Limits): readonly (readonly Shared[])[] {
  const cells = intoCells(counts, source, limits);
  const left = counts.filter((count) => cells?.counts.includes(count) !== true);
  return [...(cells === null ? [] : [[cells, ...intoChains(left, source)]]), intoChains(counts, source), []];
}

/** Statistics and vectors that take a part of ε. */
function slotsOf(offer: readonly Shared[], counts: number): number {
  return offer.reduce((slots, one) => slots - one.counts.length + 1, counts);
}

/**
 * Sum of the logarithms of the noise variances, of these counts and of what stands beside them: a value is the sum of so
 * many cells, each noised at its vector's part of ε.
 */
function errorOf(offer: readonly Shared[], counts: number, beside: number): number {
  const parts = offer.flatMap(({ sums }) => sums.map((sum) => Math.log(sum.length)));
  return parts.reduce((sum, part) => sum + part, 2 * (counts + beside) * Math.log(slotsOf(offer, counts) + beside));
}

/** The first of the offers that err least. */
function leastOf<T>(offers: readonly T[], errorOfOffer: (offer: T) => number): T {
  const errors = offers.map(errorOfOffer);
  const least = Math.min(...errors) + 1e-9;
  return offers[errors.findIndex((error) => error <= least)] as T;
}
