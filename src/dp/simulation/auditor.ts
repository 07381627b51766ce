/**
 * Black-box audit: a lower bound on ε from runs of any procedure on two neighbouring inputs. It catches wrong sensitivity,
 * lost noise, bare group presence; it certifies nothing, and cannot see δ far below 10/N. Never used by a release.
 */
import { clopperPearson } from './clopper-pearson.ts';
import { makeEvidence } from './evidence.ts';
import { type Feature, numbersOf, tabulate } from './observation.ts';

/** ln((low_P − δ)/high_Q), at least 0: ε is above it with confidence 1 − α. */
export function epsilonLowerBound(hitsP: number, hitsQ: number, trials: number, alpha: number, delta: number): number {
  const [low] = clopperPearson(hitsP, trials, alpha / 2);
  const [, high] = clopperPearson(hitsQ, trials, alpha / 2);
  return low <= delta ? 0 : Math.max(0, Math.log((low - delta) / high));
}

/** What one run showed, by name: noisy values, group present or absent, refusal, interval width, cost, number of rows. */
export type Observation = Readonly<Record<string, number | string>>;

/** A set of outcomes: one feature equal to a value, at least or at most it. */
export interface AuditEvent {
  readonly feature: string;
  readonly relation: 'equal' | 'at-least' | 'at-most';
  readonly value: number | string;
}

/** What an audit found. */
export interface AuditFinding {
  /** ε is at least this with confidence 1 − α, over all events and both directions. */
  readonly epsilon: number;
  /** The event that shows it, and whether it is likelier on the first input; null when nothing shows any loss. */
  readonly event: AuditEvent | null;
  readonly likelierOnFirst: boolean;
  /** How often the event came, of `trials` evaluated runs of each input: likelier side first. */
  readonly hits: readonly [number, number];
  readonly trials: number;
}

/** How an audit is done. */
export interface AuditOptions {
  /** Probability, in all, that the bound exceeds the true ε. */
  readonly alpha: number;
  /** δ of the claim under audit. */
  readonly delta: number;
  /** Events taken from the first third of the runs to the rest. */
  readonly events: number;
  /** Features whose evidence is also added up, for loss spread over several values of one answer; all unless given. */
  readonly together?: (feature: string) => boolean;
}

/**
 * Lower-bounds ε from equally many runs on each of two neighbours, independent given what both sides share. The first
 * third of the runs chooses the events and the weights of the joint evidence, the rest evaluates them, α divided by their
 * number and both directions.
 */
export function audit(
  first: readonly Observation[],
  second: readonly Observation[],
  { alpha, delta, events, together }: AuditOptions,
): AuditFinding {
  const cut = Math.floor(first.length / 3);
  const evidence = makeEvidence(
    tabulate(first.slice(0, cut), cut),
    tabulate(second.slice(0, cut), cut),
    together ?? ((): boolean => true),
  );
  const p = withEvidence(first, evidence);
  const q = withEvidence(second, evidence);
  const chosen = chooseEvents(part(p, 0, cut), part(q, 0, cut), { count: events, trials: cut, delta });
  const level = alpha / (2 * Math.max(1, chosen.length));
  const trials = first.length - cut;
  let best: AuditFinding = { epsilon: 0, event: null, likelierOnFirst: true, hits: [0, 0], trials };
  for (const event of chosen) {
    const hitsP = hitsOf(event, p.get(event.feature)?.slice(cut) ?? []);
    const hitsQ = hitsOf(event, q.get(event.feature)?.slice(cut) ?? []);
    for (const likelierOnFirst of [true, false]) {
      const hits: [number, number] = likelierOnFirst ? [hitsP, hitsQ] : [hitsQ, hitsP];
      const epsilon = epsilonLowerBound(...hits, trials, level, delta);
      if (epsilon > best.epsilon) best = { epsilon, event, likelierOnFirst, hits, trials };
    }
  }
  return best;
}

type Table = ReadonlyMap<string, Feature>;

function withEvidence(runs: readonly Observation[], evidence: ReturnType<typeof makeEvidence>): Table {
  const table = tabulate(runs, runs.length);
  return new Map([...table, ...evidence(table, runs.length)]);
}

function part(table: Table, from: number, to: number): Table {
  return new Map([...table].map(([name, values]) => [name, values.slice(from, to)]));
}

interface Choice {
  readonly count: number;
  readonly trials: number;
  readonly delta: number;
}

/** Candidates ranked by the log ratio that their counts make likely, so that rare flukes do not lead. */
function chooseEvents(first: Table, second: Table, { count, trials, delta }: Choice): AuditEvent[] {
  const ranked: { event: AuditEvent; score: number }[] = [];
  for (const feature of new Set([...first.keys(), ...second.keys()])) {
    for (const { event, hits } of candidates(feature, first.get(feature) ?? [], second.get(feature) ?? [])) {
      const [p, q] = hits;
      ranked.push({ event, score: Math.max(likelyBound(p, q, trials, delta), likelyBound(q, p, trials, delta)) });
    }
  }
  return ranked
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ event }) => event);
}

/**
 * About what twice the runs would prove at a level near 10⁻⁹ if the shares stay: Wilson's score interval at 4.5 ≈ 6.4/√2
 * standard errors. For ranking alone, so an approximation does.
 */
function likelyBound(hitsP: number, hitsQ: number, trials: number, delta: number): number {
  const low = scoreEnd(hitsP, trials, -4.5);
  return low <= delta ? 0 : Math.log((low - delta) / scoreEnd(hitsQ, trials, 4.5));
}

/** End of Wilson's interval of a share, `z` standard errors up (or down). */
function scoreEnd(hits: number, trials: number, z: number): number {
  const share = hits / trials;
  const spread = Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return (share + (z * z) / (2 * trials) + z * spread) / (1 + (z * z) / trials);
}

const CANDIDATES_MAX = 64;

interface Candidate {
  readonly event: AuditEvent;
  readonly hits: readonly [number, number];
}

function candidates(feature: string, first: Feature, second: Feature): Candidate[] {
  const sorted = [numbersOf(first), numbersOf(second)] as const;
  const found: Candidate[] = [];
  for (const value of quantiles(Float64Array.from([...sorted[0], ...sorted[1]]).sort())) {
    const below = sorted.map((numbers) => countBelow(numbers, value, false)) as [number, number];
    const upTo = sorted.map((numbers) => countBelow(numbers, value, true)) as [number, number];
    const atLeast = [sorted[0].length - below[0], sorted[1].length - below[1]] as const;
    found.push({ event: { feature, relation: 'at-least', value }, hits: atLeast });
    found.push({ event: { feature, relation: 'at-most', value }, hits: upTo });
  }
  const [counts, others] = [countsOf(first), countsOf(second)];
  for (const value of mostFrequent(counts, others)) {
    const hits = [counts.get(value) ?? 0, others.get(value) ?? 0] as const;
    found.push({ event: { feature, relation: 'equal', value }, hits });
  }
  return found;
}

/** How many of the sorted numbers are below `value`, or at most it. */
function countBelow(sorted: Float64Array, value: number, inclusive: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const inside = inclusive ? (sorted[middle] as number) <= value : (sorted[middle] as number) < value;
    if (inside) low = middle + 1;
    else high = middle;
  }
  return low;
}

function quantiles(sorted: Float64Array): number[] {
  if (sorted.length === 0) return [];
  const at = Array.from({ length: CANDIDATES_MAX }, (_, i) => Math.floor((i * sorted.length) / CANDIDATES_MAX));
  return [...new Set(at.map((index) => sorted[index] as number))];
}

function countsOf(feature: Feature): Map<number | string, number> {
  const counts = new Map<number | string, number>();
  for (const value of feature) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function mostFrequent(
  counts: ReadonlyMap<number | string, number>,
  others: ReadonlyMap<number | string, number>,
): (number | string)[] {
  const total = (value: number | string): number => (counts.get(value) ?? 0) + (others.get(value) ?? 0);
  return [...new Set([...counts.keys(), ...others.keys()])]
    .sort((a, b) => total(b) - total(a))
    .slice(0, CANDIDATES_MAX);
}

function hitsOf({ relation, value }: AuditEvent, feature: Feature): number {
  let hits = 0;
  for (const shown of feature) {
    if (shown === undefined) continue;
    if (
      relation === 'equal'
        ? shown === value
        : typeof shown === typeof value && (relation === 'at-least' ? shown >= value : shown <= value)
    )
      hits += 1;
  }
  return hits;
}
