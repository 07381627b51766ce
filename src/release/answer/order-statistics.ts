/** Firsts, quantiles, modes and variances over released rows. */
import {
  ascending,
  fractionOf,
  modeOf,
  quantileCont,
  quantileDisc,
  variance,
} from '../../ask/evaluate/order-statistics.ts';
import { compareValues } from '../../ask/evaluate.ts';
import { bounded, constant, OPEN, type Range } from '../interval/form.ts';
import type { Entries, Known } from './entries.ts';
import { compareRows } from './order.ts';

/** The argument of the first row in the order asked for; ties go to the least value, NULL last. */
export function firstOf({ type, args, order, orderIsNoisy }: Entries): Known {
  let best = -1;
  args.forEach(({ value }, index) => {
    const earlier = best < 0 ? -1 : compareRows(order, index, best) || compareLast(type, value, args[best] as Known);
    if (earlier < 0) best = index;
  });
  const picked = args[best] ?? { value: null, form: null };
  // Without an order the least value is chosen, which noise may change.
  const chosen = orderIsNoisy || (order.length === 0 && isNoisy(args));
  return chosen ? { value: picked.value, form: OPEN } : picked;
}

function compareLast(type: Entries['type'], value: Known['value'], other: Known): number {
  if (value === null || other.value === null) return value === other.value ? 0 : value === null ? 1 : -1;
  return compareValues(type, value, other.value);
}

/** A quantile grows with each of its values, so that the quantiles of lower and upper ends hold it. */
export function quantileOf(entries: Entries, between: boolean): Known {
  const { type, args } = entries;
  const at = fractionOf(entries.fraction ?? 0.5);
  const of = (values: readonly Known['value'][]): Known['value'] => {
    const sorted = ascending(type, values);
    return between ? quantileCont(sorted as readonly number[], at) : quantileDisc(sorted, at);
  };
  const value = of(args.map((one) => one.value));
  if (!isNoisy(args)) return { value, form: null };
  const present = args.filter((one) => one.value !== null);
  const numbers = type === 'integer' || type === 'double';
  if (!numbers || value === null || present.length < args.length) return { value, form: OPEN };
  const forms = present.map((one) => one.form ?? constant(Number(one.value)));
  return { value, form: bounded(forms, (ranges) => ends(ranges, entries, between)) };
}

function ends(ranges: readonly Range[], { fraction }: Entries, between: boolean): Range {
  const at = fractionOf(fraction ?? 0.5);
  const of = (side: 0 | 1, open: number): number => {
    const sorted = ascending(
      'double',
      ranges.map((range) => range[side]),
    );
    const value = between ? quantileCont(sorted as readonly number[], at) : quantileDisc(sorted, at);
    return value === null ? open : (value as number);
  };
  return [of(0, Number.NEGATIVE_INFINITY), of(1, Number.POSITIVE_INFINITY)];
}

/** Which value is the most frequent follows from noise where one of them does. */
export function mostFrequent({ type, args }: Entries): Known {
  const value = modeOf(
    type,
    ascending(
      type,
      args.map((one) => one.value),
    ),
  );
  return { value, form: isNoisy(args) ? OPEN : null };
}

/** Nothing is said of a noisy variance but that it is not negative. */
export function varianceOf({ args }: Entries, lost: 0 | 1): Known {
  const sorted = ascending(
    'double',
    args.map((one) => one.value),
  ) as readonly number[];
  return { value: variance(sorted, lost), form: isNoisy(args) ? OPEN : null };
}

function isNoisy(args: readonly Known[]): boolean {
  return args.some(({ form }) => form !== null);
}
