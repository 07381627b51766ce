/** Errors of real questions over repeated noise. */
import type { Session } from '../../src/index.node.ts';
import { askReal, type Bench, type Figure, figuresOf, truthOf } from './bench.ts';
import type { RealQuestion } from './question.ts';

/** What plain SQL says of a question, by place. */
export interface Truth {
  readonly bounded: ReadonlyMap<string, number | null>;
  readonly plain: ReadonlyMap<string, number | null>;
}

/** One answer at one ε. */
export interface Trial {
  readonly question: RealQuestion;
  readonly epsilon: number;
  readonly figures: readonly Figure[];
}

export async function truthsOf(
  bench: Bench,
  questions: readonly RealQuestion[],
): Promise<ReadonlyMap<RealQuestion, Truth>> {
  const truths = new Map<RealQuestion, Truth>();
  for (const question of questions) {
    const { policy, keys, bounded, plain = bounded } = question;
    truths.set(question, {
      bounded: truthOf(await bench.plain(policy, bounded), keys),
      plain: truthOf(await bench.plain(policy, plain), keys),
    });
  }
  return truths;
}

/** Asks every question `times` times at every ε, each time with a ledger and answers of its own: fresh noise. */
export async function trials(
  bench: Bench,
  questions: readonly RealQuestion[],
  epsilons: readonly number[],
  times: number,
): Promise<readonly Trial[]> {
  const all: Trial[] = [];
  for (let time = 0; time < times; time += 1) {
    const sessions = new Map<string, Session>();
    for (const question of questions) {
      const session = sessions.get(question.policy) ?? (await bench.session(question.policy));
      sessions.set(question.policy, session);
      for (const epsilon of epsilons) {
        const release = await askReal(session, question, epsilon);
        all.push({ question, epsilon, figures: figuresOf(release, question.keys) });
      }
    }
    for (const session of sessions.values()) await session.close();
  }
  return all;
}

/** Intervals that hold the bounded truth, of all; questions whose groups are cut at random say nothing of it. */
export function coverage(
  all: readonly Trial[],
  truths: ReadonlyMap<RealQuestion, Truth>,
): { readonly held: number; readonly of: number } {
  let [held, of] = [0, 0];
  for (const { question, figures } of all) {
    if (question.within !== undefined) continue;
    for (const { place, low, high } of figures) {
      const truth = truths.get(question)?.bounded.get(place) ?? 0;
      of += 1;
      // The last bits of a quotient may differ between the two ways to compute it.
      const slack = 1e-9 * Math.max(1, Math.abs(truth));
      held += truth >= (low ?? -Infinity) - slack && truth <= (high ?? Infinity) + slack ? 1 : 0;
    }
  }
  return { held, of };
}

/** One line of the table: a column of a question's answer. */
export interface ErrorLine {
  readonly question: RealQuestion;
  readonly column: string;
  /** Figures of this column in the plain answer, and their median. */
  readonly figures: number;
  readonly typical: number;
  /** Median relative error by ε, against `plain`; Infinity where most figures were not told. */
  readonly errors: readonly number[];
  /** Median relative distance of `bounded` from `plain`: what the bounds alone cost. */
  readonly bias: number;
}

export function errorLines(
  all: readonly Trial[],
  truths: ReadonlyMap<RealQuestion, Truth>,
  epsilons: readonly number[],
): readonly ErrorLine[] {
  return [...truths].flatMap(([question, { bounded, plain }]) => {
    const own = all.filter((trial) => trial.question === question);
    const shown = new Set(own.flatMap((trial) => trial.figures.map((figure) => figure.place)));
    const columns = [...new Set([...shown].map(columnOf))];
    return columns.map((column): ErrorLine => {
      const places = [...plain.keys()].filter(
        (place) => shown.has(place) && columnOf(place) === column && (plain.get(place) ?? 0) !== 0,
      );
      const isTold = new Set(places);
      const error = (place: string, value: number | null): number => {
        const truth = plain.get(place) as number;
        return value === null ? Infinity : Math.abs(value - truth) / Math.abs(truth);
      };
      return {
        question,
        column,
        figures: places.length,
        typical: median(places.map((place) => plain.get(place) as number)),
        errors: epsilons.map((epsilon) =>
          median(
            own
              .filter((trial) => trial.epsilon === epsilon)
              .flatMap((trial) => trial.figures)
              .filter(({ place }) => isTold.has(place))
              .map(({ place, value }) => error(place, value)),
          ),
        ),
        bias: median(places.map((place) => error(place, bounded.get(place) ?? 0))),
      };
    });
  });
}

function columnOf(place: string): string {
  return place.split(' · ').at(-1) as string;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  const [a, b] = [sorted[Math.ceil(middle) - 1] as number, sorted[Math.floor(middle)] as number];
  return a === b ? a : (a + b) / 2;
}
