/**
 * Black-box audit: a lower bound on ε from runs of any procedure on two neighbouring inputs. It catches wrong sensitivity,
 * lost noise, bare group presence; it certifies nothing, and cannot see δ far below 10/N. Never used by a release.
 */
import { clopperPearson } from './clopper-pearson.ts';

/** ln((low_P − δ)/high_Q), at least 0: ε is above it with confidence 1 − α. */
export function epsilonLowerBound(hitsP: number, hitsQ: number, trials: number, alpha: number, delta: number): number {
  return boundOf({ hits: hitsP, trials }, { hits: hitsQ, trials }, alpha, delta);
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
}

/** How an audit is done. */
export interface AuditOptions {
  /** Probability, in all, that the bound exceeds the true ε. */
  readonly alpha: number;
  /** δ of the claim under audit. */
  readonly delta: number;
  /** Events taken from the first third of the runs to the rest. */
  readonly events: number;
}

/**
 * Lower-bounds ε from equally many independent runs on each of two neighbours. The first third of the runs chooses the
 * events, the rest evaluates them, α divided by their number and both directions.
 */
export function audit(
  first: readonly Observation[],
  second: readonly Observation[],
  { alpha, delta, events }: AuditOptions,
): AuditFinding {
  const cut = Math.floor(first.length / 3);
  const chosen = chooseEvents(first.slice(0, cut), second.slice(0, cut), events, delta);
  const [restFirst, restSecond] = [first.slice(cut), second.slice(cut)];
  const level = alpha / (2 * Math.max(1, chosen.length));
  let best: AuditFinding = { epsilon: 0, event: null, likelierOnFirst: true };
  for (const event of chosen) {
    const p = { hits: hitsOf(event, restFirst), trials: restFirst.length };
    const q = { hits: hitsOf(event, restSecond), trials: restSecond.length };
    for (const likelierOnFirst of [true, false]) {
      const epsilon = likelierOnFirst ? boundOf(p, q, level, delta) : boundOf(q, p, level, delta);
      if (epsilon > best.epsilon) best = { epsilon, event, likelierOnFirst };
    }
  }
  return best;
}

interface Share {
  readonly hits: number;
  readonly trials: number;
}

function boundOf(p: Share, q: Share, alpha: number, delta: number): number {
  const [low] = clopperPearson(p.hits, p.trials, alpha / 2);
  const [, high] = clopperPearson(q.hits, q.trials, alpha / 2);
  return low <= delta ? 0 : Math.max(0, Math.log((low - delta) / high));
}

/** Candidates ranked by the log ratio that their counts already prove at 5 %, so that rare flukes do not lead. */
function chooseEvents(
  first: readonly Observation[],
  second: readonly Observation[],
  count: number,
  delta: number,
): AuditEvent[] {
  const ranked = candidates([...first, ...second]).map((event) => {
    const p = { hits: hitsOf(event, first), trials: first.length };
    const q = { hits: hitsOf(event, second), trials: second.length };
    return { event, score: Math.max(boundOf(p, q, 0.05, delta), boundOf(q, p, 0.05, delta)) };
  });
  return ranked
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ event }) => event);
}

const CANDIDATES_MAX = 64;

function candidates(runs: readonly Observation[]): AuditEvent[] {
  const features = new Set(runs.flatMap((run) => Object.keys(run)));
  return [...features].flatMap((feature) => {
    const values = runs.flatMap((run) => (run[feature] === undefined ? [] : [run[feature]]));
    const numbers = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
    const halves = quantiles(numbers).flatMap((value): AuditEvent[] => [
      { feature, relation: 'at-least', value },
      { feature, relation: 'at-most', value },
    ]);
    return [...mostFrequent(values).map((value): AuditEvent => ({ feature, relation: 'equal', value })), ...halves];
  });
}

function quantiles(sorted: readonly number[]): number[] {
  if (sorted.length === 0) return [];
  const at = Array.from({ length: CANDIDATES_MAX }, (_, i) => Math.floor((i * sorted.length) / CANDIDATES_MAX));
  return [...new Set(at.map((index) => sorted[index] as number))];
}

function mostFrequent(values: readonly (number | string)[]): (number | string)[] {
  const counts = new Map<number | string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, CANDIDATES_MAX)
    .map(([value]) => value);
}

function hitsOf({ feature, relation, value }: AuditEvent, runs: readonly Observation[]): number {
  let hits = 0;
  for (const run of runs) {
    const shown = run[feature];
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
