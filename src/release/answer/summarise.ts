/** Aggregates over released rows: values as SQL, forms as far as they can be known. */
import { integerOrNull } from '../../ask/evaluate/arithmetic.ts';
import { compareValues } from '../../ask/evaluate.ts';
import type { AggregateName, WindowName } from '../../ask/ir.ts';
import type { SqlType, Value } from '../../ask/types.ts';
import { invariant } from '../../errors.ts';
import { addRanges } from '../interval/arithmetic.ts';
import { bounded, constant, type Form, type Linear, OPEN, type Range, scale, total } from '../interval/form.ts';
import type { Entries, Known } from './entries.ts';
import { firstOf, mostFrequent, quantileOf, varianceOf } from './order-statistics.ts';

type Summary = (entries: Entries) => Known;

/** Every aggregate, by name; `count-rows` takes one entry a row, of any value. */
const SUMMARIES: Readonly<Record<AggregateName, Summary>> = {
  'count-rows': (entries) => counted(entries, entries.args.length, false),
  count: (entries) => counted(entries, present(entries.args).length, nullsByNoise(entries.args)),
  'count-distinct': (entries) => {
    const values = present(entries.args);
    const distinct = new Set(values.map(({ value }) => (value === 0 ? 0 : value)));
    return counted(entries, distinct.size, nullsByNoise(entries.args) || values.some(({ form }) => form !== null));
  },
  sum: (entries) => open(entries, sumOf(entries)),
  avg: (entries) => open(entries, average(entries)),
  min: (entries) => open(entries, extremeOf(entries, -1)),
  max: (entries) => open(entries, extremeOf(entries, 1)),
  'bool-and': (entries) => open(entries, everyOf(entries, false)),
  'bool-or': (entries) => open(entries, everyOf(entries, true)),
  'arg-min': (entries) => open(entries, pickedBy(entries, -1)),
  'arg-max': (entries) => open(entries, pickedBy(entries, 1)),
  first: (entries) => open(entries, firstOf(entries)),
  mode: (entries) => open(entries, mostFrequent(entries)),
  'quantile-cont': (entries) => open(entries, quantileOf(entries, true)),
  'quantile-disc': (entries) => open(entries, quantileOf(entries, false)),
  'var-pop': (entries) => open(entries, varianceOf(entries, 0)),
  'var-samp': (entries) => open(entries, varianceOf(entries, 1)),
};

/** The value of an aggregate over the rows of one group. */
export function summarise(name: AggregateName | WindowName, entries: Entries): Known {
  invariant(name in SUMMARIES, 'an aggregate of released rows has a meaning');
  return SUMMARIES[name as AggregateName](entries);
}

function present(known: readonly Known[]): readonly Known[] {
  return known.filter(({ value }) => value !== null);
}

/** NULL where a true value may stand, or the other way round: only values that are no linear forms can be so. */
function nullsByNoise(known: readonly Known[]): boolean {
  return known.some(({ form }) => form !== null && form.kind !== 'linear');
}

function counted(entries: Entries, count: number, noisy: boolean): Known {
  return { value: BigInt(count), form: noisy || entries.noisyRows ? OPEN : null };
}

/** An exact summary of rows that noise has chosen is no longer exact; intervals of noisy values stay as they are. */
function open(entries: Entries, known: Known): Known {
  return entries.noisyRows && known.form === null ? { ...known, form: OPEN } : known;
}

function sumOf({ type, args }: Entries): Known {
  const values = present(args);
  if (values.length === 0) return { value: null, form: args.some(({ form }) => form !== null) ? OPEN : null };
  return { value: addAll(type, values), form: sumForm(args) };
}

function addAll(type: SqlType, values: readonly Known[]): Value {
  if (type === 'integer') return integerOrNull(values.reduce((sum, { value }) => sum + (value as bigint), 0n));
  const sum = values.reduce((partial, { value }) => partial + Number(value), 0);
  return Number.isNaN(sum) ? null : sum;
}

/** Sums of linear forms are linear; an undetermined value leaves the sum inside the hull of what it may be. */
function sumForm(args: readonly Known[]): Form | null {
  if (args.every(({ form }) => form === null)) return null;
  const forms = args
    .filter(({ value, form }) => value !== null || form !== null)
    .map(({ value, form }) => form ?? constant(Number(value)));
  const linear = total(forms.filter((form): form is Linear => form.kind === 'linear'));
  const others = forms.filter((form) => form.kind !== 'linear');
  return others.length === 0 ? linear : bounded([linear, ...others], (ranges) => ranges.reduce(addRanges));
}

function average(entries: Entries): Known {
  const values = present(entries.args);
  const { form } = sumOf(entries);
  if (values.length === 0) return { value: null, form };
  const value =
    entries.type === 'integer'
      ? Number(values.reduce((sum, one) => sum + (one.value as bigint), 0n)) / values.length
      : (addAll('double', values) as number | null);
  const mean =
    value === null ? null : typeof value === 'number' && entries.type !== 'integer' ? value / values.length : value;
  if (form === null) return { value: mean, form };
  const share = 1 / values.length;
  if (form.kind === 'linear') return { value: mean, form: scale(form, share) };
  if (nullsByNoise(entries.args) && values.length < entries.args.length) return { value: mean, form: OPEN };
  return { value: mean, form: bounded([form], ([range]) => [range![0] * share, range![1] * share]) };
}

function extremeOf({ type, args }: Entries, sign: 1 | -1): Known {
  const values = present(args);
  if (values.length === 0) return { value: null, form: args.some(({ form }) => form !== null) ? OPEN : null };
  const best = values.reduce((one, other) => (compareValues(type, other.value, one.value) * sign > 0 ? other : one));
  if (args.every(({ form }) => form === null)) return best;
  if (type !== 'integer' && type !== 'double') return { value: best.value, form: OPEN };
  const forms = args
    .filter(({ value, form }) => value !== null || form !== null)
    .map(({ value, form }) => form ?? constant(Number(value)));
  const side = sign > 0 ? Math.max : Math.min;
  return { value: best.value, form: bounded(forms, (ranges) => ends(ranges, side)) };
}

function ends(ranges: readonly Range[], side: (a: number, b: number) => number): Range {
  return ranges.reduce((one, other): Range => [side(one[0], other[0]), side(one[1], other[1])]);
}

/** bool_or (decides true) and bool_and (decides false). */
function everyOf({ args }: Entries, decides: boolean): Known {
  const values = present(args);
  const form = args.some((one) => one.form !== null) ? OPEN : null;
  if (values.length === 0) return { value: null, form };
  return { value: values.some(({ value }) => value === decides) ? decides : !decides, form };
}

/** The argument of the row with the least or greatest `by`; rows where either is NULL are passed over, the first wins ties. */
function pickedBy({ args, by, byType }: Entries, sign: 1 | -1): Known {
  let best = -1;
  by.forEach(({ value }, index) => {
    if (value === null || args[index]?.value === null) return;
    if (best < 0 || compareValues(byType, value, (by[best] as Known).value) * sign > 0) best = index;
  });
  const noisy = by.some(({ form }) => form !== null) || nullsByNoise(args);
  const picked = args[best] ?? { value: null, form: null };
  return noisy ? { value: picked.value, form: OPEN } : picked;
}
