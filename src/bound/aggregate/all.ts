import type { AggregateName } from '../../ask/ir.ts';
import type { SqlType } from '../../ask/types.ts';
import type { Range } from '../tracked.ts';
import type { AggregateRule } from './aggregate.ts';
import { count, countRows } from './count.ts';
import { countDistinct } from './count-distinct.ts';
import { mean } from './mean.ts';
import { refused, refusedByName } from './refused.ts';
import { sum } from './sum.ts';

/** What tells where the values lie, and of nobody in particular. */
function extreme(of: string, type: SqlType, range: Range | null): string {
  if (type === 'text' || type === 'boolean')
    return `Ask how often each occurs: SELECT ${of}, COUNT(*) … GROUP BY ${of}.`;
  const bin = type === 'date' || type === 'timestamp' ? `date_trunc('month', ${of})` : binOf(of, type, range);
  const open = bin.includes('WIDTH') ? ', with a number for WIDTH' : '';
  return `Ask for counts over bins instead, for example SELECT ${bin} AS bin, COUNT(*) … GROUP BY bin${open}.`;
}

/** Bins that split a range into about so many. */
const BINS = 20;
const ROUND_WIDTHS = [1, 2, 2.5, 5, 10];

/** The bin of a number; as wide as its range suggests, the reader's choice where that is open. */
function binOf(of: string, type: SqlType, range: Range | null): string {
  const size = range === null ? Number.NaN : Number(range.high) - Number(range.low);
  if (!(size > 0 && Number.isFinite(size))) return `floor(${of} / WIDTH) * WIDTH`;
  const decade = 10 ** Math.floor(Math.log10(size / BINS));
  const widths = ROUND_WIDTHS.map((one) => Number((one * decade).toPrecision(2)));
  const width = widths.find((one) => one >= size / BINS && (type !== 'integer' || Number.isInteger(one))) ?? 1;
  return type === 'integer' && width === 1 ? of : `floor(${of} / ${width}) * ${width}`;
}

const BOOLEAN = 'Count instead: COUNT(*) FILTER (WHERE condition), beside COUNT(*).';
const ACROSS = 'has no mechanism here yet.';
const QUANTILE = refusedByName(ACROSS, 'Ask for AVG, and for counts over bins: COUNT(*) FILTER (WHERE x < 10).');
const VARIANCE = refusedByName(ACROSS, 'Ask for AVG(x) and AVG(x * x): the variance is AVG(x * x) - AVG(x) * AVG(x).');
const FIRST = refusedByName(
  'depends on the order in which an engine reads rows, or shows single rows.',
  'Write MIN(x), MAX(x), or arg_max(x, day) for the latest, inside a group that holds the unit.',
);

/** Every aggregate of the tree, across units. */
export const aggregateRules: Readonly<Record<AggregateName, AggregateRule>> = {
  'count-rows': countRows,
  count,
  'count-distinct': countDistinct,
  sum,
  avg: mean,
  min: refused(extreme),
  max: refused(extreme),
  'arg-min': refused(extreme),
  'arg-max': refused(extreme),
  'bool-and': refused(BOOLEAN),
  'bool-or': refused(BOOLEAN),
  first: FIRST,
  mode: QUANTILE,
  'quantile-cont': QUANTILE,
  'quantile-disc': QUANTILE,
  'var-pop': VARIANCE,
  'var-samp': VARIANCE,
};
