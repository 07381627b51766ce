/**
 * Evidence summed over all values of an answer: a unit that moves ten groups a little each shows in the sum, not in any
 * one of them. For independent Laplace (absolute) or Gaussian (square) noise the sum is the log-likelihood ratio, the best
 * statistic there is; for anything else it is one statistic among others, and as valid.
 */
import { type Feature, numbersOf } from './observation.ts';

type Table = ReadonlyMap<string, Feature>;

/** Standard errors by which a feature must differ between the inputs before it is counted. */
const NOTICED = 2;

/** log-likelihood ratio of one shown value, up to a constant. */
type Weight = (value: number | string) => number;

/**
 * Learns from runs on two inputs how much each value speaks for the first.
 *
 * @returns gives the summed evidence of any runs as two more features
 */
export function makeEvidence(
  first: Table,
  second: Table,
  together: (feature: string) => boolean,
): (table: Table, length: number) => ReadonlyMap<string, Feature> {
  const names = [...new Set([...first.keys(), ...second.keys()])].filter(together);
  const weights = names.flatMap((name): { name: string; absolute: Weight; square: Weight }[] => {
    const [p, q] = [first.get(name) ?? [], second.get(name) ?? []];
    const words = wordWeight(p, q);
    const [absolute, square] = numberWeights(numbersOf(p), numbersOf(q));
    if (words === null && absolute === null) return [];
    const either =
      (numbers: ((value: number) => number) | null): Weight =>
      (value) =>
        typeof value === 'number' ? (numbers?.(value) ?? 0) : (words?.(value) ?? 0);
    return [{ name, absolute: either(absolute), square: either(square) }];
  });
  return (table, length) => {
    const sum = (kind: 'absolute' | 'square'): Feature => {
      const total = new Array<number>(length).fill(0);
      for (const weight of weights) {
        table.get(weight.name)?.forEach((value, run) => {
          if (value !== undefined) total[run] = (total[run] as number) + weight[kind](value);
        });
      }
      return total;
    };
    return weights.length < 2
      ? new Map()
      : new Map([
          ['evidence (absolute)', sum('absolute')],
          ['evidence (square)', sum('square')],
        ]);
  };
}

function numberWeights(
  p: Float64Array,
  q: Float64Array,
): [(value: number) => number, (value: number) => number] | [null, null] {
  if (p.length < 2 || q.length < 2) return [null, null];
  const [middleP, middleQ] = [p[p.length >> 1] as number, q[q.length >> 1] as number];
  const [meanP, meanQ] = [mean(p), mean(q)];
  const away = (mean(p.map((x) => Math.abs(x - middleP))) + mean(q.map((x) => Math.abs(x - middleQ)))) / 2;
  const variance = (mean(p.map((x) => (x - meanP) ** 2)) + mean(q.map((x) => (x - meanQ) ** 2))) / 2;
  const error = Math.sqrt(variance * (1 / p.length + 1 / q.length));
  if (!(away > 0) || !(Math.abs(meanP - meanQ) > NOTICED * error)) return [null, null];
  return [
    (x) => (Math.abs(x - middleQ) - Math.abs(x - middleP)) / away,
    (x) => ((x - meanQ) ** 2 - (x - meanP) ** 2) / (2 * variance),
  ];
}

function wordWeight(p: Feature, q: Feature): ((value: string) => number) | null {
  const weights = new Map<string, number>();
  const [countsP, countsQ] = [countsOf(p), countsOf(q)];
  for (const word of new Set([...countsP.keys(), ...countsQ.keys()])) {
    const [a, b] = [countsP.get(word) ?? 0, countsQ.get(word) ?? 0];
    if (Math.abs(a - b) > NOTICED * Math.sqrt(a + b)) weights.set(word, Math.log((a + 1) / (b + 1)));
  }
  return weights.size === 0 ? null : (word) => weights.get(word) ?? 0;
}

function countsOf(feature: Feature): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of feature) if (typeof value === 'string') counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
