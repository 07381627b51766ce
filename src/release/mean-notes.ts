/** From how many rows on a mean is told, and told well: from the plan alone, before anything is paid. */
import { outputNames } from '../bound/output-names.ts';
import type { Derivation, Formula, Plan, PlannedQuestion } from '../bound/plan.ts';
import { decimalOf, multiply, rational, subtract, toNumber } from '../dp/rational.ts';
import { type HalfWidths, makeHalfWidths } from './interval/half-width.ts';
import { lawOf, type Term } from './interval/law.ts';
import { leastCount } from './least-count.ts';

/** Part of the range of its values that the interval of a mean worth having does not exceed. */
const TELLING_PART = 1 / 10;

/** A sentence for every mean of an answer, and how to ask for better ones; none where there is no mean. */
export function meanNotes(plan: Plan, level: number): readonly string[] {
  const alpha = toNumber(subtract(rational(1n), decimalOf(level)));
  const names = outputNames(
    plan.answer,
    plan.questions.map(({ columns }) => columns),
  );
  const widths = makeHalfWidths();
  let limited = false;
  const notes = plan.questions.flatMap((question) =>
    question.derived.flatMap((derivation, at) => {
      const formula = derivation.kind === 'by-key' ? derivation.of[0]?.formula : derivation;
      const name = names.get(question.columns[question.bounded.keys.length + at]?.id ?? -1);
      if (formula?.kind !== 'mean' || name === undefined) return [];
      const counted = question.bounded.statistics[formula.count[0] ?? -1];
      limited ||= counted?.kind === 'count' && counted.rows > 1;
      const least = weakest(question, formula, alpha, widths);
      return least === null
        ? []
        : [sentence(name, counted?.kind === 'units' ? 'persons' : 'rows', least, derivation.kind)];
    }),
  );
  if (notes.length === 0) return [];
  const ways = [
    'a larger epsilon',
    'fewer figures at once',
    ...(limited ? ['fewer rows of one person (option rows)'] : []),
  ];
  const more = `Means of smaller groups need ${ways.slice(0, -1).join(', ')} or ${ways.at(-1)}; narrower bounds, as in AVG(least(x, HIGH)), narrow the interval.`;
  return [...new Set(notes), more];
}

/** Counts, of the grouping set with the widest noise. */
interface Least {
  /** Least noisy count with a value. */
  readonly told: number;
  /** Count from which on the interval is narrow, wherever the mean lies in its range. */
  readonly telling: number;
  readonly low: number;
  readonly high: number;
}

function weakest(
  question: PlannedQuestion,
  formula: Formula & { kind: 'mean' },
  alpha: number,
  widths: HalfWidths,
): Least | null {
  const { low, high, step } = formula;
  const [from, to] = [low, high].map((end) => toNumber(multiply(step, rational(end)))) as [number, number];
  const found = question.measurements.flatMap((measurements) => {
    const term = (statistic: number, coefficient: number): readonly Term[] => {
      const measurement = measurements[statistic] ?? null;
      return measurement === null ? [] : [{ base: statistic, law: lawOf(measurement.mechanism), coefficient }];
    };
    const counts = formula.count.flatMap((statistic) => term(statistic, Number(high - low) / 2));
    const sum = term(formula.sum, 1);
    if (counts.length < formula.count.length || sum.length === 0) return [];
    // Of S/C the error is (S noise − r · C noise) / C with r at most half the range from the centre.
    const width = widths.of(
      [...counts, ...sum].sort((a, b) => a.base - b.base),
      alpha,
    );
    const told = Math.ceil(leastCount(counts.map(({ law }) => law)));
    return [{ told, telling: Math.max(told, (2 * width) / (Number(high - low) * TELLING_PART)) }];
  });
  if (found.length === 0 || low === high) return null;
  return {
    told: Math.max(...found.map(({ told }) => told)),
    telling: Math.max(...found.map(({ telling }) => telling)),
    low: from,
    high: to,
  };
}

function sentence(
  name: string,
  counted: string,
  { told, telling, low, high }: Least,
  kind: Derivation['kind'],
): string {
  const range = kind === 'by-key' ? 'its bounds' : `its bounds, ${low} to ${high}`;
  return (
    `${name} has a value where the noisy number of ${counted} is ${told} or more; below, it is NULL. ` +
    `With about ${short(telling)} ${counted} its interval is a tenth as wide as ${range}, with more it is narrower.`
  );
}

/** Two digits say enough of a size. */
function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
